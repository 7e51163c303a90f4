"""Small HTML and data blocks of the widgets, made from a case and escaped. No clinical logic: what is shown was decided before."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from markupsafe import Markup

from ...content import Content
from ...content.models import PHASES
from ...facts.words import label_of
from ...pages.blocks import NEED_WORDS, PHASE_WORDS
from ...pages.data import case_data
from ...pages.page import fork_words
from ...pages.plan_sections import no_plan
from ...profile import Condition, Medicine
from ...review.case import Case

CELL = Markup("<td>{}</td>")


def data_link(text: str, kind: str) -> str:
    """A text as a ``data:`` address that a browser can save: nothing goes over the network."""
    return f"data:{kind};charset=utf-8;base64,{b64encode(text.encode()).decode()}"


def file_data(name: str, text: Callable[[], str], unread: Iterable[Iterable[str]]) -> dict[str, Any]:
    """The case as a file to save; no file, but what it would be without, while something in the form cannot be read."""
    lost = [": ".join(one) for one in unread]
    return {"name": name, "href": "" if lost else data_link(text(), "application/toml"), "unread": lost}


def listed(items: Iterable[Any], empty: str = "") -> Markup:
    """Items as an HTML list; the empty text where there is none."""
    lines = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
    return Markup("<ul>{}</ul>").format(lines) if lines else Markup("<p>{}</p>").format(empty)


def forks_of(case: Case, most: int = 3) -> list[dict[str, Any]]:
    """The decisions to be marked: id, title and alternatives, each with the key that its mark is kept under."""
    found = []
    for fork in case.shown.forks[:most]:
        title, words = fork_words(fork)
        alternatives = [
            {"key": "+".join(a.items) or "none", "title": text}
            for a, text in zip(fork.alternatives, words, strict=True)
        ]
        found.append({"id": fork.id, "title": title, "alternatives": alternatives, "decided_by": list(fork.decided_by)})
    return found


def agenda_html(case: Case, lens: str) -> str:
    """What a lens puts first, what all of them agree on, and what only this one brings: the matter to talk about."""
    data = case_data(case)["agenda"]
    view = next((v for v in data["lenses"] if v["id"] == lens), None)
    if view is None:
        return ""
    short = {t.id: t.short for t in case.content.treatments.values()}
    says = case.content.lenses[lens].says
    assumption = (
        Markup("<p class='cc-help'>This order is an assumption, not a finding.</p>") if view["assumption"] else ""
    )
    return Markup("<p><b>{}.</b> {}</p>{}{}{}{}{}{}").format(
        view["title"],
        says,
        assumption,
        Markup("<h3>First in this order, by when it is done</h3>")
        + listed((short[i] for i in _by_time(case, lens)), "No plan yet."),
        Markup("<h3>In all three first plans</h3>"),
        listed((short[i] for i in data["consensus"]), "Nothing is in all three."),
        Markup("<h3>Only here: talk about it</h3>"),
        listed((short[i] for i in view["only_here"]), "Nothing is only here."),
    )


def _by_time(case: Case, lens: str) -> list[str]:
    """The items of the first plan of a lens: what is due first, and of that what something calls for, comes first."""
    first = next((view.first for view in case.shown.lenses if view.lens.id == lens), None)
    items = (
        sorted(first.items, key=lambda item: (PHASES.index(item.phase), item.called is None, item.id)) if first else []
    )
    return [item.id for item in items]


def plans_html(case: Case, most: int = 3) -> str:
    """Up to three whole plans side by side: needs, items by phase, cautions and burden."""
    data = case_data(case)
    plans = data["plans"][:most]
    if not plans:
        return Markup("<p>{}</p>").format(no_plan(case))
    wide, everywhere = len(plans), {item["id"] for item in data["core"]}
    body = _section("Needs", wide)
    open_: list[str] = []
    for need in data["needs"]:
        states = [plan["needs"].get(need["id"], "not_raised") for plan in plans]
        if set(states) == {"cannot_tell"}:
            open_.append(need["title"])
        elif set(states) != {"not_raised"}:
            body += _row(need["title"], [_need(state) for state in states], required=need["required"])
    if open_:
        body += Markup("<tr><th scope='row'>Cannot tell yet, in any plan</th><td colspan='{}'>{}</td></tr>").format(
            wide, "; ".join(open_)
        )
    body += _section("What is done, and when", wide)
    checks = {item.id: item.check_words for plan in case.shown.plans for item in plan.items}
    for phase in PHASES:
        cells = [_items(plan, phase, everywhere, checks) for plan in plans]
        if any(cells):
            body += _row(PHASE_WORDS[phase], cells)
    body += _section("What to watch, and what it asks", wide)
    body += _row("Cautions", [listed(plan["cautions"], "none") for plan in plans])
    body += _row("Burden for the person", [plan["burden"] for plan in plans])
    heads = Markup("").join(_head(n, plan, everywhere) for n, plan in enumerate(plans, 1))
    more = Markup("<p class='cc-help'>And {} more.</p>").format(data["more_plans"]) if data["more_plans"] else ""
    return Markup(
        "<table class='cc-plans'><caption>Plans side by side: ● in every plan, ○ only in some</caption>"
        "<thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table>{}"
    ).format(heads, body, more)


def _head(n: int, plan: Mapping[str, Any], everywhere: set[str]) -> Markup:
    """The head of a plan's column: its number, and what is only in some plans."""
    own = " + ".join(item["short"] for item in plan["items"] if item["id"] not in everywhere)
    return Markup("<th scope='col'>Plan {}<span class='cc-help'>{}</span></th>").format(n, own)


def _row(head: str, cells: Iterable[Any], required: bool = False) -> Markup:
    star = Markup(" <span class='cc-help'>required</span>") if required else ""
    return Markup("<tr><th scope='row'>{}{}</th>{}</tr>").format(
        head, star, Markup("").join(CELL.format(c) for c in cells)
    )


def _section(title: str, plans: int) -> Markup:
    return Markup("<tr class='cc-section'><th scope='rowgroup' colspan='{}'>{}</th></tr>").format(plans + 1, title)


def _need(state: str) -> Markup:
    return Markup("<span class='cc-need cc-need-{}'>{}</span>").format(state, NEED_WORDS[state])


def _items(plan: Mapping[str, Any], phase: str, everywhere: set[str], checks: Mapping[str, str]) -> Markup | str:
    lines = []
    for item in plan["items"]:
        if item["phase"] == phase:
            sign = "●" if item["id"] in everywhere else "○"
            check = f" – {checks[item['id']]}" if checks.get(item["id"]) else ""
            lines.append(Markup("{} <b>{}</b> {}{}").format(sign, item["verb"], item["short"], check))
    return listed(lines) if lines else ""


def changes_html(case: Case, changed: Iterable[Mapping[str, Any]]) -> str:
    """What a what-if changes, in words: before and after, with the recommendations folded away below the rest."""
    rows = {kind: Markup("") for kind in STATUS_TABLES}
    for change in changed:
        if change["kind"] in rows:  # core and forks are told by the table itself
            rows[change["kind"]] += Markup("").join(status_rows(case.content, [change]))
    first = Markup("").join(rows[kind] for kind in rows if kind != "recommendation")
    folded = rows["recommendation"]
    if not first and not folded:
        return Markup("<p>Nothing on the page would change.</p>")
    parts = _change_table("What would change", first) if first else Markup("")
    if folded:
        n = folded.count("<tr>")
        parts += Markup("<details><summary>Recommendations that change: {}</summary>{}</details>").format(
            n, _change_table("Recommendations", folded)
        )
    return parts


STATUS_TABLES = ("emergency", "need", "treatment", "recommendation")


def status_rows(content: Content, changed: Iterable[Mapping[str, Any]]) -> Iterator[Markup]:
    """Changed statuses as table rows in words: what, before, after. Core and forks follow from the rest and are left out."""
    for change in changed:
        if change["kind"] in STATUS_TABLES:
            record = content.tables[change["kind"]][change["id"]]
            words = [str(change[when] or "–").replace("_", " ") for when in ("before", "after")]
            yield _row(getattr(record, "short", record.title), words)


def _change_table(caption: str, rows: Markup) -> Markup:
    return Markup(
        "<table class='cc-changes'><caption>{}</caption><thead><tr><th scope='col'>What</th><th scope='col'>now</th>"
        "<th scope='col'>then</th></tr></thead><tbody>{}</tbody></table>"
    ).format(caption, rows)


def derived_of(case: Case, rows: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Rows that nobody answered but something else in the case did: the value, and what it follows from."""
    found = {}
    for key in rows:
        which, _, id = key.partition(".")
        fact = {"conditions": f"has_{id}", "medicines": f"takes_{id}"}.get(which)
        value = case.facts.values.get(fact) if fact else None
        if not isinstance(value, bool):
            continue
        origin = case.facts.origin.get(fact or "", ())
        words = (
            "; ".join(dict.fromkeys(_origin_words(case, path) for path in origin)) or "follows from the other answers"
        )
        found[key] = {"value": value, "why": f"{'Yes' if value else 'No'}: {words}"}
    return found


def _origin_words(case: Case, path: str) -> str:
    which, _, at = path.partition(".")
    if which in ("medicines", "conditions") and at.isdigit():
        entry = getattr(case.profile, which)[int(at)]
        return f"listed: {entry_words(case, entry)}"
    if which == "answers":
        return f"answered: {label_of(case.content, at).lower()}"
    if which == "complete":
        return "the list is complete"
    return "asked, none" if which == "asked_none" else path


def entry_words(case: Case, entry: Medicine | Condition) -> str:
    """An entry of a list for people: as written, else by the labels of what it names."""
    content = case.content
    if entry.name:
        return entry.name
    if isinstance(entry, Condition):
        named = content.conditions.get(entry.id or "") or content.condition_groups.get(entry.id or "")
        return named.label if named else ""
    ids = entry.ingredients or tuple(entry.dose)
    if ids:
        return " + ".join(content.medicines[id].label for id in ids)
    return content.medicine_classes[entry.medicine_class].label if entry.medicine_class else ""
