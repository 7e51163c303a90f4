"""What a release is made of: the wheel, and the page that needs no install as one zip, with their digests.

python kit.py release --out DIR
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import kit
from tools import pyodide
from tools.pins import PYPROJECT
from tools.web.__main__ import built

LONG_AGO = (2020, 1, 1, 0, 0, 0)  # the same page gives the same zip, whenever it is packed
SUMS = "SHA256SUMS"


def version() -> str:
    """The version of the project, as pyproject.toml has it."""
    return str(tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["version"])


def wheel(out: Path) -> Path:
    """Build the wheel into a folder. Raises MissingError where that fails; pip says why itself."""
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    if subprocess.run([*pip, "--wheel-dir", str(out), str(kit.ROOT)], cwd=kit.ROOT).returncode:
        raise pyodide.MissingError("the wheel could not be built: the lines above say why")
    return next(out.glob(f"*-{version()}-*.whl"))


def page_zip(page: Path, out: Path) -> Path:
    """Pack the folder of the page, under one folder that is named as the zip is."""
    name = f"pathways-page-{version()}"
    with zipfile.ZipFile(out / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(path for path in page.rglob("*") if path.is_file()):
            inside = zipfile.ZipInfo(f"{name}/{path.relative_to(page).as_posix()}", LONG_AGO)
            inside.external_attr = 0o644 << 16  # a server's user may read what another user unpacked
            packed.writestr(inside, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return out / f"{name}.zip"


def write_sums(files: Sequence[Path], out: Path) -> None:
    """The digests, in the form that `sha256sum --check` reads."""
    rows = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (out / SUMS).write_text("".join(rows), "utf-8", newline="\n")


def main(rest: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="kit.py release", description="Build the wheel and the zip of the page.")
    parser.add_argument("--out", type=Path, default=kit.ROOT / "dist", metavar="DIR", help="where to (default: dist)")
    out: Path = parser.parse_args(rest).out
    out.mkdir(parents=True, exist_ok=True)
    try:
        files = [wheel(out), page_zip(built(), out)]
    except pyodide.MissingError as error:
        print(f"release: {error}")
        return 1
    write_sums(files, out)
    for path in [*files, out / SUMS]:
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
