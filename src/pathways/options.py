"""`consider`: every treatment held to this person: does it fit, is it safe, is it in use, and what to do with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .content import Content, load_content
from .content import models as m
from .content.worked import asks, fit_of, unique
from .facts import Facts
from .facts.membership import ingredients_of, surely_in
from .facts.words import reasons
from .findings import Reason, rests_on, why
from .profile import Medicine

VERBS = ("Offer", "Consider", "Check first", "Keep", "Change", "Do not start", "Ask")


@dataclass(frozen=True)
class Meeting:
    """An interaction of this option with something in use, or with another option of a plan."""

    record: m.Interaction
    other: str
    in_use: tuple[int, ...] = ()

    @property
    def severity(self) -> m.Severity:
        return self.record.severity


@dataclass(frozen=True)
class Option:
    """One treatment for one person.

    ``fit``: indicated, consider, not_indicated or needs_information; ``safety``: clear, precaution, check_first or
    contraindicated; ``in_place``: yes, no or unknown; ``verb``: what to do, None when it is not indicated.
    ``closed_by`` and ``cautions`` are true; ``check_first`` lists what to check before starting,
    ``then_check`` what may
    follow the start, ``not_checked`` what was quietly not known. ``classes`` are the medicine classes that it brings.
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
    then_check: tuple[m.Closer, ...]
    not_checked: tuple[m.Closer | m.Caution, ...]
    meets: tuple[Meeting, ...]
    asks: tuple[str, ...]
    assumes: tuple[str, ...]
    classes: frozenset[str] = field(default_factory=frozenset)

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
    in_use = _InUse(facts, content)
    return tuple(_option(t, facts, content, in_use) for t in content.treatments.values())


class _InUse:
    """The medicines taken now, by place, with the classes that each is surely in."""

    def __init__(self, facts: Facts, content: Content) -> None:
        self.entries: dict[int, Medicine] = {
            n: entry for n, entry in enumerate(facts.profile.medicines) if entry.state == "current"
        }
        self.classes: dict[int, frozenset[str]] = {
            n: surely_in(content, entry) | frozenset(ingredients_of(content, entry))
            for n, entry in self.entries.items()
        }


def brought_classes(treatment: m.Treatment, content: Content, in_use: _InUse | None = None) -> frozenset[str]:
    """The medicine classes and ingredients that an option brings into a plan, or keeps there."""
    known: dict[str, frozenset[str]] = content.memo.setdefault("brought_classes", {})
    if treatment.id not in known:
        known[treatment.id] = _brought(treatment, content)
    brought = known[treatment.id]
    if in_use is not None:
        for classes in in_use.classes.values():
            if classes & set(treatment.keeps):
                brought |= classes
    return brought


def _brought(treatment: m.Treatment, content: Content) -> frozenset[str]:
    brought: set[str] = set(treatment.classes)
    purpose: Literal["oud", "pain"] = "oud" if treatment.seat == "moud" else "pain"
    route: Literal["intramuscular"] | None = "intramuscular" if treatment.id == "naltrexone_xr" else None
    for ingredient in treatment.medicines:
        entry = Medicine.model_construct(
            ingredients=(ingredient,),
            state="proposed",
            purpose=purpose,
            route=route,
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


def meet(content: Content, mine: frozenset[str], others: frozenset[str], facts: Facts) -> Iterator[m.Interaction]:
    """The interactions between two sets of classes, in either order, whose condition (if any) is true or not known."""
    if "sides" not in content.memo:
        content.memo["sides"] = [(r, frozenset(r.a), frozenset(r.b)) for r in content.interactions.values()]
    for record, a, b in content.memo["sides"]:
        # Direction: a is the newcomer. Both orders are tried for pairs inside one plan by calling this twice.
        if a.isdisjoint(mine) or b.isdisjoint(others):
            continue
        # Not known whether its condition holds: then it is told. Knowing less must not make a pair disappear.
        if record.when is None or content.test(record.when)(facts.values) is not False:
            yield record


def _meetings(
    treatment: m.Treatment, brought: frozenset[str], facts: Facts, content: Content, in_use: _InUse, verdict: bool
) -> tuple[Meeting, ...]:
    found: dict[str, list[int]] = {}
    own = set(treatment.medicines)
    for n, classes in in_use.classes.items():
        ingredients = set(ingredients_of(content, in_use.entries[n]))
        if (verdict and ingredients & own) or classes & set(treatment.keeps):
            continue  # the entry is this very treatment, or what it acts on
        if not brought:
            continue
        # Both directions, except for timing: there only starting the first member matters.
        records = [r for r in meet(content, brought, classes, facts) if not (verdict and r.severity == "timing")]
        records += [r for r in meet(content, classes, brought, facts) if r.severity != "timing"]
        for record in records:
            places = found.setdefault(record.id, [])
            if n not in places:
                places.append(n)
    return tuple(
        Meeting(content.interactions[id], ", ".join(in_use.entries[n].label for n in places), tuple(places))
        for id, places in found.items()
    )


def _option(t: m.Treatment, facts: Facts, content: Content, in_use: _InUse) -> Option:
    fit, indication = fit_of(content, t, facts.values)
    verdict = content.test(t.in_place)(facts.values) if t.in_place else False
    in_place = "yes" if verdict else "unknown" if verdict is None else "no"
    closed: list[m.Closer] = []
    then_check: list[m.Closer] = []
    check: list[m.Closer | m.Caution] = []
    not_checked: list[m.Closer | m.Caution] = []
    because: list[Reason] = []
    names: list[str] = []
    if indication is not None:
        _, reason, _ = why(indication.when, facts, content)
        because += reason
        names += [r["fact"] for r in reason]
    for closer in t.contraindications:
        true = content.test(closer.when)(facts.values)
        if true:
            closed.append(closer)
            _, reason, _ = why(closer.when, facts, content)
            because += reason
            names += [r["fact"] for r in reason]
        elif true is None:
            # What is already in use is not "before starting": an open check there is followed up, not asked first.
            if closer.unknown == "start_then_check":
                then_check.append(closer)
            else:
                (check if closer.unknown == "check_first" else not_checked).append(closer)
        else:
            names += _assumed(closer.when, facts, content)
    cautions = []
    for caution in t.precautions:
        true = content.test(caution.when)(facts.values)
        if true:
            cautions.append(caution)
        elif true is None:
            (check if caution.unknown == "check_first" else not_checked).append(caution)
    brought = brought_classes(t, content, in_use if verdict or t.seat == "change" else None)
    meets = _meetings(t, brought, facts, content, in_use, bool(verdict))
    stopped = [x for x in meets if x.severity == "stop" and not _ended(x, t, in_use)]
    if verdict:
        check, then_check = [], [*then_check, *(c for c in check if isinstance(c, m.Closer))]
    safety = (
        "contraindicated"
        if closed or (stopped and not verdict)
        else "check_first"
        if check
        else "precaution"
        if cautions or any(x.severity == "major" for x in meets)
        else "clear"
    )
    wanted: tuple[str, ...] = ()
    if fit == "needs_information" and indication is not None:
        # What settles the fit as a whole: an answer that only moves it from one open indication to the next is no answer.
        open_ones = [i.when for i in t.indications if content.test(i.when)(facts.values) is None]
        wanted = asks(content, " OR ".join(f"({when})" for when in open_ones), facts.values)
    for open_check in check:
        wanted += asks(content, open_check.when, facts.values)
    return Option(
        t,
        fit,
        safety,
        in_place,
        _verb(fit, safety, in_place),
        indication,
        tuple(because),
        tuple(closed),
        tuple(cautions),
        tuple(check),
        tuple(then_check),
        tuple(not_checked),
        meets,
        unique(wanted),
        rests_on(facts, names),
        brought,
    )


def _assumed(text: str, facts: Facts, content: Content) -> tuple[str, ...]:
    """The facts behind a verdict, worked out only when something was assumed at all."""
    return content.explainer(text)(facts.values).because if facts.assumes else ()


def _ended(meeting: Meeting, t: m.Treatment, in_use: _InUse) -> bool:
    """Whether every entry that is met is one that this treatment replaces."""
    return bool(t.ends) and all(in_use.classes[n] & set(t.ends) for n in meeting.in_use)


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
        "asks": list(option.asks),
        "assumes": list(option.assumes),
        "source": cites(t.source),
        "confidence": t.confidence,
    }


def _line(record: m.Closer | m.Caution, content: Content, facts: Facts) -> dict[str, Any]:
    explanation = content.explainer(record.when)(facts.values)
    return {
        "id": record.id,
        "label": record.label,
        "because": list(reasons(content, facts, explanation.because)),
        "asks": list(asks(content, record.when, facts.values)),
        "source": cites(record.source),
    }


def cites(source: tuple[m.Cite, ...]) -> list[Mapping[str, Any]]:
    """Citations as JSON data."""
    return [{"id": c.id, "at": c.at, "confidence": c.confidence} for c in source]
