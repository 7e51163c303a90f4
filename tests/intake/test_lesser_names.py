"""Names and doses as some pharmacies and charts write them: what a clinician is sure of, and what stays open beside it."""

from __future__ import annotations

import pytest

from pathways import load_content
from pathways.intake.dose_text import read_dose_text
from pathways.intake.names import read_name

CONTENT = load_content()


@pytest.mark.parametrize(
    ("name", "ingredients", "strengths"),
    [
        ("NON-VA MORPHINE SULFATE 15MG TAB", {"morphine"}, {"morphine": 15}),
        ("Non-VA lorazepam 1 mg", {"lorazepam"}, {"lorazepam": 1}),
        (
            "HYDROCODONE-HOMATROP ME-BR 5-1.5 MG TAB",
            {"hydrocodone", "homatropine"},
            {"hydrocodone": 5, "homatropine": 1.5},
        ),
        ("DEXTROAMP-AMPHET ER 15 MG CAP", {"amphetamine", "dextroamphetamine"}, {}),
        ("Tyl #4", {"acetaminophen", "codeine"}, {}),
    ],
)
def test_a_name_of_a_chart_is_read(name: str, ingredients: set[str], strengths: dict[str, float]) -> None:
    found = read_name(name, CONTENT)
    assert found.whole
    assert set(found.ingredients) == ingredients
    assert {i: s.mg for i, s in found.strengths.items()} == strengths


@pytest.mark.parametrize("name", ["Sensorcaine 0.25%", "ropivacaine 0.2% injection"])
def test_a_local_anesthetic_is_none_of_the_classes(name: str) -> None:
    found = read_name(name, CONTENT)
    assert found.whole
    assert found.ingredients == ()
    assert {"opioid", "benzodiazepine", "gabapentinoid"} <= set(found.none_of)


@pytest.mark.parametrize(
    "name",
    [
        "T3",  # the hormone, or acetaminophen with codeine
        "T#3",
        "tianeptine",  # acts on opioid receptors, and is in no class of the kit
        "NTG",  # one letter from a short name of naltrexone
        "phenibut",
        "kratom powder",  # nobody vouches for what is in it
        "non VA provider",
        "dextroamp-amphet-zzyx",
    ],
)
def test_what_a_name_leaves_open_stays_open(name: str) -> None:
    assert not read_name(name, CONTENT).whole


def test_an_opioid_beside_a_local_anesthetic_is_still_found() -> None:
    assert set(read_name("fentanyl 2 mcg/mL and bupivacaine 0.125%", CONTENT).ingredients) == {"fentanyl"}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("10 mg MWF and 20 mg TTSS", (10 * 3 + 20 * 4) / 7),
        ("20 mg TThSS and 10 mg MWF", (10 * 3 + 20 * 4) / 7),
        ("1 tab TTSS", 40 / 7),
        ("1 tab TTS", 30 / 7),  # three days
        ("10 mg MWF and 20 mg TTS", (10 * 3 + 20 * 3) / 7),
    ],
)
def test_the_days_of_a_week_that_stand_together(text: str, day: float) -> None:
    found = read_dose_text(text, read_name("methadone 10 mg tablet", CONTENT), CONTENT)
    assert found.understood
    assert found.day.hi == pytest.approx(day / 10, rel=0.01)  # tablets
