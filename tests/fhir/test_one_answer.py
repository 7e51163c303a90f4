"""One answer for profile and findings: what a review says of a record is what the hook says of it.

The two reckon apart: a review from the entries of the profile, the hook from the records. Over random records neither may
say yes where the other says no, and where both mean the same they say the same.
"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.content import load_content
from pathways.facts import derive
from pathways.fhir import order_findings, read
from pathways.fhir.orders import order_facts
from tests.fhir.requests import ICD, OXY, OXY_ER, TODAY, Json, ago, coded, condition, order
from tests.fhir.test_in_use import DOSE, METHADONE, billed, bundle, fill, given_dose, said

NAMES = (
    OXY,
    OXY_ER,
    METHADONE,
    "buprenorphine 8 MG / naloxone 2 MG Sublingual Film",
    "Sublocade 300 MG/1.5ML injection",
    "fentanyl 50 mcg/h patch",
    "naltrexone 380 MG Injection",
    "lorazepam 1 MG Oral Tablet",
    "haloperidol decanoate 100 MG/ML Injection",
    "a medicine that nobody knows",
)
_EACH: Json = DOSE[0]["timing"]["repeat"]  # type: ignore[index]  # read from JSON
ALIKE = ("takes_opioid_for_pain", "opioid_and_cns_depressant")
NEVER_AGAINST = (*ALIKE, "takes_moud", "has_sickle_cell", "has_cancer_active")
names = st.sampled_from(NAMES)
days = st.sampled_from((0, 1, 3, 7, 20, 31, 45, 80, 120, 400, 729, 731, 1500))
supplies = st.sampled_from((None, 5, 28, 30, 90))
statuses = st.sampled_from(("active", "completed", "stopped", "on-hold", "unknown", "entered-in-error", "cancelled"))


def _order(name: str, ago_: int, supply: int | None, status: str, ends: int | None) -> Json:
    line = {**DOSE[0]}
    if ends is not None:
        repeat = {**_EACH, "boundsPeriod": {"start": ago(ago_), "end": ago(ends)}}
        line = {**line, "timing": {"repeat": repeat}}
    return order(name, supply, ago_, id=f"m{ago_}", status=status, dosageInstruction=[line])


def _said(name: str, ago_: int, status: str, ends: int | None) -> Json:
    made = said(ago_, status, medicationCodeableConcept={"text": name})
    return made | ({} if ends is None else {"effectivePeriod": {"start": ago(1600), "end": ago(ends)}})


records = st.one_of(
    st.builds(_order, names, days, supplies, statuses, st.sampled_from((None, None, -30, 10, 200))),
    st.builds(
        lambda n, d, s: fill(d, s, medicationCodeableConcept={"text": n}, dosageInstruction=DOSE), names, days, supplies
    ),
    st.builds(_said, names, days, statuses, st.sampled_from((None, None, -30, 10, 200))),
    st.builds(
        lambda n, d, s: given_dose(d, n, status=s),
        names,
        days,
        st.sampled_from(("completed", "in-progress", "stopped")),
    ),
    st.builds(billed, st.sampled_from(("G2067", "H0020", "G2075", "G2074", "Q9992", "J2315", "J1631")), days),
    st.builds(
        lambda what: order(OXY, 30, 900, id="r", status="stopped", reasonCode=[what]),
        st.sampled_from((coded(ICD, "C50.919"), coded(ICD, "D57.1"), {"text": "pain"})),
    ),
)
OUD = {**condition(ICD, "F11.20"), "subject": {"reference": "Patient/p"}}


@settings(max_examples=120, deadline=None)
@given(st.lists(records, min_size=1, max_size=4), st.booleans())
def test_review_and_hook_give_one_answer(have: list[Json], oud: bool) -> None:
    imported = read(bundle(*have, *([OUD] if oud else [])), TODAY)
    content = load_content()
    facts = derive(imported.profile)
    review = facts.values
    hook = order_facts(imported, content).values
    for name in NEVER_AGAINST if oud else NEVER_AGAINST[:2]:
        assert {review[name], hook[name]} != {True, False}, name
    for name in ALIKE:
        assert review[name] == hook[name], name
    finding = order_findings(imported)[0]
    assert facts.mme.hi == finding.mme_per_day
    assert (finding.mme_per_day_min or 0) <= (facts.mme.lo or 0)  # the hook leaves out a supply that has ended
