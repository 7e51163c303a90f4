"""Law 10: no network; and a case file is readable by its owner only."""

from __future__ import annotations

import ast
import os
import socket
import stat
from pathlib import Path
from typing import Any

import pytest

from pathways.pages import sheet_html
from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import review
from tests.laws.sources import imports, modules, room_of
from tests.reviews import CASES, NAMES, profile

NETWORK = {
    "socket", "socketserver", "ssl", "http", "urllib3", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "imaplib",
    "poplib", "telnetlib", "xmlrpc", "websocket", "websockets", "asyncio", "tornado", "boto3", "paramiko",
}  # fmt: skip  # data, read across
CLOCK = {("date", "today"), ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("time", "time")}
EDGES = ("apps",)


SERVES = {
    "pathways.apps.cli.jupyter": frozenset({"tornado.web", "tornado.web.ErrorHandler", "tornado.web.HTTPError"}),
}
"""Names that a module takes from a server of this machine, to refuse what it would answer; they ask nobody for anything."""


def test_no_module_imports_the_network() -> None:
    for name, tree in modules().items():
        found = {t for t in imports(name, tree) if t.split(".")[0] in NETWORK or t.startswith("urllib.request")}
        assert found - SERVES.get(name, frozenset()) == set(), f"{name}: {found}"


def test_only_the_edges_read_the_clock() -> None:
    for name, tree in modules().items():
        if room_of(name) in EDGES:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = getattr(node.func.value, "id", getattr(node.func.value, "attr", ""))
                assert (owner, node.func.attr) not in CLOCK, f"{name}, line {node.lineno}"


@pytest.mark.parametrize("name", ["neuropathy_fentanyl", "nearly_unknown"])
def test_a_whole_review_opens_no_socket(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    case = review(Profile.load(CASES / f"{name}.toml"))
    assert case_data(case)["options"]
    assert "<html" in sheet_html(case)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("ending", ["toml", "json"])
def test_a_saved_case_is_for_its_owner_only(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"case.{ending}"
    before = os.umask(0)  # even where nothing else would hold others off
    try:
        profile(NAMES[0]).save(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(0o644)
        profile(NAMES[0]).save(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    finally:
        os.umask(before)
    assert Profile.load(path) == profile(NAMES[0])
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
