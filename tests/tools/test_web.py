"""What the page that needs no install is made of, and how its folder is put together; tests/browser uses the page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tools import pyodide
from tools.pins import HASHED, read_pins
from tools.web import __main__ as web
from tools.web.licences import licences

PINS = read_pins(HASHED.read_text("utf-8"))


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """The shape of what comes from npm and PyPI."""
    folder = tmp_path / "parts"
    at = folder / "node_modules/pyodide"
    at.mkdir(parents=True)
    for name in web.FROM_PYODIDE:
        (at / name).write_bytes(name.encode())
    (at / "package.json").write_text('{"version": "1.2.3"}', "utf-8")
    (at / "pyodide-lock.json").write_text('{"info": {"abi_version": "x"}, "packages": {"numpy": {}}}', "utf-8")
    package = folder / "site/one-1.0.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: one\nVersion: 1.0\nLicense-Expression: MIT\n", "utf-8"
    )
    (package / "LICENSE.md").write_text("Do as you like.", "utf-8")
    return folder


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The shape of what inside.py leaves."""
    folder = tmp_path / "compiled"
    folder.mkdir()
    for name in ("kit.zip", "conference.js", "conference.css"):
        (folder / name).write_text(name, "utf-8")
    (folder / "styles.json").write_text('["abc="]', "utf-8")
    return folder


def test_the_page_takes_the_core_without_what_the_terminal_needs() -> None:
    names = {pin.name for pin in web.wanted(PINS)}
    assert {"pydantic", "pydantic-core", "lark", "jinja2", "tomli-w", "traitlets"} <= names
    assert names.isdisjoint({*web.TERMINAL, "ipywidgets", "anywidget", "pytest", pyodide.PLAIN_HALF})
    assert {pin.name for pin in PINS} >= web.TERMINAL


def test_every_file_is_named_by_what_is_in_the_folder(tmp_path: Path, made: Path, parts: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    web.put_together(one, made, parts)
    (made / "kit.zip").write_text("another", "utf-8")
    web.put_together(two, made, parts)
    (inner,), (other,) = one.glob("v-*"), two.glob("v-*")
    assert inner.name != other.name
    index, offline = ((one / name).read_text("utf-8") for name in web.OUTSIDE)
    assert f'src="{inner.name}/page.js"' in index
    assert "{{" not in index + offline
    kept = json.loads(re.findall(r"const FILES = (.*);", offline)[0])
    assert {*kept} == {"./", *(path.relative_to(one).as_posix() for path in inner.iterdir())}
    assert json.loads((inner / "pyodide-lock.json").read_text("utf-8")) == {
        "info": {"abi_version": "x"},
        "packages": {},
    }


def test_the_policy_allows_nothing_from_elsewhere_and_says_why_of_each_exception(
    tmp_path: Path, made: Path, parts: Path
) -> None:
    web.put_together(tmp_path / "page", made, parts)
    index = (tmp_path / "page/index.html").read_text("utf-8")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', index)
    rows = dict(row.split(" ", 1) for row in policy.split("; "))
    assert rows["default-src"] == "'none'"
    assert rows["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert rows["style-src"] == "'self' 'sha256-abc='"
    assert "unsafe-inline" not in policy
    assert not re.search(r"https?:|\*", policy)
    assert all(f"{name}: {why}" in index for name, (_, why) in web.POLICY.items())
    assert {*rows} == {*web.POLICY}
    assert not re.search(r"<script(?! type=\"module\" src=)|\son\w+=|\sstyle=|https?://", index), "nothing inline"


def test_the_licences_of_all_that_is_in_it_stand_in_the_folder(parts: Path) -> None:
    text = licences(parts)
    assert "Pyodide 1.2.3: Mozilla Public License 2.0" in text
    assert "one 1.0: MIT" in text
    assert "Do as you like." in text
    assert "Apache License" in text


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, out = tmp_path / "page", tmp_path / "out"
    page.mkdir()
    (page / "README.txt").write_text(web.README, "utf-8")
    web.place_it(page, out)
    (out / "old").write_text("of an earlier version", "utf-8")
    web.place_it(page, out)
    assert [path.name for path in out.iterdir()] == ["README.txt"]
    (out / "README.txt").write_text("my own notes", "utf-8")
    with pytest.raises(pyodide.MissingError, match="holds something else"):
        web.place_it(page, out)
    assert (out / "README.txt").read_text("utf-8") == "my own notes"


def test_a_change_of_any_source_is_a_new_build() -> None:
    files = {path.relative_to(web.kit.ROOT).as_posix(): b"" for path in web.sources()}
    assert {"src/pathways/apps/web/static/worker.js", "tools/web/inside.py", "tools/pyodide.py"} <= files.keys()
    assert any(name.startswith("models/") for name in files)
    assert web.digest_of(files) != web.digest_of({**files, "tools/pyodide.py": b"changed"})


def test_a_word_that_nobody_gave_is_an_error() -> None:
    assert web.filled("a {{b}} c", {"b": "B"}) == "a B c"
    with pytest.raises(KeyError):
        web.filled("a {{b}} c", {})
