"""What a command loads: from the second start on, nothing that only reading and checking the content needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reviews import CASES

CASE = str(CASES / "back_pain_120_mme.toml")
RUN = """
import sys
from pathways.apps.cli import main
code = main(sys.argv[1:])
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""


def run(folder: Path, *words: str) -> tuple[str, set[str]]:
    """What a command says in a process of its own, with its cache in ``folder``, and the modules that it loaded."""
    env = {**os.environ, "PATHWAYS_CACHE": str(folder), "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words], env=env, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return done.stdout, set(done.stderr.split())


@pytest.mark.slow
def test_the_second_review_says_the_same_and_loads_less(tmp_path: Path) -> None:
    first, loaded = run(tmp_path, "review", CASE, "--json")
    assert "lark" in loaded
    second, loaded = run(tmp_path, "review", CASE, "--json")
    assert second == first
    assert not loaded & {"lark", "pyphen"}


@pytest.mark.slow
def test_a_review_on_a_terminal_loads_no_templates_and_a_handout_no_hyphens(tmp_path: Path) -> None:
    assert not run(tmp_path, "review", CASE)[1] & {"jinja2", "pyphen"}
    handout, loaded = run(tmp_path, "handout", CASE)
    assert handout
    assert "pyphen" not in loaded


def test_the_help_loads_no_content(tmp_path: Path) -> None:
    _, loaded = run(tmp_path, "--help")
    assert not loaded & {"pathways.content", "pathways.review.case", "pydantic_core", "rich"}
