"""A folder of content that is swapped or made to harm: refused in a few sentences, whatever stands in it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from pathways.apps.cli import main
from pathways.content import ContentError, load_content, loader, sources
from pathways.content.library import TABLES
from pathways.content.loader import PACKAGED
from pathways.disk import incoming, limits


def refused(folder: Path) -> ContentError:
    with pytest.raises(ContentError) as error:
        load_content(folder)
    return error.value


def written(folder: Path, text: str) -> Path:
    (folder / "given.toml").write_text(text, "utf-8")
    return folder


def test_of_very_many_unknown_tables_the_first_are_named(tmp_path: Path) -> None:
    most = limits.MISTAKES.most
    error = refused(written(tmp_path, "\n".join(f"[zz{n}]" for n in range(most + 1))))
    assert len(error.problems) == most
    assert error.more
    assert error.count == f"more than {most} mistakes"
    error = refused(written(tmp_path, "\n".join(f"[zz{n}]" for n in range(most))))
    assert (len(error.problems), error.more, error.count) == (most, False, f"{most} mistakes")


def test_of_very_many_broken_records_and_unknown_keys_the_first_are_named(tmp_path: Path) -> None:
    most = limits.MISTAKES.most
    error = refused(written(tmp_path, "\n".join(f"[[source]]\nid = 's{n}'\nzz = 1" for n in range(most))))
    assert (len(error.problems), error.more) == (most, True)
    error = refused(written(tmp_path, "[[source]]\nid = 's'\n" + "\n".join(f"zz{n} = 1" for n in range(most * 2))))
    assert (len(error.problems), error.more) == (most, True)


@pytest.mark.parametrize(
    "text",
    [
        f"[{'x' * 100_000}]",
        f"[[source]]\nid = '{'x' * 100_000}'",
        f"[[source]]\nid = 's'\n{'x' * 100_000} = 1",
        f"[[source]]\nid = 's'\ntitle = 't'\nyear = 2000\nkind = '{'x' * 100_000}'",
    ],
    ids=["table", "id", "key", "value"],
)
def test_a_very_long_name_is_not_shown_whole(text: str, tmp_path: Path) -> None:
    assert max(map(len, refused(written(tmp_path, text)).problems)) <= 1_001


def test_a_folder_of_very_many_files_is_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "CONTENT_FILES", limits.Limit(3, *limits.CONTENT_FILES[1:]))
    for n in range(3):
        (tmp_path / f"{n}.toml").write_text("", "utf-8")
    assert len(sources.read_sources(tmp_path)) == 3
    (tmp_path / "more.toml").mkdir()  # it would be a mistake of its own, had it been looked at
    assert refused(tmp_path).problems == [f"{tmp_path}: more than 3 TOML files: this is no content folder"]


def test_the_files_of_a_folder_are_read_up_to_a_size_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "CONTENT_FOLDER_BYTES", limits.Limit(2_000, *limits.CONTENT_FOLDER_BYTES[1:]))
    for name in "ab":
        (tmp_path / f"{name}.toml").write_text("#" * 1_000, "utf-8")
    assert len(sources.read_sources(tmp_path)) == 2
    (tmp_path / "c.toml").write_text("#", "utf-8")
    assert refused(tmp_path).problems == [f"{tmp_path}: its files have more than 0.002 MB together"]


@pytest.mark.skipif(sys.platform in ("win32", "darwin", "emscripten"), reason="a name there is always text")
def test_a_file_whose_name_is_no_text_is_one_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.close(os.open(os.fsencode(tmp_path) + b"/\xff.toml", os.O_CREAT | os.O_WRONLY))
    assert refused(tmp_path).problems == [f"{tmp_path}: \\udcff.toml: the name of this file is not in UTF-8; rename it"]
    assert main(["check", str(tmp_path)]) == 1
    assert "a fault of the kit" not in "".join(capsys.readouterr())


def test_a_file_that_goes_while_the_folder_is_read_is_one_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "ab":
        (tmp_path / f"{name}.toml").write_text("", "utf-8")
    read_file = incoming.read_file

    def gone(path: Path, most: limits.Limit) -> bytes:
        (tmp_path / "b.toml").unlink(missing_ok=True)
        return read_file(path, most)

    monkeypatch.setattr(sources, "read_file", gone)
    assert refused(tmp_path).problems == [f"{tmp_path}: b.toml: cannot be read: No such file or directory"]


def test_a_folder_in_a_circle_of_links_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "a.toml").write_text("", "utf-8")
    (tmp_path / "inside" / "circle").symlink_to("..")
    assert [*sources.read_sources(tmp_path)] == ["inside/a.toml"]


@pytest.mark.parametrize(("one", "other"), [("medicines/signs.toml", "allergies.toml"), ("sources.toml", "needs.toml")])
def test_files_that_lie_under_each_others_names_say_the_same(one: str, other: str, tmp_path: Path) -> None:
    """What a file is called decides nothing: a record says of itself what it is."""
    folder = tmp_path / "data"
    shutil.copytree(PACKAGED, folder)
    first, second = ((folder / name).read_bytes() for name in (one, other))
    (folder / one).write_bytes(second)
    (folder / other).write_bytes(first)
    swapped, whole = load_content(folder), load_content()
    assert swapped.hash != whole.hash
    assert {table: swapped.tables[table].keys() for table in TABLES} == {
        table: whole.tables[table].keys() for table in TABLES
    }


def test_a_folder_in_which_another_file_stands_is_refused_for_what_it_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(PACKAGED, folder)
    (folder / "needs.toml").write_bytes((folder / "sources.toml").read_bytes())
    problems = refused(folder).problems
    assert any("this id is already used in" in problem for problem in problems)
    assert main(["check", str(folder)]) == 1
    assert "a fault of the kit" not in "".join(capsys.readouterr())
    assert loader.load_content() is load_content()  # what is packaged stays what it was
