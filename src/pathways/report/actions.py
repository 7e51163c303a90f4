"""What to do in any case: actions of findings that apply, harm reduction and core items, each theme said once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ..case import Case
from ..content import models as m
from ..findings import Finding
from ..plans import Item
from .shapes import Action, Part, Said

REST = 90
"""The rank from which an action is no longer for a first page."""


@dataclass(frozen=True)
class _Candidate:
    id: str
    theme: str
    rank: int
    part: Part


@dataclass(frozen=True)
class Theme:
    """Statements that say the same thing: first the one whose words are used. ``only_with`` must be among them."""

    id: str
    same: tuple[str, ...]
    only_with: str = ""


@cache
def themes() -> Mapping[str, Theme]:
    """The themes of themes.toml by id."""
    data = tomllib.loads(files(__package__).joinpath("themes.toml").read_text(encoding="utf-8"))
    return {t["id"]: Theme(t["id"], tuple(t["same"]), t.get("only_with", "")) for t in data["theme"]}


def actions_of(case: Case) -> tuple[Action, ...]:
    """All actions that stand whatever is decided, the weightiest first. Non-drug items of the core share one line."""
    found = [c for f in case.findings.recommendations if (c := _of_finding(case, f))]
    shared: list[_Candidate] = []
    for item in case.shown.core:
        candidate = _of_item(case, item)
        (shared if _shares_a_line(item) else found).append(candidate)
    ids = {candidate.id for candidate in found}
    by_theme: dict[str, list[_Candidate]] = {}
    for candidate in found:
        theme = themes().get(candidate.theme)
        apart = theme is not None and theme.only_with and theme.only_with not in ids
        by_theme.setdefault(candidate.id if apart else candidate.theme, []).append(candidate)
    ranked = [
        (min(c.rank for c in group), n, _merge(theme, group)) for n, (theme, group) in enumerate(by_theme.items())
    ]
    if shared:
        ranked.append((5, len(ranked), Action("non_drug", tuple(c.part for c in shared))))
    ranked.sort(key=lambda entry: entry[:2])
    return tuple(action for rank, _, action in ranked if rank < REST)


def first_actions(actions: tuple[Action, ...], most: int) -> tuple[Action, ...]:
    """The first ``most`` actions; the non-drug line keeps its place even where others outrank it."""
    chosen = list(actions[:most])
    treatment = next((a for a in actions if a.theme == "non_drug"), None)
    if treatment and treatment not in chosen and chosen:
        chosen[-1] = treatment
    return tuple(chosen)


def theme_of(id: str) -> str:
    """The theme of a recommendation or treatment: its own id where it stands in none."""
    return next((theme.id for theme in themes().values() if id in theme.same), id)


def _of_finding(case: Case, finding: Finding) -> _Candidate | None:
    """A recommendation as an action; None where it does not apply, or where a fork on the page already says it."""
    record = finding.record
    theme = theme_of(record.id)
    if finding.status != "applies":
        return None
    if theme == record.id:
        open_forks = {a for d in case.frontier.open_decisions for a in d.alternatives}
        if record.treatments and open_forks & set(record.treatments[:1]):
            return None
        if record.priority >= 7 or record.phase not in ("today", "this_week", "weeks_1_4"):
            return None
    rank = {1: 1, 2: 3, 3: 4}.get(record.priority, 3 + record.priority)
    said = Said(record.action, record.source, origin_of(finding.because))
    return _Candidate(record.id, theme, rank, Part(record.id, "", said, owner_of(case, record), finding.confirm))


def _of_item(case: Case, item: Item) -> _Candidate:
    record = item.option.record
    required = {need.record.id for need in case.findings.needs if need.raised and need.record.required}
    rank = (
        0 if item.verb == "Change"
        else 1 if record.seat == "moud"
        else 2 if record.seat == "harm_reduction"
        else 8 if record.seat == "level_of_care"
        else 7 if item.verb == "Keep"
        else 3 if any(a.need in required for a in record.addresses)
        else 6
    )  # fmt: skip
    part = Part(
        record.id, item.verb, Said(item_words(case, item), record.source, origin_of(item.option.because)),
        owner_of(case, record), item.option.in_place == "unknown",
    )  # fmt: skip
    return _Candidate(record.id, theme_of(record.id), rank, part)


def _shares_a_line(item: Item) -> bool:
    return item.option.record.seat in ("psychological", "movement") and item.verb in ("Offer", "Consider")


def _merge(theme: str, group: list[_Candidate]) -> Action:
    """One action for a theme: the words of its first member, the sources of all, and its first owner."""
    order = themes()[theme].same if theme in themes() else ()
    group = sorted(group, key=lambda c: order.index(c.id) if c.id in order else len(order))
    first = group[0].part
    text = Said(
        first.text.text,
        merged(c.part.text.source for c in group),
        tuple(dict.fromkeys(path for c in group for path in c.part.text.origin)),
    )
    confirm = any(c.part.confirm for c in group)
    return Action(theme, (Part(first.id, first.verb, text, first.owner, confirm),))


def merged(sources: Iterable[tuple[m.Cite, ...]]) -> tuple[m.Cite, ...]:
    """Several lists of citations as one, each place once."""
    return tuple({(cite.id, cite.at): cite for source in sources for cite in source}.values())


def origin_of(because: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
    """The profile paths behind some reasons, each once."""
    paths: dict[str, None] = {}
    for reason in because:
        found = reason["origin"]
        paths.update(dict.fromkeys(found if isinstance(found, list) else ()))
    return tuple(paths)


def owner_of(case: Case, record: m.Recommendation | m.Emergency | m.Treatment) -> Said:
    """Who sees to it: the first owner's role, or that nobody is named."""
    if not record.owner:
        return Said("unowned", record.source)
    return Said(case.content.roles[record.owner[0]].label, record.source)


def soft(text: str) -> str:
    """A text for the middle of a line: a small first letter, unless it starts with an abbreviation."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def item_words(case: Case, item: Item) -> str:
    """An item of a plan in words, with what it could be exchanged for and what to check before it starts."""
    return said_item(case, item.id, item.instead) + _checks(item)


def said_item(case: Case, id: str, instead: Iterable[str] = ()) -> str:
    """A treatment's short name, with the ones that it could be exchanged for."""
    names = [case.content.treatments[one].short for one in (id, *instead)]
    return " or ".join([names[0], *(soft(name) for name in names[1:])])


def _checks(item: Item) -> str:
    if item.verb != "Check first" or not item.option.check_first:
        return ""
    return " – " + soft(item.option.check_first[0].label)
