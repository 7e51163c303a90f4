"""The pages on what to do: phases with owners, forks, plans side by side, steps, conflicts and dates."""

from __future__ import annotations

from datetime import timedelta

from ..case import Case
from ..content import models as m
from ..content.models import PHASES
from ..plans import Fork, Item, Plan
from .actions import _origin, _theme_of, actions_of, item_words, said_item, soft
from .blocks import NEED_WORDS, PHASE_WORDS, Block, Cell, Grid, Listing, Note, Section, Table, cell, roles
from .page import alternative_words
from .shapes import Said

LETTERS = ("A", "B", "C")
SEPARATE = (
    "From separate trials in different people. The effects do not add up, and the combination was not found tested."
)


def plan_sections(case: Case) -> tuple[Section, ...]:
    """The sections on what to do, in reading order."""
    return (_phases(case), _forks(case), _plans(case), _dates(case), _conflicts(case), _effects(case), _steps(case))


def items_shown(case: Case) -> list[tuple[Item, tuple[str, ...]]]:
    """Every item of the plans shown, with the letters of its plans, by phase; core items first."""
    found: dict[str, tuple[Item, list[str]]] = {}
    for letter, plan in zip(LETTERS, case.shown.plans, strict=False):
        for item in plan.items:
            found.setdefault(item.id, (item, []))[1].append(letter)
    for item in case.shown.core:
        found.setdefault(item.id, (item, []))
    core = {item.id for item in case.shown.core}
    order = sorted(found.values(), key=lambda f: (PHASES.index(f[0].phase), f[0].id not in core))
    return [(item, tuple(letters)) for item, letters in order]


def _where(case: Case, item: Item, letters: tuple[str, ...]) -> str:
    if any(core.id == item.id for core in case.shown.core):
        return "every plan"
    return ("plan " if len(letters) == 1 else "plans ") + ", ".join(letters)


def _phases(case: Case) -> Section:
    rows: dict[str, list[tuple[Cell, ...]]] = {phase: [] for phase in PHASES}
    shown = items_shown(case)
    said = {_theme_of(item.id) for item, _ in shown}
    recommendations = case.content.recommendations
    for action in actions_of(case):
        for part in action.parts:
            if part.id in recommendations and action.theme not in said:
                record = recommendations[part.id]
                rows[record.phase].append(
                    (
                        cell(_with_verb("", part.text), "in place already?" if part.confirm else None),
                        cell("every plan"),
                        cell(roles(case, record.owner, record.source)),
                        cell("–"),
                    )
                )
    for item, letters in shown:
        option = item.option
        t = option.record
        text = Said(item_words(case, item), t.source, _origin(option.because))
        delivered = [r for r in t.delivered_by if r not in t.owner]
        rows[item.phase].append(
            (
                cell(_with_verb(item.verb, text), "in place already?" if option.in_place == "unknown" else None),
                cell(_where(case, item, letters)),
                cell(roles(case, t.owner, t.source)),
                cell(roles(case, delivered, t.source) if delivered else "–"),
            )
        )
    tables = tuple(
        Table(PHASE_WORDS[phase], ("What", "In", "Who sees to it", "Others who can do it"), tuple(found))
        for phase, found in rows.items()
        if found
    )
    return Section("phases", "Phases and owners", tables, "Nothing to do was found: answer more, or every need is met.")


def _with_verb(verb: str, said: Said) -> Said:
    return Said(f"{verb}: {said.text}" if verb else said.text, said.source, said.origin, said.calculation)


# -- forks ----------------------------------------------------------------------------------------------------


def _forks(case: Case) -> Section:
    blocks: list[Block] = []
    for fork in case.shown.forks:
        rows = tuple(_alternative(case, fork, n) for n in range(len(fork.alternatives)))
        blocks.append(
            Table(
                Said(fork.title, fork.source), ("Alternative", "Check first", "Cautions", "Leaves open", "Burden"), rows
            )
        )
        blocks.append(Listing("What would decide it", tuple(Said(text, fork.source) for text in fork.decided_by)))
    return Section("forks", "Forks, and what would decide them", tuple(blocks), "The plans do not differ on anything.")


def _alternative(case: Case, fork: Fork, n: int) -> tuple[Cell, ...]:
    alternative = fork.alternatives[n]
    options = [case.option(id) for id in alternative.items]
    source = tuple(c for o in options for c in o.record.source) or fork.source
    words = alternative_words(case, alternative).removesuffix(" (check first)")
    required, other, _, burden = alternative.axes
    gaps = [
        Said(f"{gap} {name}", calculation=f"parts of {name} needs left open (two each) or answered only weakly (one)")
        for gap, name in ((required, "required"), (other, "other"))
        if gap
    ]
    checks = tuple(
        Said(c.label, c.source) for o in options for c in o.check_first if c.label in alternative.check_first
    )
    cautions = tuple(
        Said(f"{c.label}. {c.action}", c.source) for o in options for c in o.cautions if c.label in alternative.cautions
    )
    return (
        cell(Said(words, source)),
        checks or cell("–"),
        cautions or cell("–"),
        tuple(gaps) or cell("nothing"),
        cell(Said(str(burden), calculation="sum of the burden of the new items in its best plan")),
    )


# -- plans side by side ---------------------------------------------------------------------------------------


def plan_names(case: Case) -> tuple[str, ...]:
    """The plans shown by letter."""
    return tuple(f"Plan {letter}" for letter in LETTERS[: len(case.shown.plans)])


def need_grid(case: Case) -> Grid:
    """The needs that are raised, or about which it cannot be told, against the plans shown."""
    plans = case.shown.plans
    needs = tuple(
        (Said(n.record.title, n.record.source, _origin(n.because)), n.record.required,
         tuple(plan.needs.get(n.record.id, "not_raised") for plan in plans))
        for n in case.findings.needs
        if n.raised is not False
    )  # fmt: skip
    return Grid(plan_names(case), needs)


def _plans(case: Case) -> Section:
    plans, names = case.shown.plans, plan_names(case)
    if not plans:
        return Section("plans", "Plans side by side", (), "No plan yet: answer more, or every need is met.")
    blocks: list[Block] = [need_grid(case)]
    grid = blocks[0]
    assert isinstance(grid, Grid)
    rows = tuple(
        (cell(title, "required" if required else None), *(cell(NEED_WORDS[status]) for status in statuses))
        for title, required, statuses in grid.needs
    )
    blocks.append(Table("The same in words: each need in each plan", ("Need", *names), rows))
    rows = tuple(_item_row(case, item) for item, _ in items_shown(case))
    blocks.append(Table("What each plan holds", ("Item", *names), rows + tuple(_plan_rows(case))))
    if case.shown.more:
        total = len(case.frontier.plans)
        more = Said(f"And {case.shown.more} more.", calculation=f"{total} plans found, {len(plans)} shown")
        blocks.append(Note(more))
    blocks += _lenses(case)
    return Section("plans", "Plans side by side", tuple(blocks))


def _item_row(case: Case, item: Item) -> tuple[Cell, ...]:
    name = Said(said_item(case, item.id, item.instead), item.option.record.source)
    cells = []
    for plan in case.shown.plans:
        here = next((i for i in plan.items if i.id == item.id), None)
        cells.append(cell(here.verb if here else "–"))
    return (cell(name), *cells)


def _plan_rows(case: Case) -> list[tuple[Cell, ...]]:
    content, plans = case.content, case.shown.plans
    sides = {n.record.id: n.record.title for n in case.findings.needs}

    def gives_up(plan: Plan) -> Cell:
        found = tuple(Said(sides[id], content.needs[id].source) for id in plan.gives_up)
        return found or cell("nothing")

    return [
        (cell("Leaves open or partly open"), *(gives_up(plan) for plan in plans)),
        (
            cell("Cautions"),
            *(
                tuple(
                    Said(text, calculation="precautions, open checks and major pairs of its items")
                    for text in p.cautions
                )
                or cell("none")
                for p in plans
            ),
        ),
        (
            cell("Burden"),
            *(
                cell(Said(str(p.burden), calculation="sum of the burden of its new items, none to four each"))
                for p in plans
            ),
        ),
    ]


def _lenses(case: Case) -> list[Block]:
    views = case.shown.lenses
    if not views or not case.shown.plans:
        return []
    rows = []
    for view in views:
        place = case.shown.plans.index(view.first) if view.first in case.shown.plans else None
        first = "a plan not shown" if place is None else f"plan {LETTERS[place]}"
        only = tuple(Said(said_item(case, id), case.content.treatments[id].source) for id in view.only_here)
        says = view.lens.says + (" This order is an assumption." if view.lens.assumption else "")
        rows.append((cell(view.lens.title), cell(first), only or cell("–"), cell(Said(says, view.lens.source))))
    blocks: list[Block] = [
        Table("Three ways of looking", ("Whose view", "First", "Only in this first plan", "The order"), tuple(rows))
    ]
    agreed = tuple(Said(said_item(case, id), case.content.treatments[id].source) for id in case.shown.consensus)
    if agreed:
        blocks.append(Listing("In all first plans", agreed))
    return blocks


# -- dates, conflicts, effects, steps -------------------------------------------------------------------------


def _dates(case: Case) -> Section:
    as_of = case.profile.as_of
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    for item, letters in items_shown(case):
        record = item.option.record
        for line in record.monitoring:
            days = f"{line.first_days} days after the start"
            when = (as_of + timedelta(days=line.first_days)).isoformat() if as_of else days
            said = Said(when, line.source, calculation=f"{as_of} + {line.first_days} days" if as_of else days)
            row = (
                cell(said),
                cell(Said(line.what, line.source), Said(line.why, line.source)),
                cell(Said(line.when, line.source)),
                cell(Said(record.short, record.source), _where(case, item, letters)),
                cell(roles(case, record.owner[:1], record.source)),
            )
            rows.append((line.first_days, row))
    rows.sort(key=lambda entry: entry[0])
    blocks: tuple[Block, ...] = ()
    if rows:
        start = Said("Counted as if each item started on the day of this case.", origin=("as_of",))
        head = ("First look", "At what, and why", "Then", "For", "Who")
        blocks = (Note(start), Table("First dates to look again", head, tuple(row for _, row in rows)))
    return Section("dates", "Dates to look again", blocks, "Nothing started, so nothing to follow yet.")


def _conflicts(case: Case) -> Section:
    content = case.content
    name = {t.id: t.short for t in content.treatments.values()}
    kept = tuple(
        (
            cell(Said(f"{name.get(a, a)} with {soft(name.get(b, b))}", r.source)),
            cell(Said(r.effect, r.source)),
            cell(Said(r.action, r.source)),
        )
        for a, b, r in case.frontier.excluded
    )
    closed = tuple(
        (
            cell(Said(o.record.title, o.record.source), o.verb),
            tuple(Said(c.label, c.source) for c in o.closed_by)
            + tuple(Said(f"{x.record.title}: {x.other}", x.record.source) for x in o.meets if x.severity == "stop"),
            tuple(Said(c.instead, c.source) for c in o.closed_by if c.instead) or cell("–"),
        )
        for o in case.options
        if o.safety == "contraindicated" and o.verb in ("Do not start", "Change")
    )
    pairs = {r.id: (a, b, r) for plan in case.shown.plans for a, b, r in plan.pairs if r.severity != "timing"}
    in_plans = tuple(
        (
            cell(Said(f"{name[a]} with {soft(name[b])}", r.source), r.severity),
            cell(Said(r.effect, r.source)),
            cell(Said(r.action, r.source)),
        )
        for a, b, r in pairs.values()
    )
    in_use = {(i.id, x.record.id): (i, x) for i, _ in items_shown(case) for x in i.option.meets if x.severity != "stop"}
    with_use = tuple(
        (
            cell(Said(f"{name[i.id]} with {x.other}", x.record.source, _paths(x.in_use)), x.severity),
            cell(Said(x.record.effect, x.record.source)),
            _action(x.record),
        )
        for i, x in in_use.values()
    )  # fmt: skip
    head = ("Pair", "What could happen", "What to do")
    tables = (
        Table("Kept out of every plan", head, kept),
        Table("Not started, or to be changed", ("Option", "Why", "Instead"), closed),
        Table("Pairs inside a plan that need care", head, in_plans),
        Table("With what is taken now", head, with_use),
    )
    return Section(
        "conflicts", "Conflicts avoided, and waits", tuple(t for t in tables if t.rows),
        "No conflict was found among the items looked at.",
    )  # fmt: skip


def _action(record: m.Interaction) -> Cell:
    wait = Said(f"Wait: {record.wait}", record.source) if record.wait else None
    return cell(Said(record.action, record.source), wait)


def _paths(places: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(f"medicines.{n}" for n in places)


def _effects(case: Case) -> Section:
    rows = []
    for item, _ in items_shown(case):
        for n, effect in enumerate(item.option.record.effects):
            rows.append(
                (
                    cell(Said(item.option.record.short, item.option.record.source) if not n else "″"),
                    cell(Said(effect.outcome, effect.source)),
                    cell(Said(effect.words, effect.source), _number(effect)),
                    cell(Said(f"{effect.population}; against {soft(effect.comparator)}", effect.source)),
                    cell(Said(effect.certainty, effect.source), effect.design),
                )
            )
    warning = Said(SEPARATE)
    head = ("Item", "Outcome", "Effect", "In whom, against what", "Certainty")
    blocks = (Note(warning), Table("Each item by itself", head, tuple(rows))) if rows else ()
    return Section("effects", "What each item has shown", blocks, "No effect is on record for these items.")


def _number(effect: m.Effect) -> Said | None:
    """The number with its interval, only where the source was read and gave one."""
    if effect.value is None or effect.lo is None or effect.hi is None or m.lowest(effect.source) == "recall":
        return None
    return Said(f"{effect.value:g} ({effect.lo:g} to {effect.hi:g}) {effect.unit}".strip(), effect.source)


def _steps(case: Case) -> Section:
    wanted = {item.option.record.pathway: item for item, _ in items_shown(case) if item.option.record.pathway}
    blocks: list[Block] = []
    for id, item in wanted.items():
        pathway = case.content.pathways.get(id or "")
        if pathway is None or case.content.test(pathway.entry)(case.facts.values) is False:
            continue
        rows = tuple(
            (
                cell(Said(step.title, step.source), PHASE_WORDS[step.phase]),
                tuple(Said(text, step.source) for text in step.do),
                cell(Said(step.success, step.source)),
                cell(Said(f"If met: {step.if_met}", step.source), Said(f"If not: {step.if_not}", step.source)),
                cell(roles(case, step.owner, step.source)),
            )
            for step in pathway.steps
        )
        head = ("Step", "Do", "It worked when", "Then", "Who")
        blocks.append(Table(Said(f"{pathway.title} ({item.option.record.short})", pathway.source), head, rows))
    return Section("steps", "Step by step, if chosen", tuple(blocks), "No care pathway belongs to these items.")
