"""`consider`: every treatment judged for this person: does it fit, is it safe, is it in use, and what to do with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..content import Content, load_content
from ..content import models as m
from ..facts import Facts
from ..facts.verdicts import Reason, fit_of, judge, unique
from .brought import agonist_unread, brought_classes, is_agonist
from .directives import Directive, Directives
from .findings import cites
from .in_use import as_taken, taken_of
from .medicines import VERBS as MEDICINE_VERBS
from .medicines import Weighed, outlives, stops_for_good, weigh, worst
from .meetings import Meeting, Taken, holds, meet, meet_in_use, taken_now
from .own_rules import Cautioning, Checked, Closing, held_to_rules

VERBS = (
    "Offer",
    "Consider",
    "Check first",
    "Do not start",
    "Ask",
    "After this",
    "Keep",
    "Keep with",
    "Check",
    "Change",
    "Verify",
)
"""What to do with an option: the first six for one that is not in use, Keep (the only bare one) and the rest for one that
is. "After this": an emergency comes first."""
STAYS = ("Keep", "Keep with", "Check", "Verify")
"""The verbs of what goes on being taken while a plan is made."""


@dataclass(frozen=True)
class Option:
    """One treatment for one person.

    ``fit``: indicated, consider, not_indicated or needs_information; ``safety``: clear, precaution, check_first or
    contraindicated; ``in_place``: yes, no or unknown; ``verb``: what to do, None when it is not indicated. ``closed_by``
    and ``cautions`` are true; ``check_first`` lists what to check before starting, ``then_check`` what may follow the
    start, ``not_checked`` what was quietly not known. ``classes`` are the medicine classes that it brings, ``own`` is what
    is taken now that it stands for or acts on, ``weighed`` the verdicts on that. ``held_by`` is the emergency that comes
    first. ``keeps`` names the medicines that a decision goes on with where another of their kind has to change. ``asks`` is
    all that is open about it, ``fit_asks`` what its fit waits for. ``may_be_it``: what is in use may be this one already,
    so it is not started.
    """

    record: m.Treatment
    fit: str
    safety: str
    in_place: str
    verb: str | None
    indication: m.Indication | None
    because: tuple[Reason, ...]
    closed_by: tuple[Closing, ...]
    cautions: tuple[Cautioning, ...]
    check_first: tuple[Checked, ...]
    then_check: tuple[Checked, ...]
    not_checked: tuple[Checked, ...]
    meets: tuple[Meeting, ...]
    asks: tuple[str, ...]
    assumes: tuple[str, ...]
    classes: frozenset[str] = field(default_factory=frozenset)
    own: tuple[Taken, ...] = ()
    fit_asks: tuple[str, ...] = ()
    weighed: tuple[Weighed, ...] = ()
    held_by: Directive | None = None
    keeps: tuple[str, ...] = ()
    may_be_it: bool = False

    def __repr__(self) -> str:
        return f"Option({self.id!r}, verb={self.verb!r}, {self.fit}, {self.safety}, in place: {self.in_place})"

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def may_be_called(self) -> bool:
        """Whether it may stand in a plan because a record calls for it: its fit need not be known, nothing closes it."""
        open_ = self.safety != "contraindicated" and self.fit != "not_indicated" and self.in_place != "yes"
        return open_ and not self.may_be_it

    @property
    def refused(self) -> bool:
        """Whether the person does not want it."""
        said = (c for c in (*self.closed_by, *self.cautions) if isinstance(c, Directive) and c.table == "wish_sign")
        return any(c.id == "refuses" for c in said)

    @property
    def needs_beside(self) -> Iterator[tuple[m.MedicineCaution | m.Interaction, str]]:
        """What has to stand in the plan with it when it is started, each with the caution or pair that asks for it; a
        remedy is not a danger."""
        if self.record.winds_down:
            return
        for caution in self.cautions:
            if isinstance(caution, m.MedicineCaution):
                yield from ((caution, id) for id in caution.beside)
        for record in (x.record for x in self.meets):
            if record.severity != "stop" and (record.severity == "major" or record.makes == "keep_with"):
                yield from ((record, id) for id in record.beside)

    @property
    def avoided(self) -> tuple[str, ...]:
        """Why something else comes first, in words: true cautions, and pairs with what is in use that would have to be
        changed at once, or whose action comes before a start."""
        opposed = () if self.in_place == "yes" else _opposed(self.record, self.meets)
        first = () if self.in_place == "yes" else _asking_first(self.meets)
        return (*_before(self.cautions), *unique(x.title for x in (*opposed, *first)))

    @property
    def eligible(self) -> bool:
        """Whether it may stand in a plan: it fits, nothing known closes it, and (but for medication for OUD, which is not
        withheld for what is beside it) nothing is in use that would have to be changed for its sake."""
        opposed = self.in_place != "yes" and not self.record.place.treats_oud and _opposed(self.record, self.meets)
        return self.fit in ("indicated", "consider") and self.safety != "contraindicated" and not opposed


def consider(
    facts: Facts,
    demands: Directives | None = None,
    medicines: tuple[Weighed, ...] | None = None,
    *,
    among: Iterable[m.Treatment] | None = None,
    content: Content | None = None,
) -> tuple[Option, ...]:
    """Every treatment of the content (or those ``among`` which), in its order, judged by the facts of one person, what
    the records demand and the verdicts on the medicines in use (left out: none is demanded; the medicines are weighed).
    Each is judged by itself, whatever the others are."""
    content = content or load_content()
    demands = demands or Directives(())
    medicines = weigh(facts, demands, content=content) if medicines is None else medicines
    person = _Person(facts, content, demands, medicines, taken_now(facts, content))
    return tuple(_option(t, person) for t in (content.treatments.values() if among is None else among))


class _Person(NamedTuple):
    """All that options are judged by."""

    facts: Facts
    content: Content
    demands: Directives
    medicines: tuple[Weighed, ...]
    in_use: tuple[Taken, ...]


def _meetings(
    t: m.Treatment,
    brought: frozenset[str],
    own: tuple[Taken, ...],
    new: bool,
    person: _Person,
) -> tuple[Meeting, ...]:
    """What an option meets of what is in use beside it; ``own`` is what of that it is already, or what it acts on."""
    facts, content, _, medicines, in_use = person
    found: dict[str, dict[Taken, bool]] = {}
    moved = {w.place for w in medicines if w.verdict in ("change", "verify")}
    stopped = {w.place for w in medicines if stops_for_good(w, content)}
    waits_for_it = new and not (t.place.treats_oud or t.rescues or t.winds_down)

    def note(record: m.Interaction, other: Taken, side: str) -> None:
        if other.place in stopped and record.severity in ("major", "moderate") and not outlives(record):
            return  # this review stops the other one: nothing is watched for its sake
        # Of two that are both in use either may have to go: which one is theirs to decide.
        yields = record.gives_way == side or (record.gives_way == "either" and new and t.place.treats_oud)
        met = found.setdefault(record.id, {})
        met[other] = met.get(other, True) and yields

    for other in in_use if brought else ():
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
    meetings = []
    for id, met in found.items():
        record, yields = content.interactions[id], all(met.values())
        known = holds(content, record, facts)
        stays = yields and waits_for_it and any(one.place not in moved for one in met)
        # Not together, and the other goes on: then it does not give way, and this is not started.
        meetings.append(Meeting(record, tuple(met), yields and not (stays and record.severity == "stop"), stays, known))
    return tuple(meetings)


def _option(t: m.Treatment, person: _Person) -> Option:
    facts, content, demands, medicines, in_use = person
    fit, indication = fit_of(content, t, facts.values)
    verdict = content.test(t.in_place)(facts.values) if t.in_place else False
    of_it = taken_of(t, verdict, in_use, medicines, content)
    verdict, own = of_it.in_place, of_it.own
    in_place = "yes" if verdict else "unknown" if verdict is None else "no"
    rules = held_to_rules(t, verdict, facts, content)
    closed: list[Closing] = [*rules.closed]
    cautions: list[Cautioning] = [*rules.cautions]
    check, then_check = rules.check, rules.then_check
    grounds = [judge(indication.when, facts, content)] if indication is not None else []
    grounds += rules.grounds
    brought = frozenset(t.classes).union(*(one.classes for one in own)) if own else brought_classes(t, content)
    # What is in use is judged in the list of medicines; what is in place and no medicine, by what an emergency says here.
    # What slowly lowers a medicine, or decides to go on with it, starts none of its class.
    goes_on = bool(t.keeps and own) and not t.winds_down
    said = demands.against({t.id} if verdict or goes_on or t.winds_down else {t.id, *brought})
    for directive in (d for d in said if not verdict or (not own and d.table == "emergency")):
        (closed if directive.strength == "stop" else cautions).append(directive)
    places = {one.place for one in own}
    weighed = tuple(w for w in medicines if w.place in places and w.state == "current")
    judged = worst(weighed) if verdict or (t.keeps and not t.winds_down) else None
    meets = _meetings(t, brought, own, not (own or verdict), person._replace(in_use=of_it.beside))
    stopped = [x for x in meets if x.severity == "stop" and not (x.yields or t.winds_down or _ended(x, t))]
    if not (verdict or t.place.treats_oud):  # medication for OUD is not withheld for what is beside it
        stopped += [x for x in _opposed(t, meets) if x.closes]
    # What is already in use is not "before starting": an open check there is followed up.
    check, then_check = ([], [*then_check, *check]) if verdict else (check, then_check)
    safety = (
        "contraindicated"
        if closed or stopped
        else "check_first"
        if check
        else "precaution"
        if cautions or any(x.severity in ("major", "stop") for x in meets)
        else "clear"
    )
    # Medication for OUD of which nobody can tell which one it is: neither is started before that is known.
    may_be_it = (
        in_place == "unknown" and is_agonist(t, content) and any(agonist_unread(one.classes, content) for one in in_use)
    )
    fit = "needs_information" if may_be_it else fit
    fit_asks: tuple[str, ...] = ()
    if fit == "needs_information" and indication is not None:
        # What settles the fit as a whole: an answer that only moves it from one open indication to the next is no answer.
        open_ones = [i.when for i in t.indications if content.test(i.when)(facts.values) is None]
        fit_asks = judge(content.any_of(open_ones), facts, content).asks
    wanted = fit_asks
    to_ask = [c.when for c in check] + [x.record.when or "" for x in meets if _open_change(x)]
    for when in to_ask if fit != "not_indicated" else ():
        wanted += judge(when, facts, content).asks
    settled = t.in_every_plan_when is not None and content.test(t.in_every_plan_when)(facts.values) is True
    verb = _verb(fit, safety, in_place, judged, settled)
    avoid = _before(cautions) or (not verdict and (_opposed(t, meets) or _asking_first(meets)))
    verb = "Check first" if verb in ("Offer", "Consider") and avoid else verb
    held = demands.held_by if verb in HELD and waits(t, demands, content) else None
    if held and judged is not None and goes_on:
        held, verb = None, MEDICINE_VERBS[judged.verdict]  # what is taken goes on meanwhile: that is no start
    verb = "After this" if held else verb
    return Option(
        as_taken(t, of_it, content),
        fit,
        safety,
        in_place,
        verb,
        indication,
        tuple(reason for verdict in grounds for reason in verdict.because),
        tuple(closed),
        tuple(cautions),
        tuple(check),
        tuple(then_check),
        tuple(rules.not_checked),
        meets,
        unique(wanted),
        tuple(sorted({a for verdict in (*grounds, *rules.cleared) for a in verdict.assumes})),
        brought,
        own,
        fit_asks,
        weighed,
        held,
        of_it.keeps,
        may_be_it,
    )


def _before(cautions: Iterable[Cautioning]) -> tuple[str, ...]:
    """The true cautions that put something before a start: another treatment, or what their action asks."""
    return tuple(
        c.label for c in cautions if c.strength == "avoid" or (isinstance(c, m.MedicineCaution) and c.asks_first)
    )


def _asking_first(meets: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """The pairs with what is in use whose action comes before a start: a program that adjusts a dose is told, what would
    have to give way is changed, and what would change one of the two if it were so is asked."""
    return tuple(
        x
        for x in meets
        if (not x.yields and (x.record.asks_first or _open_change(x))) or (x.stays and (x.closes or _open_change(x)))
    )


def _open_change(meeting: Meeting) -> bool:
    """Whether one of the two would have to change, if a condition held that is not known yet."""
    return not meeting.known and meeting.severity == "major" and meeting.record.makes in ("change", "verify")


def _ended(meeting: Meeting, t: m.Treatment) -> bool:
    """Whether all that is met is what this treatment replaces."""
    return bool(t.ends) and all(one.classes & set(t.ends) for one in meeting.met)


def _opposed(t: m.Treatment, meets: tuple[Meeting, ...]) -> tuple[Meeting, ...]:
    """What an option meets that would have to be changed as soon as both are in use, and does not give way to it."""
    if t.winds_down or not meets:
        return ()
    changes = (x for x in meets if x.known and x.severity == "major" and x.record.makes in ("change", "verify"))
    return tuple(x for x in changes if not (x.yields or _ended(x, t)))


HELD = ("Offer", "Consider", "Check first")
"""The verbs that an act-now emergency puts off."""


def waits(t: m.Treatment, demands: Directives, content: Content) -> bool:
    """Whether a treatment waits for a present act-now emergency: not what such an emergency calls for, not an agonist for
    OUD, and not what brings naloxone."""
    if demands.held_by is None:
        return False
    return not (is_agonist(t, content) or t.rescues or t.id in demands.called_at_once)


def _verb(fit: str, safety: str, in_place: str, judged: Weighed | None, settled: bool) -> str | None:
    """What to do. Of what is in use the verdict on the medicines decides; of a decision to go on with them too, where
    it is ``settled`` or nothing is said against them."""
    if judged is not None and judged.verdict in ("verify", "change"):
        return MEDICINE_VERBS[judged.verdict]
    if in_place == "yes":
        return "Change" if safety == "contraindicated" else MEDICINE_VERBS[judged.verdict] if judged else "Keep"
    if fit == "not_indicated":
        return None
    if safety == "contraindicated":
        return "Do not start"
    if fit == "needs_information":
        return "Ask"
    if judged is not None and fit == "indicated" and (settled or judged.verdict == "keep"):
        return MEDICINE_VERBS[judged.verdict]  # to go on with what is in use is no offer of it
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
        "keeps": list(option.keeps),
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
        "components": list(t.components),
        "burden": {"score": t.burden.score, "words": t.burden.words},
        "delivered_by": list(t.delivered_by),
        "asks": list(option.asks),
        "assumes": list(option.assumes),
        "source": cites(t.source),
        "confidence": t.confidence,
    }


def _line(record: Checked | Directive, content: Content, facts: Facts) -> dict[str, Any]:
    if isinstance(record, Directive):
        because, asks = list(record.because), list[str]()
    else:
        verdict = judge(record.when, facts, content)
        because, asks = list(verdict.because), list(verdict.asks)
    return {"id": record.id, "label": record.label, "because": because, "asks": asks, "source": cites(record.source)}
