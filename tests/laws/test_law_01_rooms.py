"""Law 1: a room imports only rooms before it, and no two rooms import each other. (`lint-imports` holds the whole of it;
this reads the same order from the code with nothing but the standard library.)"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.laws.sources import PACKAGE, imports, is_package, modules, room_of

ORDER = (
    "disk",
    "language",
    "content",
    "intake",
    "profile",
    "facts",
    "review",
    "care",
    "fhir",
    "cohort",
    "pages",
    "apps",
)
TESTS = Path(__file__).parents[1]
READS_RISK = ("care", "pages", "apps")


def reaches(name: str) -> set[str]:
    """The rooms that a module imports from."""
    found = set()
    for target in imports(name, modules()[name]):
        if target.startswith("pathways."):
            found.add(room_of(target))
    return found - {"__version__"}


def test_every_module_stands_in_a_room() -> None:
    assert {room_of(name) for name in modules()} == {*ORDER, "risk", "__main__", ""}


@pytest.mark.parametrize("room", ORDER)
def test_a_room_imports_only_rooms_before_it(room: str) -> None:
    mine = [name for name in modules() if room_of(name) == room]
    assert mine
    allowed = {*ORDER[: ORDER.index(room) + 1], ""} | ({"risk"} if room in READS_RISK else set())
    for name in mine:
        assert reaches(name) <= allowed, f"{name} imports {reaches(name) - allowed}"


def test_the_risk_room_imports_nothing_of_ours_but_the_room_of_files() -> None:
    for name in modules():
        if room_of(name) == "risk":
            assert reaches(name) <= {"risk", "disk"}, name


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


LONGEST = 400
MOST_PARAMETERS = 7
COMMANDS = "apps/cli/"
"""A function there is a command: each of its parameters is an option that a user may write."""


def test_no_module_is_longer_than_a_reader_holds() -> None:
    over = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if len(path.read_text("utf-8").splitlines()) > LONGEST
    }
    assert not over


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many parameters it names, the object itself left out."""
    named = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len(named) - (named[:1] in (["self"], ["cls"]))


def test_no_function_takes_more_than_a_caller_can_hold_in_mind() -> None:
    over = [
        f"{path.relative_to(PACKAGE).as_posix()}:{node.lineno} {node.name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if not path.relative_to(PACKAGE).as_posix().startswith(COMMANDS)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and parameters(node) > MOST_PARAMETERS
    ]
    assert not over


SKIP = "# fmt: " + "skip"


def test_what_the_formatter_leaves_alone_says_why() -> None:
    bare = [
        f"{path.name}:{n}"
        for folder in (PACKAGE, TESTS)
        for path in sorted(folder.rglob("*.py"))
        for n, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if line.rstrip().endswith(SKIP)
    ]
    assert not bare
