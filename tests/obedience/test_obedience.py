"""Law 11, obedience: the checker itself on reviews made by hand, its list and its people, and the kit under it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.reviews import data

from .ablate import record, report
from .checker import violations
from .examples import EGFR_95, EXAMPLES, made, medicine
from .generate import Vocabulary
from .knowledge import Person, load
from .measure import LEAST, counts
from .reading import KINDS
from .run import check, lines, sample_cases

HERE = Path(__file__).parent
SAMPLES = HERE.parents[1] / "sample_data" / "cases"
KNOWN = load()
Json = dict[str, Any]

# Ingredients that a source names and the vocabulary of the kit does not hold.
NOT_IN_VOCABULARY = {"cimetidine", "zileuton", "propafenone"}


def reported(review: Json, handout: str = "", sheet: str = "") -> set[tuple[str, str]]:
    """The (kind, row) of each violation."""
    return {(v.kind, v.row) for v in violations(review, handout, sheet, KNOWN)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_breach_is_reported_and_obedience_is_not(name: str) -> None:
    wanted, broken, kept = EXAMPLES[name]
    assert wanted in reported(*broken)
    assert wanted not in reported(*kept)


def test_every_kind_of_violation_has_an_example() -> None:
    assert {kind for (kind, _), _, _ in EXAMPLES.values()} == set(KINDS)


def test_a_person_of_whom_nothing_is_known_breaks_nothing() -> None:
    assert reported(made()) == set()


@pytest.mark.parametrize(
    ("condition", "true"),
    [
        ({"id": "ckd_stage_4"}, True),
        ({"id": "ckd_stage_4", "status": "resolved"}, False),
        ({"id": "ckd_stage_4", "certainty": "suspected"}, False),
        ({"id": "ckd_stage_3"}, False),
    ],
)
def test_a_state_is_true_only_when_it_is_sure(condition: Json, true: bool) -> None:
    assert Person({"as_of": "2026-11-16", "conditions": [condition]}, KNOWN).state("severe kidney disease") is true


def test_creatinine_clearance_goes_before_egfr() -> None:
    observations = [
        {"measure": "egfr", "value": 45, "date": "2026-11-10"},
        {"measure": "creatinine", "value": 2.0, "date": "2026-11-10"},
        {"measure": "weight_kg", "value": 48, "date": "2026-11-10"},
    ]
    answers = {"age_years": 80, "sex": "female"}
    person = Person({"as_of": "2026-11-16", "observations": observations, "answers": answers}, KNOWN)
    assert person.clearance == pytest.approx(17.0)  # (140 - 80) * 48 / (72 * 2) * 0.85
    assert person.state("clearance 15 to 29")


def test_old_and_future_values_are_not_read() -> None:
    for when in ("2024-01-01", "2026-12-01"):
        observations = [{"measure": "egfr", "value": 12, "date": when}]
        assert not Person({"as_of": "2026-11-16", "observations": observations}, KNOWN).state("severe kidney disease")


# ---- the list, and the people made from it -----------------------------------------------------------------------


def test_the_list_says_what_it_needs_to_say() -> None:
    ids = [row.id for row in KNOWN.rows]
    assert len(ids) >= 150
    assert len(set(ids)) == len(ids)
    for row in KNOWN.rows:
        assert row.row, row.id
        assert row.source, row.id
        assert row.conf in ("verified", "verified-2", "recall"), row.id
        assert row.strength in (None, "stop", "avoid", "only_with", "told"), row.id
        assert set(row.names("when")) <= KNOWN.states.keys(), row.id
        assert {*row.names("with"), *row.names("call"), *row.names("open")} <= KNOWN.means.keys(), row.id
        if row.kind == "pair":
            assert row.gives_way in ("a", "b", "either", "decide"), row.id
        if row.strength == "only_with":
            assert row.names("with"), row.id


def test_the_list_speaks_of_ingredients_that_a_case_file_can_name() -> None:
    known = {name.replace("_", " ") for name in Vocabulary.read().medicines}
    named = {i for row in KNOWN.rows for side in ("of", "a", "b", "also") for i in KNOWN.spread(row.names(side))}
    assert named - known - KNOWN.treatments <= NOT_IN_VOCABULARY


def test_nothing_of_the_kit_is_imported_but_by_the_run() -> None:
    for path in HERE.glob("*.py"):
        if path.stem in ("run", "ablate", "targeted", "test_obedience"):
            continue
        names = set(_imported(ast.parse(path.read_text(encoding="utf-8"))))
        assert not {n for n in names if n.split(".")[0] in ("pathways", "tests")}, path


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


@pytest.mark.slow
def test_each_row_is_true_in_enough_people() -> None:
    assert {id: n for id, n in counts(2200).items() if n < LEAST} == {}


# ---- the kit -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_medicine_that_is_offered_has_a_plain_name() -> None:
    options = data("back_pain_120_mme")["options"]
    assert {o["id"] for o in options if o["seat"] in ("medicine", "moud")} - KNOWN.targets.keys() == set()


@pytest.mark.slow
def test_a_pair_that_is_deleted_is_missed() -> None:
    """Without its rule a newcomer stands bare beside what is in use: the checker must say so, and of no other rule."""
    from pathways.content import load_content

    person = {
        "schema_version": 1,
        "title": "Case",
        "as_of": "2026-11-16",
        "answers": {"age_years": 45, "sex": "male", "main_pain": "osteoarthritis", "pain_months": 30},
        "medicines": [medicine("warfarin", purpose="other")],
        "observations": EGFR_95,
        "complete": {"conditions": "yes", "medicines": "yes", "observations": "yes"},
    }
    content = load_content()
    pairs = {id: {*r.a, *r.b} for id, r in content.tables["interaction"].items()}
    near = [f"interaction:{id}" for id, sides in pairs.items() if "anticoagulant" in " ".join(sides)]
    far = [f"interaction:{id}" for id, sides in pairs.items() if "triptan" in sides]
    assert [o.deletion.name for o in report(map(record, near), [person], content) if o.noticed]
    assert not [o.deletion.name for o in report(map(record, far), [person], content) if o.noticed]


@pytest.mark.slow
def test_the_sample_cases_are_obeyed() -> None:
    found = {
        name: violations(line["review"], line["handout"], line["sheet"], KNOWN) for name, line in sample_cases(SAMPLES)
    }
    assert {name: list(map(str, v)) for name, v in found.items() if v} == {}


PEOPLE, AT_ONCE = 400, 50


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, PEOPLE, AT_ONCE))
def test_random_people_are_obeyed(first: int) -> None:
    found = (f"{seed}: {v}" for line in lines(AT_ONCE, 1, 1, first) for seed, v in check(line))
    assert list(islice(found, 20)) == []
