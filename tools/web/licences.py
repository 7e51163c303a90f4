"""What is in the folder of the page, and on what terms: every package with its licence texts."""

from __future__ import annotations

import json
from importlib.metadata import PathDistribution
from pathlib import Path

import kit

HEAD = """\
What is in this folder, and on what terms.

Pathways: Apache-2.0, the text stands first below.

Pyodide {version}: Mozilla Public License 2.0, https://www.mozilla.org/MPL/2.0/. pyodide.js, pyodide.asm.js,
pyodide.asm.wasm and python_stdlib.zip are its npm release, unchanged but for two names. Its source:
https://github.com/pyodide/pyodide. It holds Python, under the PSF licence: https://docs.python.org/3/license.html.

kit.zip holds Pathways and the packages named below, compiled.
"""


def licences(parts: Path) -> str:
    """The text of LICENCES.txt, from the packages that were installed for the page."""
    version = json.loads((parts / "node_modules/pyodide/package.json").read_text("utf-8"))["version"]
    blocks = [HEAD.format(version=version), (kit.ROOT / "LICENSE").read_text("utf-8")]
    for place in sorted((parts / "site").glob("*.dist-info")):
        said = PathDistribution(place).metadata
        name = f"{said['Name']} {said['Version']}"
        terms = next((said[key] for key in ("License-Expression", "License") if key in said), "see its text")
        texts = [path for path in sorted(place.rglob("*")) if path.is_file() and names_terms(path)]
        blocks.append(f"{'-' * 80}\n{name}: {terms.splitlines()[0]}\n")
        blocks += [path.read_text("utf-8", "replace") for path in texts]
    return "\n".join(blocks)


def names_terms(path: Path) -> bool:
    """Whether a file of a package holds its licence, or names those who wrote it."""
    return path.name.upper().startswith(("LICEN", "COPYING", "NOTICE", "AUTHORS"))
