"""Review random people and write what the checker reads, then check it.

    python -m tests.obedience.run --n 2000 --seed 1 --procs 2 --out lines.jsonl
    python -m tests.obedience.run --read lines.jsonl

Each line is one review: its JSON cut to what the checker reads, and for one in twenty the handout and the sheet as text.
This file alone imports the kit; the checker reads the lines. The status is 1 if anything is not obeyed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any

from .checker import violations
from .generate import Vocabulary, profile
from .knowledge import Json, load
from .reading import Violation

READ = ("profile", "core", "forks", "plans", "medicines", "not_done")
CUT = ("options", "emergencies", "beside")
OF_OPTION = ("id", "title", "short", "verb", "in_place", "keeps")
OF_ITEM = ("id", "title", "short", "verb", "phase", "by", "keeps")
TEXTS_EVERY = 20
BLOCKS = {
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "tr",
    "td",
    "th",
    "table",
    "section",
    "header",
    "h1",
    "h2",
    "h3",
    "h4",
    "details",
    "summary",
    "br",
}


# ---- reviewing: the kit ------------------------------------------------------------------------------------------


def reviewed(person: Json, content: Any = None, *, texts: bool = False) -> dict[str, Any]:
    """A case file's review as one line: `review`, and with `texts` also `handout` and `sheet`."""
    from pathways.content import load_content
    from pathways.pages.data import case_data
    from pathways.pages.handout import handout_text
    from pathways.pages.html import sheet_html
    from pathways.profile import Profile
    from pathways.review.case import review

    content = content or load_content()
    case = review(Profile.from_dict(person, content), content=content)
    line: dict[str, Any] = {"review": cut(case_data(case, parts=(*READ, *CUT)))}
    if texts:
        line |= {"handout": handout_text(case), "sheet": text_of(sheet_html(case))}
    return line


def cut(data: Json) -> dict[str, Any]:
    """What the checker reads of a review."""
    kept: dict[str, Any] = {key: data[key] for key in READ if key in data}
    kept["options"] = [
        {key: o[key] for key in OF_OPTION if key in o}
        | {key: [p["id"] for p in o.get(key) or ()] for key in ("precautions", "conflicts", "check_first")}
        for o in data["options"]
    ]
    kept["emergencies"] = [
        {key: e[key] for key in ("id", "title", "state", "level", "labels", "actions")}
        for e in data["emergencies"]
        if e["state"] == "present"
    ]
    kept["core"] = [_item(i) for i in data["core"]]
    kept["beside"] = [_action(i) for i in data["beside"]]
    kept["plans"] = [
        {"items": [_item(i) for i in p["items"]], "beside": [_action(i) for i in p["beside"]]} for p in data["plans"]
    ]
    kept["forks"] = [
        {
            "id": f["id"],
            "alternatives": [
                {"items": a["items"], "beside": [_action(i) for i in a["beside"]]} for a in f["alternatives"]
            ],
        }
        for f in data["forks"]
    ]
    return kept


def _action(action: Json) -> dict[str, Any]:
    """What goes with a medicine: it starts nothing by itself."""
    return {**_item(action), "goes_with": True}


def _item(item: Json) -> dict[str, Any]:
    return {key: item[key] for key in OF_ITEM if key in item}


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skip += tag in ("script", "style")
        self.parts.append("\n" if tag in BLOCKS else " ")

    def handle_endtag(self, tag: str) -> None:
        self.skip -= tag in ("script", "style")
        self.parts.append("\n" if tag in BLOCKS else " ")

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.parts.append(re.sub(r"\s+", " ", data))


def text_of(html: str) -> str:
    """The text of a page, a line for each block and for each cell: the reason beside a line is no part of the offer."""
    reader = _Text()
    reader.feed(html)
    rows = (re.sub(r" +([,.;:])", r"\1", re.sub(r"\s+", " ", row)).strip() for row in "".join(reader.parts).split("\n"))
    return "\n".join(row for row in rows if row)


@cache
def _tools() -> tuple[Any, Any]:
    return load(), Vocabulary.read()


def _one(job: tuple[int, int]) -> str:
    seed, number = job
    person = profile(Random(f"{seed}.{number}"), *_tools())
    line = reviewed(person, texts=number % TEXTS_EVERY == 0)
    return json.dumps({"seed": f"{seed}.{number}", **line}, allow_nan=False, separators=(",", ":"))


def lines(n: int, seed: int, procs: int, first: int = 0) -> Iterator[str]:
    """`n` reviews from number `first` on as JSON lines, in order."""
    jobs = [(seed, number) for number in range(first, first + n)]
    if procs == 1:
        yield from map(_one, jobs)
        return
    with multiprocessing.get_context("spawn").Pool(procs) as pool:
        yield from pool.imap(_one, jobs, chunksize=20)


def sample_cases(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each case file of a folder, reviewed without its expectations: (name, line)."""
    for path in sorted(folder.glob("*.toml")):
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        given.pop("teaches", None)
        yield path.stem, reviewed(json.loads(json.dumps(given, default=str)), texts=True)


# ---- checking: the lines alone -----------------------------------------------------------------------------------


def check(line: str) -> list[tuple[str, Violation]]:
    """What one line does not obey, each with the seed of its person."""
    data = json.loads(line)
    found = violations(data["review"], data.get("handout", ""), data.get("sheet", ""), _tools()[0])
    return [(data["seed"], v) for v in found]


def show(found: Iterable[tuple[str, Violation]], examples: int) -> int:
    """Print the violations by kind and by row, with examples; their number."""
    by_kind: Counter[str] = Counter()
    people: dict[tuple[str, str], set[str]] = {}
    first: dict[tuple[str, str], tuple[str, Violation]] = {}
    for seed, v in found:
        by_kind[v.kind] += 1
        key = (v.kind, v.row)
        people.setdefault(key, set()).add(seed)
        first.setdefault(key, (seed, v))
    for kind, number in by_kind.most_common():
        print(f"{number:8} {kind}")
    for key in sorted(people, key=lambda key: -len(people[key]))[:examples]:
        seed, v = first[key]
        print(f"\n{len(people[key])} people: {v.kind} [{v.row}]\n   seed {seed}: {v.about} ({v.where}): {v.says}")
    return sum(by_kind.values())


def main() -> int:
    """Write lines, or read them, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--procs", type=int, default=2)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--read", type=Path, help="check lines that were written before")
    parser.add_argument("--cases", type=Path, help="review the case files of a folder instead")
    parser.add_argument("--examples", type=int, default=20)
    given = parser.parse_args()
    if given.cases:
        named = sample_cases(given.cases)
        return int(
            show((p for name, line in named for p in check(json.dumps({"seed": name, **line}))), given.examples) > 0
        )
    if given.read is None:
        out = given.out or Path("lines.jsonl")
        with out.open("w", encoding="utf-8") as file:
            for number, line in enumerate(lines(given.n, given.seed, given.procs), 1):
                file.write(line + "\n")
                if number % 1000 == 0:
                    print(f"{number:,} written", file=sys.stderr, flush=True)
        given.read = out
    with given.read.open(encoding="utf-8") as file:
        return int(show((pair for line in file for pair in check(line)), given.examples) > 0)


if __name__ == "__main__":
    raise SystemExit(main())
