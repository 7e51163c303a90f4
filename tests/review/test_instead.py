"""What a record names in place of a medicine, without what is closed for this person."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pathways import load_content, review
from pathways.content import models as m
from pathways.content.loader import PACKAGED
from pathways.profile import Profile
from pathways.review.check import check_content
from pathways.review.instead import without


def way(say: str, *of: str, joined: str = "or") -> m.Way:
    return m.Way.model_validate({"say": say, "of": of or None, "joined": joined})


GABAPENTINOID, TOPICAL, WAIT = way("a gabapentinoid", "gabapentinoid"), way("a topical"), way("wait the 14 days")
ACETAMINOPHEN, IBUPROFEN = way("acetaminophen", "acetaminophen"), way("ibuprofen", "ibuprofen", joined="and")
WATCH = way("watch the baby", joined="note")
GEL = way("gel for a joint", joined=";")


@pytest.mark.parametrize(
    ("ways", "shut", "left"),
    [
        ((GABAPENTINOID, TOPICAL, WAIT), "", "a gabapentinoid, a topical or wait the 14 days"),
        ((GABAPENTINOID, TOPICAL, WAIT), "gabapentinoid", "a topical or wait the 14 days"),
        ((ACETAMINOPHEN,), "acetaminophen", ""),
        ((ACETAMINOPHEN, IBUPROFEN, WATCH), "", "acetaminophen and ibuprofen; watch the baby"),
        ((ACETAMINOPHEN, IBUPROFEN, WATCH), "ibuprofen", "acetaminophen; watch the baby"),
        ((ACETAMINOPHEN, IBUPROFEN, WATCH), "acetaminophen", "ibuprofen; watch the baby"),
        ((ACETAMINOPHEN, WATCH), "acetaminophen", ""),
        ((ACETAMINOPHEN, GEL), "", "acetaminophen; gel for a joint"),
        ((ACETAMINOPHEN, GEL), "acetaminophen", "gel for a joint"),
        ((way("sofosbuvir with velpatasvir", "sofosbuvir", "velpatasvir"),), "velpatasvir", ""),
        ((way("care without ketamine"),), "ketamine", "care without ketamine"),
    ],
)
def test_a_way_that_is_shut_is_left_out_with_what_qualifies_it(ways: tuple[m.Way, ...], shut: str, left: str) -> None:
    assert m.in_words(without(ways, {shut})) == left


PERSONS = {
    "duloxetine": ({"main_pain": "neuropathy_diabetic"}, ["glaucoma_narrow_angle"], "amitriptyline"),
    "acetaminophen": ({"acetaminophen_overdose_intentional": True}, ["heart_failure"], "naproxen"),
}


@pytest.mark.parametrize("closed", PERSONS)
def test_no_page_names_instead_what_it_speaks_against(closed: str) -> None:
    answers, conditions, taken = PERSONS[closed]
    person = {
        "as_of": "2026-11-02",
        "answers": answers,
        "conditions": [{"id": id} for id in conditions],
        "medicines": [{"name": taken, "state": "current", "purpose": "pain"}],
        "complete": {"medicines": "yes", "conditions": "yes"},
    }
    case = review(Profile.from_dict(person))
    (weighed,) = case.medicines
    assert case.option(closed).safety == "contraindicated"
    assert weighed.verdict == "change"
    named = {one.id for one in case.content.medicine_cautions.values() for w in one.instead if closed in (w.of or ())}
    assert named & {ground.id for ground in weighed.grounds}
    assert not any(closed in (w.of or ()) for ground in weighed.grounds for w in ground.instead)


def test_a_text_alone_is_one_way_and_an_empty_text_none() -> None:
    caution = next(iter(load_content().medicine_cautions.values())).model_dump(exclude_unset=True)
    ways = [
        m.MedicineCaution.model_validate({**caution, "instead": given}).instead
        for given in ("heat", "", ["heat", {"say": "an NSAID", "of": "nsaid_oral"}])
    ]
    assert ways == [(way("heat"),), (), (way("heat"), way("an NSAID", "nsaid_oral"))]


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ('{ say = "a gabapentinoid", of = "gabapentinoid" }', '"a gabapentinoid"', "names gabapentinoid: of = its id"),
        ('what = "The goal and PEG", instruments = ["peg"]', 'what = "The goal and PEG"', "read by instruments = peg"),
    ],
)
def test_a_text_that_names_a_record_in_words_only_is_found(tmp_path: Path, was: str, now: str, says: str) -> None:
    folder = tmp_path / "content"
    shutil.copytree(PACKAGED, folder)
    file = next(path for path in sorted(folder.rglob("*.toml")) if was in path.read_text("utf-8"))
    file.write_text(file.read_text("utf-8").replace(was, now, 1), "utf-8")
    gaps = check_content(load_content(folder)).gaps
    assert any(says in place for places in gaps.values() for place in places)
