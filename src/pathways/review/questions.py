"""`next_questions`: what to ask next, weightiest first: only what can be asked, concerns this person and settles something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..content import Content
from ..content import models as m
from ..content.plain import whole
from ..facts import Facts
from ..facts.membership import ingredients_of
from ..facts.scores import band
from ..facts.verdicts import is_suspected, judge, signs_of, unique
from ..facts.words import ask_label, ask_minutes
from ..language import Range
from .case import Case
from .findings import Emergency

RANKS = (
    "may show an emergency that has a sign already",
    "finishes a questionnaire that was begun",
    "settles a contradiction",
    "settles a medicine",
    "may change a required need or a decision",
    "clears a check on a shown item",
    "other",
)
EMERGENCY, BEGUN, CONTRADICTION, MEDICINE, NEED, CHECK, OTHER = range(len(RANKS))
FIRST = 3
"""How many questions stand on a first page; one of them belongs to the weightiest open required need."""


@dataclass(frozen=True)
class Question:
    """One thing to ask next: what it settles, the minutes it takes, and why it comes where it comes."""

    ask: str
    label: str
    settles: tuple[str, ...]
    minutes: float
    rank: int

    def __repr__(self) -> str:
        return f"Question({self.ask!r}, {self.minutes:g} min, {RANKS[self.rank]})"

    def to_dict(self) -> dict[str, Any]:
        """The question as JSON data."""
        return whole(self)


Wanted = tuple[str, int, str]
"""An askable input, its rank, and what it settles."""


def next_questions(case: Case, most: int | None = None) -> tuple[Question, ...]:
    """What to ask next: askable inputs that something open on the page waits for, the weightiest first.

    May show an emergency that has a sign > finishes a questionnaire > settles a contradiction > settles a medicine > may
    change a required need or a fork > clears a check on a shown item > cheaper to ask > what would surprise. Not asked: what
    does not concern this person, what is settled another way, what ``cannot_answer`` names. ``most`` is how many at most
    (default: all).
    Raises ValueError when that is below 0.

    >>> from pathways import Profile, next_questions, review
    >>> [first] = next_questions(review(Profile.from_dict({"answers": {"age_years": 58}})), 1)
    >>> first.minutes > 0
    True
    """
    if most is not None and most < 0:
        raise ValueError(f"most is {most}; it must be 0 or more (None asks all)")
    content, facts = case.content, case.facts
    found: dict[str, tuple[int, list[str]]] = {}
    wanted = [w for w in _wanted(case) if w[0] not in case.profile.cannot_answer and _asked_of(w[0], facts, content)]
    wider = _wider(unique(ask for ask, _, _ in wanted), content)
    for ask, rank, settles in wanted:
        ask = wider.get(ask, ask)
        best, told = found.get(ask, (rank, []))
        found[ask] = min(best, rank), [*told, settles] if settles not in told else told
    later = {ask for ask in found if _later(ask, facts, content)}
    found = {ask: (OTHER if ask in later else rank, told) for ask, (rank, told) in found.items()}
    questions = [
        Question(ask, question_label(case, ask), tuple(told), ask_minutes(content, ask), rank)
        for ask, (rank, told) in found.items()
    ]
    # What is there and may be worse, or is to be feared, comes before the other signs; a questionnaire before the rest.
    first = _suspected(case) | {ask for ask, _ in _begun(case)} | {ask for ask, _, _ in _of_every_way(case)}
    then = {ask for e in case.findings.emergencies for ask in _more_urgent(e, case)}
    questions.sort(
        key=lambda q: (
            q.rank,
            q.ask in later,
            q.ask not in first,
            q.ask not in then,
            q.minutes / len(q.settles),
            -len(q.settles),
            q.ask,
        )
    )
    return tuple(_with_the_weightiest_need(questions, case)[:most])


def first_of(questions: Iterable[Question], case: Case, places: int) -> tuple[Question, ...]:
    """As many questions as there are places, in their order. One place is kept for the weightiest open required need, as among
    `FIRST`; the only place, or one of two where both would finish what was begun, for OUD alone; and the only one not where
    an emergency that has a sign asks for it."""
    found = list(questions)
    if places > 1 or (places == 1 and found and found[0].rank != EMERGENCY):
        found = _with_the_weightiest_need(found, case, places)
    return tuple(found[: max(0, places)])


def _wider(asks: Iterable[str], content: Content) -> dict[str, str]:
    """Of questions about classes of medicines, the one in which each is asked along: whoever takes no opioid at all has no
    opioid patch. One of the six first questions is asked as it stands there, where its answer is seen."""
    classes = {ask: id for ask in asks if (id := ask.removeprefix("medicines.")) in content.medicine_classes}
    found: dict[str, str] = {}
    for ask, id in classes.items():
        record = content.medicine_classes[id]
        narrowed = len(record.children) == 1 and (record.purpose or record.route or record.release)
        wider = f"medicines.{record.children[0]}" if narrowed and not record.first_page else ask
        if wider in classes and wider != ask:
            found[ask] = wider
    return found


def _wanted(case: Case) -> Iterator[Wanted]:
    """What is open, with the questionnaires that were begun: what the person has started to tell is heard out first."""
    yield from _of_emergencies(case)
    yield from ((ask, BEGUN, settles) for ask, settles in _begun(case))
    for id in case.facts.contradictions:
        record = case.content.contradictions[id]
        yield from ((name, CONTRADICTION, record.title) for name in record.unsettles)
    yield from ((dispute.ask, CONTRADICTION, dispute.title) for dispute in case.facts.disputes)
    yield from _of_medicines(case)
    for need in case.findings.needs:
        if need.raised is None or need.open_parts:
            for ask in need.asks:
                yield ask, NEED if need.record.required else OTHER, need.record.title
    yield from _of_items(case)
    for finding in case.findings.recommendations:
        if finding.status == "needs_information" or finding.confirm:
            yield from ((ask, OTHER, finding.record.title) for ask in finding.asks)
    for option in case.options:
        if option.fit == "needs_information":  # whether it is safe is asked once it fits
            yield from ((ask, OTHER, option.record.title) for ask in option.fit_asks)


def _of_emergencies(case: Case) -> Iterator[Wanted]:
    for emergency in case.findings.emergencies:
        if emergency.state == "possible":
            rank = EMERGENCY if _has_a_sign(emergency, case) else CHECK
            yield from ((ask, rank, emergency.record.title) for ask in emergency.asks)
        yield from ((ask, EMERGENCY, emergency.record.title) for ask in _more_urgent(emergency, case))


def _more_urgent(emergency: Emergency, case: Case) -> Iterator[str]:
    """What would make an emergency that is present more urgent, as long as it is not known."""
    for trigger in emergency.record.triggers if emergency.state == "present" else ():
        if emergency.level and m.LEVELS.index(trigger.level) < m.LEVELS.index(emergency.level):
            yield from judge(trigger.when, case.facts, case.content).asks


def _suspected(case: Case) -> set[str]:
    """The open signs of an emergency that what is known of the person makes likely."""
    open_ = (e for e in case.findings.emergencies if e.state == "possible")
    return {ask for e in open_ if is_suspected(case.content, e.record, case.facts.values) for ask in e.asks}


def _has_a_sign(emergency: Emergency, case: Case) -> bool:
    """Whether a sign of it was asked and found, though not enough to tell; or who the person is makes it one to ask for."""
    if is_suspected(case.content, emergency.record, case.facts.values):
        return True
    return any(case.facts.values.get(name) is True for name in signs_of(case.content, emergency.record))


def _begun(case: Case) -> Iterator[tuple[str, str]]:
    """The questionnaires that were begun and not finished: some items answered, no total, and a score still open. One
    that is not valid in this person, or too old to count, is left."""
    content, values = case.content, case.facts.values
    for n, entry in enumerate(case.profile.observations):
        found = content.instruments.get(entry.measure)
        if found is None or not entry.items or entry.value is not None or len(entry.items) >= len(found.items):
            continue
        if found.valid_when and content.test(found.valid_when)(values) is False:
            continue
        read = (f for f in content.facts.values() if found.id in (f.instrument, *f.inputs))
        told = [f for f in read if f"observations.{n}" in case.facts.origin.get(f.id, ())]
        if any(_open(values.get(f.id), found if f.type == "number" and not f.item else None) for f in told):
            yield found.id, f"{found.title}: begun, not finished"


def _open(value: object, of: m.Instrument | None) -> bool:
    """Whether a score is not settled: unknown, several classes still possible, or a range; the total ``of`` an
    instrument with bands is when it lies in one of them."""
    if isinstance(value, Range):
        if of is not None and of.bands:
            return len(band(of, value)) != 1
        return value.lo != value.hi
    return value is None or (isinstance(value, frozenset) and len(value) != 1)


def _of_medicines(case: Case) -> Iterator[Wanted]:
    """What is open about each medicine of the list, and what its answer settles: the verdict, or one of the reasons."""
    for weighed in case.medicines:
        if weighed.verdict not in ("verify", "cannot_tell", "check", "keep_with", "start_with"):
            continue
        for ground in weighed.grounds:
            decides = weighed.verdict == "cannot_tell" or (weighed.verdict == "verify" and ground.makes == "verify")
            settles = f"{weighed.label}: {ground.label}"
            yield from ((ask, MEDICINE if decides else CHECK, settles) for ask in ground.asks)


def _of_items(case: Case) -> Iterator[Wanted]:
    for fork in case.shown.forks:
        for text in fork.asks:
            yield from ((ask, CHECK, fork.title) for ask in judge(text, case.facts, case.content).asks)
    yield from _of_every_way(case)
    for item in case.shown.core:
        for check in item.option.check_first:
            told = f"{item.option.record.short}: {check.label}"
            yield from ((ask, CHECK, told) for ask in judge(check.when, case.facts, case.content).asks)


def _of_every_way(case: Case) -> Iterator[Wanted]:
    """What is checked before each way of a decision alike: it settles whether there is a decision."""
    for fork in case.shown.forks:
        own = [{c.id: c for c in way.check_first if isinstance(c, m.Caution)} for way in fork.alternatives]
        for id in sorted(set.intersection(*(set(checks) for checks in own))) if own else ():
            asks = judge(own[0][id].when, case.facts, case.content).asks
            yield from ((ask, NEED, fork.title) for ask in asks)


def _asked_of(ask: str, facts: Facts, content: Content) -> bool:
    """Whether an input concerns this person and is not settled another way."""
    _, _, id = ask.partition(".")
    if ask.startswith("medicines.") and id in content.medicines and not _on_the_list(id, facts, content):
        return False  # of what is not on the list its class is asked, or whether the list is whole; never its dose
    if (instrument := content.instruments.get(ask)) and instrument.valid_when:
        return content.test(instrument.valid_when)(facts.values) is not False  # else its score would not be shown
    record = _record(ask, content)
    if record is None or any(ask in content.contradictions[id].unsettles for id in facts.contradictions):
        return True  # what contradicts itself is asked again, whomever it usually concerns
    relevant_when = record.relevant_when if isinstance(record, m.Answer) else None
    if relevant_when and content.test(relevant_when)(facts.values) is False:
        return False
    return record.settled_when is None or content.test(record.settled_when)(facts.values) is not True


def _record(ask: str, content: Content) -> m.Answer | m.ConditionGroup | m.MedicineClass | None:
    which, _, id = ask.partition(".")
    if which in ("conditions", "medicines") and ask not in content.answers:
        return content.condition_groups.get(id) if which == "conditions" else content.medicine_classes.get(id)
    return content.answers.get(ask)


def _later(ask: str, facts: Facts, content: Content) -> bool:
    """Whether the answer to a question would surprise, by what is known: it is asked after all others."""
    record = _record(ask, content)
    return (
        record is not None and record.later_when is not None and content.test(record.later_when)(facts.values) is True
    )


def _on_the_list(ingredient: str, facts: Facts, content: Content) -> bool:
    """Whether an entry of the list holds an ingredient, or may: one that nobody can read, or only a class of it."""
    current = [e for e in facts.profile.medicines if e.state != "stopped"]
    return any(ingredient in found or not found for found in (ingredients_of(content, e) for e in current))


def question_label(case: Case, ask: str) -> str:
    """The question in words; an entry of the medicines list is named as it was written."""
    which, _, place = ask.partition(".")
    if which == "medicines" and place.isdigit():
        return f"{case.profile.medicines[int(place)].label}: is it taken, how much, from whom?"
    if which == "medicines" and place in case.content.medicines:
        return f"{case.content.medicines[place].label}: how much a day, over all products?"
    return ask_label(case.content, ask)


def _with_the_weightiest_need(questions: list[Question], case: Case, places: int = FIRST) -> list[Question]:
    """One of the first places belongs to the weightiest open required need: OUD while that is open."""
    needs = [n for n in case.findings.needs if n.record.required and n.raised is None]
    needs.sort(key=lambda n: n.record.side != "oud")
    if places == 1 or (
        places < FIRST and all(q.rank <= BEGUN for q in questions[:places])
    ):  # what was begun is finished
        needs = [n for n in needs if n.record.treats == "oud"]
    for need in needs:
        asked = [q for q in questions if q.ask in need.asks and q.rank < OTHER]
        if asked:
            if asked[0] in questions[:places]:
                return questions
            rest = [q for q in questions if q is not asked[0]]
            return [*rest[: places - 1], asked[0], *rest[places - 1 :]]
    return questions


__all__ = ["RANKS", "Question", "first_of", "next_questions", "question_label"]
