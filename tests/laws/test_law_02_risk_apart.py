"""Law 2, the other half: without the risk room the whole way through gives the same bytes, and no risk input is a gate."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.laws.sources import PACKAGE, ROOT

CASES = sorted((ROOT / "sample_data/cases").glob("*.toml"))
SCRIPT = """
import sys
from pathlib import Path
import pathways
assert Path(pathways.__file__).is_relative_to(sys.argv[1]), pathways.__file__
from pathways.apps.cli import main
for case in sys.argv[2:]:
    assert main(["review", case, "--json"]) == 0
    assert main(["review", case]) == 0
assert "pathways.risk" not in sys.modules
"""


def reviews(source: Path) -> bytes:
    """What a copy of the package says of every sample case: the whole JSON and the first page."""
    env = {**os.environ, "PYTHONPATH": str(source), "PYTHONHASHSEED": "0", "COLUMNS": "100"}
    command = [sys.executable, "-c", SCRIPT, str(source), *map(str, CASES)]
    done = subprocess.run(command, capture_output=True, env=env, cwd=source, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout


def test_the_plans_are_the_same_bytes_with_the_risk_room_deleted(tmp_path: Path) -> None:
    for name in ("with", "without"):
        shutil.copytree(PACKAGE, tmp_path / name / "pathways", ignore=shutil.ignore_patterns("__pycache__"))
    assert (tmp_path / "with/pathways/risk").is_dir()
    shutil.rmtree(tmp_path / "without/pathways/risk")
    whole = reviews(tmp_path / "with")
    assert len(whole) > 100_000
    assert reviews(tmp_path / "without") == whole
