"""Medicines that stand in many lists without being a treatment of the kit are judged, each in the state that matters to it."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.content import load_content
from pathways.facts import derive
from pathways.profile import Profile
from pathways.review.directives import Directives
from pathways.review.medicines import Weighed, weigh

CONTENT = load_content()
DAY = "2026-11-02"
KIDNEYS_20 = {"observations": [{"measure": "egfr", "value": 20, "date": DAY}]}
CHILD_C = {"observations": [{"measure": "child_pugh", "value": "C", "date": DAY}]}
LONG_QTC = {"observations": [{"measure": "qtc_ms", "value": 480, "date": DAY}]}
OLD = {"answers": {"age_years": 70}}


def listed(*ids: str) -> dict[str, Any]:
    return {"conditions": [{"id": id} for id in ids]}


def judged(*names: str, **rest: Any) -> tuple[Weighed, ...]:
    """The verdict on each medicine of a list in use, all of the lists being complete."""
    entries = [{"ingredients": [name], "state": "current"} for name in names]
    whole = {"conditions": "yes", "medicines": "yes", "observations": "yes"}
    profile = Profile.from_dict({"as_of": DAY, "medicines": entries, "complete": whole, **rest})
    return weigh(derive(profile), Directives(()), content=CONTENT)


ANTIHISTAMINES = sorted(CONTENT.class_members("sedating_antihistamine"))
BLADDER = ("oxybutynin", "tolterodine", "solifenacin", "darifenacin", "fesoterodine", "trospium")
SPASM = ("benztropine", "trihexyphenidyl", "scopolamine", "dicyclomine", "hyoscyamine", "orphenadrine")
LONG_ACTING = ("diazepam", "chlordiazepoxide", "clorazepate", "flurazepam", "quazepam", "clonazepam", "clobazam")
CHANGES = [
    ("metformin", KIDNEYS_20, "metformin.kidney"),
    ("metformin", listed("dialysis"), "metformin.kidney"),
    ("methotrexate", KIDNEYS_20, "methotrexate.kidney"),
    ("nitrofurantoin", KIDNEYS_20, "nitrofurantoin.kidney"),
    ("acamprosate", KIDNEYS_20, "acamprosate.kidney_severe"),
    ("lithium", listed("dialysis"), "lithium.kidney_severe"),
    ("lithium", KIDNEYS_20, "lithium.kidney_severe"),
    ("disulfiram", listed("ischaemic_heart_disease"), "disulfiram.heart"),
    ("disulfiram", listed("psychosis"), "disulfiram.psychosis"),
    ("disulfiram", {"answers": {"alcohol_daily": True}}, "disulfiram.drinking"),
    ("disulfiram", listed("cirrhosis"), "disulfiram.liver"),
    ("trazodone", LONG_QTC, "trazodone.qtc"),
    ("naloxegol", listed("bowel_obstruction"), "pamora.obstruction"),
    *((name, listed("urinary_retention"), "anticholinergic.retention_or_glaucoma") for name in (*BLADDER, *SPASM)),
    *((name, listed("glaucoma_narrow_angle"), "anticholinergic.retention_or_glaucoma") for name in (*BLADDER, *SPASM)),
    *((name, OLD, "anticholinergic.older") for name in SPASM),
    *((name, OLD, "sedating_antihistamine.older") for name in ANTIHISTAMINES),
    *((name, CHILD_C, "benzodiazepine_long.severe_liver") for name in LONG_ACTING),
    *((name, OLD, "z_drug.older") for name in ("zolpidem", "eszopiclone", "zaleplon")),
    *((name, OLD, "barbiturate.older") for name in ("butalbital", "phenobarbital")),
]  # fmt: skip  # data, read across
GOES_ON = [
    ("colchicine", KIDNEYS_20, "colchicine.kidney"),
    ("lorazepam", CHILD_C, "benzodiazepine.liver"),
    ("oxazepam", CHILD_C, "benzodiazepine.liver"),
    ("oxybutynin", OLD, "bladder_anticholinergic.older"),
    ("glipizide", OLD, "glipizide.older_or_kidney"),
    ("varenicline", KIDNEYS_20, "varenicline.kidney"),
]


@pytest.mark.parametrize(("name", "state", "caution"), CHANGES)
def test_what_its_state_speaks_against_changes(name: str, state: dict[str, Any], caution: str) -> None:
    [one] = judged(name, **state)
    assert one.judged
    assert one.verdict == "change"
    assert caution in {d.id for d in one.grounds}


@pytest.mark.parametrize(("name", "state", "caution"), GOES_ON)
def test_what_may_go_on_with_care_says_with_what(name: str, state: dict[str, Any], caution: str) -> None:
    [one] = judged(name, **state)
    assert one.verdict == "keep_with"
    assert one.beside
    assert caution in {d.id for d in one.grounds}


@pytest.mark.parametrize("name", sorted({name for name, *_ in (*CHANGES, *GOES_ON)}))
def test_none_of_them_is_without_a_rule(name: str) -> None:
    [one] = judged(name)
    assert one.judged


@pytest.mark.parametrize(
    ("pair", "goes"),
    [
        (("colchicine", "clarithromycin"), 0),
        (("disulfiram", "metronidazole"), 0),
        (("disulfiram", "alcohol"), 0),
        (("naloxegol", "ketoconazole"), 0),
        (("simvastatin", "itraconazole"), 0),
        (("methotrexate", "trimethoprim"), 1),
    ],
)
def test_of_a_pair_that_kills_one_gives_way(pair: tuple[str, str], goes: int) -> None:
    found = judged(*pair)
    assert found[goes].verdict == "change"


def test_nothing_that_the_body_depends_on_is_ended_in_one_step() -> None:
    classes = ("opioid", "sedative", "z_drug", "gabapentinoid", "baclofen_class", "antipsychotic", "antidepressant")
    held = frozenset().union(*(CONTENT.class_members(of) for of in classes))
    for caution in CONTENT.medicine_cautions.values():
        members = {
            i for of in caution.of for i in (CONTENT.class_members(of) if of in CONTENT.medicine_classes else {of})
        }
        assert not (members & held and caution.how == "stop"), caution.id
