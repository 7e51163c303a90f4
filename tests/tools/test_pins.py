"""requirements-hashed.txt and constraints.txt: the same releases, whole, each with its digests, and no place named."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.lock import BUILDERS, HEAD
from tools.pins import BUILD, CONSTRAINTS, CORE, HASHED, PYPROJECT, Pin, PinsError, read_pins, rows_for

PINS = read_pins(HASHED.read_text("utf-8"))
PROJECT = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
PLAIN = re.compile(r"[A-Za-z0-9._-]+==[0-9][^\s;]*( ; [^:/\\@]+)?")


def test_constraints_are_plain_pins_and_name_no_place() -> None:
    lines = CONSTRAINTS.read_text("utf-8").splitlines()
    assert [line for line in lines if not PLAIN.fullmatch(line)] == []
    assert len(lines) > 100


def test_both_files_name_the_same_releases() -> None:
    assert [pin.plain() for pin in PINS] == CONSTRAINTS.read_text("utf-8").splitlines()


def test_the_hashed_file_is_its_pins_and_nothing_else() -> None:
    assert HASHED.read_text("utf-8") == HEAD + "".join(pin.hashed() for pin in PINS), "so no option and no address"
    assert "//" not in HASHED.read_text("utf-8")


def test_every_release_is_needed_by_a_part_that_exists() -> None:
    parts = {CORE, BUILD, *EXTRAS}
    assert [pin.name for pin in PINS if not pin.sets or pin.sets - parts] == []
    assert {part for pin in PINS for part in pin.sets} == parts


def test_every_dependency_and_every_build_tool_is_pinned() -> None:
    asked = {CORE: PROJECT["dependencies"], **EXTRAS}
    asked[BUILD] = [*tomllib.loads(PYPROJECT.read_text("utf-8"))["build-system"]["requires"], *BUILDERS]
    for part, requirements in asked.items():
        for text in requirements:
            wanted = Requirement(text)
            rows = [pin for pin in PINS if pin.name == canonicalize_name(wanted.name)]
            assert rows, text
            assert all(pin.sets & {part, CORE} and wanted.specifier.contains(pin.version) for pin in rows), text


@pytest.mark.parametrize("part", [CORE, *sorted(EXTRAS)])
def test_the_rows_of_a_part_are_enough_for_it(part: str) -> None:
    """What is installed asks for nothing, here, that the rows of the part do not hold."""
    rows = {pin.name for pin in PINS if pin.sets & {CORE, part}}
    todo, seen = [Requirement(text) for text in [*PROJECT["dependencies"], *EXTRAS.get(part, [])]], set()
    while todo:
        wanted = todo.pop()
        name = canonicalize_name(wanted.name)
        if (wanted.marker and not wanted.marker.evaluate({"extra": ""})) or (name, *wanted.extras) in seen:
            continue
        seen.add((name, *wanted.extras))
        assert name in rows, f"{part} needs {name}"
        try:
            further = [Requirement(text) for text in requires(name) or []]
        except PackageNotFoundError:
            continue  # of an extra that is not installed here
        for one in further:
            if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras)):
                one.marker = None
                todo.append(one)
    assert seen


def test_what_is_installed_is_what_is_pinned() -> None:
    found = {}
    for pin in PINS:
        try:
            found.setdefault(pin.name, (distribution(pin.name).version, set()))[1].add(pin.version)
        except PackageNotFoundError:
            continue
    assert len(found) > 20
    assert {name: both for name, both in found.items() if both[0] not in both[1]} == {}


ROW = Pin("rich", "15.0.0", "sys_platform == 'win32'", ("a" * 64, "b" * 64), frozenset({"core"}))


def test_a_row_reads_back_as_it_was_written() -> None:
    bare = Pin("lark", "1.3.1", "", ("c" * 64,), frozenset({"build", "dev"}))
    assert read_pins(HEAD + ROW.hashed() + bare.hashed()) == (ROW, bare)
    assert rows_for(["core", "app"], (ROW, bare)) == ROW.hashed()


@pytest.mark.parametrize(
    "text",
    [
        "rich==15.0.0\n",
        "rich>=15 \\\n    --hash=sha256:" + "a" * 64,
        "--index-url=x\n",
        ROW.hashed().replace("a" * 64, "a" * 63),
        ROW.hashed().replace("sha256:a", "md5:a"),
    ],
)
def test_a_row_without_a_pin_or_a_digest_is_refused(text: str) -> None:
    with pytest.raises(PinsError, match="not a pin with its digests"):
        read_pins(text)
