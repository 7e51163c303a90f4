"""Files are written whole or not at all, are their owner's alone, keep what they had, and leave nothing behind."""

from __future__ import annotations

import ast
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pathways.apps.cli import main
from pathways.disk import clear_drafts, locks, real_path, replacing, update_file, write_file
from pathways.disk.files import FULL, draft_ends, is_draft
from pathways.profile import Profile
from tests.laws.sources import PACKAGE

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


CASE = "sample_data/cases/back_pain_120_mme.toml"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)  # even where nothing else would hold others off
    yield
    os.umask(before)


# ---- permissions, links -----------------------------------------------------------------------------------------


@posix
@pytest.mark.usefixtures("open_umask")
@pytest.mark.parametrize(
    ("before", "private", "after"),
    [
        (None, True, 0o600),
        (None, False, 0o600),
        (0o644, True, 0o600),  # what any editor leaves: nobody chose it
        (0o604, True, 0o600),
        (0o640, True, 0o640),  # somebody chose this
        (0o660, True, 0o660),
        (0o600, True, 0o600),
        (0o644, False, 0o644),
        (0o664, False, 0o664),
    ],
)
def test_a_file_is_replaced_whole_and_keeps_its_mode_or_is_its_owners_alone(
    tmp_path: Path, before: int | None, private: bool, after: int
) -> None:
    path = tmp_path / "case.toml"
    if before is not None:
        path.write_text("old")
        path.chmod(before)
    write_file(path, b"new\n", private=private)
    assert path.read_bytes() == b"new\n"
    assert mode(path) == after
    assert names(tmp_path) == ["case.toml"]


@posix
@pytest.mark.usefixtures("open_umask")
def test_a_draft_is_never_readable_by_others(tmp_path: Path) -> None:
    with replacing(tmp_path / "case.toml", 0o644) as file:
        (draft,) = tmp_path.iterdir()
        assert mode(draft) == 0o600
        file.write(b"x")
    assert mode(tmp_path / "case.toml") == 0o644


@posix
def test_where_a_system_has_no_users_files_are_written_over_and_drafts_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "geteuid")  # as in a browser's Python
    path = tmp_path / "case.toml"
    write_file(path, b"old")
    write_file(path, b"new")
    assert (path.read_bytes(), mode(path)) == (b"new", 0o600)
    left = draft_named("abcd1234")
    (tmp_path / left).touch()
    clear_drafts(tmp_path)
    assert names(tmp_path) == (["case.toml"] if os.getuid() == 0 else [left, "case.toml"])


@posix
def test_a_file_of_two_names_is_not_torn_apart(tmp_path: Path) -> None:
    path, second = tmp_path / "site.toml", tmp_path / "second.toml"
    path.write_bytes(b"old")
    os.link(path, second)
    for name in (path, second):
        with pytest.raises(OSError, match="second name"):
            update_file(name, lambda before: (before or b"") + b", new")
    assert (path.read_bytes(), second.read_bytes(), names(tmp_path)) == (b"old", b"old", ["second.toml", "site.toml"])
    second.unlink()
    update_file(path, lambda before: (before or b"") + b", new")
    assert path.read_bytes() == b"old, new"


def test_a_draft_is_not_called_after_the_file(tmp_path: Path) -> None:
    with replacing(tmp_path / "a_persons_name.toml") as file:
        assert is_draft(names(tmp_path)[0])
        file.write(b"x")


@posix
def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far/case.toml", tmp_path / "case.toml"
    link.symlink_to(target)
    write_file(link, b"first")  # to a file that is not there yet
    assert (link.is_symlink(), target.read_bytes()) == (True, b"first")
    write_file(link, b"second")
    update_file(link, lambda raw: (raw or b"") + b", third")
    assert (link.is_symlink(), target.read_bytes()) == (True, b"second, third")
    assert names(tmp_path / "far") == ["case.toml"]


@posix
@pytest.mark.parametrize(
    ("before", "after"), [(0o666, 0o666), (0o664, 0o644), (0o660, 0o600), (0o640, 0o600), (0o646, 0o646)]
)
def test_where_the_group_cannot_be_kept_another_may_do_what_everybody_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int, after: int
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    path = tmp_path / "site.toml"
    path.write_text("old")
    path.chmod(before)
    monkeypatch.setattr(os, "fchown", refuse)
    update_file(path, lambda _: b"new")
    assert (path.read_bytes(), mode(path)) == (b"new", after)


@posix
@pytest.mark.parametrize("make", ["folder", "fifo", "loop"])
def test_what_is_no_ordinary_file_stays_as_it_is(tmp_path: Path, make: str) -> None:
    path = tmp_path / "case.toml"
    {"folder": path.mkdir, "fifo": lambda: os.mkfifo(path), "loop": lambda: path.symlink_to(path)}[make]()
    before = path.lstat()
    with pytest.raises(OSError):
        write_file(path, b"new\n")
    assert path.lstat() == before
    assert names(tmp_path) == ["case.toml"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="for this user every file may be written to")
def test_a_file_that_may_not_be_written_to_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text("old")
    path.chmod(0o400)
    with pytest.raises(PermissionError):
        write_file(path, b"new")
    assert path.read_text() == "old"


def test_a_write_that_fails_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text("old")

    def half() -> None:
        with replacing(path) as file:
            file.write(b"ne")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["case.toml"]


def test_file_and_folder_are_made_durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []

    def noted(handle: int) -> None:
        synced.append(stat.S_ISDIR(os.fstat(handle).st_mode))

    monkeypatch.setattr(os, "fsync", noted)
    write_file(tmp_path / "case.toml", b"new")
    assert synced == ([False] if os.name == "nt" else [False, True])


# ---- drafts that were left ----------------------------------------------------------------------------------------


def draft_named(middle: str) -> str:
    begins, ends = draft_ends()
    return begins + middle + ends


def left_behind(folder: Path) -> Path:
    draft = folder / draft_named("ab12_xyz")
    draft.write_text("of a process that was killed")
    draft.chmod(0o600)
    return draft


def test_a_draft_that_is_being_written_is_left_alone_and_a_dead_one_goes(tmp_path: Path) -> None:
    dead = left_behind(tmp_path)
    with replacing(tmp_path / "a") as a, replacing(tmp_path / "b") as b:
        assert not dead.exists()
        clear_drafts(tmp_path)
        assert len(names(tmp_path)) == 2
        a.write(b"a")
        b.write(b"b")
    assert names(tmp_path) == ["a", "b"]


@posix
def test_only_our_own_drafts_are_taken_away(tmp_path: Path) -> None:
    draft = draft_named("ab12_xyz")
    others = (
        *(".pathways-ab12.new", ".pathways-12345678.new", ".pathways-ab12_xyz.new", ".pathways-notes.new"),
        *(f"{draft}.bak", draft[1:], f".case.toml{draft}", draft.replace(draft[-12:-4], "0" * 8)),
        *(".pathways-00000000-12345678-00000000.new", draft.upper()),
    )
    for name in others:
        (tmp_path / name).touch()
    (tmp_path / draft_named("folder__")).mkdir()
    (tmp_path / "kept").write_text("kept")
    (tmp_path / draft_named("link____")).symlink_to(tmp_path / "kept")
    os.mkfifo(tmp_path / draft_named("fifo____"))
    before = names(tmp_path)
    clear_drafts(tmp_path)
    clear_drafts(tmp_path / "nowhere")
    assert names(tmp_path) == before


@pytest.mark.parametrize("start", ["read", "write", "named", "here", "in words", "through a link"])
def test_no_draft_outlives_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str) -> None:
    case = tmp_path / "case.toml"
    Profile(title="x").save(case)
    if start == "through a link":
        (tmp_path / "far").mkdir()
        case.rename(tmp_path / "far/case.toml")
        case.symlink_to(tmp_path / "far/case.toml")
    draft = left_behind(tmp_path / "far" if start == "through a link" else tmp_path)
    if start == "here":
        monkeypatch.chdir(tmp_path)
    match start:
        case "read":
            Profile.load(case)
        case "write":
            Profile(title="y").save(tmp_path / "other.toml")
        case "named" | "through a link":
            main(["cite", str(case)])
        case "in words":
            main(["review", "nothing", f"--html={tmp_path / 'sheet.html'}"])
        case _:
            main(["cite", "nothing"])
    assert not draft.exists()


# ---- changed by one at a time -------------------------------------------------------------------------------------


@pytest.fixture(params=["flock", "a lock file"])
def kind_of_lock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "a lock file":
        monkeypatch.setattr(locks, "fcntl", None)
    elif locks.fcntl is None:
        pytest.skip("this system has no flock")
    return str(request.param)


@pytest.mark.usefixtures("kind_of_lock")
def test_what_many_change_at_once_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "list"

    def add() -> None:
        for _ in range(10):
            update_file(path, lambda raw: (raw or b"") + b"x\n")

    crowd = [threading.Thread(target=add) for _ in range(6)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert path.read_bytes() == b"x\n" * 60
    assert names(tmp_path) == ["list"]


def test_an_editor_that_asks_for_no_lock_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(b"a\n")
    seen: list[bytes | None] = []

    def change(raw: bytes | None) -> bytes:
        seen.append(raw)
        if len(seen) == 1:
            path.write_bytes(b"b\n")
        return (raw or b"") + b"ours\n"

    update_file(path, change)
    assert seen == [b"a\n", b"b\n"]
    assert path.read_bytes() == b"b\nours\n"


def test_a_file_that_never_rests_is_one_error(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"

    def change(raw: bytes | None) -> bytes:
        path.write_bytes((raw or b"") + b"b")
        return b"ours"

    with pytest.raises(OSError, match="keeps writing"):
        update_file(path, change)
    assert set(path.read_bytes()) == {ord("b")}


@pytest.mark.usefixtures("kind_of_lock")
def test_who_never_lets_go_is_one_error_and_nothing_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(b"a")
    monkeypatch.setattr(locks, "PATIENCE", 0.05)
    with locks.locked(path), pytest.raises(TimeoutError, match="has not let go"):
        update_file(path, lambda _: b"b")
    assert path.read_bytes() == b"a"
    update_file(path, lambda _: b"b")
    assert path.read_bytes() == b"b"


def test_a_lock_file_of_a_killed_process_does_not_bar_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "fcntl", None)
    monkeypatch.setattr(locks, "STALE", 0.05)
    path = tmp_path / "site.toml"
    with locks.locked(path):
        (held,) = tmp_path.iterdir()
    held.touch()
    update_file(path, lambda raw: b"a")
    assert names(tmp_path) == ["site.toml"]


@posix
def test_a_folder_that_cannot_be_locked_falls_back_on_a_lock_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "site.toml"

    class Refusing:
        LOCK_EX, LOCK_NB = 2, 4

        @staticmethod
        def flock(*_: int) -> None:
            raise OSError(95, "not supported")

    monkeypatch.setattr(locks, "fcntl", Refusing)
    update_file(path, lambda raw: b"a")
    with locks.locked(path):
        assert any(name.endswith(".lock") for name in names(tmp_path))
    assert names(tmp_path) == ["site.toml"]


# ---- one place ----------------------------------------------------------------------------------------------------

WRITERS = {"write_text", "write_bytes", "mkstemp", "NamedTemporaryFile", "fsync", "touch"}


def test_nothing_else_in_the_kit_writes_files() -> None:
    found = []
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name == "disk":
            continue
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            module = getattr(getattr(node.func, "value", None), "id", "")
            modes = [a.value for a in (*node.args, *(k.value for k in node.keywords)) if isinstance(a, ast.Constant)]
            archive = module == "plain"  # a zip file in memory
            opens = (
                name == "open"
                and not archive
                and any(isinstance(m, str) and set(m) & set("wax+") and len(m) < 4 for m in modes)
            )
            ours = name == "write_text" and module == ""  # the command line's own, which goes through the room
            moved = module == "os" and name in ("replace", "rename")
            if (name in WRITERS and not ours) or opens or moved:
                found.append(f"{path.relative_to(PACKAGE)}, line {node.lineno}: {name}")
    assert found == []


def test_a_real_path_follows_links(tmp_path: Path) -> None:
    assert real_path(tmp_path / "no/such/../case.toml") == Path(os.path.realpath(tmp_path)) / "no/case.toml"


@posix
@pytest.mark.parametrize("code", sorted(FULL))
@pytest.mark.parametrize("there", [True, False])
def test_a_full_disk_is_one_sentence_that_names_the_file(
    code: int, there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    if there:
        assert main(["review", CASE, "--html", str(page)]) == 0
    was = page.read_bytes() if there else b""

    def full(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    assert main(["review", CASE, "--html", str(page), "--full"]) == 2
    (line,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("pathways: ")]
    assert line.startswith(f"pathways: {page}: not written, {FULL[code]}; ")
    assert ("the file is as it was" in line) == there
    assert "Make room there" in line
    assert names(tmp_path) == (["page.html"] if there else [])
    assert not there or page.read_bytes() == was
