"""The pages on what else was weighed: forks with what would decide them, plans side by side, and each medicine in full."""

from __future__ import annotations

from collections.abc import Iterable

from ..content.models import PHASES
from ..language.words import soft
from ..review.actions import origin_of, said_item
from ..review.audience import withheld
from ..review.case import Case
from ..review.directives import Directive
from ..review.menu import LETTERS
from ..review.mitigations import Mitigation
from ..review.plans import Fork, Item, Plan, PlanCaution
from ..review.shapes import Said
from ..review.special import HOW_WORDS, PROPOSED_WORDS
from .blocks import NEED_WORDS, Block, Cell, Grid, Listing, Note, Section, Table, cell


def plan_sections(case: Case) -> tuple[Section, ...]:
    """What else was weighed, after the menu: the forks with what would decide them, and the plans side by side."""
    return (*((_forks(case),) if case.shown.forks else ()), _plans(case))


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


def besides_shown(case: Case) -> list[tuple[Mitigation, tuple[str, ...]]]:
    """Every action beside the medicines of the plans shown, with the letters of its plans."""
    found: dict[str, tuple[Mitigation, list[str]]] = {a.record.id: (a, []) for a in case.beside(case.shown.core)}
    for letter, plan in zip(LETTERS, case.shown.plans, strict=False):
        for action in case.beside(plan.items):
            found.setdefault(action.record.id, (action, []))[1].append(letter)
    return [(action, tuple(letters)) for action, letters in found.values()]


def _places(action: Mitigation) -> tuple[str, ...]:
    return tuple(f"medicines.{n}" for n in action.places)


def where(case: Case, id: str, letters: tuple[str, ...]) -> str:
    """In which plans an item or an action stands, in words."""
    return "every plan" if _in_core(case, id) else f"plan{'s' * (len(letters) != 1)} {', '.join(letters)}"


def only_in(case: Case, id: str, letters: tuple[str, ...]) -> str:
    """The plans of an item or an action that is not in every one, as the beginning of its line."""
    return "" if _in_core(case, id) else f"Plan{'s' * (len(letters) != 1)} {', '.join(letters)}. "


def _in_core(case: Case, id: str) -> bool:
    return any(id == item.id for item in case.shown.core) or any(
        id == action.record.id for action in case.beside(case.shown.core)
    )


def waits(ground: Directive) -> bool:
    """Whether it is not known yet, and would only speak against it if it is so."""
    return ground.kind == "waits_for"


def _ground(ground: Directive) -> Said:
    text = f"{ground.label}. {ground.action}" if ground.action else ground.label
    return Said(f"Not known: {soft(text)}" if waits(ground) else text, ground.source)


def _short(case: Case, id: str) -> str:
    """The short words of an action or a treatment."""
    action = case.content.actions.get(id)
    return action.short if action else case.option(id).record.short


@withheld(())
def medicine_annexes(case: Case) -> tuple[Section, ...]:
    """Each medicine that does not simply go on, with every reason, what to do about it, and what goes with it."""
    rows = []
    for weighed in case.medicines:
        if weighed.verdict in ("keep", "start"):
            continue
        verb = weighed.verb or PROPOSED_WORDS[weighed.verdict]
        how = [HOW_WORDS[weighed.how]] if weighed.how else []
        how += [f"instead: {weighed.instead}"] if weighed.instead and weighed.how else []
        origin = (f"medicines.{weighed.place}",)
        because = {d.label: _ground(d) for d in weighed.grounds}
        rows.append(
            (
                cell(
                    Said(f"{verb}: {weighed.label}", origin=origin),
                    Said("; ".join(how), origin=origin) if how else None,
                ),
                tuple(because.values()),
                cell(", ".join(_short(case, id) for id in weighed.beside) or "–"),
            )
        )
    if not rows:
        return ()
    table = Table("What each is weighed by", ("Medicine", "Why", "Goes with"), tuple(rows))
    return (Section("medicine_reasons", "Each medicine, with every reason", (table,), annex=True),)


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
    required, other, _, burden = alternative.axes
    gaps = [
        Said(f"{gap} {name}", calculation=f"parts of {name} needs left open (two each) or answered only weakly (one)")
        for gap, name in ((required, "required"), (other, "other"))
        if gap
    ]
    checks = tuple(Said(c.label, c.source) for c in alternative.check_first)
    cautions = tuple(Said(f"{c.label}. {c.action}", c.source) for c in alternative.cautions)
    return (
        cell(Said(alternative.line, source)),
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
    """The needs that are raised against the plans shown."""
    plans = case.shown.plans
    needs = tuple(
        (
            Said(n.record.title, n.record.source, origin_of(n.because)),
            n.record.required,
            tuple(plan.needs.get(n.record.id, "not_raised") for plan in plans),
        )
        for n in case.findings.needs
        if n.raised
    )
    return Grid(plan_names(case), needs)


def no_plan(case: Case) -> str:
    """Why there is no plan: it cannot be told yet what is needed, or nothing is."""
    if any(n.raised is None for n in case.findings.needs):
        return "No plan yet: too little is answered to tell what is needed."
    return "No plan: nothing that was asked about calls for one."


def _plans(case: Case) -> Section:
    plans, names = case.shown.plans, plan_names(case)
    if not plans:
        return Section("plans", "Plans side by side", (), no_plan(case))
    grid = need_grid(case)
    rows = tuple(
        (cell(title, "required" if required else None), *(cell(NEED_WORDS[status]) for status in statuses))
        for title, required, statuses in grid.needs
    )
    if len(plans) == 1:  # there is nothing to compare
        return Section(
            "plans", "The plan, need by need", (Table("Each need in the plan", ("Need", "In the plan"), rows),)
        )
    blocks: list[Block] = [grid, Table("The same in words: each need in each plan", ("Need", *names), rows)]
    unclear = tuple(Said(n.record.title, n.record.source) for n in case.findings.needs if n.raised is None)
    if unclear:
        blocks.append(Listing("Cannot be told yet whether these needs are there", unclear, inline=True))
    rows = tuple(_item_row(case, item) for item, _ in items_shown(case))
    blocks.append(Table("What each plan holds", ("Item", *names), rows + tuple(_plan_rows(case))))
    if actions := besides_shown(case):
        said = tuple(
            Said(f"{a.words}: {where(case, a.record.id, letters)}", a.source, _places(a)) for a, letters in actions
        )
        blocks.append(Listing("Beside the medicines", said))
    if shared := _shared_cautions(case):
        blocks.append(Listing("Cautions in every plan", _cautions(shared)))
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
    shared = _shared_cautions(case)
    sides = {n.record.id: n.record.title for n in case.findings.needs}

    def gives_up(plan: Plan) -> Cell:
        found = tuple(Said(sides[id], content.needs[id].source) for id in plan.gives_up)
        return found or cell("nothing")

    return [
        (cell("Leaves open or partly open"), *(gives_up(plan) for plan in plans)),
        (
            cell("Cautions of its own"),
            *(_cautions(c for c in p.cautions if c not in shared) or cell("none") for p in plans),
        ),
        (
            cell("Burden"),
            *(
                cell(Said(str(p.burden), calculation="sum of the burden of its new items, none to four each"))
                for p in plans
            ),
        ),
    ]


def _shared_cautions(case: Case) -> tuple[PlanCaution, ...]:
    plans = case.shown.plans
    return tuple(c for c in plans[0].cautions if all(c in p.cautions for p in plans[1:])) if len(plans) > 1 else ()


def _cautions(cautions: Iterable[PlanCaution]) -> tuple[Said, ...]:
    """Cautions, each once: a pair that several items make is said by its name; the conflicts below name the items."""
    found: dict[str, Said] = {}
    for caution in cautions:
        told = [Said(name, pair.source) for name, pair in caution.pairs]
        for said in told or [Said(caution.text, calculation="precautions and open checks of the items")]:
            found.setdefault(said.text, said)
    return tuple(found.values())


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
        Table(
            "The first plan of each role", ("Whose view", "First", "Only in this first plan", "The order"), tuple(rows)
        )
    ]
    agreed = tuple(Said(said_item(case, id), case.content.treatments[id].source) for id in case.shown.consensus)
    if agreed:
        blocks.append(Listing("In all first plans", agreed, inline=True))
    return blocks
