"""How long the report on a class takes: `python benchmarks/teach_class.py [LEARNERS] [CASE]`.

Learners are made up by chance and written to a folder; then the report is made from the files, with their marks as they stand and
marked anew, with its page and its table. Seconds of the wall clock and of the processor, the content read before.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pathways.apps.teach.checking import load_lesson  # noqa: E402
from pathways.apps.teach.class_report import class_csv, read_class  # noqa: E402
from pathways.apps.teach.class_sections import class_html  # noqa: E402
from tests.apps.teach_class import write_class  # noqa: E402

CASE = ROOT / "sample_data/teaching/undertreated_pain.teach.toml"


def main(learners: int = 200, case: Path = CASE) -> None:
    """Measure, and print a line each."""
    lesson = load_lesson(case)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = perf_counter()
        write_class(folder, lesson, learners, seed=7)
        print(f"{learners} learners of {lesson.name} commit and are written: {perf_counter() - began:.2f} s")
        for told, lessons in (("marks as they stand", ()), ("marked anew", (load_lesson(case),))):
            began, used = perf_counter(), process_time()
            report = read_class(folder, lessons)
            html, table = class_html(report), class_csv(report)
            took = f"{perf_counter() - began:.2f} s ({process_time() - used:.2f} s of the processor)"
            print(f"report, page and table, {told}: {took}; {len(html):,} and {len(table):,} characters")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 200, Path(given[1]) if len(given) > 1 else CASE)
