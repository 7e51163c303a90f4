"""The kept content: the same as what is read from TOML, the owner's alone, and used for nothing but what it was made from."""

from __future__ import annotations

import functools
import gc
import hashlib
import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pathways.content import Content, ContentError, cache, load_content, loader
from pathways.content.loader import PACKAGED
from pathways.language import Is
from pathways.pages.data import case_data
from pathways.review.case import review
from tests.reviews import NAMES, profile

FRESH = load_content(PACKAGED)
SMALL = replace(
    FRESH,
    tables={table: FRESH.roles if table == "role" else {} for table in cache.TABLES},
    files={key: file for key, file in FRESH.files.items() if key[0] == "role"},
    _nodes={"age": Is("age")},
)
"""Content that is quickly kept; its hash is that of the packaged content, so that it is taken for it."""
needs_modes = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes and owners of this kind")


@pytest.fixture(scope="module")
def back(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """The packaged content as it comes back from the cache."""
    folder = tmp_path_factory.mktemp("kept") / "pathways"
    cache.keep(folder, FRESH)
    read = cache.read_kept(folder, FRESH.hash)
    assert read is not None
    return read


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache of this test alone, with the small content in it; what this process has loaded is out of sight."""
    monkeypatch.setenv("PATHWAYS_CACHE", str(tmp_path))
    folder = tmp_path / "pathways"
    cache.keep(folder, SMALL)
    monkeypatch.setattr(loader, "_packaged", functools.cache(loader._packaged.__wrapped__))
    return folder


def told(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that are read and checked from here on."""
    read: list[Path] = []
    load = loader._load
    monkeypatch.setattr(loader, "_load", lambda folder: read.append(folder) or load(folder))
    return read


def written(body: object) -> bytes:
    """A file with this body under a first line that is right."""
    raw = json.dumps(body).encode()
    return cache._first_line(FRESH.hash, raw) + b"\n" + raw


# ---- the same content ---------------------------------------------------------------------------------------


def test_what_comes_back_is_what_was_kept(back: Content) -> None:
    assert back == FRESH
    assert back._nodes.items() <= FRESH._nodes.items()
    assert {rule.text for rule in FRESH.rules()} <= back._nodes.keys()
    assert [*back.files] == [*FRESH.files]
    for table, records in FRESH.tables.items():
        assert [*back.tables[table]] == [*records]
        for id, record in records.items():
            other = back.tables[table][id]
            assert repr(other) == repr(record)  # the order of fields, and 1 is not 1.0 nor True
            assert other.model_fields_set == record.model_fields_set
            assert other.model_dump_json() == record.model_dump_json()


@pytest.mark.parametrize("name", NAMES)
def test_a_review_has_the_same_bytes(back: Content, name: str) -> None:
    kept_json, fresh_json = (
        json.dumps(case_data(review(profile(name), content=content), None)) for content in (back, FRESH)
    )
    assert kept_json == fresh_json


def test_a_record_from_the_cache_stays_frozen(back: Content) -> None:
    source = next(iter(back.sources.values()))
    assert hash(source) == hash(FRESH.sources[source.id])
    with pytest.raises(ValueError, match="frozen"):
        source.title = "another"


# ---- when it is used ----------------------------------------------------------------------------------------


def test_the_second_load_checks_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / cache.NAME).unlink()
    read = told(monkeypatch)
    load_content()
    assert read == [PACKAGED]
    loader._packaged.cache_clear()
    assert load_content() == FRESH
    assert read == [PACKAGED]


def test_a_folder_that_is_named_is_always_read(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = told(monkeypatch)
    same = shutil.copytree(PACKAGED, tmp_path / "mine", ignore=shutil.ignore_patterns("__pycache__"))
    before = (place / cache.NAME).read_bytes()
    assert load_content(same).hash == load_content(PACKAGED).hash == FRESH.hash
    (same / "roles.toml").write_text("[[role]]\nid = 1\n", encoding="utf-8")
    with pytest.raises(ContentError):
        load_content(same)
    assert read == [same, PACKAGED, same]
    assert (place / cache.NAME).read_bytes() == before


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_name_switches_it_off(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATHWAYS_CACHE", name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert cache.kept_or_loaded(PACKAGED, lambda _: SMALL) is SMALL
    assert not [*tmp_path.iterdir()]


@pytest.mark.skipif(sys.platform in ("win32", "darwin", "emscripten"), reason="the folders of other systems")
def test_the_folder_is_the_usual_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PATHWAYS_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache.cache_folder() == tmp_path / "xdg" / "pathways"
    for unset in ("", "relative/one"):  # invalid by the XDG rules
        monkeypatch.setenv("XDG_CACHE_HOME", unset)
        assert cache.cache_folder() == tmp_path / ".cache" / "pathways"
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert cache.cache_folder() is None


@pytest.mark.parametrize("part", ["format", "kit", "code", "python", "pydantic", "content", "body"])
def test_any_difference_throws_it_away(place: Path, part: str) -> None:
    first, _, body = (place / cache.NAME).read_bytes().partition(b"\n")
    stamp = json.loads(first)
    other = json.dumps(stamp | {part: f"{stamp[part]}0"}).encode()
    (place / cache.NAME).write_bytes(other + b"\n" + body)
    assert cache.read_kept(place, FRESH.hash) is None
    assert cache.kept_or_loaded(PACKAGED, lambda _: SMALL) is SMALL
    assert (place / cache.NAME).read_bytes() == first + b"\n" + body


def test_other_content_is_other_content(place: Path) -> None:
    assert cache.read_kept(place, hashlib.sha256(b"other").hexdigest()) is None


def test_loading_leaves_the_collector_as_it_was(place: Path) -> None:
    assert load_content() == SMALL
    assert gc.isenabled()
    with pytest.raises(ContentError):
        cache.kept_or_loaded(place, loader._load)  # there is no TOML
    assert gc.isenabled()


# ---- files that may not be used -----------------------------------------------------------------------------


def _damaged() -> dict[str, Any]:
    """Whole files that are not what `keep` writes, by what is wrong; those with a right first line test the body."""
    node = {"": "Is", "fact": "age"}
    bare = {"tables": {table: [] for table in cache.TABLES}, "files": [], "nodes": {}}
    role = {"": "Role", "id": "x"}
    return {
        "empty": b"",
        "no line": b"{}",
        "binary": bytes(range(256)) * 40,
        "only the first line": cache._first_line(FRESH.hash, b"") + b"\n",
        "not an object": written([]),
        "a table too few": written({**bare, "tables": {}}),
        "a class of Python": written({**bare, "nodes": {"x": {"": "Path", "fact": "/"}}}),
        "a module's name": written({**bare, "nodes": {"x": {"": "os.system", "fact": "true"}}}),
        "a record without its fields": written({**bare, "tables": {**bare["tables"], "role": [role]}}),
        "a record with other fields": written(
            {**bare, "tables": {**bare["tables"], "role": [{**role, "__class__": 1}]}}
        ),
        "a record of another table": written({**bare, "tables": {**bare["tables"], "role": [node]}}),
        "a plain value for a record": written({**bare, "tables": {**bare["tables"], "role": ["x"]}}),
        "a node with another field": written({**bare, "nodes": {"x": {**node, "item": node}}}),
        "a record for a condition": written({**bare, "nodes": {"x": {"": "list", "items": []}}}),
        "an unhashable kind": written({**bare, "nodes": {"x": {"": ["Is"], "fact": "age"}}}),
        "deep": cache._first_line(FRESH.hash, deep := b"[" * 100_000 + b"]" * 100_000) + b"\n" + deep,
        "not JSON": cache._first_line(FRESH.hash, b"\xff{") + b"\n\xff{",
    }


@pytest.mark.parametrize("what", _damaged())
def test_a_damaged_or_hostile_file_is_ignored_and_mended(
    place: Path, what: str, capfd: pytest.CaptureFixture[str]
) -> None:
    good = (place / cache.NAME).read_bytes()
    (place / cache.NAME).write_bytes(_damaged()[what])
    assert cache.read_kept(place, FRESH.hash) is None
    assert cache.kept_or_loaded(PACKAGED, lambda _: SMALL) is SMALL
    assert (place / cache.NAME).read_bytes() == good
    assert capfd.readouterr() == ("", "")


def test_a_truncated_file_or_a_turned_bit_is_ignored(place: Path) -> None:
    file = place / cache.NAME
    good = file.read_bytes()
    for at in (10, len(good) // 2, len(good) - 1):
        file.write_bytes(good[:at])
        assert cache.read_kept(place, FRESH.hash) is None
        file.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        assert cache.read_kept(place, FRESH.hash) is None
    file.write_bytes(good)
    assert cache.read_kept(place, FRESH.hash) == SMALL


def test_a_file_that_is_too_large_is_not_read(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_BYTES", 1000)
    assert cache.read_kept(place, FRESH.hash) is None


@needs_modes
@pytest.mark.parametrize("mode", [0o604, 0o620, 0o640, 0o666])
def test_a_file_that_others_may_open_is_ignored_and_made_anew(place: Path, mode: int) -> None:
    (place / cache.NAME).chmod(mode)
    assert cache.read_kept(place, FRESH.hash) is None
    assert cache.kept_or_loaded(PACKAGED, lambda _: SMALL) is SMALL
    assert (place / cache.NAME).stat().st_mode & 0o777 == 0o600
    assert cache.read_kept(place, FRESH.hash) == SMALL


@needs_modes
@pytest.mark.parametrize("mode", [0o701, 0o720, 0o755, 0o777])
def test_a_folder_that_others_may_open_is_not_used(place: Path, mode: int) -> None:
    place.chmod(mode)
    assert cache.read_kept(place, FRESH.hash) is None
    (place / cache.NAME).unlink()
    cache.keep(place, SMALL)
    assert not [*place.iterdir()]


@needs_modes
def test_a_file_of_another_user_is_ignored(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert cache.read_kept(place, FRESH.hash) is None
    before = (place / cache.NAME).read_bytes()
    cache.keep(place, SMALL)
    assert (place / cache.NAME).read_bytes() == before


@needs_modes
def test_links_and_pipes_are_not_followed(place: Path, tmp_path: Path) -> None:
    real = (place / cache.NAME).rename(tmp_path / "elsewhere.json")
    (place / cache.NAME).symlink_to(real)
    real.write_bytes(b"of somebody else")
    assert cache.read_kept(place, FRESH.hash) is None
    cache.keep(place, SMALL)
    assert not (place / cache.NAME).is_symlink()
    assert real.read_bytes() == b"of somebody else"
    assert cache.read_kept(place, FRESH.hash) == SMALL
    (place / cache.NAME).unlink()
    os.mkfifo(place / cache.NAME, 0o600)
    assert cache.read_kept(place, FRESH.hash) is None  # and does not wait for a writer
    cache.keep(place, SMALL)
    assert cache.read_kept(place, FRESH.hash) == SMALL
    linked = tmp_path / "linked"
    linked.symlink_to(place)
    assert cache.read_kept(linked, FRESH.hash) is None


# ---- folders that cannot be written -------------------------------------------------------------------------


def test_what_is_made_is_the_owners_alone(tmp_path: Path) -> None:
    cache.keep(tmp_path / "deep" / "pathways", SMALL)
    folder = tmp_path / "deep" / "pathways"
    assert [path.name for path in folder.iterdir()] == [cache.NAME]  # no draft is left
    if sys.platform != "win32":
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / cache.NAME).stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_made_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("here is no folder", encoding="utf-8")
    monkeypatch.setenv("PATHWAYS_CACHE", str(tmp_path / "file"))
    assert cache.kept_or_loaded(PACKAGED, lambda _: SMALL) is SMALL
    monkeypatch.setenv("PATHWAYS_CACHE", "/proc/none" if Path("/proc").is_dir() else "/dev/null/none")
    assert cache.kept_or_loaded(PACKAGED, lambda _: SMALL) is SMALL
    assert capfd.readouterr() == ("", "")


def test_a_write_that_fails_leaves_the_old_file(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (place / cache.NAME).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    monkeypatch.setattr(Path, "replace", full)
    cache.keep(place, SMALL)
    assert [path.name for path in place.iterdir()] == [cache.NAME]
    assert (place / cache.NAME).read_bytes() == before


def test_what_would_not_come_back_is_not_kept(tmp_path: Path) -> None:
    base = next(iter(FRESH.bases.values()))
    for odd in ({"x": {1, 2}}, {"x": float("nan")}, {1: "x"}, {"": "Is", "fact": "age"}):
        changed = replace(SMALL, tables={**SMALL.tables, "base": {base.id: base.model_copy(update={"given": odd})}})
        cache.keep(tmp_path / "pathways", changed)
        assert not (tmp_path / "pathways").exists()
    listed = base.model_copy(update={"given": {"x": ["a", ("b", 1.0)]}})
    kept: Content = replace(SMALL, tables={**SMALL.tables, "base": {base.id: listed}})
    cache.keep(tmp_path / "pathways", kept)
    assert cache.read_kept(tmp_path / "pathways", FRESH.hash) == kept


def test_of_the_kept_files_of_other_places_the_newest_stay(tmp_path: Path) -> None:
    content = load_content()
    place = tmp_path / "pathways"
    place.mkdir(mode=0o700)
    others = [f"content-{n:08x}.json" for n in range(9)]
    mine = ["content-1.json", "content-zzzzzzzz.json", "notes.txt", "content-00000001.json.bak"]
    for n, name in enumerate([*others, *mine]):
        (place / name).touch()
        os.utime(place / name, (1_000 + n, 1_000 + n))
    cache.keep(place, content)
    left = {p.name for p in place.iterdir()}
    assert left == {cache.NAME, *others[-(cache.MOST_KEPT - 1) :], *mine}
    assert cache.read_kept(place, content.hash) is not None
