"""`pathways app`: this machine only, behind a new token, with the files it was given; and clear where Voila is missing."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.request import url2pathname

import pytest

import kit
from pathways.apps import lab
from pathways.apps.cli import main
from pathways.apps.cli.app import PAGE, SHARE, arguments
from pathways.apps.cli.jupyter import MARK, PREFIX, guarded, keep_tokens_out_of_logs, run_folder, way_in
from pathways.apps.widgets import CaseConference

SAMPLE = kit.ROOT / "sample_data/cases/back_pain_120_mme.toml"
RECORD = kit.ROOT / "sample_data/fhir/synthetic_back_pain_oud.json"
EXPORT = kit.ROOT / "sample_data/pdmp_export.csv"


class FakeVoila:
    """Stands in for Voila: remembers how it was started, and says that it listens."""

    port = 8871
    argv: list[str]

    @classmethod
    def launch_instance(cls, argv: list[str], **_: object) -> None:
        FakeVoila.argv = argv
        cls().launch_browser()

    def launch_browser(self) -> None:
        raise AssertionError("its own would open a page without the token")


@pytest.fixture
def start_app(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[dict[str, str], str, list[str]]]:
    opened: list[str] = []

    def show(address: str) -> None:
        """What a browser would do; and the page that leads to the token is its owner's alone."""
        page = Path(url2pathname(address.removeprefix("file:")))
        assert os.name == "nt" or page.stat().st_mode & 0o777 == 0o600
        opened.append(address)
        opened.append(page.read_text("utf-8"))

    def start(*words: str, browser: bool = True) -> tuple[dict[str, str], str, list[str]]:
        def find() -> object:
            if not browser:
                raise webbrowser.Error
            return SimpleNamespace(open=show)

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
    assert given["MappingKernelManager.cull_connected"] == "False", "an open page keeps its engine"
    assert 0 < int(given["MappingKernelManager.cull_idle_timeout"]) <= 1800, "one that was left holds a case"
    token = given["token"]
    assert len(token) >= 43
    address, page = opened
    assert address.startswith("file:")
    assert token not in address, "what a browser is started with can be read by all users of the machine"
    assert f'content="0;url=http://127.0.0.1:8871/?token={token}"' in page
    assert not Path(given["Voila.connection_dir_root"]).exists(), "it goes at the end, with the page"
    assert "JUPYTER_RUNTIME_DIR" not in os.environ
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
    assert not [word for word in arguments("t", Path("run")) if "toml" in word]


# ---- what a run leaves --------------------------------------------------------------------------------------------

RUN = """
import os, sys, time
from pathlib import Path
from pathways.apps.cli.jupyter import run_folder
with run_folder(Path(sys.argv[1])) as folder:
    (folder / "copy").mkdir()
    (folder / "copy" / "case.toml").write_text("of a person")
    print(folder, os.environ["JUPYTER_RUNTIME_DIR"] == str(folder), flush=True)
    time.sleep(60)
"""


def begun(base: Path) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen([sys.executable, "-c", RUN, str(base)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.readline().rsplit(maxsplit=1)
    assert said[1] == "True"
    return process, Path(said[0])


@pytest.mark.skipif(os.name == "nt", reason="no such signals there")
@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM", "SIGINT"])
def test_the_folder_of_a_run_goes_however_the_run_is_ended(name: str, tmp_path: Path) -> None:
    process, folder = begun(tmp_path)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / MARK).read_text().split() == [str(process.pid)]
    process.send_signal(getattr(signal, name))
    assert process.wait(60) != 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="a process is not killed like this there")
def test_what_a_killed_run_left_goes_at_the_next_start_and_nothing_else(tmp_path: Path) -> None:
    killed, left = begun(tmp_path)
    killed.kill()
    killed.wait(60)
    assert (left / "copy/case.toml").is_file()
    living, held = begun(tmp_path)
    assert not left.exists()
    kept = [tmp_path / f"{PREFIX}{name}" for name in ("unmarked", "open", "file", "link", "mark_is_a_link")]
    for folder in (kept[0], kept[1], kept[4]):
        folder.mkdir(mode=0o700)
        (folder / "mine.txt").write_text("mine")
    kept[1].chmod(0o755)
    (kept[1] / MARK).touch()
    kept[2].touch()
    kept[3].symlink_to(kept[0])
    (kept[4] / MARK).symlink_to(kept[4] / "mine.txt")
    os.mkfifo(kept[0] / MARK)
    with run_folder(tmp_path) as folder:
        assert {*tmp_path.iterdir()} == {*kept, held, folder}
    assert {*tmp_path.iterdir()} == {*kept, held}
    living.terminate()
    living.wait(60)
    assert not held.exists()


def test_the_page_that_leads_in_breaks_out_of_nothing(tmp_path: Path) -> None:
    way_in(tmp_path, 'http://127.0.0.1/?token="><script>&')
    page = (tmp_path / "open.html").read_text("utf-8")
    assert "<script>" not in page
    assert page.count("token=&quot;&gt;") == 2


# ---- who is answered ----------------------------------------------------------------------------------------------


def test_only_requests_to_this_machine_by_its_own_name_are_answered() -> None:
    web: Any = pytest.importorskip("tornado.web")
    httputil: Any = pytest.importorskip("tornado.httputil")

    logout, files = (type(name, (web.RequestHandler,), {}) for name in ("LogoutHandler", "TemplateStaticFileHandler"))
    page = (r"/(.*)", web.RequestHandler)

    class Stub:
        app = web.Application([page])
        listening = False

        def init_handlers(self) -> list[Any]:
            return [(r"/logout", logout), (r"/voila/templates/(.*)", files), page]

        def listen(self) -> None:
            self.listening = True

    server = guarded(Stub)()
    handlers = server.init_handlers()
    assert [pattern for pattern, *_ in handlers] == [r"/voila/templates/(.*)", page[0]]
    assert issubclass(handlers[0][1], files)
    server.listen()
    assert server.listening

    start = httputil.RequestStartLine("GET", "/", "HTTP/1.1")

    def answers(host: str) -> type[Any]:
        request = httputil.HTTPServerRequest(start_line=start, headers=httputil.HTTPHeaders({"Host": host}))
        return server.app.find_handler(request).handler_class  # type: ignore[no-any-return]  # of a module without types

    for host in ("127.0.0.1:8866", "localhost", "LOCALHOST:1", "[::1]:8866"):
        assert answers(host) is web.RequestHandler, host
    for host in (
        "evil.example",
        "evil.example:8866",
        "127.0.0.1.evil.example",
        "localhost.evil.example:80",
        "0.0.0.0",
        "10.0.0.1",
    ):
        assert answers(host) is web.ErrorHandler, host


# ---- the engine -----------------------------------------------------------------------------------------------------


def test_the_engine_of_page_and_lab_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    spec: Any = pytest.importorskip("jupyter_client.kernelspec")
    monkeypatch.setenv("JUPYTER_PATH", str(SHARE))
    found = spec.KernelSpecManager().get_kernel_spec("python3")
    assert found.argv == ["python", "-m", "pathways.apps.lab.engine", "-f", "{connection_file}"]


IN_A_PROCESS = """
import os, sys
import zmq
from ipykernel import kernelapp
from pathways.apps.lab import engine

started = []
kernelapp.launch_new_instance = lambda: started.append(kernelapp.IOPubThread)
engine.main()
bound = []
zmq.Socket.bind_to_random_port = lambda self, address, **more: bound.append(address) or 1
done = []
with zmq.Context() as context, context.socket(zmq.PUB) as socket:
    thread = started[0](socket, pipe=True)
    thread.schedule(lambda: done.append(1))
    here = os.getpid
    os.getpid = lambda: -1  # as in a forked process
    thread.schedule(lambda: done.append(2))
    os.getpid = here
    thread.stop()
    thread.io_loop.close(all_fds=True)
print([one.__name__ for one in started], bound, done)
"""


def test_the_output_of_the_engine_opens_no_port() -> None:
    """In a process of its own: an imported ipykernel takes the messages of every widget of this one."""
    pytest.importorskip("zmq")
    said = subprocess.run([sys.executable, "-c", IN_A_PROCESS], capture_output=True, text=True, check=False)
    assert said.stdout.strip() == "['Unpiped'] [] [1]", said.stderr


def test_the_server_starts_without_the_grammar_that_takes_most_of_its_start() -> None:
    code = (
        "import sys; from pathways.apps.cli.jupyter import without_slow_parts; without_slow_parts(); "
        "import jupyter_events, jsonschema; print([name for name in sys.modules if 'rfc3987_syntax.' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize(
    "line",
    [
        "403 GET /?token=abc-DEF_1 (127.0.0.1)",
        "404 /x?a=1&token=abc-DEF_1&b=2",
        "header 'token abc-DEF_1'",
        "token%3Dabc-DEF_1",
    ],
)
def test_no_log_of_the_server_holds_the_token(line: str) -> None:
    keep_tokens_out_of_logs()
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]  # keeps what is logged
    for name in ("tornado.access", "tornado.application"):
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).error("%s", line)
        logging.getLogger(name).removeHandler(handler)
    (kept,) = said  # a request that was refused is not logged at all
    assert "[secret]" in kept
    assert "abc-DEF_1" not in kept
