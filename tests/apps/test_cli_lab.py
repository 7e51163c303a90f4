"""`pathways lab`: this machine only, behind a new token, with nothing fetched; and clear where Lab is missing."""

from __future__ import annotations

import json
import os
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import kit
from pathways.apps.cli import main
from pathways.apps.cli.lab import FIRST, FOLDERS, SETTINGS, arguments, private_copy, root_folder


class FakeLab:
    """Stands in for JupyterLab: remembers how it was started."""

    port, base_url = 8899, "/"
    argv: list[str]
    found: dict[str, int]
    started = False

    @classmethod
    def initialize_server(cls, argv: list[str]) -> type[FakeLab]:
        cls.argv = argv
        return cls

    @classmethod
    def start(cls) -> None:
        cls.started = True
        root = Path(options(cls.argv)["--ServerApp.root_dir"])
        cls.found = {str(p.relative_to(root).as_posix()): p.stat().st_mode & 0o777 for p in root.rglob("*.ipynb")}


@pytest.fixture
def start_lab(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[type[FakeLab], str]]:
    def start(*words: str, browser: bool = True, notebooks: bool = True) -> tuple[type[FakeLab], str]:
        class Lab(FakeLab):
            pass

        def find() -> object:
            if not browser:
                raise webbrowser.Error
            return object()

        module = ModuleType("jupyterlab.labapp")
        module.LabApp = Lab  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "jupyterlab", ModuleType("jupyterlab"))
        monkeypatch.setitem(sys.modules, "jupyterlab.labapp", module)
        monkeypatch.setattr(webbrowser, "get", find)
        monkeypatch.setenv("JUPYTER_TOKEN", "an-old-one")
        monkeypatch.setenv("JUPYTER_CONFIG_PATH", "mine")
        monkeypatch.setenv("JUPYTER_PATH", "mine")
        if notebooks:
            (tmp_path / FIRST).parent.mkdir(exist_ok=True)
            (tmp_path / FIRST).touch()
        monkeypatch.chdir(tmp_path)
        assert main(["lab", *words]) == 0
        assert Lab.started
        return Lab, capsys.readouterr().out

    return start


def options(argv: list[str]) -> dict[str, str]:
    return dict(word.split("=", 1) for word in argv if "=" in word)


def test_it_listens_here_only_with_a_new_token_and_calls_nobody(start_lab: Callable[..., Any], tmp_path: Path) -> None:
    first, said = start_lab()
    given = options(first.argv)
    assert given["--ServerApp.ip"] == "127.0.0.1"
    assert given["--ServerApp.allow_remote_access"] == "False"
    assert given["--LabApp.extension_manager"] == "readonly"
    assert given["--LanguageServerManager.autodetect"] == "False"
    assert given["--LabApp.default_url"] == f"/doc/tree/{FIRST}"
    assert ("--allow-root" in first.argv) == (os.name != "nt" and os.geteuid() == 0)
    assert given.get("--KernelManager.transport") == (None if os.name == "nt" else "ipc")
    assert "http" not in said, "the browser that opens has the token"
    token = given["--IdentityProvider.token"]
    assert len(token) >= 43
    assert token != options(start_lab()[0].argv)["--IdentityProvider.token"]
    assert "JUPYTER_TOKEN" not in os.environ
    assert os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep) == [str(SETTINGS), "mine"]
    assert os.environ["JUPYTER_PATH"].split(os.pathsep) == [str(SETTINGS / "share"), "mine"]


def test_one_works_in_a_private_copy_that_goes_at_the_end(start_lab: Callable[..., Any], tmp_path: Path) -> None:
    lab, said = start_lab()
    folder = Path(options(lab.argv)["--ServerApp.root_dir"])
    assert folder != tmp_path
    assert said == f"Your copy of the notebooks: {folder}; it goes when this ends (--keep FOLDER keeps it)\n"
    assert lab.found[FIRST] == 0o600
    assert not folder.exists()


def test_a_copy_that_is_kept_is_owner_only_and_keeps_what_one_wrote(
    start_lab: Callable[..., Any], tmp_path: Path
) -> None:
    kept = tmp_path / "mine"
    lab, said = start_lab("--keep", str(kept))
    assert options(lab.argv)["--ServerApp.root_dir"] == str(kept)
    assert said == f"Your copy of the notebooks: {kept}\n"
    if os.name != "nt":
        assert kept.stat().st_mode & 0o777 == 0o700
        assert (kept / "notebooks").stat().st_mode & 0o777 == 0o700
    (kept / FIRST).write_text("my own")
    start_lab("--keep", str(kept))
    assert (kept / FIRST).read_text() == "my own"


def test_the_copy_holds_all_that_the_notebooks_read_and_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "notebooks/.ipynb_checkpoints").mkdir(parents=True)
    (tmp_path / "notebooks/.ipynb_checkpoints/x.ipynb").touch()
    with private_copy(tmp_path) as folder:
        assert list(folder.iterdir()) == []
    with private_copy(kit.ROOT) as folder:
        for name in FOLDERS:
            wanted = {p.relative_to(kit.ROOT) for p in (kit.ROOT / name).rglob("*") if p.is_file()}
            hidden = {p for p in wanted if {"__pycache__", ".ipynb_checkpoints"} & set(p.parts)}
            assert {p.relative_to(folder) for p in (folder / name).rglob("*") if p.is_file()} == wanted - hidden


@pytest.mark.parametrize(("words", "browser"), [(["--no-browser"], True), ([], False)])
def test_without_a_browser_the_whole_address_is_printed(
    start_lab: Callable[..., Any], words: list[str], browser: bool
) -> None:
    lab, said = start_lab(*words, browser=browser)
    token = options(lab.argv)["--IdentityProvider.token"]
    assert said.splitlines()[1:] == [f"Open http://127.0.0.1:8899/doc/tree/{FIRST}?token={token}"]
    assert ("--no-browser" in lab.argv) == ("--no-browser" in words)


def test_outside_a_checkout_it_opens_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pathways.apps.cli.lab.__file__", str(tmp_path / "site-packages/pathways/apps/cli/lab.py"))
    assert root_folder(tmp_path) == tmp_path
    assert "--LabApp.default_url=/lab" in arguments(tmp_path, "t", "")
    (tmp_path / FIRST).parent.mkdir()
    (tmp_path / FIRST).touch()
    (tmp_path / "deep/er").mkdir(parents=True)
    assert root_folder(tmp_path / "deep/er") == tmp_path, "from inside the checkout, its top"


def test_news_are_off() -> None:
    settings = json.loads((SETTINGS / "labconfig/page_config.json").read_text("utf-8"))
    assert settings == {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    assert SETTINGS == kit.ROOT / "src/pathways/apps/lab", "inside the package, so that it is installed"


def test_without_jupyterlab_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")
    monkeypatch.setenv("JUPYTER_PATH", "")
    assert main(["lab"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "pathways: JupyterLab is not installed; install the notebooks extra: pip install 'pathways-cds[notebooks]'\n"
    )
