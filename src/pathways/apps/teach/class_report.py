"""What a class did: a folder of learners' files, read one by one, and summed up by teaching case. No learner is ranked.

A file that cannot be used is named with the reason and left out. Where the teaching case is at hand, answers are marked anew,
and what a file says of its own marks is not believed.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...disk.limits import LEARNER_FILES
from .calibration import Calibration, calibration
from .first import clipped
from .learner import ANSWERS_ENDING, ENDING, AnswerFile, LearnerFile, Mark, TeachError, read_learner, read_saved
from .lesson import Lesson
from .marking import marks
from .sitting import take
from .teaching_file import KIND_WORDS

ASKS_WORDS = 10
"""How many words of a question stand beside its id where it is talked about."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a cell begins that a table program would run as a formula."""
SIDES = ("both sides", "the pain side only", "the addiction side only", "neither side")


@dataclass(frozen=True)
class Item:
    """One question over the class: of ``n`` learners, ``answered``, and of those ``right`` and ``partly``. ``misses``: what was
    missed most often, in words, with how many missed it. ``sure``: the mean of what was said, if anything was."""

    id: str
    kind: str
    asks: str
    n: int
    answered: int
    marked: int
    right: int
    partly: int
    misses: tuple[tuple[str, int], ...]
    sure: float | None

    @property
    def share(self) -> float | None:
        """The proportion of marked answers that are right; None where none is marked."""
        return self.right / self.marked if self.marked else None


@dataclass(frozen=True)
class ClassCase:
    """What a class did with one version of one teaching case. ``sides``: how many plans meet both sides, one, or neither;
    ``raised``: whether the case raises anything on the pain side, and on the addiction side;
    ``done``: what stood in the plans, the most frequent first; ``texts``: the free answers by question."""

    name: str
    title: str
    version: str
    learners: tuple[str, ...]
    anew: bool
    items: tuple[Item, ...]
    sides: tuple[int, int, int, int]
    raised: tuple[bool, bool]
    calibration: Calibration
    done: tuple[tuple[str, int], ...]
    texts: tuple[tuple[str, str], ...]
    discuss: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The case as JSON data."""
        return {
            "case": self.name, "title": self.title, "version": self.version, "learners": list(self.learners), "marked_anew": self.anew,
            "items": [{**vars(item), "share": item.share, "misses": [list(one) for one in item.misses]} for item in self.items],
            "sides": dict(zip(SIDES, self.sides, strict=True)),
            "calibration": {"answers": self.calibration.cases, "said": self.calibration.said, "held": self.calibration.held},
            "plans": [list(one) for one in self.done], "texts": [list(one) for one in self.texts], "discuss": list(self.discuss),
        }  # fmt: skip  # one record


@dataclass(frozen=True)
class ClassReport:
    """All cases of a folder, and the files that were left out with the reason. ``files``: those that were used."""

    cases: tuple[ClassCase, ...]
    left_out: tuple[tuple[str, str], ...]
    files: tuple[LearnerFile, ...]

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON data."""
        return {"cases": [one.to_dict() for one in self.cases], "left_out": [list(one) for one in self.left_out]}


def read_class(folder: Path, lessons: Sequence[Lesson] = (), *, only: bool = False) -> ClassReport:
    """Read a folder of learners' files. ``lessons``: the teaching cases at hand, to mark anew; with ``only`` answers to anything
    else are left out. Raises TeachError where there is no folder, or too many files in it."""
    if not folder.is_dir():
        raise TeachError(f"{folder}: there is no such folder")
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.endswith(".json"))
    except OSError as error:
        raise TeachError(f"{folder}: cannot be read: {error.strerror or error}") from None
    if len(paths) > LEARNER_FILES.most:
        raise TeachError(f"{folder}: {len(paths)} files; at most {LEARNER_FILES.most:,} are read together")
    by_version = {lesson.digest: lesson for lesson in lessons}
    kept: list[LearnerFile] = []
    out: list[tuple[str, str]] = []
    seen: set[tuple[str, str]] = set()
    for path in paths:
        try:
            made = _one(path, by_version, only, seen)
        except (TeachError, ValueError, OSError) as error:
            out.append((path.name, str(error).splitlines()[0].removeprefix(f"{path.name}: ")))
            continue
        seen.add((made.learner, made.version))
        kept.append(made)
    found: dict[str, list[LearnerFile]] = defaultdict(list)
    for made in kept:
        found[made.version].append(made)
    cases = [_summed(files, by_version.get(version)) for version, files in found.items()]
    return ClassReport(tuple(sorted(cases, key=lambda one: (one.name, one.version))), tuple(out), tuple(kept))


def _one(path: Path, lessons: Mapping[str, Lesson], only: bool, seen: set[tuple[str, str]]) -> LearnerFile:
    if path.name.endswith(ANSWERS_ENDING):
        return _marked(read_saved(path), lessons, seen)
    if not path.name.endswith(ENDING):
        raise TeachError(f"does not end in {ENDING}, nor in {ANSWERS_ENDING}")
    made = read_learner(path)
    lesson = lessons.get(made.version)
    if only and lesson is None:
        raise TeachError(f"answers another case, or another version of it ({made.case})")
    if (made.learner, made.version) in seen:
        raise TeachError(f"a second file of {made.learner} for this case; the first by name counts")
    if lesson is None:
        _whole(made)
        return made
    if strange := [id for id in made.answers if id not in {q.id for q in lesson.teaching.questions}]:
        raise TeachError(f"answers a question that is not there: {strange[0]}")
    return made.model_copy(update={"marks": marks(lesson, made.answers)})


def _marked(saved: AnswerFile, lessons: Mapping[str, Lesson], seen: set[tuple[str, str]]) -> LearnerFile:
    """Answers from the page of a lesson, marked: that takes the case."""
    lesson = lessons.get(saved.version)
    if lesson is None:
        raise TeachError(f"answers without marks, to this version of {saved.case}: name that case with --case")
    if (saved.learner, saved.version) in seen:
        raise TeachError(f"a second file of {saved.learner} for this case; the first by name counts")
    return take(lesson, saved.answers, saved.learner).commit()


def _whole(made: LearnerFile) -> None:
    ids = [mark.question for mark in made.marks]
    if len(set(ids)) < len(ids):
        raise TeachError("marks a question twice")


# ---- summed up --------------------------------------------------------------------------------------------------


def _summed(files: Sequence[LearnerFile], lesson: Lesson | None) -> ClassCase:
    first = files[0]
    order = dict.fromkeys(mark.question for made in files for mark in made.marks)
    by_question: dict[str, list[Mark]] = {id: [] for id in order}
    for made in files:
        for mark in made.marks:
            by_question[mark.question].append(mark)
    items = tuple(_item(id, found, lesson) for id, found in by_question.items())
    told = [
        (m.sure, m.right) for found in by_question.values() for m in found if m.sure is not None and m.right is not None
    ]
    plans = [m for found in by_question.values() for m in found if m.kind == "plan" and m.answered]
    done = Counter(what for mark in plans for what in dict.fromkeys(mark.did))
    return ClassCase(
        name=first.case,
        title=first.title,
        version=first.version,
        learners=tuple(made.learner for made in files),
        anew=lesson is not None,
        items=items,
        sides=sides_of(plans),
        raised=(any(m.pain is not None for m in plans), any(m.oud is not None for m in plans)),
        calibration=calibration(told),
        done=tuple(sorted(done.items(), key=lambda one: (-one[1], one[0]))),
        texts=tuple(
            (id, made.answers[id].text)
            for id in order
            for made in files
            if id in made.answers and made.answers[id].text
        ),
        discuss=tuple(_discuss(items, lesson)),
    )


def _item(id: str, found: Sequence[Mark], lesson: Lesson | None) -> Item:
    marked = [mark for mark in found if mark.right is not None]
    words: dict[str, str] = {}
    misses: Counter[str] = Counter()
    for mark in marked:
        for miss in {one.id: one for one in mark.missed}.values():
            words.setdefault(miss.id, miss.words)
            misses[miss.id] += 1
    sure = [mark.sure for mark in found if mark.sure is not None]
    common = sorted(misses.items(), key=lambda one: (-one[1], one[0]))[:3]
    return Item(
        id=id,
        kind=found[0].kind,
        asks=lesson.teaching.question(id).asks if lesson else KIND_WORDS[found[0].kind],
        n=len(found),
        answered=sum(mark.answered for mark in found),
        marked=len(marked),
        right=sum(mark.right is True for mark in marked),
        partly=sum(mark.right is False and mark.score > 0 for mark in marked),
        misses=tuple((words[id], n) for id, n in common),
        sure=sum(sure) / len(sure) if sure else None,
    )


def sides_of(plans: Iterable[Mark]) -> tuple[int, int, int, int]:
    """How many plans meet both sides, the pain side only, the addiction side only, neither. A side on which nothing is raised
    has nothing to be met; a plan where neither is raised counts nowhere."""
    found = Counter(
        (mark.pain is not False, mark.oud is not False) for mark in plans if (mark.pain, mark.oud) != (None, None)
    )
    return found[True, True], found[True, False], found[False, True], found[False, False]


def _discuss(items: Sequence[Item], lesson: Lesson | None) -> Iterable[str]:
    """What to talk about: the questions that most missed, the worst first, each with the author's word on it; then the guide."""
    for item in sorted((i for i in items if i.share is not None and i.share < 1), key=lambda i: (i.share, i.id)):
        miss = f"; most often missed: {item.misses[0][0].rstrip('.')} ({item.misses[0][1]})" if item.misses else ""
        own = lesson.teaching.question(item.id).discuss if lesson else ""
        asks = f" – “{clipped(item.asks, ASKS_WORDS)}”" if lesson else ""
        yield f"{item.id}{asks}: {item.right} of {item.marked} right{miss}." + (f" {own}" if own else "")
    if lesson:
        yield from (q.discuss for q in lesson.teaching.questions if q.discuss and q.kind == "text")
        yield from lesson.teaching.guide.points


# ---- the table for a learning platform --------------------------------------------------------------------------


def class_csv(report: ClassReport) -> str:
    """A row a learner and case: points by question (0 to 1, blank where nothing was answered or nothing is marked), their sum, out
    of how many, and the percentage. No cell begins as a formula does."""
    several = len(report.cases) > 1
    names: dict[tuple[str, str], str] = {}
    for case in report.cases:
        for item in case.items:
            if item.kind != "text":
                names[case.version, item.id] = f"{case.name}:{item.id}" if several else item.id
    made = io.StringIO(newline="")
    table = csv.writer(made)
    table.writerow([safe_cell(text) for text in ("learner", "case", *names.values(), "points", "out_of", "percent")])
    for one in report.files:
        scores = {(one.version, m.question): m.score for m in one.marks if m.right is not None}
        out_of = sum(1 for version, _ in names if version == one.version)
        points = sum(scores.values())
        cells = [f"{scores[key]:.3g}" if key in scores else "" for key in names]
        percent = f"{100 * points / out_of:.1f}" if out_of else ""
        table.writerow(
            [safe_cell(text) for text in (one.learner, one.case, *cells, f"{points:.3g}", str(out_of), percent)]
        )
    return made.getvalue()


def safe_cell(text: str) -> str:
    """A text that no table program takes for a formula: one that begins like it gets an apostrophe before it.

    >>> safe_cell("=1+1"), safe_cell("  @x"), safe_cell("plan")
    ("'=1+1", "'  @x", 'plan')
    """
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


__all__ = ["SIDES", "ClassCase", "ClassReport", "Item", "class_csv", "read_class", "safe_cell", "sides_of"]
