"""`read_urine`: dated urine results against what is taken: as expected, unexpected, or cannot tell, and what explains it.

A result is never more than a reason to talk. Unknown is not "no": a list that is not known to be whole, a medicine not
recognized, a start not dated or a medicine taken only when needed leave the reading open. What each test answers to is
data (``content/monitoring/urine.toml``). Source: rows H4-1 to H4-11 of the facts sheet, J9, J10.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from ..content import Content
from ..content import models as m
from ..content.plain import picked
from ..profile import Medicine, Observation, Profile, span
from ..review.audience import withheld
from ..review.case import Case

Reading = Literal["expected", "unexpected", "cannot_tell"]
READING_WORDS: dict[Reading, str] = {
    "expected": "as expected",
    "unexpected": "unexpected result",
    "cannot_tell": "cannot tell",
}
SCREENED = {"screen_positive", "screen_negative"}
FOUND = {"screen_positive", "confirmed_found"}
RECORDED: dict[str, Reading] = {"expected": "expected", "unexpected": "unexpected"}
"""Results that the team has read itself, without naming the substance."""
DEPOT_ROUTES = ("transdermal", "implant", "subcutaneous", "intramuscular")


SHOULD_FIND = ("finds",)
"""How a test answers to a medicine that it should find: a negative result does not fit it."""
EXPLAINS = ("finds", "may_find", "metabolite")
"""How a test answers to a medicine that makes a positive result fit."""
MAY_EXPLAIN = ("trace", "false_positive")
"""How a test answers to a medicine that a positive result may come from: whether it does is not known."""


def answers_to(tests: Iterable[m.UrineTest], how: Iterable[str]) -> frozenset[str]:
    """The ingredients that any of these tests answers to in one of these ways (`SHOULD_FIND`, `EXPLAINS`)."""
    return frozenset(i for test in tests for source in test.sources if source.how in how for i in source.medicines)


class Because(NamedTuple):
    """One reason for a reading, or one thing that may explain it, with who says so and where in the profile."""

    text: str
    source: tuple[m.Cite, ...] = ()
    origin: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """One dated result and how it reads. ``explains`` is what else can stand behind it; ``after`` the steps that follow
    when it is not as expected, in order."""

    test: m.UrineTest
    place: int
    day: date
    value: str
    method: Literal["screen", "confirmed", "ratio"]
    found: bool
    reading: Reading
    because: tuple[Because, ...]
    explains: tuple[Because, ...]
    after: tuple[m.UrineStep, ...]

    @property
    def to_confirm(self) -> bool:
        """Whether this is a screen that nothing may follow from before it is confirmed."""
        return self.method == "screen" and self.reading != "expected"

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON data."""
        return {
            **picked(self.test, "id", "title"),
            **picked(self, "day", "value", "reading"),
            "confirm": self.to_confirm,
            "because": [b.text for b in self.because],
            "explains": [b.text for b in self.explains],
        }


class _Taken(NamedTuple):
    """A medicine that may stand behind a result: its place, how the test answers to it, and whether it was on board."""

    place: int
    entry: Medicine
    source: m.UrineSource
    on_day: bool | None
    in_window: bool | None


@withheld(())
def read_urine(case: Case) -> tuple[Result, ...]:
    """Every urine result with a full day up to ``as_of``, newest first."""
    found = []
    for n, entry in enumerate(case.profile.observations):
        test = case.content.urine_tests.get(entry.measure)
        day = _full_day(entry, case.profile.as_of)
        if test is None or day is None or entry.value is None:
            continue
        found.append(_read(n, entry, day, test, case))
    return tuple(sorted(found, key=lambda result: (-result.day.toordinal(), result.test.title, result.place)))


def _full_day(entry: Observation, as_of: date | None) -> date | None:
    if entry.date is None or as_of is None:
        return None
    first, last = span(entry.date)
    return first if first == last and first <= as_of else None


def _read(n: int, entry: Observation, day: date, test: m.UrineTest, case: Case) -> Result:
    profile, content = case.profile, case.content
    method: Literal["screen", "confirmed", "ratio"]
    if isinstance(entry.value, float):
        reading, because = _ratio(test, entry.value)
        found, method, shown = False, "ratio", f"{entry.value:g}"
    else:
        assert entry.value is not None
        found = entry.value in FOUND
        method = "screen" if entry.value in SCREENED else "confirmed"
        shown = content.measures[entry.measure].choices.get(entry.value, entry.value)
        taken = tuple(_behind(test, method, day, profile))
        open_ = _open(test, profile, content)
        if entry.value in RECORDED:
            reading, because = RECORDED[entry.value], [Because("As the team has recorded it.", test.source)]
        elif found:
            told = content.test(test.told_when)(case.facts.values) if test.told_when else False
            reading, because = _found(test, taken, told, open_)
        else:
            reading, because = _absent(test, taken, open_)
    window = Because(f"How long it may be found after the last use: {test.window}.", test.source)
    extra = (
        ()
        if method == "ratio" and reading == "expected"
        else (test.if_found if found or method == "ratio" else test.if_absent)
    )
    explains = (*(Because(text, test.source) for text in extra), *((window,) if reading != "expected" else ()))
    after = _after(found, method, case) if reading != "expected" else ()
    return Result(test, n, day, shown, method, found, reading, tuple(because), explains, after)


def _ratio(test: m.UrineTest, value: float) -> tuple[Reading, list[Because]]:
    assert test.below is not None and test.clear_from is not None
    if value < test.below:
        return "unexpected", [
            Because(f"Below {test.below:g}: a pattern to talk about, with more than one cause.", test.source)
        ]
    if value < test.clear_from:
        return "cannot_tell", [Because(f"Between {test.below:g} and {test.clear_from:g} sources differ.", test.source)]
    return "expected", [Because(f"{test.clear_from:g} or more is usual when it is taken.", test.source)]


# ---- what the result is held against ------------------------------------------------------------------------


def _behind(test: m.UrineTest, method: str, day: date, profile: Profile) -> Iterator[_Taken]:
    """The medicines of the list that this test answers to by this method."""
    for place, entry in enumerate(profile.medicines):
        if entry.state == "proposed":
            continue
        for source in test.sources:
            if source.by in (None, method) and set(source.medicines) & set(entry.ingredients or entry.dose):
                eve = day - timedelta(days=1)  # a first dose on the day itself may not be in urine yet
                earlier = day - timedelta(days=test.window_days)
                on_day = _on(entry, day, eve, profile.as_of)
                yield _Taken(place, entry, source, on_day, _on(entry, earlier, day, profile.as_of))


def _on(entry: Medicine, first: date, last: date, as_of: date | None) -> bool | None:
    """Whether a medicine was begun by ``last`` and not yet stopped on ``first``; None when its dates leave it open."""
    begun = _began(entry, last, as_of)
    if entry.state == "current":
        return begun
    ended = None if entry.stop is None else _at_or_after(entry.stop, first)
    if begun is False or ended is False:
        return False
    return True if begun and ended else None


def _began(entry: Medicine, day: date, as_of: date | None) -> bool | None:
    """Whether it was started by a day. Taken now, it was started by today at the latest, whatever is not recorded."""
    if entry.start is None:
        return True if entry.state == "current" and day == as_of else None
    earliest, latest = span(entry.start)
    if earliest > day:
        return False
    return True if latest <= day or (entry.state == "current" and day == as_of) else None


def _at_or_after(text: str, day: date) -> bool | None:
    earliest, latest = span(text)
    return True if earliest >= day else False if latest < day else None


def _open(test: m.UrineTest, profile: Profile, content: Content) -> tuple[Because, ...]:
    """Why something that is not on the list may still stand behind a result; empty when nothing can."""
    if not test.prescribed:
        return ()
    told = []
    wanted = {i for source in test.sources if source.how != "misses" for i in source.medicines}
    for place, entry in enumerate(profile.medicines):
        if entry.state == "proposed" or entry.ingredients or entry.dose:
            continue
        members = content.class_members(entry.medicine_class) if entry.medicine_class else None
        none_of = {i for cls in entry.none_of if cls != "*" for i in content.class_members(cls)}
        if "*" in entry.none_of or (wanted and wanted <= none_of) or (members is not None and not members & wanted):
            continue
        told.append(Because(f"Which ingredient {entry.label} holds is not known.", origin=(f"medicines.{place}",)))
    if profile.complete.medicines == "no" and not _asked(wanted, profile, content):
        told.append(Because("The list of medicines is not marked as whole.", origin=("complete.medicines",)))
    return tuple(told)


def _asked(wanted: set[str], profile: Profile, content: Content) -> bool:
    """Whether everything that the test answers to was asked about by class, and found or not."""
    classes = content.medicine_classes
    plain = (cls for cls in profile.asked_none.medicines if cls in classes and not _narrow(classes[cls]))
    asked = {i for cls in plain for i in content.class_members(cls)}
    listed = {i for entry in profile.medicines for i in (entry.ingredients or tuple(entry.dose))}
    return bool(wanted) and wanted <= asked | listed


def _narrow(cls: m.MedicineClass) -> bool:
    return bool(cls.purpose or cls.route or cls.release or cls.alone)


# ---- readings -----------------------------------------------------------------------------------------------


def _found(
    test: m.UrineTest, taken: tuple[_Taken, ...], told: bool | None, open_: tuple[Because, ...]
) -> tuple[Reading, list[Because]]:
    explaining = [t for t in taken if t.source.how in EXPLAINS]
    sure = [t for t in explaining if t.in_window]
    if sure:
        return "expected", [_says(t) for t in sure]
    if told:
        return "expected", [Because("The person has spoken of this use.")]
    maybe = [t for t in explaining if t.in_window is None]
    weak = [t for t in taken if t.source.how in MAY_EXPLAIN and t.in_window is not False]
    asked = [Because("The person has not been asked, or the answer is not recorded.")] if told is None else []
    if maybe or weak or open_ or asked:
        undated = [Because(f"Whether {t.entry.label} was taken then is not recorded.", origin=_path(t)) for t in maybe]
        return "cannot_tell", [*undated, *(_says(t) for t in weak), *open_, *asked]
    return "unexpected", [Because("Nothing on the list, and nothing said so far, explains it.", test.source)]


def _absent(test: m.UrineTest, taken: tuple[_Taken, ...], open_: tuple[Because, ...]) -> tuple[Reading, list[Because]]:
    due = [
        t for t in taken if t.source.how in SHOULD_FIND and t.on_day is not False and t.entry.source != "nonprescribed"
    ]
    silent = [_says(t) for t in taken if t.source.how in ("misses", "may_find") and t.on_day is not False]
    late = [t for t in due if t.on_day and _daily(t.entry)]
    if late:
        because = [Because(f"{t.entry.label} was expected to be found.", t.source.source, _path(t)) for t in late]
        because += [
            Because(f"{t.entry.label}: it is known that it is not taken as agreed.", origin=_path(t))
            for t in late
            if t.entry.as_prescribed is False
        ]
        return "unexpected", [*because, *silent]
    if due:
        why = [Because(f"{t.entry.label}: {_why_open(t)}", origin=_path(t)) for t in due]
        return "cannot_tell", [*why, *silent]
    if silent:
        return "expected", silent
    if open_:
        return "cannot_tell", list(open_)
    return "expected", [Because("Nothing that is taken should be found by this test.", test.source)]


def _why_open(taken: _Taken) -> str:
    if not _daily(taken.entry):
        return "it is not recorded that it is taken every day."
    return "when it was started is not recorded."


def _daily(entry: Medicine) -> bool:
    """Whether it is known to be taken every day, so that it should be found."""
    if entry.as_needed:
        return False
    return bool(entry.per_day_min and entry.per_day_min >= 1) or entry.route in DEPOT_ROUTES


def _says(taken: _Taken) -> Because:
    return Because(f"{taken.entry.label}: {taken.source.says}.", taken.source.source, _path(taken))


def _path(taken: _Taken) -> tuple[str, ...]:
    return (f"medicines.{taken.place}",)


def _after(found: bool, method: str, case: Case) -> tuple[m.UrineStep, ...]:
    kind = "found" if found or method == "ratio" else "absent"
    steps = sorted(case.content.urine_steps.values(), key=lambda step: step.order)
    return tuple(
        s
        for s in steps
        if s.after in ("any", kind) and (s.when is None or case.content.test(s.when)(case.facts.values))
    )
