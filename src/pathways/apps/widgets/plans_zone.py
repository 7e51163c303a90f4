"""The zone of plans: what every plan holds once, then only where they differ, and each item opened to its reasons.

Made when somebody looks at it, and told in one message of its own, so that an answer is on the first page no later for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from markupsafe import Markup

from ...content.models import PHASES, SEATS
from ...pages.blocks import NEED_WORDS, PHASE_WORDS
from ...pages.plan_sections import no_plan
from ...review.case import Case
from ...review.held import Hold, hold
from ...review.menu import menu
from ...review.plans import Item, Plan, Unmet, Within, by_name
from . import blocks, item_zone
from .around import marked
from .marks import within_of

DOTS: Mapping[str, str] = {
    "addressed": "●",
    "in_place": "◉",
    "partly": "◐",
    "open": "○",
    "cannot_tell": "?",
    "not_raised": "–",
}
ANEW = " None of the plans before is left: the letters begin anew."
HELD_WORDS = {"in": "locked in", "out": "ruled out", "burden": "burden at most"}
WISH_WORDS = {"asks_for": "The person asks for it", "refuses": "The person does not want it"}


class PlansZone:
    """Makes the zone of one widget's case. It remembers which letter each plan has got, for as long as the case is open."""

    def __init__(self) -> None:
        self._letters: dict[frozenset[str], str] = {}
        self._apart: dict[frozenset[str], str] = {}
        self._of = -1  # the opening of the case that the letters are of

    def message(self, case: Case, state: Mapping[str, Any], opened: int, renders: int) -> dict[str, Any]:
        """The zone of a case as a message to the page; ``renders`` is the view that it belongs to."""
        held = hold(case, within_of(state, case.content))
        if opened != self._of:
            self._letters, self._apart, self._of = {}, {}, opened
        anew, named = self._named(held)
        return {
            "do": "plans",
            "renders": renders,
            "html": str(zone_html(held, named, state, _burdens(case, held))),
            "status": _status(held, list(named)) + (ANEW if anew else ""),
        }

    def _named(self, held: Hold) -> tuple[bool, dict[str, Plan]]:
        """The plans shown by letter, and whether the letters begin anew. A plan has the letter of the plan that it is, or that
        is set apart from the others by the same items: what is added to every plan at once moves no letter. Only where nothing
        that had a letter is left do they begin anew."""
        plans = held.case.shown.plans
        core = {item.id for item in _shared(plans)} if plans else set()
        apart = {plan.ids: plan.ids - core for plan in plans}
        known = {plan.ids: self._letters.get(plan.ids) for plan in plans}
        for plan in plans:
            same = self._apart.get(apart[plan.ids])
            known[plan.ids] = known[plan.ids] or (same if same not in known.values() else None)
        anew = bool(self._letters and plans) and not held.within and not any(known.values())
        if anew:
            self._letters, self._apart = {}, {}
        for plan in plans:
            letter = known[plan.ids] or _letter(len({*self._letters.values()}))
            self._letters[plan.ids] = letter
            if len(plans) > 1:
                self._apart[apart[plan.ids]] = letter
        by_letter = sorted(plans, key=lambda plan: (len(self._letters[plan.ids]), self._letters[plan.ids]))
        return anew, {self._letters[plan.ids]: plan for plan in by_letter}

    def item(self, case: Case, state: Mapping[str, Any], id: str) -> dict[str, Any]:
        """What an item opens to, as a message; of a treatment that the content does not have, nothing is told."""
        known = id in case.content.treatments
        held = hold(case, within_of(state, case.content)) if known else None
        return {"do": "item", "item": id, "html": str(item_zone.item_html(held, id)) if held else ""}


def _letter(n: int) -> str:
    return chr(65 + n) if n < 26 else f"{chr(64 + n // 26)}{chr(65 + n % 26)}"


def _status(held: Hold, names: list[str]) -> str:
    found = len(held.case.frontier.plans)
    more = f", {found - len(names)} more found" if found > len(names) else ""
    kept = f"; {len(held.unmet)} of what you asked for cannot be followed" if held.unmet else ""
    which = f"Plan{'s' * (len(names) != 1)} {', '.join(names)}" if names else "No plan yet"
    return f"{which}{more}{kept}."


def _burdens(case: Case, held: Hold) -> list[int]:
    """The burdens of the plans that there are without a limit: ``case`` is the one before it was held to anything."""
    free = hold(case, Within(held.within.locked, held.within.out)) if held.within.most is not None else held
    return sorted({plan.burden for plan in free.case.frontier.plans})


def zone_html(held: Hold, named: Mapping[str, Plan], state: Mapping[str, Any], burdens: list[int]) -> Markup:
    """The whole zone as HTML. ``named`` are the plans shown, by letter; ``burdens`` what a limit may be set to."""
    case = held.case
    names, plans = list(named), tuple(named.values())
    parts = [_chips(held, burdens)]
    if not plans:
        return Markup("").join([*parts, Markup("<p>{}</p>").format(no_plan(held.case))])
    parts += [_core(case, plans), _differ(case, plans, names), _cautions(plans, names), _agenda(case, state)]
    return Markup("").join([*parts, _others(case, plans)])


# ---- what the plans are held to -------------------------------------------------------------------------------


def _chips(held: Hold, burdens: list[int]) -> Markup:
    """What is locked in, ruled out and limited, each with the button that takes it off; and what cannot be followed."""
    asked = [("in", id) for id in sorted(held.within.locked)] + [("out", id) for id in sorted(held.within.out)]
    asked += [("burden", str(held.within.most))] if held.within.most is not None else []
    chips = [_chip(held.case, kind, id) for kind, id in asked]
    chips += [_chip(held.case, one.kind, one.id, one) for one in held.unmet]
    chips += [
        _taken_off(
            "wish", says, one.treatment, f"{WISH_WORDS[says]}: {held.case.content.treatments[one.treatment].short}"
        )
        for one in held.case.profile.wishes
        if (says := one.says)
    ]
    line = Markup("<ul class='cc-chips' aria-label='What the plans are held to'>{}</ul>").format(Markup("").join(chips))
    return Markup("<div class='cc-held'>{}{}</div>").format(line if chips else "", _limit(held, burdens))


def _chip(case: Case, kind: str, id: str, unmet: Unmet | None = None) -> Markup:
    words = HELD_WORDS[kind]
    name = f"{words}: {case.content.treatments[id].short}" if kind != "burden" else f"{words} {id}".strip()
    name = name[:1].upper() + name[1:]
    return _taken_off("free", kind, id, name, unmet.why if unmet else "")


def _taken_off(what: str, kind: str, id: str, name: str, unmet: str = "") -> Markup:
    """A chip with the button that takes it off."""
    why = Markup(" <span class='cc-unmet'>not followed: {}</span>").format(unmet) if unmet else ""
    return Markup(
        "<li class='cc-chip'><span>{}</span>{} <button type='button' class='cc-button cc-small' data-{}='{}' "
        "data-id='{}' aria-label='Take off: {}'>Take off</button></li>"
    ).format(name, why, what, kind, id, name)


def _limit(held: Hold, burdens: list[int]) -> Markup:
    """The burden that a plan may have: what the plans here have, and none."""
    most = held.within.most
    unmet = next((one for one in held.unmet if one.kind == "burden"), None)
    if len(burdens) < 2 and most is None and unmet is None:
        return Markup("")
    choices = Markup("<option value=''>any</option>") + Markup("").join(
        Markup("<option value='{}'{}>{}</option>").format(b, " selected" if b == most else "", b)
        for b in sorted({*burdens, *([most] if most is not None else [])})
    )
    return Markup("<label class='cc-limit'>Burden at most <select data-limit=''>{}</select></label>").format(choices)


# ---- core, and where the plans differ -------------------------------------------------------------------------


def item_button(case: Case, item: Item, where: str = "", *, said: str = "") -> Markup:
    """An item as a button that opens its reasons below it; ``where`` tells two places of one item apart."""
    check = item_zone.check_words(case, item)
    names = " or ".join([item.option.record.short, *said.split("|")] if said else [item.option.record.short])
    return Markup(
        "<button type='button' class='cc-item' data-item='{}' data-where='{}' aria-expanded='false'>"
        "<b>{}</b> {}{}</button>"
    ).format(item.id, where, item.verb, names, check)


def _instead(case: Case, item: Item) -> str:
    return "|".join(case.content.treatments[id].short for id in item.instead)


def _core(case: Case, plans: tuple[Plan, ...]) -> Markup:
    """What every plan holds, once, by phase; and the needs on which no two plans differ."""
    core = _shared(plans)
    phases = []
    for phase in PHASES:
        lines = [
            Markup("<li>{}</li>").format(item_button(case, item, said=_instead(case, item)))
            for item in core
            if item.phase == phase
        ]
        if lines:
            phases.append(
                Markup("<div class='cc-phase'><h4>{}</h4><ul>{}</ul></div>").format(
                    PHASE_WORDS[phase], Markup("").join(lines)
                )
            )
    alike = [need for need in _raised(case, plans) if len({plan.needs[need] for plan in plans}) == 1]
    needs = [Markup("<li>{}: {}</li>").format(_title(case, need), dot(plans[0].needs[need])) for need in alike]
    title = "In every plan" if len(plans) > 1 else "The plan"
    told = (
        Markup("<h4>Needs alike in every plan</h4><ul class='cc-dots'>{}</ul>")
        if len(plans) > 1
        else Markup("<h4>Needs</h4><ul class='cc-dots'>{}</ul>")
    )
    unsure = [_title(case, n.record.id) for n in case.findings.needs if n.raised is None]
    open_ = Markup("<p class='cc-help'>Cannot tell yet: {}</p>").format(Markup("; ").join(unsure)) if unsure else ""
    return Markup("<section class='cc-core'><h3>{}</h3><div class='cc-phases'>{}</div>{}{}</section>").format(
        title, Markup("").join(phases), told.format(Markup("").join(needs)) if needs else "", open_
    )


def _shared(plans: tuple[Plan, ...]) -> list[Item]:
    """The items that stand in each of the plans shown."""
    return [item for item in plans[0].items if all(item.id in plan.ids for plan in plans)]


def _raised(case: Case, plans: Iterable[Plan]) -> list[str]:
    return [n.record.id for n in case.findings.needs if n.raised and all(n.record.id in plan.needs for plan in plans)]


def _title(case: Case, need: str) -> Markup:
    record = case.content.needs[need]
    star = Markup(" <span class='cc-help'>required</span>") if record.required else ""
    return Markup("{}{}").format(record.title, star)


def dot(state: str) -> Markup:
    """The state of a need as a dot, with the same in words beside it."""
    return Markup("<span class='cc-dot cc-dot-{}'><span aria-hidden='true'>{}</span> {}</span>").format(
        state, DOTS[state], NEED_WORDS[state]
    )


def _differ(case: Case, plans: tuple[Plan, ...], names: list[str]) -> Markup:
    """A table of the rows on which the plans differ: needs, items by phase, burden."""
    if len(plans) < 2:
        return Markup("")
    body = Markup("").join(
        [*_need_rows(case, plans, names), *_item_rows(case, plans, names), *_burden_row(plans, names)]
    )
    heads = Markup("").join(Markup("<th scope='col' data-plan='{}'>Plan {}</th>").format(name, name) for name in names)
    more = len(case.frontier.plans) - len(plans)
    rest = Markup("<p class='cc-help'>{} more found that differ less.</p>").format(more) if more else ""
    return Markup(
        "<section class='cc-differ'><h3>Where they differ</h3><div class='cc-scroll' tabindex='0' role='region' "
        "aria-label='Where the plans differ'><table class='cc-plans'><caption class='cc-sr'>Only what is not the same in "
        "every plan</caption><thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table></div>{}</section>"
    ).format(heads, body, rest)


def _row(head: Any, cells: Iterable[Any], names: Iterable[str]) -> Markup:
    """A row with a cell for each plan; where there is no room for columns a cell is headed by its ``data-of``."""
    told = Markup("").join(
        Markup("<td data-of='Plan {}'>{}</td>").format(name, cell) for name, cell in zip(names, cells, strict=True)
    )
    return Markup("<tr><th scope='row'>{}</th>{}</tr>").format(head, told)


def _head(title: str, plans: int) -> Markup:
    return Markup("<tr class='cc-section'><th scope='rowgroup' colspan='{}'>{}</th></tr>").format(plans + 1, title)


def _need_rows(case: Case, plans: tuple[Plan, ...], names: list[str]) -> Iterator[Markup]:
    rows = [
        _row(_title(case, need), (dot(plan.needs[need]) for plan in plans), names)
        for need in _raised(case, plans)
        if len({plan.needs[need] for plan in plans}) > 1
    ]
    if rows:
        yield _head("Needs", len(plans))
        yield from rows


def _item_rows(case: Case, plans: tuple[Plan, ...], names: list[str]) -> Iterator[Markup]:
    shared = {item.id for item in _shared(plans)}
    own = {item.id: item for plan in reversed(plans) for item in plan.items if item.id not in shared}
    seats = list(SEATS)
    for phase in PHASES:
        rows = sorted(
            (item for item in own.values() if item.phase == phase),
            key=lambda item: (seats.index(item.option.record.seat), item.id),
        )
        if rows:
            yield _head(PHASE_WORDS[phase], len(plans))
        for item in rows:
            cells = (
                Markup("● {}").format(item.verb)
                if item.id in plan.ids
                else Markup("<span class='cc-not'>not in it</span>")
                for plan in plans
            )
            yield _row(item_button(case, item, said=_instead(case, item)), cells, names)


def _burden_row(plans: tuple[Plan, ...], names: list[str]) -> Iterator[Markup]:
    if len({plan.burden for plan in plans}) > 1:
        yield _head("What it asks of the person", len(plans))
        yield _row("Burden", (plan.burden for plan in plans), names)


# ---- cautions, agenda, other treatments -----------------------------------------------------------------------


def _cautions(plans: tuple[Plan, ...], names: list[str]) -> Markup:
    """Each caution once by its name, with the plans that it belongs to and, of a pair, who meets in which of them."""
    of: dict[str, list[str]] = {}
    who: dict[str, dict[str, list[str]]] = {}
    for name, plan in zip(names, plans, strict=True):
        for title, told in by_name(plan.cautions).items():
            of.setdefault(title, []).append(name)
            for pair in dict.fromkeys(c.who for c in told if c.who):
                who.setdefault(title, {}).setdefault(pair, []).append(name)
    lines = Markup("").join(
        Markup("<li><span class='cc-belongs'>{}</span> {}{}</li>").format(
            _plans_words(its, len(names)), title, _who(who.get(title, {}), its)
        )
        for title, its in sorted(of.items(), key=lambda pair: -len(pair[1]))
    )
    none = Markup("<p>None in these plans.</p>")
    return Markup("<section class='cc-watch'><h3>Cautions</h3>{}</section>").format(
        Markup("<ul>{}</ul>").format(lines) if lines else none
    )


def _who(pairs: Mapping[str, list[str]], its: list[str]) -> str:
    """Who meets, and in which plans where that is not all of those that the caution belongs to."""
    told = (pair if names == its else f"{pair} ({', '.join(names)})" for pair, names in pairs.items())
    return f": {'; '.join(told)}" if pairs else ""


def _plans_words(names: list[str], all: int) -> str:
    if len(names) == all and all > 1:
        return "Every plan"
    return f"Plan{'s' * (len(names) > 1)} {', '.join(names)}"


def _agenda(case: Case, state: Mapping[str, Any]) -> Markup:
    """What the marks of the room leave to talk about, and, once all is marked, what the first plan of each way of looking holds."""
    decided = state.get("marks", {})
    forks = blocks.forks_of(case)
    if not forks:
        return Markup("")
    lines = [Markup("<li>{}</li>").format(_talk(fork, decided.get(fork["id"], {}))) for fork in forks]
    agreed_to = marked({"marks": decided}, forks)
    core = {item.id for item in case.shown.core}
    short = {t.id: t.short for t in case.content.treatments.values()}
    agreed = [short[id] for id in case.shown.consensus if id not in core]
    told = Markup("<h4>In the first plan, whichever way you look</h4>{}").format(
        blocks.listed(agreed, "Nothing beyond what is in every plan.")
    )
    return Markup("<section class='cc-room'><h3>Agenda from the marks</h3><ul>{}</ul>{}</section>").format(
        Markup("").join(lines), told if agreed_to else ""
    )


def _talk(fork: Mapping[str, Any], marks: Mapping[str, str]) -> str:
    titles = {a["key"]: a["title"] for a in fork["alternatives"]}
    said = {
        mark: [titles[key] for key, m in marks.items() if m == mark and key in titles] for mark in ("for", "unsure")
    }
    blank = [title for key, title in titles.items() if key not in marks]
    if not any(key in marks for key in titles):
        return f"{fork['title']}: not marked yet."
    if len(said["for"]) == 1 and not said["unsure"] and not blank:
        return f"Agreed: {said['for'][0]}."
    open_ = [f"more than one is wanted ({'; '.join(said['for'])})"] if len(said["for"]) > 1 else []
    open_ += [f"unsure about {'; '.join(said['unsure'])}"] if said["unsure"] else []
    open_ += [f"not marked: {'; '.join(blank)}"] if blank else []
    return f"To talk about, {fork['title']}: {', and '.join(open_) or 'nobody is for any of them'}."


def _others(case: Case, plans: tuple[Plan, ...]) -> Markup:
    """What fits and stands in none of the plans shown, with the first reason, folded away; each opens, to be locked in."""
    shown = {id for plan in plans for item in plan.items for id in (item.id, *item.instead)}
    lines = [line for line in menu(case) if line.id not in shown]
    if not lines:
        return Markup("")
    told = Markup("").join(
        Markup("<li>{} <span class='cc-help'>{}</span></li>").format(
            item_button(case, Item(line.option, line.option.verb or "Consider"), "other"), line.says
        )
        for line in lines
    )
    return Markup(
        "<details class='cc-others'><summary>Fits, and in none of these plans: {}</summary><ul>{}</ul></details>"
    ).format(len(lines), told)
