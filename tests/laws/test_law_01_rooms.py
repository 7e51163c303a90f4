"""Law 1: a room imports only rooms before it, and no two rooms import each other. (`lint-imports` holds the whole of it;
this reads the same order from the code with nothing but the standard library.)"""

from __future__ import annotations

import ast

import pytest

from tests.laws.sources import imports, is_package, modules, room_of

ORDER = (
    "reading", "conditions", "content", "profile", "facts", "findings", "options", "pairs", "plans", "case",
    "audience", "handout", "assessment", "monitoring", "taper", "trends", "urine", "explain", "levels", "site",
    "estimates", "case_data", "report", "widgets", "cli",
)  # fmt: skip
CORE = ("conditions", "content", "profile", "facts", "findings", "options", "pairs", "plans")
APART = {"cohort", "fhir", "risk", "teach", "__main__", ""}


def reaches(name: str) -> set[str]:
    """The rooms that a module imports from."""
    found = set()
    for target in imports(name, modules()[name]):
        if target.startswith("pathways."):
            found.add(room_of(target))
    return found


@pytest.mark.parametrize("room", CORE)
def test_a_room_of_the_core_imports_only_rooms_before_it(room: str) -> None:
    mine = [name for name in modules() if room_of(name) == room]
    assert mine
    for name in mine:
        allowed = set(ORDER[: ORDER.index(room) + 1])
        rooms = {r for r in reaches(name) if r in ORDER or r in APART - {""}}
        assert rooms <= allowed, f"{name} imports {rooms - allowed}"


def test_no_two_rooms_import_each_other() -> None:
    edges: dict[str, set[str]] = {}
    for name in modules():
        if room := room_of(name):
            edges.setdefault(room, set()).update(reaches(name) - {room})
    for a, targets in edges.items():
        for b in targets:
            assert a not in edges.get(b, set()), f"{a} and {b}"


def test_the_reading_of_imports_sees_every_form() -> None:
    text = "import os\nfrom . import a\nfrom ..b import c\ndef f():\n    from .d import e\n"
    found = set(imports("pathways.facts.derive", ast.parse(text)))
    assert {"os", "pathways.facts", "pathways.facts.a", "pathways.b.c", "pathways.facts.d.e"} <= found
    assert is_package("pathways.facts")
