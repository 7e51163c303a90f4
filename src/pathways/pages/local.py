"""What a site says of itself in words for people: its numbers, and who here holds the roles that own something."""

from __future__ import annotations

from collections.abc import Iterable

from ..care.services import Site
from ..review.audience import withheld
from ..review.case import Case
from .plan_sections import items_shown

MOST_LOCAL = 5


@withheld(())
def owners_here(case: Case, site: Site | None) -> tuple[tuple[str, str], ...]:
    """The role and, from the site's roster, who holds it here with the number: of the roles that own an item of the plans."""
    if site is None:
        return ()
    wanted = {owner for item, _ in items_shown(case) for owner in item.option.record.owner}
    return tuple(
        (case.content.roles[one.role].label, f"{one.name}{f', {one.phone}' if one.phone else ''}")
        for one in site.roster
        if one.role in wanted
    )


@withheld(())
def numbers_here(case: Case, site: Site | None, named: Iterable[str] = ()) -> tuple[tuple[str, str], ...]:
    """The site's own numbers, without those that stand among the general contacts, and those of whoever owns the treatments
    ``named``: a page that does not name a treatment does not tell of it by whom to call."""
    if site is None:
        return ()
    contacts = [contact.reach for contact in case.content.contacts.values()]
    treatments = case.content.treatments
    roles = {owner for id in named if id in treatments for owner in treatments[id].owner}
    found = [(n.label, n.number) for n in site.phone if not any(n.number in reach for reach in contacts)]
    found += [(one.name, one.phone) for one in site.roster if one.phone and one.role in roles]
    return tuple(dict.fromkeys(found))[:MOST_LOCAL]
