"""`pathways --licences`, and that nothing comes along at run time whose terms nobody has looked at."""

from __future__ import annotations

import json
from email.message import Message
from importlib.metadata import Distribution, PackageNotFoundError
from typing import Any

import pytest

from pathways.apps.cli import licences, main
from pathways.apps.cli.licences import EXPLAINED, Package, closure, is_plain, licence_of, needs_of, run_time


class Made(Distribution):
    """A package that is not on any disk."""

    def __init__(self, name: str = "made", needs: tuple[str, ...] = (), **said: Any) -> None:
        self._name, self._needs, self._said = name, needs, said

    @property
    def metadata(self) -> Any:
        made = Message()
        made["Name"] = self._name
        for key, values in self._said.items():
            for value in [values] if isinstance(values, str) else values:
                made[key.replace("_", "-")] = value
        return made

    @property
    def requires(self) -> list[str]:
        return [*self._needs]

    def read_text(self, filename: str) -> None:
        return None

    def locate_file(self, path: Any) -> Any:
        raise NotImplementedError


# ---- what really comes along


def test_every_run_time_licence_is_permissive_or_explained() -> None:
    packages = run_time()
    assert {"pydantic", "jinja2", "lark", "rich", "typer", "tomli-w"} <= {
        one.name for one in packages if one.needed_for == ("core",)
    }
    assert [(one.name, one.licence) for one in packages if not is_plain(one)] == []


def test_the_core_is_permissive_without_any_explanation() -> None:
    core = [one for one in run_time() if one.needed_for == ("core",)]
    assert [one.name for one in core if one.remark] == []


def test_what_measures_reading_grades_comes_with_the_check_alone() -> None:
    needed = {one.name: one.needed_for for one in run_time()}
    assert needed.get("pyphen", ("check",)) == ("check",)


def test_an_explanation_is_for_something_that_is_pinned() -> None:
    from tools.pins import HASHED, read_pins

    assert EXPLAINED.keys() <= {pin.name for pin in read_pins(HASHED.read_text("utf-8"))}
    assert all(licence and why for licence, why in EXPLAINED.values())


# ---- what a package says of itself


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        ({"License_Expression": "MIT AND PSF-2.0", "License": "GPL"}, "MIT AND PSF-2.0"),
        ({"License": "MIT License"}, "MIT"),
        ({"License": "BSD 3-Clause License\n\nCopyright (c) 2022"}, "BSD-3-Clause"),
        ({"License": "Apache License, Version 2.0"}, "Apache-2.0"),
        ({"License": "MPL-2.0 AND MIT"}, "MPL-2.0 AND MIT"),
        ({"License": "UNKNOWN", "Classifier": "License :: OSI Approved :: ISC License (ISCL)"}, "ISC"),
        ({"Classifier": ["License :: OSI Approved :: BSD License", "Framework :: Jupyter"]}, "BSD"),
        (
            {"License": "Copyright (c)\nNeither  the\nname of", "Classifier": "License :: OSI Approved :: BSD License"},
            "BSD-3-Clause",
        ),
        (
            {"Classifier": ["License :: OSI Approved :: MIT License", "License :: OSI Approved :: Odd License"]},
            "MIT, Odd License",
        ),
        ({"Classifier": "License :: OSI Approved"}, ""),
        ({}, ""),
    ],
)
def test_a_licence_is_read_from_wherever_a_package_writes_it(said: dict[str, Any], licence: str) -> None:
    assert licence_of(Made(**said)) == licence


@pytest.mark.parametrize(
    ("licence", "plain"),
    [
        ("MIT", True),
        ("(Apache-2.0 OR BSD-2-Clause) AND ISC", True),
        ("MIT AND GPL-3.0-only", False),
        ("MIT OR LGPL-2.1-or-later", False),
        ("MIT, Odd License", False),
        ("", False),
    ],
)
def test_a_licence_that_nobody_looked_at_is_not_plain(licence: str, plain: bool) -> None:
    assert is_plain(Package("x", "1", licence, ("core",))) is plain
    assert is_plain(Package("x", "1", licence, ("core",), remark="looked at"))


# ---- who needs whom


NEEDS = ("A.b>=1; python_version > '3'", "c[d,e]", 'f ; extra == "Big_One"', "g; sys_platform == 'x' and extra == 'g'")


def test_the_needs_of_a_package_are_those_of_the_extras_asked_for() -> None:
    assert needs_of(Made(needs=NEEDS)) == [("a-b", frozenset()), ("c", frozenset({"d", "e"}))]
    assert [name for name, _ in needs_of(Made(needs=NEEDS), ["big-one"])] == ["a-b", "c", "f"]


def test_the_closure_follows_extras_and_ends_in_a_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = {
        "us": Made("us", ("a[x]", "gone")),
        "a": Made("a", ('b; extra == "x"', 'c; extra == "y"')),
        "b": Made("b", ("a", "us")),
        "c": Made("c"),
    }

    def distribution(name: str) -> Made:
        if name not in shelf:
            raise PackageNotFoundError(name)
        return shelf[name]

    monkeypatch.setattr(licences, "distribution", distribution)
    assert closure(shelf["us"]).keys() == {"a", "b"}


# ---- the table


def test_the_table_names_each_package_and_what_is_to_be_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--licences"]) == 0
    shown = capsys.readouterr().out
    rows = {line.split()[0]: line.split() for line in shown.splitlines() if line.strip()}
    for one in run_time():
        assert rows[one.name + ("*" if one.remark else "")][1] == one.version
        assert not one.remark or f"* {one.name}: " in shown
    assert "Nobody has looked" not in shown


def test_the_table_says_what_nobody_has_looked_at_and_what_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(licences, "run_time", lambda: (Package("odd", "1", "", ("core",)),))
    monkeypatch.setattr(licences, "missing", lambda: ("app",))
    assert main(["--licences"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "not said" in shown
    assert "Nobody has looked at the terms of: odd." in shown
    assert "not listed in full: app." in shown


def test_an_extra_without_its_packages_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licences, "ours", lambda: Made("us", ("rich", 'no-such-package; extra == "app"')))
    assert licences.missing() == ("app",)


def test_the_same_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--licences", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["licence"] == "Apache-2.0"
    assert [one["name"] for one in told["packages"]] == [one.name for one in run_time()]


@pytest.mark.parametrize(("words", "says"), [(["--json"], "--licences"), (["--json", "schema"], "--licences")])
def test_json_alone_is_refused(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert says in capsys.readouterr().err
