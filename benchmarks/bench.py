"""How fast the kit is on this machine: a table, and nothing asserted. Run with `python kit.py bench`.

Aims: full review 20 ms (95th percentile 40), plan search with 45 options 60 ms, explanations
2 ms, a million rows of all rules 0.5 s, first start 2 s, each later one 0.7 s.
`python benchmarks/bench.py start` measures the starts alone.
"""

from __future__ import annotations

import gc
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from pathways.cohort.rules import compile_table, verdicts
from pathways.content import Content, load_content
from pathways.content.loader import PACKAGED
from pathways.content.loader import load_content as load
from pathways.content.models import SEATS
from pathways.facts import derive
from pathways.fhir import order_findings, read
from pathways.language import Choice, Number, YesNo
from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import review
from pathways.review.plans.search import Line, NeedBits, search

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
ROWS = 1_000_000


def timed(work: Callable[[], object], runs: int) -> list[float]:
    """Milliseconds of each run, after one that warms up."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return times


def shown(times: list[float]) -> tuple[str, str]:
    """Median and 95th percentile as text."""
    ordered = sorted(times)
    return f"{statistics.median(times):.2f} ms", f"{ordered[int(0.95 * (len(ordered) - 1))]:.2f} ms"


def synthetic_lines(count: int, seed: int = 7) -> tuple[list[Line], list[NeedBits], dict[frozenset[str], int]]:
    """A problem of the shape that real content gives: 10 needs of 1 to 3 parts, seats, cautions, a few major pairs."""
    dice = random.Random(seed)
    needs, at = [], 0
    for n in range(10):
        size = dice.choice((1, 1, 2, 2, 3))
        needs.append(NeedBits(f"need{n}", tuple(1 << (at + k) for k in range(size)), n < 4))
        at += size
    seats = ["medicine"] * 9 + ["psychological"] * 5 + ["care"] * 6 + ["support"] * 4 + ["movement"] * 2
    seats += ["procedure"] * 4 + ["complementary"] * 2
    lines = []
    for n in range(count):
        bits = sum(1 << b for b in dice.sample(range(at), dice.choice((1, 1, 1, 2))))
        weak = dice.random() < 0.3
        seat = seats[n % len(seats)]
        kind = f"class{n % 6}" if seat == "medicine" else ""
        cautions = dice.choice((0, 0, 1, 1, 2))
        easy = not cautions or seat not in ("medicine", "procedure")
        lines.append(
            Line(f"item{n}", seat, 0 if weak else bits, bits if weak else 0, cautions, dice.randint(1, 4), kind, easy)
        )
    medicines = [line.id for line in lines if line.seat == "medicine"]
    major = {frozenset(dice.sample(medicines, 2)): 1 for _ in range(6)}
    return lines, needs, major


def synthetic_rows(content: Content, rows: int, seed: int = 7) -> pl.DataFrame:
    """Independent random facts with 15 % unknown: harder to compress and to predict than people are."""
    import numpy as np

    dice = np.random.default_rng(seed)
    columns: dict[str, pl.Series] = {}
    for name, kind in content.schema.items():
        unknown = dice.random(rows) < 0.15
        if isinstance(kind, YesNo):
            columns[name] = pl.Series(name, dice.random(rows) < 0.4).set(pl.Series(unknown), None)
        elif isinstance(kind, Number):
            low, high = max(kind.lo, -1e6), min(kind.hi, 1e6)
            values = pl.Series(np.round(dice.uniform(low, high, rows), kind.decimals)).set(pl.Series(unknown), None)
            columns[f"{name}__lo"] = values.alias(f"{name}__lo")
            columns[f"{name}__hi"] = values.alias(f"{name}__hi")
        elif isinstance(kind, Choice):
            bits = pl.Series((1 << dice.integers(0, len(kind.options), rows)).astype("uint32"))
            columns[f"{name}__may"] = bits.set(pl.Series(unknown), None).alias(f"{name}__may")
    return pl.DataFrame(list(columns.values()))


def rows_of_the_table() -> Iterator[tuple[str, str, str, str]]:
    """One measured line at a time: what, median, 95th percentile, aim."""
    content = load_content()
    yield ("read and check all content", *shown(timed(lambda: load(PACKAGED), 5)), "–")
    profiles = [Profile.load(path) for path in sorted((ROOT / "sample_data/cases").glob("*.toml"))]
    reviews = [t for profile in profiles for t in timed(lambda profile=profile: review(profile), 15)]
    yield (f"full review, {len(profiles)} sample cases", *shown(reviews), "20 ms")
    everything = [t for p in profiles for t in timed(lambda p=p: case_data(review(p)), 5)]
    yield ("review and the whole JSON, with its questions", *shown(everything), "–")
    texts = sorted({rule.text for rule in content.rules()})
    values = derive(profiles[0]).values
    tests = [content.test(text) for text in texts]
    yield (f"rules only, {len(texts)} conditions", *shown(timed(lambda: [test(values) for test in tests], 200)), "–")
    explainers = [content.explainer(rule.when) for rule in content.recommendations.values()]
    explain = timed(lambda: [explainer(values) for explainer in explainers], 200)
    yield (f"explanations, all {len(explainers)} recommendations", *shown(explain), "2 ms")
    for count in (25, 45):
        lines, needs, major = synthetic_lines(count)
        found = timed(lambda lines=lines, needs=needs, major=major: search(lines, needs, SEATS, major=major), 20)
        yield (f"plan search, {count} eligible options", *shown(found), "60 ms")
    yield requests_line()
    frame = synthetic_rows(content, ROWS)
    compiled = {text: compile_table(content.node(text), content.schema) for text in texts}
    table = timed(lambda: verdicts(frame, compiled), 3)
    yield (f"{ROWS:,} rows × {len(texts)} rules in Polars", *shown(table), "500 ms")
    yield from risk_rows()
    yield from start_rows()


def start_rows() -> Iterator[tuple[str, str, str, str]]:
    """Whole processes from their start to their end, before content is kept in the user's cache and after."""
    review_case = ["-m", "pathways", "review", str(ROOT / "sample_data/cases/back_pain_120_mme.toml")]
    load = ["-c", "import pathways; pathways.load_content()"]
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "PATHWAYS_CACHE": folder}
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: compiled once

        def run(words: list[str], first: bool = False) -> None:
            if first:
                shutil.rmtree(Path(folder) / "pathways", ignore_errors=True)
            subprocess.run([sys.executable, *words], env=env, stdout=subprocess.DEVNULL, check=True)

        yield ("start: import pathways", *shown(timed(lambda: run(["-c", "import pathways"]), 5)), "–")
        yield ("start: pathways --help", *shown(timed(lambda: run(["-m", "pathways", "--help"]), 5)), "–")
        yield ("start: load content, first", *shown(timed(lambda: run(load, first=True), 5)), "–")
        yield ("start: load content, kept", *shown(timed(lambda: run(load), 5)), "–")
        yield ("start: pathways review, first", *shown(timed(lambda: run(review_case, first=True), 5)), "2000 ms")
        yield ("start: pathways review, content kept", *shown(timed(lambda: run(review_case), 5)), "700 ms")


def risk_rows() -> Iterator[tuple[str, str, str, str]]:
    """The risk scorer: one person in plain Python, a million rows, and the same million by the least NumPy can do."""
    import numpy as np

    from pathways.risk import estimate, load_model, synthetic
    from pathways.risk.table import places_of, risk_table

    model = load_model("misuse_adults")
    data = synthetic(model, ROWS, seed=1)
    row = data.rows([0])[0]
    one = [t / 1000 for t in timed(lambda: [model.risk(row) for _ in range(1000)], 20)]
    yield (
        f"risk of one person, {len(model.terms)} tables",
        *(f"{1000 * float(t.split()[0]):.1f} µs" for t in _precise(one)),
        "–",
    )
    yield ("risk of one person, nothing known: the range", *shown(timed(lambda: estimate(model, {}), 5)), "–")
    yield (f"risk of {ROWS:,} rows, from columns", *shown(timed(lambda: risk_table(model, data.columns), 3)), "–")
    looked_up = [(np.asarray(t.scores), places_of(t.axes, data)) for t in model.terms]

    def bare() -> object:
        return 1 / (1 + np.exp(-(model.shift + model.slope * (model.intercept + sum(s[at] for s, at in looked_up)))))

    yield ("the same in plain NumPy, places already looked up", *shown(timed(bare, 3)), "–")


def _precise(times: list[float]) -> tuple[str, str]:
    ordered = sorted(times)
    return f"{statistics.median(times):.6f} ms", f"{ordered[int(0.95 * (len(ordered) - 1))]:.6f} ms"


def requests_line() -> tuple[str, str, str, str]:
    """CDS Hooks requests from JSON text to all thirteen findings: those of the reference material, else one of our own."""
    from tests.fhir.requests import TODAY, seeds

    texts = [(json.dumps(data), as_of) for data, as_of in seeds()]
    texts = [(text, as_of) for text, as_of in texts if as_of != TODAY] or texts

    def answer(text: str, as_of: date) -> object:
        return [finding.to_dict() for finding in order_findings(read(json.loads(text), as_of))]

    times = [t for text, as_of in texts for t in timed(lambda text=text, as_of=as_of: answer(text, as_of), 15)]
    return (f"CDS Hooks request, JSON to all findings, {len(texts)} requests", *shown(times), "10 ms")


def main() -> None:
    """Measure and print the table."""
    gc.set_threshold(200_000, 10, 10)  # as the command line sets it: its process is short, and so is this one
    console = Console()
    table = Table(title="Benchmarks", caption="median and 95th percentile on this machine; nothing is asserted")
    for column in ("what", "median", "p95", "aim"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for row in start_rows() if sys.argv[1:] == ["start"] else rows_of_the_table():
        console.print(f"{row[0]}: {row[1]} (p95 {row[2]})")
        table.add_row(*row)
    console.print(table)


if __name__ == "__main__":
    main()
