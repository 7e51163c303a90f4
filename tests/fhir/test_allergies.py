"""Allergies of a record: to what, what happened, and what that closes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways import Profile, review
from pathways.care.handout import handout
from pathways.cohort.input import tables_from_profiles
from pathways.content import load_content
from pathways.facts import derive
from pathways.facts.allergies import allergens_of
from pathways.fhir import FhirError, Imported, read
from pathways.fhir.understood import understood
from pathways.pages import sheet_markdown
from pathways.profile.allergies import Allergy
from pathways.review.special import special
from tests.fhir.requests import ICD, TODAY, Json, condition, request
from tests.fhir.test_in_use import bundle

CONTENT = load_content()


def allergy(to: str = "methadone", **more: Any) -> Json:
    made = {
        "resourceType": "AllergyIntolerance",
        "id": "a",
        "patient": {"reference": "Patient/p"},
        "code": {"text": to},
    }
    return {**made, **more}


def after(*words: str, **more: Any) -> Json:
    return {"reaction": [{"manifestation": [{"text": w} for w in words], **more}]}


def imported(*resources: Json) -> Imported:
    return read(bundle(condition(ICD, "F11.20"), *resources), TODAY)


def verbs(*resources: Json, **profile: Any) -> dict[str, str | None]:
    case = review(imported(*resources).profile)
    return {option.id: option.verb for option in case.options}


@pytest.mark.parametrize(
    ("made", "reaction"),
    [
        (after("Anaphylaxis"), "serious"),
        (after("swelling of the tongue"), "serious"),
        (after("Hives"), "mild"),
        (after("Hives", severity="severe"), "serious"),
        (after("nausea and vomiting"), "side_effect"),
        (after("nausea", "something else"), None),
        (after("rash, wheezing"), "serious"),
        ({"criticality": "high"}, None),
        ({}, None),
    ],
)
def test_the_reaction(made: Json, reaction: str | None) -> None:
    (entry,) = imported(allergy(**made)).profile.allergies
    assert entry.ingredients == ("methadone",)
    assert entry.reaction == reaction


@pytest.mark.parametrize(
    ("resource", "verb"),
    [
        (allergy(**after("Anaphylaxis")), "Do not start"),
        (allergy("Allergy to methadone (finding)", **after("Anaphylaxis")), "Do not start"),
        (allergy(), "Check first"),
        (allergy(**after("Anaphylaxis"), verificationStatus={"coding": [{"code": "unconfirmed"}]}), "Check first"),
        (allergy(**after("nausea")), "Offer"),
        (allergy(**after("Anaphylaxis"), verificationStatus="refuted"), "Offer"),
        (allergy(**after("Anaphylaxis"), verificationStatus={"coding": [{"code": "entered-in-error"}]}), "Offer"),
        (allergy(**after("Anaphylaxis"), clinicalStatus={"coding": [{"code": "resolved"}]}), "Offer"),
        (allergy("Opioids", **after("Anaphylaxis")), "Check first"),
        (allergy("blorpazine"), "Check first"),
        (allergy("Penicillin", **after("Anaphylaxis")), "Offer"),
        (allergy("Bee venom", category=["environment"]), "Offer"),
        (allergy("No known allergies"), "Offer"),
        (allergy(**after("Anaphylaxis"), code=None, substance={"text": "Methadone"}, status="confirmed"), "Do not start"),
    ],
)  # fmt: skip  # data, read across
def test_what_it_means_for_methadone(resource: Json, verb: str) -> None:
    case = review(imported(resource).profile.model_copy(update={"answers": {"age_years": 54, "oud_status": "active"}}))
    assert case.option("methadone_otp").verb == verb
    if verb == "Do not start":
        assert all(item.id != "methadone_otp" for plan in case.shown.plans for item in plan.items)


def case_with(*allergies: Json, **more: Any) -> Any:
    answers = {"age_years": 54, "oud_status": "active"}
    return review(Profile.from_dict({"as_of": "2026-11-02", "answers": answers, "allergies": list(allergies), **more}))


def test_a_case_file_holds_one_and_page_and_handout_say_it() -> None:
    case = case_with({"ingredients": ["methadone"], "reaction": "serious", "note": "2019"})
    assert case.option("methadone_otp").verb == "Do not start"
    assert [line.text.text for line in special(case) if line.verb == "Allergy"] == ["methadone (a serious reaction)"]
    assert "methadone (a serious reaction)" in sheet_markdown(case)
    assert any(told.title == "Allergy: methadone" for told in handout(case).safety)
    again = Profile.from_dict(case.profile.to_dict())
    assert again == case.profile


def test_one_in_use_is_verified_and_never_simply_kept() -> None:
    taken = [{"ingredients": ["methadone"], "state": "current", "purpose": "oud"}]
    (weighed,) = case_with({"ingredients": ["methadone"], "reaction": "serious"}, medicines=taken).medicines
    assert weighed.verdict == "verify"
    (weighed,) = case_with({"ingredients": ["methadone"], "reaction": "side_effect"}, medicines=taken).medicines
    assert not any(ground.table == "allergy_sign" for ground in weighed.grounds)


def test_an_allergy_of_another_person_closes_nothing() -> None:
    theirs = allergy(**after("Anaphylaxis"), patient={"reference": "Patient/other"})
    with pytest.raises(FhirError, match="the records of 2 people"):
        imported(theirs)
    found = read(request(hook="patient-view", have=(condition(ICD, "F11.20"), theirs)), TODAY)
    assert found.profile.allergies == ()
    without = read(request(hook="patient-view", have=(condition(ICD, "F11.20"),)), TODAY)
    verbs, same = ({option.id: option.verb for option in review(one.profile).options} for one in (found, without))
    assert verbs["methadone_otp"] == same["methadone_otp"] == "Check first"  # a coded OUD is confirmed first


def test_one_of_several_ways_of_a_treatment_leaves_the_others() -> None:
    content = load_content()
    several = next(t for t in content.treatments.values() if len(t.medicines) > 1 and t.seat == "medicine")
    case = case_with({"ingredients": [several.medicines[0]], "reaction": "serious"})
    ours = [c for c in case.option(several.id).cautions if getattr(c, "table", "") == "allergy_sign"]
    assert [c.strength for c in ours] == ["avoid"]
    case = case_with({"ingredients": list(several.medicines), "reaction": "serious"})
    assert any(getattr(c, "table", "") == "allergy_sign" for c in case.option(several.id).closed_by)


def test_naloxone_to_keep_is_never_closed() -> None:
    for entry in ({"ingredients": ["naloxone"], "reaction": "serious"}, {"name": "blorpazine"}):
        case = case_with(entry)
        rescue = [o for o in case.options if o.record.seat == "harm_reduction" and o.record.medicines]
        assert rescue
        assert all(o.safety != "contraindicated" for o in rescue)


def test_knowing_less_of_an_allergy_is_never_surer() -> None:
    """Law 14: closed, then checked first where the reaction or the name is blanked; never offered."""
    full = {"ingredients": ["methadone"], "reaction": "serious"}
    for less in ({"ingredients": ["methadone"]}, {"name": "something"}, {"class": "opioid", "reaction": "serious"}):
        assert case_with(full).option("methadone_otp").verb == "Do not start"
        assert case_with(less).option("methadone_otp").verb == "Check first"


def test_it_answers_what_nobody_answered() -> None:
    content = load_content()
    profile = Profile.from_dict({"allergies": [{"ingredients": ["ibuprofen"], "reaction": "mild"}]})
    facts = derive(profile)
    assert facts.values["nsaid_reaction"] is True
    assert facts.origin["nsaid_reaction"] == ("allergies.0",)
    people = tables_from_profiles({"p": profile}, content)[0]
    assert people["nsaid_reaction"].to_list() == [True]
    asked = Profile.from_dict({**profile.to_dict(), "answers": {"nsaid_reaction": False}})
    assert derive(asked).values["nsaid_reaction"] is False


def test_every_name_and_code_of_an_allergen_is_of_one_allergen_only() -> None:
    content = load_content()
    for words in ("names", "snomed"):
        listed = [word.casefold() for a in content.allergens.values() for word in getattr(a, words)]
        assert len(listed) == len(set(listed))
    codes = [code for sign in content.allergy_signs.values() for code in sign.snomed]
    assert len(codes) == len(set(codes))


def test_what_was_understood_stands_beside_its_own_words_the_doubtful_first() -> None:
    lines = understood(imported(allergy("blorpazine"), allergy("Methadone", id="b", **after("Anaphylaxis"))))
    shown = [(line.own, line.made, bool(line.doubts)) for line in lines]
    assert ("blorpazine", "allergy: to what is not recognized here", True) in shown
    assert ("Methadone", "allergy: a serious reaction", False) in shown
    assert [bool(line.doubts) for line in lines] == sorted((bool(line.doubts) for line in lines), reverse=True)


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("Hydrocodone, ok with tramadol", ("hydrocodone",)),
        ("Oxycodone - currently takes Belbuca", ("oxycodone",)),
        ("Naproxen (can take Tylenol)", ("naproxen",)),
        ("Tramadol: seizure aura; tolerates morphine", ()),  # what is no reaction of the list is not understood
        ("Tramadol: vomiting; tolerates morphine", ("tramadol",)),
        ("Codeine tolerates all other opioids", ("codeine",)),
        ("Norco - tolerates hydrocodone", ()),  # then which part of it?
        ("Codeine; was given morphine, hives", ()),
        ("Fentanyl, ok with zorblaxone", ()),
        ("Methadone fine", ()),
        ("Tramadol, tolerates codeine, morphine", ()),
        ("Codeine and tramadol", ("codeine", "tramadol")),
        ("Acetaminophen / hydrocodone", ("acetaminophen", "hydrocodone")),
        ("Meperidine (itching, hives)", ("meperidine",)),
        ("Allergy to naproxen sodium", ("naproxen",)),
    ],
)
def test_what_is_tolerated_is_no_allergy(text: str, to: tuple[str, ...]) -> None:
    (entry,) = imported(allergy(text)).profile.allergies
    assert entry.ingredients == to
    found = allergens_of(Allergy(name=text), CONTENT)[0]  # a case file takes one medicine for each entry
    assert found == (frozenset(to) if " and " not in text else frozenset())


@given(
    st.sampled_from(["codeine", "morphine", "tramadol", "ibuprofen"]),
    st.sampled_from(["buprenorphine", "methadone", "naproxen", "gabapentin"]),
    st.sampled_from(
        [", tolerates {}", " - ok with {}", "; can take {}", " ({} ok)", ", on {}", ", {} fine", " but not {}"]
    ),
)
def test_nothing_tolerated_is_ever_named(to: str, spared: str, how: str) -> None:
    assert spared not in allergens_of(Allergy(name=to + how.format(spared)), CONTENT)[0]
