"""`derive`: from a profile to named facts, each with where it came from and what it assumes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from ..content import Content, load_content
from ..content import models as m
from ..language import Choice, Number, Range, Value, YesNo, facts_of
from ..language.kleene import all_of
from ..profile import Profile
from . import code, scores
from .allergies import answered_by
from .disputes import disputes
from .given import complete, definitions_assume
from .membership import (
    count_labels,
    current,
    diagnosed_events,
    excluded,
    group_excluded,
    in_group,
    listed_in,
    may_be_any,
)
from .named import Facts
from .observed import NotUsed, Observed, meant, span_of, within


def derive(profile: Profile, *, content: Content | None = None) -> Facts:
    """Work out every fact of the content for one profile. Never reads the clock: ``profile.as_of`` is today.

    Facts that answers contradict become unknown, and what rests on them becomes a question; a yes that warns stays.
    """
    content = content or load_content()
    work = _gathered(profile, content)
    values = complete(content, work.values)
    found = [c for c in content.contradictions.values() if content.test(c.when)(values)]
    if found:
        # As if it had not been answered, so that nothing that was reckoned from the answer outlives it.
        yes = {id for id, given in profile.answers.items() if given is True}
        unsettled = {name for c in found for name in c.unsettles if not (name in c.warns and name in yes)}
        kept = {id: given for id, given in profile.answers.items() if id not in unsettled}
        work = _gathered(profile.model_copy(update={"answers": kept}), content)
        for name in unsettled:
            work.values[name] = content.unknown[name]
            work.origin.pop(name, None)
        values = complete(content, work.values)
    work.limit(values)
    definitions_assume(content, values, work.assumes)
    return Facts(
        values,
        work.origin,
        work.assumes,
        work.mme,
        tuple(dict.fromkeys(work.not_used)),
        tuple(c.id for c in found),
        profile.as_of,
        profile,
        disputes(profile, content),
    )


def _gathered(profile: Profile, content: Content) -> _Work:
    """All facts of a profile but the definitions."""
    work = _Work(profile, content)
    for answer in content.answers.values():
        work.answer(answer)
    for answer in content.answers.values():
        work.stand_in(answer)
    for id, places in answered_by(profile, content).items():
        work.allergic(id, places)
    for answer in content.answers.values():
        work.not_concerned(answer)
    for group in content.condition_groups:
        work.group(group)
    for cls in content.medicine_classes:
        work.medicine_class(cls, "current", "takes_")
        work.medicine_class(cls, "proposed", "proposed_")
    for fact in content.facts.values():
        if fact.kind == "order":
            work.values[fact.id] = None
        elif fact.kind != "definition":
            work.declared(fact)
    for answer in content.answers.values():
        work.narrow(answer)
    return work


class _Work:
    """The facts being gathered for one profile, one kind of fact at a time."""

    def __init__(self, profile: Profile, content: Content) -> None:
        self.profile = profile
        self.content = content
        self.values: dict[str, Value] = {}
        self.origin: dict[str, tuple[str, ...]] = {}
        self.assumes: dict[str, frozenset[str]] = {}
        self.not_used: list[NotUsed] = []
        self.observed = Observed(profile, content, self.not_used)
        self.classes = [listed_in(content, entry) for entry in profile.medicines]
        self.in_state = {
            state: {n: self.classes[n] for n, _ in current(profile, state)} for state in ("current", "proposed")
        }
        self.mme = code.mme_of(profile, content)

    def limit(self, values: Mapping[str, Value]) -> None:
        """Say which questionnaires are not valid in this person; their scores, if any, were taken away."""
        for name in self.content.limited_scores:
            if self.values[name] != values[name]:
                self.origin.pop(name, None)
        for n, seen in enumerate(self.profile.observations):
            found = self.content.instruments.get(seen.measure)
            if found and found.valid_when and self.content.test(found.valid_when)(values) is False:
                reason = f"{found.short} is not valid here. {found.not_valid}"
                self.not_used.append(NotUsed(f"observations.{n}", reason))

    # -- kinds ---------------------------------------------------------------------------------------------

    def answer(self, answer: m.Answer) -> None:
        kind = self.content.schema.get(answer.id)
        if kind is None:
            return
        given = self.profile.answers.get(answer.id)
        value = self.content.unknown[answer.id]
        if given is None:
            pass
        elif isinstance(kind, YesNo):
            value = bool(given)
        elif isinstance(kind, Number):
            pair = given if isinstance(given, tuple) else (given, given)
            value = Range(float(pair[0]), float(pair[1]))
        elif isinstance(kind, Choice):
            value = frozenset(given if isinstance(given, tuple) else (str(given),))  # type: ignore[arg-type]  # the tuple of a choice holds names
        self._set(answer.id, value, (f"answers.{answer.id}",) if given is not None else ())
        if answer.id in self.profile.assumed and given is not None:
            self.assumes[answer.id] = frozenset({f"answers.{answer.id}"})

    def stand_in(self, answer: m.Answer) -> None:
        """What the option given says of answers that were not given."""
        given = self.profile.answers.get(answer.id)
        for other, says in answer.stands_for.get(given, {}).items() if isinstance(given, str) else ():
            if other not in self.profile.answers:
                value = frozenset({says}) if isinstance(says, str) else Range(*says)
                self._set(other, value, (f"answers.{answer.id}",))

    def allergic(self, answer: str, places: tuple[str, ...]) -> None:
        """A question that nobody answered and an allergy on record answers."""
        self._set(answer, True, places)

    def narrow(self, answer: m.Answer) -> None:
        """The options left of a choice that nobody answered, where a declared fact rules some out."""
        if answer.id in self.profile.answers or not answer.rules_out:
            return
        for option, when in answer.rules_out.items():
            value = self.values[answer.id]
            if isinstance(value, frozenset) and option in value and self.content.test(when)(self.values):
                names = sorted(facts_of(self.content.node(when)))
                self._set(answer.id, value - {option}, tuple(p for name in names for p in self.origin.get(name, ())))

    def not_concerned(self, answer: m.Answer) -> None:
        """A question that surely does not concern the person, and was not answered, is a no where its record says so."""
        when = answer.relevant_when
        if not answer.else_no or when is None or answer.id in self.profile.answers or answer.id not in self.values:
            return
        if self.content.test(when)(self.values) is False:
            names = facts_of(self.content.node(when))
            self._set(answer.id, False, tuple(p for name in sorted(names) for p in self.origin.get(name, ())))

    def group(self, group: str) -> None:
        entries = self.profile.conditions
        verdicts = [in_group(self.content, entry, group) for entry in entries]
        record = self.content.condition_groups[group]
        for answer, option in record.implied_by.items():
            if self.profile.answers.get(answer) == option:
                self._set(f"has_{group}", True, (f"answers.{answer}",))
                return
        for answer, options in record.ruled_out_by.items():
            given = self.profile.answers.get(answer)
            if given is not None and set(options).issuperset(given if isinstance(given, tuple) else [given]):
                self._set(f"has_{group}", False, (f"answers.{answer}",))
                return
        may_be: tuple[str, ...] = ()
        for means in record.implied_from:
            self.declared(self.content.facts[means.fact])
            implied = meant(means, self.values[means.fact])
            if implied and means.sure:
                self._set(f"has_{group}", True, self.origin[means.fact])
                return
            if implied is not False and means.fact in self.origin:
                may_be = self.origin[means.fact]
        if may_be and True not in verdicts:
            verdicts = [*verdicts, None]
        for number, least in record.ruled_out_from.items():
            self.declared(self.content.facts[number])
            known = self.values[number]
            if isinstance(known, Range) and known.lo >= least and True not in verdicts:
                self._set(f"has_{group}", False, self.origin[number])
                return
        none = group_excluded(self.content, group, self.profile.asked_none.conditions)
        self._listed(f"has_{group}", "conditions", dict(enumerate(verdicts)), none)

    def medicine_class(self, cls: str, state: str, prefix: str) -> None:
        verdicts = {n: classes[cls] for n, classes in self.in_state[state].items()}
        none = excluded(self.content, cls, self.profile.asked_none.medicines)
        self._listed(f"{prefix}{cls}", "medicines", verdicts, none)

    def _listed(self, name: str, which: str, verdicts: Mapping[int, bool | None], asked_none: bool) -> None:
        if True in verdicts.values():
            self._set(name, True, tuple(f"{which}.{n}" for n, v in verdicts.items() if v is True))
            return
        complete = getattr(self.profile.complete, which)
        if None in verdicts.values():
            # An entry that cannot be placed may belong here, whatever the list or the team says about absence.
            self._set(name, None, ())
        elif asked_none:
            self._set(name, False, (f"asked_none.{which}",))
        elif complete != "no":
            self._set(name, False, (f"complete.{which}",))
            if complete == "assumed":
                self.assumes[name] = frozenset({which})
        else:
            self._set(name, None, ())

    def declared(self, fact: m.Fact) -> None:
        _KINDS[fact.kind](self, fact)

    def _latest(self, fact: m.Fact) -> None:
        assert fact.measure is not None
        newest = self.observed.newest(fact.measure, fact.valid_days)
        kind = self.content.schema[fact.id]
        if newest is None or any(o.value is None and o.at_least is None and o.at_most is None for _, o in newest):
            self._set(fact.id, self.content.unknown[fact.id], ())
            return
        value: Value
        if isinstance(kind, Choice):
            value = frozenset(str(o.value) for _, o in newest)
        else:  # two results on one day: a range, not a choice between them; "> 60" is one too
            measure = self.content.measures[fact.measure]
            spans = [span_of(measure, o) for _, o in newest]
            value = Range(min(lo for lo, _ in spans), max(hi for _, hi in spans))
        self._set(fact.id, value, tuple(f"observations.{n}" for n, _ in newest))

    def _score(self, fact: m.Fact) -> None:
        assert fact.instrument is not None
        instrument = self.content.instruments[fact.instrument]
        newest = self.observed.newest(instrument.id, instrument.valid_days)
        if newest is None:
            self._set(fact.id, self.content.unknown[fact.id], ())
            return
        ranges = []
        for n, seen in newest:
            total = float(seen.value) if isinstance(seen.value, (int, float)) else None
            if fact.item:
                ranges.append(scores.item_value(instrument, fact.item, seen.items, total))
                continue
            try:
                ranges.append(scores.total(instrument, seen.items or None, total))
            except ValueError as error:  # a typed total that its own items contradict: neither is used
                self.not_used.append(NotUsed(f"observations.{n}", str(error)))
                self._set(fact.id, self.content.unknown[fact.id], ())
                return
        value = Range(min(r.lo for r in ranges), max(r.hi for r in ranges))
        self._set(fact.id, value, tuple(f"observations.{n}" for n, _ in newest))

    def _on_record(self, fact: m.Fact) -> None:
        """Whether a questionnaire that somebody filled in reaches a number. None on record is a no; one that cannot be
        read, or may be too old, may be it."""
        assert fact.instrument is not None and fact.least is not None
        self._score(fact)  # a range here; a yes, a no or neither below
        score = self.values[fact.id]
        if isinstance(score, Range):
            reached = True if score.lo >= fact.least else False if score.hi < fact.least else None
            self._set(fact.id, reached, self.origin[fact.id])
        elif not self.observed.may_have(fact.instrument, self.content.instruments[fact.instrument].valid_days):
            self._set(fact.id, False, ())

    def _within(self, fact: m.Fact) -> None:
        assert fact.days is not None
        as_of = self.profile.as_of
        verdicts: dict[int, bool | None] = {}
        which = "medicines" if fact.medicine else "observations"
        if fact.medicine:
            for n, entry in enumerate(self.profile.medicines):
                member = self.classes[n][fact.medicine]
                verdicts[n] = False if member is False else all_of((member, code.taken_within(entry, as_of, fact.days)))
            # "Asked, none" is about the list. Of one in it that is past, it does not say when others were taken.
            none = excluded(self.content, fact.medicine, self.profile.asked_none.medicines) and not any(
                classes[fact.medicine] for classes in self.classes
            )
        else:
            assert fact.measure is not None
            for n, seen in enumerate(self.profile.observations):
                if seen.measure == "unrecognized":
                    verdicts[n] = all_of((None, within(seen.date, as_of, fact.days)))
                elif seen.measure == fact.measure or seen.measure in fact.or_measures:
                    verdicts[n] = within(seen.date, as_of, fact.days)
            none = fact.measure in self.profile.asked_none.observations
            if not none and fact.measure in diagnosed_events(self.content):
                for n, diagnosis in enumerate(self.profile.conditions):
                    if may_be_any(self.content, diagnosis):  # a diagnosis that nobody could read may be of this event
                        verdicts[-1 - n] = all_of((None, within(diagnosis.since, as_of, fact.days)))
            if fact.no_when and self.profile.answers.get(fact.no_when) is False and True not in verdicts.values():
                self._set(fact.id, False, (f"answers.{fact.no_when}",))
                return
        self._listed(fact.id, which, verdicts, none)

    def _days_since(self, fact: m.Fact) -> None:
        assert fact.measure is not None
        self._days(fact, self.observed.last(fact.measure), lambda first, last, today: (today - last, today - first))

    def _days_until(self, fact: m.Fact) -> None:
        assert fact.measure is not None
        self._days(fact, self.observed.next(fact.measure), lambda first, last, today: (first - today, last - today))

    def _days(
        self,
        fact: m.Fact,
        when: tuple[date, date, tuple[str, ...]] | None,
        reckon: Callable[[date, date, date], tuple[timedelta, timedelta]],
    ) -> None:
        kind = self.content.schema[fact.id]
        assert isinstance(kind, Number)
        if when is None or self.profile.as_of is None:
            self._set(fact.id, self.content.unknown[fact.id], ())
            return
        lo, hi = (min(max(time.days, kind.lo), kind.hi) for time in reckon(when[0], when[1], self.profile.as_of))
        self._set(fact.id, Range(lo, hi), when[2])

    def _count(self, fact: m.Fact) -> None:
        kind = self.content.schema[fact.id]
        assert isinstance(kind, Number) and fact.medicine is not None
        surely: set[str] = set()
        perhaps: set[str] = set()
        nameless, least, paths = 0.0, 0, []
        for n, entry in current(self.profile, "current"):
            counted = count_labels(self.content, fact, entry)
            surely |= counted.surely
            perhaps |= counted.perhaps
            nameless += counted.nameless
            least = max(least, counted.least)
            if counted.surely:
                paths.append(f"medicines.{n}")
        classes = fact.of or (fact.medicine,)
        whole = self.profile.complete.medicines != "no" or all(
            excluded(self.content, cls, self.profile.asked_none.medicines) for cls in classes
        )
        top = len(surely | perhaps) + nameless if whole else kind.hi
        lo, hi = (min(end, kind.hi) for end in (max(len(surely), least), top))
        self._set(fact.id, Range(lo, hi), tuple(paths))
        if self.profile.complete.medicines == "assumed":
            self.assumes[fact.id] = frozenset({"medicines"})

    def _dose(self, fact: m.Fact) -> None:
        assert fact.ingredient is not None
        kind = self.content.schema[fact.id]
        assert isinstance(kind, Number)
        lo, hi, paths = code.daily_mg(self.profile, self.content, fact.ingredient)
        self._set(fact.id, Range(min(lo, kind.hi), kind.hi if hi is None else min(hi, kind.hi)), paths)
        if self.profile.complete.medicines == "assumed":
            self.assumes[fact.id] = frozenset({"medicines"})

    def _code(self, fact: m.Fact) -> None:
        assert fact.function is not None
        value, paths = code.FUNCTIONS[fact.function](self, fact)
        kind = self.content.schema[fact.id]
        if isinstance(value, Range) and isinstance(kind, Number):
            value = Range(*(min(max(end, kind.lo), kind.hi) for end in (value.lo, value.hi)))
        self._set(fact.id, self.content.unknown[fact.id] if value is None else value, paths)
        if self.profile.complete.medicines == "assumed" and fact.function in code.OF_DOSES:
            self.assumes[fact.id] = frozenset({"medicines"})

    def _set(self, name: str, value: Value, origin: tuple[str, ...]) -> None:
        self.values[name] = value
        if origin:
            self.origin[name] = origin


_KINDS: Mapping[str, Callable[[_Work, m.Fact], None]] = {
    "latest": _Work._latest,
    "score": _Work._score,
    "within": _Work._within,
    "days_since": _Work._days_since,
    "days_until": _Work._days_until,
    "count": _Work._count,
    "dose": _Work._dose,
    "code": _Work._code,
    "on_record": _Work._on_record,
}
"""How a declared fact of each kind is worked out."""
