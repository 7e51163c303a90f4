"""Many people at once: `derive_table` makes the fact columns that compiled conditions read, in Polars.

Four tables come in, the three lists with the fields of a profile's entries as columns:

- ``people``: ``person_id``; one column an answer (a choice also as a list of what is still possible, a number also as
  ``<id>__lo`` and ``<id>__hi``); ``complete_<list>`` (yes, assumed, no) and ``asked_none_<list>`` (a list of ids).
- ``conditions``, ``medicines``, ``observations``: ``person_id`` and any of `table_input.COLUMNS`. A dose is a list of
  {ingredient, amount}, item answers are a list of {item, value}, and an observed choice stands in ``choice``.

Out comes one row a person, in the order of ``people``, laid out as `pathways.cohort.rules` says. Membership,
scores and dose sums are worked out by the functions for one person, once for each different entry (dose sums: each
different list of opioids); dates, maxima and definitions are Polars throughout. Polars is needed
here, in the other ``table_`` modules but `table_lists`, and in `pathways.cohort.rules`.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import polars as pl

from ..content import Content
from ..language import Choice
from .facts import CODE, FactColumns, columns_of
from .input import LISTS, Listed, people_in, tables_from_profiles
from .lists import bits
from .rules import compile_table, verdicts

__all__ = ["columns_of", "derive_table", "tables_from_profiles"]


def derive_table(
    content: Content,
    people: pl.DataFrame,
    conditions: pl.DataFrame,
    medicines: pl.DataFrame,
    observations: pl.DataFrame,
    *,
    as_of: date,
    absent: Literal["no", "unknown"],
) -> pl.DataFrame:
    """``person_id`` and the columns of every fact of the content, one row a person; null is unknown.

    ``absent`` says what it means that a list lacks something, for people without a ``complete_<list>`` of their own:
    ``"no"`` that there is none (as for a list "assumed" complete), ``"unknown"`` that nobody knows. It has no default,
    because a cohort read the wrong way is wrong in every line. Raises ValueError with every mistake found in a table:
    a column or id that does not exist, a value out of range, NaN, a person who is not in ``people``.
    """
    if absent not in ("no", "unknown"):
        raise ValueError(f"absent: say 'no' or 'unknown', not {absent!r}")
    _refuse_what_tables_cannot(content)
    base, asked = people_in(content, people, "assumed" if absent == "no" else "no")
    given = dict(zip(LISTS, (conditions, medicines, observations), strict=True))
    lists = {name: Listed(content, name, frame, base) for name, frame in given.items()}
    first = FactColumns(content, _concerned(content, _stood_in(content, base)), asked, lists, as_of).frame
    contradictory = _contradictory(content, first)
    if contradictory is None:
        return first.drop("p")
    # As for one person: what is contradicted counts as not answered, and nothing reckoned from it stays.
    again = base.join(contradictory, on="p", how="inner", maintain_order="left")
    settled = _stood_in(content, _unsettled(content, again))
    again = _unsettled(content, _concerned(content, settled)).select(base.columns)
    second = FactColumns(content, again, asked, lists, as_of).frame
    rest = first.join(again.select("p"), on="p", how="anti")
    return pl.concat([rest, second]).sort("p").drop("p")


def _unsettled(content: Content, people: pl.DataFrame) -> pl.DataFrame:
    """Without the answers that the contradictions of these people (a column each) unsettle; a yes that warns stays."""
    for name in {name for c in content.contradictions.values() for name in c.unsettles}:
        hit = pl.any_horizontal(
            pl.col(c.id) & ~pl.col(name).fill_null(False) if name in c.warns else pl.col(c.id)
            for c in content.contradictions.values()
            if name in c.unsettles
        )
        people = people.with_columns(
            pl.when(~hit).then(pl.col(column)).alias(column) for column in columns_of(name, content.schema[name])
        )
    return people


def _stood_in(content: Content, people: pl.DataFrame) -> pl.DataFrame:
    """With what the option of one choice says of other answers that were not given."""
    for answer in content.answers.values():
        for option, says in answer.stands_for.items():
            kind = content.schema[answer.id]
            assert isinstance(kind, Choice)
            given = (pl.col(f"{answer.id}__may") == bits(kind, {option})).fill_null(False)
            for other, value in says.items():
                told = content.schema[other]
                columns = columns_of(other, told)
                blank = pl.all_horizontal(pl.col(column).is_null() for column in columns)
                values = (bits(told, {value}),) if isinstance(told, Choice) and isinstance(value, str) else value
                people = people.with_columns(
                    pl.when(given & blank).then(pl.lit(one).cast(people.schema[column])).otherwise(column).alias(column)
                    for column, one in zip(columns, values, strict=True)
                )
    return people


def _concerned(content: Content, people: pl.DataFrame) -> pl.DataFrame:
    """With a no for what was not answered and surely does not concern the person, where its record says so."""
    nodes = {a.id: content.node(a.relevant_when) for a in content.answers.values() if a.else_no and a.relevant_when}
    if not nodes:
        return people
    concerns = verdicts(people, {id: compile_table(node, content.schema) for id, node in nodes.items()})
    return people.with_columns(
        pl.when(pl.col(id).is_null() & pl.lit(concerns[id]).eq(False).fill_null(False))
        .then(False)
        .otherwise(pl.col(id))
        .alias(id)
        for id in nodes
    )


def _refuse_what_tables_cannot(content: Content) -> None:
    """Never an approximation: what is not written for tables is an error that names it."""
    left_out = [
        f"{f.id} (function {f.function})" for f in content.facts.values() if f.function and f.function not in CODE
    ]
    left_out += [
        f"{name} (unsettled by {c.id}, but no answer)"
        for c in content.contradictions.values()
        for name in c.unsettles
        if name not in content.answers
    ]
    if left_out:
        raise ValueError(f"these facts cannot be derived in tables: {', '.join(left_out)}")


def _contradictory(content: Content, frame: pl.DataFrame) -> pl.DataFrame | None:
    """The people whose answers contradict each other, and which contradictions hold; None when there are none."""
    compiled = {c.id: compile_table(content.node(c.when), content.schema) for c in content.contradictions.values()}
    if not compiled:
        return None
    found = verdicts(frame, compiled).with_columns(pl.all().fill_null(False)).insert_column(0, frame["p"])
    found = found.filter(pl.any_horizontal(*compiled))
    return found if found.height else None
