"""Time and memory at each limit of `content/limits.py`: a table, and nothing asserted. Run with `python kit.py bench limits`.

Each is measured just inside the limit, in a process of its own: the time of the processor, and the most memory beyond what
the kit and its content take.
"""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.records import TODAY, many  # noqa: E402  # needs the path
from pathways.apps.cli import main as pathways  # noqa: E402
from pathways.content import load_content  # noqa: E402
from pathways.content.patterns import hangs  # noqa: E402
from pathways.disk import incoming, limits  # noqa: E402
from pathways.fhir import load, order_findings, read  # noqa: E402
from pathways.fhir.reading import parse  # noqa: E402
from pathways.profile import Profile, ProfileError  # noqa: E402

Work = Callable[[Path], object]


def _text(folder: Path, name: str, start: str, limit: limits.Limit, end: str = "") -> Path:
    file = folder / name
    file.write_text(start + "x" * (limit.most - len(start) - len(end)) + end, "utf-8")
    return file


def _case(folder: Path) -> object:
    return Profile.load(_text(folder, "case.toml", "title = 'x'\n# ", limits.CASE_BYTES))


def _site(folder: Path) -> object:
    from pathways.care.services import load_site

    return load_site(_text(folder, "site.toml", "name = 'x'\n# ", limits.SITE_BYTES))


def _record(most: limits.Limit) -> Work:
    """A record of so many bytes in which texts are long, as notes are."""

    def work(folder: Path) -> object:
        data = many("condition", 5_000, True)
        left = (most.most - len(json.dumps(data)) - 5_000 * 30) // 5_000
        for entry in data["entry"][1:]:
            entry["resource"]["note"] = [{"text": "x" * left}]
        file = folder / "record.json"
        file.write_text(json.dumps(data), "utf-8")
        start = time.process_time()
        load(file, TODAY)
        return start

    return work


def _export(rows: int) -> Work:
    def work(folder: Path) -> object:
        file = folder / "export.csv"
        lines = [f"2026-{1 + n % 10:02}-{1 + n % 28:02},oxycodone 5 mg,60,30" for n in range(rows)]
        file.write_text("Fill Date,Drug,Quantity,Days Supply\n" + "\n".join(lines) + "\n", "utf-8")
        return _quiet(file)

    return work


def _quiet(file: Path) -> object:
    start = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        pathways(["review", str(file), "--as-of", TODAY.isoformat()])
    return start


def _large_export(folder: Path) -> object:
    start = "Fill Date,Drug,Quantity,Days Supply\n2026-10-20,oxycodone 5 mg,60,30\n"
    file = folder / "export.csv"
    file.write_text(start + "\n" * (limits.EXPORT_BYTES.most - len(start)), "utf-8")
    return _quiet(file)


def _entries(kind: str, whole: bool = False) -> Work:
    def work(folder: Path) -> object:
        raw = json.dumps(many(kind, limits.RECORD_ENTRIES.most - 1, True)).encode()
        if whole:
            file = folder / "record.json"
            file.write_bytes(raw)
            return _quiet(file)
        start = time.process_time()
        order_findings(read(parse(raw), TODAY, clean=True))
        return start

    return work


def _answers(_: Path) -> object:
    with contextlib.suppress(ProfileError):
        Profile.from_dict({"answers": {f"age_year_{n}": 5 for n in range(limits.ANSWERS.most)}})
    return None


def _content(_: Path) -> object:
    row = '[[x]]\nid = "some name of a record"\nlabel = "some words that it is called by"\n'
    text = row * (limits.CONTENT_BYTES.most // len(row))
    start = time.process_time()
    incoming.from_toml(text)
    return start


def _remarks(_: Path) -> object:
    data = many("statement", limits.RECORD_ENTRIES.most - 1, dated=False)
    for entry in data["entry"][2::2]:
        entry["resource"]["status"] = "not-taken"
    start = time.process_time()
    read(data, TODAY)
    return start


def _deep(_: Path) -> object:
    return incoming.from_json("[" * (limits.DEPTH.most - 1) + "]" * (limits.DEPTH.most - 1)) and None


def _options(folder: Path) -> object:
    file = folder / "options.json"
    file.write_text('{"knots": 3, "x": "' + "y" * (limits.OPTIONS_BYTES.most - 30) + '"}', "utf-8")
    return incoming.from_json(incoming.text_of(incoming.read_file(file, limits.OPTIONS_BYTES))) and None


def _long_key(_: Path) -> object:
    return incoming.from_toml("a." * (limits.KEY_PARTS.most - 1) + "a = 1\n") and None


WORK: tuple[tuple[str, limits.Limit, Work], ...] = (
    ("a case file", limits.CASE_BYTES, _case),
    ("a site file", limits.SITE_BYTES, _site),
    ("a health record, 5,000 entries with long notes", limits.RECORD_BYTES, _record(limits.RECORD_BYTES)),
    ("the same as a notebook's form opens", limits.RECORD_BYTES_IN_FORM, _record(limits.RECORD_BYTES_IN_FORM)),
    ("a PDMP export of blank lines, reviewed", limits.EXPORT_BYTES, _large_export),
    ("a PDMP export, reviewed", limits.EXPORT_ROWS, _export(limits.EXPORT_ROWS.most)),
    ("the options of a risk model", limits.OPTIONS_BYTES, _options),
    ("a file of content", limits.CONTENT_BYTES, _content),
    *((f"a health record, {kind}", limits.RECORD_ENTRIES, _entries(kind)) for kind in (
        "order", "statement", "administration", "dispense", "condition", "observation", "drug test", "allergy",
        "procedure", "answers", "encounter", "list", "mixed",
    )),
    ("the whole `pathways review`, mixed", limits.RECORD_ENTRIES, _entries("mixed", whole=True)),
    ("half of the reports say “not taken”", limits.REMARKS, _remarks),
    ("unknown answers", limits.ANSWERS, _answers),
    ("levels of JSON", limits.DEPTH, _deep),
    ("parts of a key", limits.KEY_PARTS, _long_key),
    ("a regular expression, looked at", limits.PATTERN_LENGTH, lambda _: hangs("a" * limits.PATTERN_LENGTH.most) and None),
    ("open repeats, looked at", limits.PATTERN_REPEATS, lambda _: hangs(r"\w*x\d*y[a-f]*z\s*") and None),
)  # fmt: skip  # a table


def measured(work: Work, told: Any) -> None:
    load_content()
    order_findings(read(many("mixed", 30, True), TODAY))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        began = work(Path(folder))
    took = time.process_time() - (began if isinstance(began, float) else start)
    told.send((took, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024))


def rows(chosen: str = "") -> list[str]:
    """The table as Markdown, a line at a time as it is measured."""
    made = ["| at the limit | of | seconds | MB |", "| --- | --- | --- | --- |"]
    print(*made, sep="\n", flush=True)
    for what, limit, _work in WORK:
        if not re.search(chosen, what):
            continue
        here, there = multiprocessing.get_context("spawn").Pipe()
        process = multiprocessing.get_context("spawn").Process(target=_one, args=(what, there))
        process.start()
        took, most = here.recv()
        process.join()
        made.append(f"| {what} | {limit.most:,} {limit.unit} | {took:.2f} | {most:.0f} |")
        print(made[-1], flush=True)
    return made


def _one(what: str, told: Any) -> None:
    measured(next(work for name, _, work in WORK if name == what), told)


if __name__ == "__main__":
    rows(*sys.argv[1:2])
