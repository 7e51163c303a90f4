"""`pathways app`: this machine only, behind a new token, with the files it was given; and clear where Voila is missing."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import kit
from pathways.apps import lab
from pathways.apps.cli import main
from pathways.apps.cli.app import PAGE, SHARE, arguments
from pathways.apps.widgets import CaseConference

SAMPLE = kit.ROOT / "sample_data/cases/back_pain_120_mme.toml"
RECORD = kit.ROOT / "sample_data/fhir/synthetic_back_pain_oud.json"
EXPORT = kit.ROOT / "sample_data/pdmp_export.csv"


class FakeVoila:
    """Stands in for Voila: remembers how it was started, and says that it listens."""

    port = 8871
    argv: list[str]

    @classmethod
    def launch_instance(cls, argv: list[str]) -> None:
        FakeVoila.argv = argv
        cls().launch_browser()

    def launch_browser(self) -> None:
        raise AssertionError("its own would open a page without the token")


@pytest.fixture
def start_app(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[dict[str, str], str, list[str]]]:
    opened: list[str] = []

    def start(*words: str, browser: bool = True) -> tuple[dict[str, str], str, list[str]]:
        def find() -> object:
            if not browser:
                raise webbrowser.Error
            return SimpleNamespace(open=opened.append)

        module = ModuleType("voila.app")
        module.Voila = FakeVoila  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "voila", ModuleType("voila"))
        monkeypatch.setitem(sys.modules, "voila.app", module)
        monkeypatch.setattr(webbrowser, "get", find)
        monkeypatch.setenv("JUPYTER_TOKEN", "an-old-one")
        monkeypatch.setenv("JUPYTER_PATH", "mine")
        for name in (lab.CASE, lab.SITE):
            monkeypatch.setenv(name, "an old one")
        assert main(["app", *words]) == 0
        given = dict(word.removeprefix("--").split("=", 1) for word in FakeVoila.argv if "=" in word)
        return given, capsys.readouterr().out, opened

    return start


def test_it_listens_here_only_with_a_new_token(start_app: Callable[..., Any]) -> None:
    given, said, opened = start_app()
    assert given["Voila.ip"] == "127.0.0.1"
    assert given.get("KernelManager.transport") == (None if os.name == "nt" else "ipc")
    assert given["VoilaConfiguration.allow_template_override"] == "NO"
    assert int(given["MappingKernelManager.cull_idle_timeout"]) > 0
    token = given["token"]
    assert len(token) >= 43
    assert opened == [f"http://127.0.0.1:8871/?token={token}"]
    assert token in said
    assert token != start_app()[0]["token"]
    assert "JUPYTER_TOKEN" not in os.environ
    assert os.environ["JUPYTER_PATH"].split(os.pathsep)[0] == str(SHARE)
    assert lab.CASE not in os.environ
    assert lab.SITE not in os.environ


@pytest.mark.parametrize(("words", "browser"), [(["--no-browser"], True), ([], False)])
def test_without_a_browser_the_whole_address_is_printed(
    start_app: Callable[..., Any], words: list[str], browser: bool
) -> None:
    given, said, opened = start_app(*words, browser=browser)
    assert opened == []
    assert f"http://127.0.0.1:8871/?token={given['token']}" in said


def test_the_engine_is_told_which_case_to_open(start_app: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SAMPLE.parent)
    start_app(SAMPLE.name)
    assert os.environ[lab.CASE] == str(SAMPLE)
    assert isinstance(widget := lab.conference(), CaseConference)
    assert widget.state["rows"]["age_years"] == widget.profile.answers["age_years"]
    assert "120 MME" in widget.page


def test_a_case_that_is_not_there_is_one_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["app", "nowhere.toml"]) == 2
    assert "nowhere.toml" in capsys.readouterr().err


@pytest.mark.parametrize("path", [SAMPLE, RECORD, EXPORT])
def test_the_form_opens_a_case_a_record_and_an_export(path: Path) -> None:
    widget = CaseConference()
    widget.open_file(path)
    assert widget.view["error"] == ""
    assert widget.profile.medicines


def test_the_form_says_what_it_cannot_open(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("age = ", "utf-8")
    widget = CaseConference()
    widget.open_file(tmp_path / "a.toml")
    assert widget.view["error"].startswith("Not opened, nothing was changed.")


def test_the_page_and_its_template_are_in_the_package() -> None:
    assert PAGE.is_file()
    template = (SHARE / "voila/templates/pathways/index.html.j2").read_text("utf-8")
    assert "http" not in template, "nothing is fetched from another server"


def test_without_voila_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "voila.app", None)
    monkeypatch.setenv("JUPYTER_PATH", "")
    assert main(["app"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "pathways: Voila is not installed; install the app extra: pip install 'pathways-cds[app]'\n"


def test_the_arguments_hold_no_case() -> None:
    assert not [word for word in arguments("t") if "toml" in word]
