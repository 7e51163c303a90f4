"""What to do in any case: actions of findings that apply, harm reduction and core items, each theme said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ..content import models as m
from ..facts.verdicts import unique
from ..language.words import soft, without_dose
from .briefly import briefly, merged, with_names
from .case import Case
from .dated import phase_of
from .findings import Finding
from .options import STAYS
from .plans import Item
from .shapes import Action, Part, Said
from .special import HOW_WORDS, PROPOSED_WORDS, helped_before, moud_unread, on_a_choice, special, steady
from .themes import theme_of, themes

REST, IN_A_FORK, QUIET = 90, 99, 100
"""The ranks from which an action is no longer for a first page, of one that a fork already says, and of one that another line
would contradict."""
SPECIAL_RANKS = {"Verify": -4, "Change": -3, "Plan": -2, "Check": 2, "Keep with": 2}
SPECIAL_RANKS |= {"Nothing known against": 3, "Not judged": 3}
KEPT_MOUD_RANK, RELIEF_RANK, VITAL_RANK, EASES = -2, -1, 2, 6
"""Where OUD medication that goes on, the relief of acute pain due today, what prevents harm and is not in place, and what
answers no need of weight stand."""
ASKED_RANK = -1
"""Where the lines of what is special to a person stand; what was asked for gets its answer before standing care."""
FIRST_RANK = -5
"""Where what its record puts before all else on a page stands: relief of severe acute pain."""
SAID_OF_MEDICINES = ("Verify", "Change", "Check", "Keep with")
TOGETHER = ("Verify", "Change", PROPOSED_WORDS["not_this"])  # by name in one line, where one record says it
NO_DOSES, LEAST = -2, -3  # the least that a page can say of what to do
MOST_PARTS, MOST_STANDING = 3, 5
"""How many items a shared line, and the line of standing care, names; the phases name all."""
STANDING, STANDING_CARE, SEE_PHASES = "standing", "Standing care", "see the plan"
NON_DRUG, RELIEF = "non_drug", m.PLACES["medicine"].fork


@dataclass(frozen=True)
class _Candidate:
    id: str
    theme: str
    rank: int
    part: Part
    standing: bool = False
    vital: bool = False


def actions_of(case: Case) -> tuple[Action, ...]:
    """All actions that stand whatever is decided, the weightiest first.

    Items of the core of one kind share a line. From rank ``REST`` on an action is for the later pages only.
    """
    found = [*_specials(case), *(c for f in case.findings.recommendations if (c := _of_finding(case, f)))]
    lines: dict[str, list[_Candidate]] = {}
    for item in case.shown.core:
        if item.verb in SAID_OF_MEDICINES and item.option.weighed:
            continue  # said of each medicine as the drug it is
        if in_another_form(item, case.shown.core):
            continue
        candidate = _of_item(case, item)
        if kind := _shared_line(item):
            # What only eases is not lifted by the weight of a line that it shares.
            lines.setdefault(f"{kind}_more" if candidate.rank >= EASES else kind, []).append(candidate)
        else:
            found.append(candidate)
    ids = {candidate.id for candidate in found}
    by_theme: dict[str, list[_Candidate]] = {}
    for candidate in found:
        theme = themes().get(candidate.theme)
        apart = theme is not None and theme.only_with and theme.only_with not in ids
        by_theme.setdefault(candidate.id if apart else candidate.theme, []).append(candidate)
    actions: list[Action] = []
    standing: list[Action] = []
    for name, candidates in by_theme.items():
        action = _merge(name, candidates)
        if not all(c.standing for c in candidates) or action.rank >= REST:
            actions.append(action)
        elif case.demands.held_by and not any(c.id in case.content.treatments for c in candidates):
            actions.append(replace(action, rank=REST))  # an emergency comes first
        else:
            standing.append(action)
    crisis = any(action.rank == FIRST_RANK for action in actions)
    for kind, group in lines.items():
        group.sort(key=lambda c: c.rank)
        waits = crisis and kind in (NON_DRUG, f"{NON_DRUG}_more")  # exercise and courses are for after a crisis
        here = actions if waits or not all(c.standing for c in group) else standing
        here.append(Action(kind, REST if waits else group[0].rank, tuple(c.part for c in group)))
    order = {id: n for n, id in enumerate(themes())}

    def place(action: Action) -> tuple[int, int]:
        return action.rank, order.get(action.theme, len(order))

    actions.sort(key=place)
    return (*actions, *_standing(sorted(standing, key=place)))


def in_another_form(item: Item, core: Iterable[Item]) -> bool:
    """Whether what goes on of an item goes on wholly in a form that stands beside it: the injection says it."""
    own = {one.place for one in item.option.own}
    return bool(own) and any(
        other.option.own and {one.place for one in other.option.own} == own
        for other in core
        if other is not item
        and item.option.record.decision
        and not other.option.record.decision
        and item.verb == other.verb in STAYS
        and item.option.record.place.treats_oud
    )


def _standing(actions: list[Action]) -> Iterator[Action]:
    """What most people here are offered, in one line: who sees to each stands with the phases."""
    parts = [part for action in actions for part in action.parts]
    if parts:
        owner = Said(SEE_PHASES, parts[0].text.source, opens="phases")
        told = (replace(p, verb="" if n else STANDING_CARE, owner=owner, confirm=False) for n, p in enumerate(parts))
        yield Action(STANDING, min(a.rank for a in actions), tuple(told))


def _specials(case: Case) -> Iterator[_Candidate]:
    """What is special to this person, before any standing care; a pair is said once, of the side that changes, with the
    names of the others that it makes change."""
    lines = special(case)
    moud = {f"medicines.{w.place}" for i in case.shown.core if i.option.record.place.treats_oud for w in i.option.own}
    moud |= moud_unread(case)
    what_if = on_a_choice(case)
    bought = {
        f"medicines.{w.place}"
        for w in case.medicines
        if w.verdict == "verify" and case.profile.medicines[w.place].source == "nonprescribed"
    }  # that nobody prescribed it is known: what saves lives and treats comes before the question what it is
    told: set[tuple[str, bool, str | None]] = set()
    for line in lines:
        asked = line.verb in PROPOSED_WORDS.values()  # what is asked for gets its own answer
        once, own = (line.because, asked, None), (line.because, asked, line.how)
        if own in told or (once in told and not line.how):  # each change says how
            continue
        told |= {once, own}
        same = [x for x in lines if (x.because, x.how) == (line.because, line.how) and x.verb in TOGETHER]
        others = [x for x in same if x is not line] if line in same else []
        names, text = with_names(line, others) if others else ((line.name,) if line.name else (), line.text)
        part = Part(line.id, line.verb, text, Said(line.owner, line.text.source), names=names, how=line.how)
        rank = SPECIAL_RANKS.get(line.verb, ASKED_RANK)
        rank = min(rank, KEPT_MOUD_RANK) if line.id in moud and line.verb in SAID_OF_MEDICINES else rank
        rank = VITAL_RANK if line.id in bought else rank
        rank = REST if line.id in what_if and line.verb == "Keep with" else rank
        yield _Candidate(line.id, line.id, min(rank, 0) if line.verb == "Keep with" and line.today else rank, part)


def first_actions(actions: tuple[Action, ...], most: int) -> tuple[Action, ...]:
    """The first ``most`` actions; the line of standing care comes last and keeps its place where others outrank it.
    ``most`` of none leaves that line out, and what keeps the person alive stands by name; below that what is urgent stands by
    name only, and never under a mere count; then without its doses (`NO_DOSES`), at the `LEAST` only what is verified or
    changed."""
    special = [replace(a, parts=a.parts[:MOST_PARTS]) for a in actions if a.theme != STANDING and a.rank < REST]
    usual = [a for a in actions if a.theme == STANDING]
    room = max(1, most - len(usual)) if most > 0 else 1
    late = [a for a in special[room:] if a.vital]
    if late and most > 0:  # weightier lines fill the page: it heads the folded line
        usual, special = list(_standing([*late, *usual])), [a for a in special if a not in late]
        room = max(1, most - 1) if most > 0 else 1
    standing = [replace(a, parts=a.parts[: most + 2 if most < 3 else MOST_STANDING]) for a in usual]
    if most < 0 and sum(a.rank < 0 for a in special) > 1:
        room = 0
    shown, hidden = special[:room], [a for a in special[room:] if a.rank < 0]
    if most <= NO_DOSES:
        urgent = ("Verify", "Change") if most <= LEAST else ("Verify", "Change", *PROPOSED_WORDS.values())
        named = [a for a in (*shown, *hidden) if a.parts[0].verb in urgent or a.rank == FIRST_RANK]
        if most <= LEAST and late:  # what was bought is among what is known, and what keeps alive comes before it
            shown, named = [], [a for a in named if a.rank < 0]
        shown, hidden = ([], named) if named else (shown, [])
    also = tuple(
        briefly(f"Also {soft(verb)}" if shown else verb, tuple(group), doses=most > NO_DOSES)
        for verb, group in groupby(hidden, key=lambda a: a.parts[0].verb)
    )
    lives = [a for a in late if a not in shown and a not in hidden] if most <= 0 else []
    kept = (briefly(lives[0].parts[0].verb, tuple(lives[:MOST_PARTS]), doses=False),) if lives else ()
    return (*shown, *also, *kept, *(standing if most > 0 else ()))


def _of_finding(case: Case, finding: Finding) -> _Candidate | None:
    """A recommendation as an action; None where it does not apply."""
    record = finding.record
    if finding.status != "applies":
        return None
    theme = theme_of(record.id)
    rank = {1: 1, 2: 3, 3: 4}.get(record.priority, 3 + record.priority)
    if theme == record.id and (
        record.priority >= 7 or phase_of(case, record) not in ("today", "this_week", "weeks_1_4")
    ):
        rank = REST
    elif theme == record.id and record.priority > 1 and record.treatments:
        forks = {id for fork in case.shown.forks for a in fork.alternatives for id in a.items}
        here = forks | {item.id for item in case.shown.core}
        if forks & set(record.treatments) and set(record.treatments) <= here:
            rank = IN_A_FORK
        elif _decided(case).issuperset(record.treatments):
            rank = IN_A_FORK  # what is kept says it: that it is one of several ways is no longer news
    if record.first:
        rank = FIRST_RANK
    if _refused(case, record) or _unsettled(case, record) or _shut(case, record):
        theme, rank = record.id, QUIET  # the line of the medicine itself says what is to be done
    said = Said(finding.action, record.source, origin_of(finding.because), more=further(record))
    part = Part(record.id, "", said, owner_of(case, record), finding.confirm)
    return _Candidate(record.id, theme, rank, part, record.standing)


def _decided(case: Case) -> frozenset[str]:
    """The ways of the decisions that are settled, because what is in use works and every plan goes on with it."""
    kept = [i.option.record for i in case.shown.core if i.verb in STAYS and i.option.record.place.changes]
    decisions = (case.content.decisions[record.decision] for record in kept if record.decision)
    return frozenset(a for decision in decisions for a in decision.alternatives)


def _shut(case: Case, record: m.Recommendation) -> bool:
    """Whether all that a recommendation offers is not to be started now; medication for OUD has a line that says why."""
    named = [case.option(id) for id in record.treatments]
    return bool(named) and all(o.verb == "Do not start" and not o.record.place.treats_oud for o in named)


def _unsettled(case: Case, record: m.Recommendation) -> bool:
    """Whether what a recommendation rests on is contradicted: the question comes first."""
    return any(record.id in case.content.contradictions[id].holds for id in case.facts.contradictions)


GOING_DOWN = ("lower", "to_limit", "taper", "weigh", "together")
"""How a medicine changes that is taken meanwhile: advice on its dose still holds."""


def _refused(case: Case, record: m.Recommendation) -> bool:
    """Whether all that a recommendation advises on is refused, held, replaced or to be verified first."""
    on = [w for w in case.medicines if not w.classes.isdisjoint(record.about)] if record.about else []
    return bool(on) and all(
        w.verdict in ("not_this", "verify") or (w.verdict == "change" and w.how not in GOING_DOWN) for w in on
    )


def _of_item(case: Case, item: Item) -> _Candidate:
    record = item.option.record
    raised = [need.record for need in case.findings.needs if need.raised]
    sure = item.option.fit == "indicated" or item.called is not None  # what is only worth a thought is no duty
    weighty = {need.id for need in raised if need.required or (need.side == "oud" and sure)}
    rank = (
        REST
        if item.verb == "After this"  # an emergency comes first: it folds behind that
        else RELIEF_RANK
        if _shared_line(item) == RELIEF
        else 0
        if item.verb == "Change" or _due_today(item)
        else KEPT_MOUD_RANK
        if record.place.treats_oud and item.verb in STAYS
        else 1
        if record.place.treats_oud
        else 1
        if item.verb in STAYS and record.place.changes and record.decision
        else VITAL_RANK
        if record.place.prevents_harm
        else REST
        if record.place.rates_care
        else 7
        if item.verb in STAYS
        else 5
        if _shared_line(item) == NON_DRUG
        else 3
        if any(a.need in weighty for a in record.addresses)
        else EASES
    )
    part = Part(
        record.id,
        item.verb,
        Said(item_words(case, item), record.source, origin_of(item.option.because)),
        owner_of(case, record),
        item.option.in_place == "unknown",
    )
    urgent = item.called is not None and item.called.table == "emergency" and item.verb not in STAYS
    first = vital(case, item)
    standing = record.standing and item.verb in ("Offer", "Consider", "Keep") and not urgent and not first
    return _Candidate(record.id, theme_of(record.id), rank, part, standing, first)


def vital(case: Case, item: Item) -> bool:
    """Whether it keeps a person at risk alive and is not known to be in place: it stands above what only eases."""
    open_ = {need.record.id for need in case.findings.needs if need.raised is not False and need.record.required}
    return (
        item.option.record.place.prevents_harm
        and item.verb in ("Offer", "Consider", "Check first")
        and any(a.need in open_ for a in item.option.record.addresses)
    )


def _due_today(item: Item) -> bool:
    """Whether it is relief or care that a record calls for today, and not what most people here are offered."""
    due = item.called is not None and item.phase == "today"
    return due and not item.option.record.standing and item.verb in ("Offer", "Consider", "Check first")


def _shared_line(item: Item) -> str:
    """The line that an item shares with others of its kind; empty for one that stands alone."""
    if _due_today(item) and item.option.record.place.fork == RELIEF:
        return RELIEF
    return item.option.record.place.line if item.verb in ("Offer", "Consider") else ""


def _merge(theme: str, group: list[_Candidate]) -> Action:
    """One action for a theme: the words of its first member, the sources of all, and its first owner."""
    order = themes()[theme].same if theme in themes() else ()
    group = sorted(group, key=lambda c: order.index(c.id) if c.id in order else len(order))
    first = group[0].part
    text = Said(
        first.text.text,
        merged(c.part.text.source for c in group),
        tuple(dict.fromkeys(path for c in group for path in c.part.text.origin)),
        more=unique(text for c in group for text in c.part.text.more),
        opens=first.text.opens,
        link=first.text.link,
    )
    confirm = any(c.part.confirm for c in group)
    # What most people are offered raises nothing that is said for a reason of its own.
    rank = min([c.rank for c in group if not c.standing] or [c.rank for c in group])
    part = Part(first.id, first.verb, text, first.owner, confirm, first.names, how=first.how)
    return Action(theme, rank, (part,), vital=any(c.vital for c in group))


def origin_of(because: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
    """The profile paths behind some reasons, each once."""
    paths: dict[str, None] = {}
    for reason in because:
        found = reason["origin"]
        paths.update(dict.fromkeys(found if isinstance(found, list) else ()))
    return tuple(paths)


def further(record: m.Recommendation | m.Emergency | m.Need) -> tuple[str, ...]:
    """What a record says beyond its title: why, then its details."""
    return (record.why, *(record.details if isinstance(record, m.Recommendation) else ()))


def owner_of(case: Case, record: m.Recommendation | m.Emergency | m.Treatment) -> Said:
    """Who sees to it: the first owner's role, or that nobody is named."""
    if not record.owner:
        return Said("unowned", record.source)
    return Said(case.content.roles[first_owner(case, record.owner, _now(record))].label, record.source)


def _now(record: m.Recommendation | m.Emergency | m.Treatment) -> bool:
    """Whether it is due while the person is here."""
    return isinstance(record, m.Emergency) or record.phase in ("today", "this_week")


def first_owner(case: Case, owners: Sequence[str], now: bool = True) -> str:
    """Whose task it is first: methadone for pain is not the program's, nobody prescribes what is bought, and what is due
    ``now`` in an emergency department is not left to primary care."""
    roles, values = case.content.roles, case.facts.values
    fits = [id for id in owners if _in_role(case, roles[id])]
    first = (fits or list(owners))[0]
    here = (r.id for r in roles.values() if now and r.where and first in r.stands_in and values.get(r.where) is True)
    return next(here, first)


def _in_role(case: Case, role: m.Role) -> bool:
    if role.not_where is not None and case.facts.values.get(role.not_where) is True:
        return False
    medicines = case.profile.medicines
    return role.prescribes is None or any(
        role.prescribes in w.classes and medicines[w.place].source not in ("nonprescribed", "otp")
        for w in case.medicines
    )


def item_words(case: Case, item: Item) -> str:
    """An item of a plan in words, with what it could be exchanged for and what to check before it starts. "Keep and
    optimize" what has to change, or to be verified, is not said: that is named."""
    record = item.option.record
    if item.verb in ("Change", "Verify") and record.decision and not (record.medicines or record.winds_down):
        named = [w for w in item.option.weighed if w.verb == item.verb]
        if named:
            return ", ".join(unique(without_dose(w.label) for w in named)) + _checks(case, item)
    return said_item(case, item.id, item.instead) + _checks(case, item) + helped_before(case, item)


def said_item(case: Case, id: str, instead: Iterable[str] = ()) -> str:
    """A treatment's short name, with the ones that it could be exchanged for."""
    names = [case.option(one).record.short for one in (id, *instead)]
    return " or ".join([names[0], *(soft(name) for name in names[1:])])


def _checks(case: Case, item: Item) -> str:
    option = item.option
    if item.verb == "Change":
        reasons = [c.label for c in option.closed_by] + [x.record.title for x in option.meets if x.closes]
        why = f" – {soft(reasons[0])}" if reasons else ""
        if item.stays:
            return f"{why}; {HOW_WORDS['plan_dose']}"
        return f"{why}; review urgently" + (", never stop abruptly" if option.classes & steady(case.content) else "")
    return f" – {item.check_words}" if item.check_words else ""
