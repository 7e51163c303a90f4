"""Every caution, pair and dose limit on people of whom it is true: in use, proposed, or one of each.

    python -m tests.review.drug_table             # write drug_table.md anew
    python -m tests.review.drug_table ID ...      # print these rows alone

Each record gets the smallest list of medicines that it speaks of, and the facts that make its condition true; what
the kit then says of each medicine stands in the row: its verdict, whether the first page names it, whether the handout
does. A reviewer reads the table; the test holds it to the content.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pathways.content import Content, load_content, once_per_content
from pathways.content import models as m
from pathways.facts import Facts, derive
from pathways.facts.membership import surely_in
from pathways.language import Value
from pathways.language.cells import cells_by_fact
from pathways.language.nodes import facts_of
from pathways.pages.handout import handout_text
from pathways.pages.page import first_page
from pathways.profile import Profile
from pathways.review import case as case_module
from pathways.review.case import Case

HERE = Path(__file__).with_name("drug_table.md")
AS_OF = "2026-11-02"
# The plainest first: how a medicine is listed is varied only where a class asks for it.
SHAPES: tuple[Mapping[str, str], ...] = (
    {"purpose": "pain", "route": "oral"},
    {"purpose": "other", "route": "oral"},
    {"purpose": "oud", "route": "oral"},
    {"purpose": "oud", "route": "sublingual"},
    {"purpose": "oud", "route": "subcutaneous"},
    {"purpose": "oud", "route": "intramuscular"},
    {"purpose": "pain", "route": "oral", "release": "er"},
    {"purpose": "pain", "route": "transdermal"},
    {"purpose": "pain", "route": "buccal"},
    {"purpose": "pain", "route": "topical"},
    {"purpose": "other", "route": "nasal"},
    {"purpose": "other", "route": "intravenous"},
)
BARE = ("keep", "start")
SPOKEN = ("change", "verify", "not_this")
Entry = dict[str, Any]
Reviewed = m.Interaction | m.MedicineCaution


@dataclass(frozen=True)
class Row:
    """One record in one situation: what was listed, and what the kit said of each entry."""

    record: str
    situation: str
    entries: tuple[str, ...]
    verdicts: tuple[str, ...]
    page: tuple[bool, ...]
    handout: tuple[bool, ...]
    options: tuple[str, ...]

    @property
    def hidden(self) -> bool:
        """Whether something has to change, or is not to be started, and the first page does not name it."""
        return any(verdict in SPOKEN for verdict, named in zip(self.verdicts, self.page, strict=True) if not named)

    @property
    def bare(self) -> bool:
        """Whether nothing at all was made of it: every entry simply goes on, or simply starts."""
        return all(verdict in BARE for verdict in self.verdicts)

    def cells(self) -> tuple[str, ...]:
        """The row as the table prints it."""
        return (
            self.record, self.situation, "; ".join(self.entries), "; ".join(self.verdicts),
            "; ".join("yes" if named else "–" for named in self.page),
            "; ".join("yes" if named else "–" for named in self.handout),
            ", ".join(self.options) or "–",
        )  # fmt: skip  # data, read across


def rows(content: Content, only: tuple[str, ...] = (), *, every: int = 1) -> Iterator[Row]:
    """The rows of the pairs and cautions in the order of the content: of all, or of one record in so many."""
    for place, record in enumerate((*content.interactions.values(), *content.medicine_cautions.values())):
        if (only and record.id not in only) or place % every:
            continue
        yield from _rows_of(record, content)


def _rows_of(record: Reviewed, content: Content) -> Iterator[Row]:
    if isinstance(record, m.Interaction) and record.b:
        pair = _pair(record, content)
        situations = (("both in use", "current", "current"), ("first proposed", "proposed", "current"),
                      ("second proposed", "current", "proposed"), ("both proposed", "proposed", "proposed"))  # fmt: skip  # data
        for name, *states in situations:
            listed = [{**entry, "state": state} for entry, state in zip(pair, states, strict=True)]
            yield _row(record, name, listed, content)
        return
    sides = record.a if isinstance(record, m.Interaction) else record.of
    entry = next(members(sides, content))
    for name, state in (("in use", "current"), ("proposed", "proposed")):
        yield _row(record, name, [{**entry, "state": state}], content)


def _row(record: Reviewed, situation: str, listed: list[Entry], content: Content) -> Row:
    profile = Profile.from_dict(
        {
            "as_of": AS_OF,
            "answers": {
                "age_years": 50,
                "sex": "female",
                "setting": "outpatient",
                "main_pain": "other",
                "pain_months": 20,
            },
            "medicines": listed,
            "complete": {"medicines": "yes", "conditions": "yes"},
        },
        content,
    )
    case = _review(profile, _true(record, content), content)
    said = {w.place: w for w in case.medicines}
    names = [content.medicines[e["ingredients"][0]].label for e in listed]
    page = " ".join(_words_of(first_page(case))).casefold()
    handout = " ".join(handout_text(case).split()).casefold()
    return Row(
        record.id,
        situation,
        tuple(f"{name} ({e['state']})" for name, e in zip(names, listed, strict=True)),
        tuple(said[n].verdict if n in said else "not judged" for n in range(len(listed))),
        tuple(name.casefold() in page for name in names),
        tuple(name.casefold() in handout for name in names),
        tuple(f"{o.record.short}: {o.verb}" for o in case.options if _brings(o.record, listed) and o.verb),
    )


def _brings(treatment: m.Treatment, listed: list[Entry]) -> bool:
    return any(e["ingredients"][0] in treatment.medicines for e in listed if e["state"] == "proposed")


def _words_of(page: Any) -> Iterator[str]:
    for action in page.do:
        yield from (part.text.text for part in action.parts)
    for red in page.red:
        yield red.title.text
        yield from (said.text for said in red.actions)
    yield from (said.text for said in page.contradictions)
    for choice in page.decide:
        yield choice.title.text
        yield from (way.text for way in choice.alternatives)


def _review(profile: Profile, given: Mapping[str, Value], content: Content) -> Case:
    """The review of a profile in whose facts the given ones are so, whatever the profile tells."""

    def given_facts(profile: Profile, *, content: Content) -> Facts:
        facts = derive(profile, content=content)
        return replace(facts, values={**facts.values, **given})

    with patch.object(case_module, "derive", given_facts):
        return case_module.review(profile, content=content)


def _true(record: Reviewed, content: Content) -> dict[str, Value]:
    """Facts that make the condition of a record true: none where it has none."""
    if not record.when:
        return {}
    node, test = content.node(record.when), content.test(record.when)
    known = dict.fromkeys(content.schema)
    cells = cells_by_fact(content.schema, node)
    names = sorted(facts_of(node))
    for values in product(*(cells[name] for name in names)):
        given = {name: cell.value for name, cell in zip(names, values, strict=True)}
        if test({**known, **given}) is True:
            return given
    raise AssertionError(f"nothing makes {record.id} true")


def _pair(record: m.Interaction, content: Content) -> tuple[Entry, Entry]:
    """Two entries of a pair: of different ingredients, and neither on both sides where that can be had."""
    pairs = [
        (a, b)
        for a in members(record.a, content)
        for b in members(record.b, content)
        if a["ingredients"] != b["ingredients"]
    ]
    return pairs[0]


def members(names: tuple[str, ...], content: Content) -> Iterator[Entry]:
    """One entry of each ingredient that surely is one of these classes or ingredients, the plainest shape of it."""
    for ingredient, shapes in shapes_of(content).items():
        for shape, classes in shapes:
            if ingredient in names or classes & set(names):
                yield {"name": content.medicines[ingredient].label, "ingredients": [ingredient], **shape}
                break


@once_per_content
def shapes_of(content: Content) -> dict[str, list[tuple[Mapping[str, str], frozenset[str]]]]:
    """The classes of each ingredient in each shape."""
    found: dict[str, list[tuple[Mapping[str, str], frozenset[str]]]] = {}
    for ingredient in content.medicines:
        listed = [{"name": ingredient, "ingredients": [ingredient], "state": "current", **shape} for shape in SHAPES]
        entries = Profile.from_dict({"as_of": AS_OF, "medicines": listed}, content).medicines
        found[ingredient] = [(shape, surely_in(content, e)) for shape, e in zip(SHAPES, entries, strict=True)]
    return found


def line_of(row: Row) -> str:
    """A row as a line of the table."""
    return f"| {' | '.join(row.cells())} |"


def table(content: Content, only: tuple[str, ...] = ()) -> str:
    """The table as Markdown."""
    head = ("record", "situation", "entries", "verdict", "first page", "handout", "options of the kit")
    lines = [head, tuple("---" for _ in head), *(row.cells() for row in rows(content, only))]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    if sys.argv[1:]:
        print(table(load_content(), tuple(sys.argv[1:])))
    else:
        HERE.write_text(table(load_content()))
