"""A folder with the case conference as a page that needs no install: the kit's own widget, and Python in the browser.

    python kit.py web --out DIR

The network is used here alone, as for an install. Everything that the page needs lies in the folder, and any web server can
give it out; all but `index.html`, the service worker and the texts stands in a folder that is named by the digest of what is
in it, so that nothing is ever put together from two versions.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import kit
from tools import pyodide
from tools.pins import CORE, HASHED, Pin, read_pins
from tools.web.licences import licences

HERE = Path(__file__).resolve().parent
SOURCES = kit.ROOT / "src/pathways"
STATIC = SOURCES / "apps/web/static"
PLACE = kit.SCRATCH / "web"
TRAITS = "traitlets"
# What the terminal needs, and a page does not.
TERMINAL = frozenset({"annotated-doc", "markdown-it-py", "mdurl", "pygments", "rich", "shellingham", "typer"})
# Renamed where web servers do not know the ending: a script that comes as another kind of file is refused by browsers.
FROM_PYODIDE = {
    "pyodide.mjs": "pyodide.js",
    "pyodide.asm.mjs": "pyodide.asm.js",
    "pyodide.asm.wasm": "pyodide.asm.wasm",
    "python_stdlib.zip": "python_stdlib.zip",
}
OUTSIDE = ("index.html", "offline.js")  # of our files: what has the same name in every version
POLICY = {
    "default-src": ("'none'", "nothing but what follows"),
    "script-src": ("'self' 'wasm-unsafe-eval'", "the scripts of the folder, and WebAssembly, which Python is"),
    "worker-src": ("'self' blob:", "the service worker; the engine, as a blob so that it has this policy too"),
    "connect-src": ("'self'", "the engine and the service worker fetch the files of the folder"),
    "style-src": ("'self' {styles}", "the style sheets of the folder, and the styles within a first page, by digest"),
    "img-src": ("'self'", "the icon"),
    "base-uri": ("'none'", "no other base for the addresses"),
    "form-action": ("'none'", "nothing is sent anywhere"),
}
MARKER = "made by pathways: kit.py web"
README = f"""\
Pathways: the case conference as a page ({MARKER})

Give this whole folder to any web server, or try it here: python3 -m http.server --bind 127.0.0.1
and open http://127.0.0.1:8000/ in a browser. It does not work from a file:// address.

Nothing that is typed leaves the page. All is fetched from this folder, when the page is loaded and not later. Over https, and
on this machine itself, the browser keeps the page, and it starts without a network from then on.

A new version: replace the whole folder. LICENCES.txt names what is in it, and on what terms.
"""


def wanted(pins: Sequence[Pin]) -> list[Pin]:
    """The packages of the page: those of the core without the terminal's, and traitlets."""
    names = [pin for pin in pins if (CORE in pin.sets or pin.name == TRAITS) and pin.name not in TERMINAL]
    return pyodide.rows(names)


def sources() -> list[Path]:
    """The files of the checkout that the page is made of."""
    folders = (SOURCES, kit.ROOT / "models", HERE)
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return sorted([*(path for path in found if "__pycache__" not in path.parts), Path(pyodide.__file__)])


def digest_of(named: Mapping[str, bytes]) -> str:
    """One digest of some files, with their names."""
    each = (f"{name}\0{hashlib.sha256(data).hexdigest()}\0" for name, data in sorted(named.items()))
    return hashlib.sha256("".join(each).encode()).hexdigest()


def built(place: Path = PLACE) -> Path:
    """The folder as it was built last, or as it is built now where something it is made of has changed.

    Raises MissingError where something cannot be had.
    """
    pins = wanted(read_pins(HASHED.read_text("utf-8")))
    files = {path.relative_to(kit.ROOT).as_posix(): path.read_bytes() for path in sources()}
    digest, stamp, folder = digest_of(files) + pyodide.inputs(pins), place / "stamp", place / "page"
    if stamp.exists() and stamp.read_text("utf-8") == digest:
        return folder
    stamp.unlink(missing_ok=True)
    node, npm = pyodide.programs()
    parts = pyodide.prepare(place / "parts", npm, pins)
    shutil.rmtree(folder, ignore_errors=True)
    put_together(folder, compiled(place / "compiled", parts, node), parts)
    stamp.write_text(digest, "utf-8")
    return folder


def compiled(out: Path, parts: Path, node: Sequence[str]) -> Path:
    """What the browser's Python makes of the packages and the kit (inside.py). Raises MissingError where it fails."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    words = [
        parts / "node_modules/pyodide/pyodide.mjs",
        HERE / "inside.py",
        parts / "site",
        SOURCES,
        kit.ROOT / "models",
        out,
    ]
    done = subprocess.run([*node, str(HERE / "build.mjs"), *map(str, words)], capture_output=True, text=True)
    if done.returncode:
        said = [line[:300] for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise pyodide.MissingError("\n".join(["the kit does not start in the browser's Python:", *said[-12:]]))
    return out


def put_together(folder: Path, made: Path, parts: Path) -> None:
    """Write the whole page into a new folder."""
    files = {path.name: path.read_bytes() for path in made.iterdir() if path.suffix != ".json"}
    files |= {path.name: path.read_bytes() for path in STATIC.iterdir() if path.name not in OUTSIDE}
    pyodide_at = parts / "node_modules/pyodide"
    files |= {new: (pyodide_at / old).read_bytes() for old, new in FROM_PYODIDE.items()}
    lock = json.loads((pyodide_at / "pyodide-lock.json").read_text("utf-8"))
    files["pyodide-lock.json"] = json.dumps({**lock, "packages": {}}).encode()  # it has none to load
    version = digest_of(files)[:12]
    inner = folder / f"v-{version}"
    inner.mkdir(parents=True)
    for name, data in files.items():
        (inner / name).write_bytes(data)
    styles = " ".join(f"'sha256-{digest}'" for digest in json.loads((made / "styles.json").read_text("utf-8")))
    policy = "; ".join(f"{name} {value.format(styles=styles)}" for name, (value, _) in POLICY.items())
    why = "The policy. " + "; ".join(f"{name}: {reason}" for name, (_, reason) in POLICY.items()) + "."
    kept = ["./", *(f"{inner.name}/{name}" for name in sorted(files))]
    words = {"folder": inner.name, "policy": policy, "why": why, "version": version, "files": json.dumps(kept)}
    for name in OUTSIDE:
        (folder / name).write_text(filled((STATIC / name).read_text("utf-8"), words), "utf-8", newline="\n")
    (folder / "README.txt").write_text(README, "utf-8", newline="\n")
    (folder / "LICENCES.txt").write_text(licences(parts), "utf-8", newline="\n")


def filled(text: str, words: Mapping[str, str]) -> str:
    """A text with every ``{{name}}`` put in. Raises KeyError for a name that nobody gave."""
    return re.sub(r"\{\{(\w+)\}\}", lambda found: words[found[1]], text)


def place_it(folder: Path, out: Path) -> None:
    """Copy the page to where it is wanted. A folder that holds anything else is left alone: raises MissingError."""
    if out.exists() and any(out.iterdir()):
        note = out / "README.txt"
        if not (note.is_file() and MARKER in note.read_text("utf-8", "replace")):
            raise pyodide.MissingError(f"{out} holds something else: give a new or an empty folder")
        shutil.rmtree(out)
    shutil.copytree(folder, out, dirs_exist_ok=True)


def main(rest: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="kit.py web", description="Build the page that needs no install.")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder, or one that this made")
    out: Path = parser.parse_args(rest).out
    try:
        place_it(built(), out)
    except pyodide.MissingError as error:
        print(f"web: {error}")
        return 1
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"{out}: {size / 1e6:.1f} MB. Try it: python3 -m http.server --bind 127.0.0.1 --directory {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
