"""`person_line`: a person in one sentence, for a case without a title: age, pain and how long, what is taken, OUD."""

from __future__ import annotations

from collections.abc import Iterator

from ..facts.verdicts import unique
from ..facts.words import say_value
from ..language import Range, Value
from ..language.words import counted, soft, without_dose
from ..review.audience import withheld
from ..review.case import Case
from ..review.shapes import Said

NOTHING = "Nothing entered yet"
NO_PERSON = "age and pain not entered yet"
"""What stands for the person where something was entered, and nothing of who it is."""
MOST_NAMED = 3
"""How many medicines the sentence names."""
PAIN_ROW = 3
"""The row of the first questions that asks for the main pain and how long it has hurt."""
YEARS_FROM = 24
"""The months from which a time is said in years."""
Piece = tuple[str, tuple[str, ...]]
"""Some words, and the paths into the profile that they come from."""


def person_line(case: Case) -> Said:
    """The person in one sentence, made of what was entered. A view for others has age and pain alone.

    >>> from pathways import Profile, review
    >>> answers = {"age_years": 58, "main_pain": "neck", "pain_months": 96, "oud_status": "none"}
    >>> person_line(review(Profile.from_dict({"answers": answers}))).text
    '58 years old, neck pain for 8 years, OUD assessed, none'
    """
    pieces = [*_age(case), *_pain(case)]
    if not pieces and not _entered(case):
        return Said(NOTHING)
    if not pieces and not case.profile.medicines:
        pieces = [(NO_PERSON, ())]
    pieces += [*_taken(case), *_oud(case)]
    text = ", ".join(words for words, _ in pieces) or NOTHING
    origin = tuple(dict.fromkeys(path for _, paths in pieces for path in paths))
    return Said(text[:1].upper() + text[1:], origin=origin)


def _age(case: Case) -> Iterator[Piece]:
    id = case.content.known("answer", "age in years")
    if told := _told(case, id):
        yield f"{told} old", (f"answers.{id}",)
    id = case.content.known("answer", "whether pregnant")
    if case.facts.values.get(id) is True:
        yield soft(case.content.answers[id].label), (f"answers.{id}",)


def _pain(case: Case) -> Iterator[Piece]:
    """The main pain and how long it has hurt, as far as they were entered."""
    words: list[str] = []
    paths: list[str] = []
    for answer in case.content.answers.values():
        if answer.first_page == PAIN_ROW and _told(case, answer.id):
            value = case.facts.values[answer.id]
            text = _long(value) if isinstance(value, Range) else soft(_told(case, answer.id))
            words.append(f"{'' if words else 'pain '}for {text}" if isinstance(value, Range) else text)
            paths.append(f"answers.{answer.id}")
    if words:
        yield " ".join(words), tuple(paths)


def _long(months: Range) -> str:
    """A time in months, in whole years where it is long."""
    lo, hi = months.lo, months.hi
    if lo == hi and lo >= YEARS_FROM:
        return counted(int(lo // 12), "year")
    return counted(int(lo), "month") if lo == hi and lo == int(lo) else f"{lo:g} to {hi:g} months"


def _told(case: Case, id: str) -> str:
    """A settled answer in words; empty for one that is open, or disputed."""
    value: Value = case.facts.values.get(id)
    given = id in case.profile.answers and value is not None and value != case.content.unknown[id]
    return say_value(case.content, id, value) if given else ""


@withheld(False)
def _entered(case: Case) -> bool:
    """Whether anything was entered: the day of review and what the kit assumes were not."""
    told = case.profile.to_dict()
    answers = set(told.pop("answers", {})) - set(told.pop("assumed", ()))
    return bool(answers or told.keys() - {"schema_version", "as_of"})


@withheld(())
def _taken(case: Case) -> tuple[Piece, ...]:
    """The medicines in use by name, opioids first; then naloxone at home, which nobody is on."""
    opioid = case.content.known("medicine_class", "any opioid")
    rescue = case.content.known("medicine_class", "naloxone at home")
    entries = case.profile.medicines
    current = [w for w in case.medicines if entries[w.place].state == "current"]
    taken = sorted((w for w in current if rescue not in w.classes), key=lambda w: opioid not in w.classes)
    names = unique(without_dose(w.label) for w in taken)
    there = tuple(f"medicines.{w.place}" for w in current if rescue in w.classes)
    at_home = ((soft(case.content.medicine_classes[rescue].label), there),) if there else ()
    if not names:
        return at_home
    shown, left = list(names[:MOST_NAMED]), len(names) - MOST_NAMED
    last = f"{left} more" if left > 0 else shown.pop()
    text = f"{', '.join(shown)} and {last}" if shown else last
    return ((f"on {text}", tuple(f"medicines.{w.place}" for w in taken)), *at_home)


@withheld(())
def _oud(case: Case) -> tuple[Piece, ...]:
    """How OUD stands, or that nobody assessed it."""
    content = case.content
    id = content.known("answer", "assessment of OUD")
    if told := _told(case, id):
        return ((f"OUD {soft(told)}", (f"answers.{id}",)),)
    if case.facts.values.get(content.known("fact", "confirmed OUD")) is True:
        return (("OUD", case.facts.origin.get(content.known("fact", "confirmed OUD"), ())),)
    if id in case.profile.answers:
        return (("OUD not settled", ()),)
    coded = f"has_{content.known('condition_group', 'OUD, as a code')}"
    if case.facts.values.get(coded) is True:
        return (("OUD as a code in the chart, not assessed", case.facts.origin.get(coded, ())),)
    return (("OUD not assessed", ()),)
