"""`consider`: every treatment held to this person: does it fit, is it safe, is it in use, and what to do with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal, NamedTuple

from ..content import Content, load_content, once_per_content
from ..content import models as m
from ..facts import Facts
from ..facts.membership import surely_in, taken_as
from ..facts.verdicts import Reason, Verdict, asks, fit_of, judge, unique
from ..language import facts_of
from ..profile import Medicine

VERBS = ("Offer", "Consider", "Check first", "Keep", "Change", "Do not start", "Ask")


class Taken(NamedTuple):
    """One ingredient of a medicine in use (or the class that is all that is known of it): its place in the list of
    medicines, how the entry is called, and the classes that it is surely in, itself included."""

    place: int
    label: str
    classes: frozenset[str]


@dataclass(frozen=True)
class Meeting:
    """An interaction of this option with something in use. ``yields``: all of that gives way to this option."""

    record: m.Interaction
    met: tuple[Taken, ...]
    yields: bool = False

    @property
    def other(self) -> str:
        """What is met, as it is called in the list of medicines."""
        return ", ".join(unique(one.label for one in self.met))

    @property
    def in_use(self) -> tuple[int, ...]:
        """The places of what is met in the list of medicines."""
        return unique(one.place for one in self.met)

    @property
    def severity(self) -> m.Severity:
        return self.record.severity

    def __repr__(self) -> str:
        return f"Meeting({self.record.id!r}, {self.severity}, with {self.other!r})"


@dataclass(frozen=True)
class Option:
    """One treatment for one person.

    ``fit``: indicated, consider, not_indicated or needs_information; ``safety``: clear, precaution, check_first or
    contraindicated; ``in_place``: yes, no or unknown; ``verb``: what to do, None when it is not indicated.
    ``closed_by`` and ``cautions`` are true; ``check_first`` lists what to check before starting,
    ``then_check`` what may
    follow the start, ``not_checked`` what was quietly not known. ``classes`` are the medicine classes that it brings, ``own`` is what is
    taken now that it stands for or acts on. ``asks`` is all that is open about it, ``fit_asks`` what its fit waits for.
    """

    record: m.Treatment
    fit: str
    safety: str
    in_place: str
    verb: str | None
    indication: m.Indication | None
    because: tuple[Reason, ...]
    closed_by: tuple[m.Closer, ...]
    cautions: tuple[m.Caution, ...]
    check_first: tuple[m.Closer | m.Caution, ...]
    then_check: tuple[m.Closer | m.Caution, ...]
    not_checked: tuple[m.Closer | m.Caution, ...]
    meets: tuple[Meeting, ...]
    asks: tuple[str, ...]
    assumes: tuple[str, ...]
    classes: frozenset[str] = field(default_factory=frozenset)
    own: tuple[Taken, ...] = ()
    fit_asks: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Option({self.id!r}, verb={self.verb!r}, {self.fit}, {self.safety}, in place: {self.in_place})"

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def eligible(self) -> bool:
        """Whether it may stand in a plan: it fits, and nothing known closes it."""
        return self.fit in ("indicated", "consider") and self.safety != "contraindicated"


def consider(facts: Facts, *, content: Content | None = None) -> tuple[Option, ...]:
    """Every treatment of the content, in its order, held to the facts of one person."""
    content = content or load_content()
    in_use = taken_now(facts, content)
    return tuple(_option(t, facts, content, in_use) for t in content.treatments.values())


def taken_now(facts: Facts, content: Content, state: str = "current") -> tuple[Taken, ...]:
    """What is taken now (or proposed, or stopped), by ingredient, so that the two in one tablet can meet as well."""
    found = []
    for n, entry in enumerate(facts.profile.medicines):
        if entry.state != state:
            continue
        classes = taken_as(content, entry)
        ingredients = classes & content.medicines.keys()
        if len(ingredients) < 2:
            found.append(Taken(n, entry.label, classes))
        else:
            for one in sorted(ingredients):
                found.append(Taken(n, entry.label, frozenset({one}) | (classes & content.classes_of(one))))
    return tuple(found)


def brought_classes(treatment: m.Treatment, content: Content) -> frozenset[str]:
    """The medicine classes and ingredients that starting a treatment brings into a plan."""
    known = _brought_by(content)
    if treatment.id not in known:
        known[treatment.id] = _brought(treatment, content)
    return known[treatment.id]


@once_per_content
def _brought_by(_: Content) -> dict[str, frozenset[str]]:
    """What each treatment brings that was asked about before."""
    return {}


def _own_classes(treatment: m.Treatment, content: Content) -> frozenset[str]:
    """What tells that an entry in use is this treatment: its ingredients, and the classes that its condition names."""
    known = _own_of(content)
    if treatment.id not in known:
        told = facts_of(content.node(treatment.in_place)) if treatment.in_place else ()
        takes = (fact.removeprefix("takes_") for fact in told if fact.startswith("takes_"))
        known[treatment.id] = frozenset(c for c in takes if c in content.medicine_classes) | set(treatment.medicines)
    return known[treatment.id]


@once_per_content
def _own_of(_: Content) -> dict[str, frozenset[str]]:
    """The own classes of each treatment that was asked about before."""
    return {}


def _brought(treatment: m.Treatment, content: Content) -> frozenset[str]:
    brought: set[str] = set(treatment.classes)
    purpose: Literal["oud", "pain"] = "oud" if treatment.seat == "moud" else "pain"
    for ingredient in treatment.medicines:
        entry = Medicine.model_construct(
            ingredients=(ingredient,),
            state="proposed",
            purpose=purpose,
            route=treatment.route,
            dose={},
            none_of=(),
            name="",
            medicine_class=None,
            source=None,
            release=None,
        )
        brought.add(ingredient)
        brought |= surely_in(content, entry)
    return frozenset(brought)


@once_per_content
def _sides(content: Content) -> tuple[list[tuple[m.Interaction, frozenset[str]]], dict[str, list[int]]]:
    """The interactions of two members with their second side, and the numbers of those that name one in the first."""
    sides = [(r, frozenset(r.b)) for r in content.interactions.values() if r.b]
    by_a: dict[str, list[int]] = {}
    for n, (record, _) in enumerate(sides):
        for member in record.a:
            by_a.setdefault(member, []).append(n)
    return sides, by_a


def meet(content: Content, mine: frozenset[str], others: frozenset[str], facts: Facts) -> Iterator[m.Interaction]:
    """The interactions between two sets of classes, in either order, whose condition (if any) is true or not known."""
    sides, by_a = _sides(content)
    for n in sorted({n for member in mine for n in by_a.get(member, ())}):
        # Direction: a is the newcomer. Both orders are tried for pairs inside one plan by calling this twice.
        record, b = sides[n]
        if b.isdisjoint(others):
            continue
        # Not known whether its condition holds: then it is told. Knowing less must not make a pair disappear.
        if record.when is None or content.test(record.when)(facts.values) is not False:
            yield record


def meet_in_use(
    content: Content, facts: Facts, ours: Iterable[Taken], others: Iterable[Taken]
) -> Iterator[tuple[Taken, m.Interaction]]:
    """The stop and major pairs between medicines in use, each with the other one. The same medicine in two entries does
    not meet itself."""
    others = tuple(others)
    for mine in ours:
        for theirs in others:
            if mine.classes & theirs.classes & content.medicines.keys():
                continue
            both = (
                meet(content, mine.classes, theirs.classes, facts),
                meet(content, theirs.classes, mine.classes, facts),
            )
            for record in chain(*both):
                if record.severity in ("stop", "major"):
                    yield theirs, record


def _meetings(
    t: m.Treatment,
    brought: frozenset[str],
    own: tuple[Taken, ...],
    new: bool,
    facts: Facts,
    content: Content,
    in_use: tuple[Taken, ...],
) -> tuple[Meeting, ...]:
    """What an option meets in use. ``own`` is what of that is this option already, or what it acts on."""
    found: dict[str, dict[Taken, bool]] = {}

    def note(record: m.Interaction, other: Taken, side: str) -> None:
        # Of two that are both in use either may have to go: which one is theirs to decide.
        yields = record.gives_way == side or (record.gives_way == "either" and new)
        met = found.setdefault(record.id, {})
        met[other] = met.get(other, True) and yields

    for other in in_use if brought else ():
        if other in own:
            continue
        # Both directions, except for timing: there only starting the first member matters.
        for record in meet(content, brought, other.classes, facts):
            if record.severity != "timing" or new:
                note(record, other, "b")
        for record in meet(content, other.classes, brought, facts):
            if record.severity != "timing":
                note(record, other, "a")
    if t.in_place:
        for other, record in meet_in_use(content, facts, own, own):
            note(record, other, "")
    return tuple(Meeting(content.interactions[id], tuple(met), all(met.values())) for id, met in found.items())


def _option(t: m.Treatment, facts: Facts, content: Content, in_use: tuple[Taken, ...]) -> Option:
    fit, indication = fit_of(content, t, facts.values)
    verdict = content.test(t.in_place)(facts.values) if t.in_place else False
    in_place = "yes" if verdict else "unknown" if verdict is None else "no"
    closed: list[m.Closer] = []
    then_check: list[m.Closer | m.Caution] = []
    check: list[m.Closer | m.Caution] = []
    not_checked: list[m.Closer | m.Caution] = []
    grounds: list[Verdict] = []
    cleared: list[Verdict] = []
    if indication is not None:
        grounds.append(judge(indication.when, facts, content))
    for closer in t.contraindications:
        if closer.start_only and verdict:
            continue
        true = content.test(closer.when)(facts.values)
        if true:
            closed.append(closer)
            grounds.append(judge(closer.when, facts, content))
        elif true is None:
            # What is already in use is not "before starting": an open check there is followed up, not asked first.
            if closer.unknown == "start_then_check":
                then_check.append(closer)
            else:
                (check if closer.unknown == "check_first" else not_checked).append(closer)
        elif facts.assumes:
            cleared.append(judge(closer.when, facts, content))
    cautions = []
    for caution in t.precautions:
        true = content.test(caution.when)(facts.values)
        if true:
            cautions.append(caution)
        elif true is None:
            (check if caution.unknown == "check_first" else not_checked).append(caution)
    of_it = _own_classes(t, content) if verdict else frozenset(t.keeps)
    own = tuple(one for one in in_use if not one.classes.isdisjoint(of_it))
    brought = frozenset(t.classes).union(*(one.classes for one in own)) if own else brought_classes(t, content)
    meets = _meetings(t, brought, own, not (own or verdict), facts, content, in_use)
    stopped = [x for x in meets if x.severity == "stop" and not (x.yields or t.winds_down or _ended(x, t))]
    if verdict:
        check, then_check = [], [*then_check, *check]
    safety = (
        "contraindicated"
        if closed or stopped
        else "check_first"
        if check
        else "precaution"
        if cautions or any(x.severity in ("major", "stop") for x in meets)
        else "clear"
    )
    fit_asks: tuple[str, ...] = ()
    if fit == "needs_information" and indication is not None:
        # What settles the fit as a whole: an answer that only moves it from one open indication to the next is no answer.
        open_ones = [i.when for i in t.indications if content.test(i.when)(facts.values) is None]
        fit_asks = asks(content, content.any_of(open_ones), facts.values)
    wanted = fit_asks
    for open_check in check if fit != "not_indicated" else ():
        wanted += judge(open_check.when, facts, content).asks
    return Option(
        t,
        fit,
        safety,
        in_place,
        _verb(fit, safety, in_place),
        indication,
        tuple(reason for verdict in grounds for reason in verdict.because),
        tuple(closed),
        tuple(cautions),
        tuple(check),
        tuple(then_check),
        tuple(not_checked),
        meets,
        unique(wanted),
        tuple(sorted({a for verdict in (*grounds, *cleared) for a in verdict.assumes})),
        brought,
        own,
        fit_asks,
    )


def _ended(meeting: Meeting, t: m.Treatment) -> bool:
    """Whether all that is met is what this treatment replaces."""
    return bool(t.ends) and all(one.classes & set(t.ends) for one in meeting.met)


def _verb(fit: str, safety: str, in_place: str) -> str | None:
    if in_place == "yes":
        return "Change" if safety == "contraindicated" else "Keep"
    if fit == "not_indicated":
        return None
    if safety == "contraindicated":
        return "Do not start"
    if fit == "needs_information":
        return "Ask"
    if safety == "check_first":
        return "Check first"
    return "Offer" if fit == "indicated" else "Consider"


def option_data(option: Option, content: Content, facts: Facts) -> dict[str, Any]:
    """One option as JSON data."""
    t = option.record
    return {
        "id": t.id,
        "title": t.title,
        "seat": t.seat,
        "fit": option.fit,
        "safety": option.safety,
        "in_place": option.in_place,
        "verb": option.verb,
        "why": option.indication.note if option.indication and option.fit != "needs_information" else None,
        "because": list(option.because),
        "closed_by": [_line(c, content, facts) for c in option.closed_by],
        "precautions": [{**_line(c, content, facts), "action": c.action} for c in option.cautions],
        "check_first": [_line(c, content, facts) for c in option.check_first],
        "start_then_check": [_line(c, content, facts) for c in option.then_check],
        "not_checked": [c.label for c in option.not_checked],
        "conflicts": [
            {
                "id": x.record.id,
                "severity": x.severity,
                "with": x.other,
                "effect": x.record.effect,
                "action": x.record.action,
                "wait": x.record.wait,
                "source": cites(x.record.source),
            }
            for x in option.meets
        ],
        "relapse": t.relapse,
        "components": list(t.components),
        "burden": {"score": t.burden.score, "words": t.burden.words},
        "delivered_by": list(t.delivered_by),
        "asks": list(option.asks),
        "assumes": list(option.assumes),
        "source": cites(t.source),
        "confidence": t.confidence,
    }


def _line(record: m.Closer | m.Caution, content: Content, facts: Facts) -> dict[str, Any]:
    verdict = judge(record.when, facts, content)
    return {
        "id": record.id,
        "label": record.label,
        "because": list(verdict.because),
        "asks": list(verdict.asks),
        "source": cites(record.source),
    }


def cites(source: tuple[m.Cite, ...]) -> list[Mapping[str, Any]]:
    """Citations as JSON data."""
    return [{"id": c.id, "at": c.at, "confidence": c.confidence} for c in source]
