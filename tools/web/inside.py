"""Runs in the browser's Python while the page is put together (build.mjs): from /site, /sources and /models to /out.

Leaves there the packages and the kit, compiled, with the content as it was checked (kit.zip); the widget's script and
styles; and the digests of the styles that stand within what the widget shows.
"""

import base64
import compileall
import hashlib
import json
import os
import py_compile
import re
import shutil
import sys
import zipfile
from pathlib import Path

KIT, OUT = Path("/kit"), Path("/out")
NOT_HERE = ("apps/cli", "apps/lab", "cohort")  # of our rooms: what has nothing to do in a page
NO_FILES = ("__pycache__", "*.pyi", "py.typed", "bin")
LONG_AGO = (2020, 1, 1, 0, 0, 0)  # the same files give the same bytes, whenever they are packed


def copy() -> None:
    shutil.copytree("/site", KIT, ignore=shutil.ignore_patterns(*NO_FILES, "*.dist-info"), dirs_exist_ok=True)
    shutil.copytree("/sources", KIT / "pathways", ignore=shutil.ignore_patterns(*NO_FILES))
    shutil.copytree("/models", KIT / "pathways/models")
    for name in NOT_HERE:
        shutil.rmtree(KIT / "pathways" / name)


def compile_all() -> None:
    """Our sources stay beside what is compiled of them: the kept content goes by their digest. Other people's do not."""
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    ours = KIT / "pathways"
    if not compileall.compile_dir(ours, quiet=1, invalidation_mode=unchecked):
        raise SystemExit("some module of ours cannot be compiled")
    for path in sorted(KIT.rglob("*.py")):
        if not path.is_relative_to(ours):
            py_compile.compile(str(path), str(path.with_suffix(".pyc")), doraise=True, invalidation_mode=unchecked)
            path.unlink()


def first_look() -> None:
    """Start the engine once: the content is checked and kept, and the widget says what it is made of."""
    sys.path.insert(0, str(KIT))
    from pathways.apps.web.engine import Engine
    from pathways.apps.widgets.conference import CaseConference

    said: list[str] = []
    Engine(said.append)
    view = json.loads(said[0])["traits"]["view"]
    styles = re.findall(r"<style>(.*?)</style>", view["page"], re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in styles]
    (OUT / "styles.json").write_text(json.dumps(digests), "utf-8")
    (OUT / "conference.js").write_text(CaseConference._esm, "utf-8")
    (OUT / "conference.css").write_text(CaseConference._css, "utf-8")
    if not list(Path(os.environ["PATHWAYS_CACHE"]).rglob("content-*.json")):
        raise SystemExit("the checked content was not kept")


def pack() -> None:
    with zipfile.ZipFile(OUT / "kit.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(path for path in KIT.rglob("*") if path.is_file()):
            packed.writestr(
                zipfile.ZipInfo(path.relative_to(KIT).as_posix(), LONG_AGO), path.read_bytes(), zipfile.ZIP_DEFLATED, 9
            )


copy()
compile_all()
first_look()
pack()
