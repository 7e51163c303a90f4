"""Do two conditions mean the same? If not, an example on which they differ."""

from __future__ import annotations

from collections.abc import Mapping

from .cells import cells_by_fact
from .grammar import check
from .nodes import Node
from .person import Test, compile_terms
from .values import FactType, Value

LIMIT = 100_000


class TooManyCellsError(ValueError):
    """The comparison would have to look at more joint cells than its limit allows."""


def equivalent(a: Node, b: Node, schema: Mapping[str, FactType], limit: int = LIMIT) -> bool:
    """Whether `a` and `b` give the same verdict on every complete assignment of their facts.

    Exact. Raises TooManyCellsError after looking at `limit` joint cells.
    """
    return distinguish(a, b, schema, limit) is None


def distinguish(a: Node, b: Node, schema: Mapping[str, FactType], limit: int = LIMIT) -> dict[str, Value] | None:
    """A complete assignment of the facts used on which `a` and `b` differ, or None if there is none.

    Raises TooManyCellsError after looking at `limit` joint cells.
    """
    check(a, schema)
    check(b, schema)
    choices = {f: [cell.value for cell in cells] for f, cells in cells_by_fact(schema, a, b).items()}
    search = Search(compile_terms(a, schema), compile_terms(b, schema), limit)
    found = search.difference({}, list(choices.items()))
    return found if found is None else {fact: found.get(fact, first[0]) for fact, first in choices.items()}


class Search:
    """Look case by case for values on which two tests are both decided, and differ."""

    def __init__(self, left: Test, right: Test, limit: int = LIMIT) -> None:
        self.left, self.right, self.limit, self.seen = left, right, limit, 0

    def difference(self, known: dict[str, Value], to_split: list[tuple[str, list[Value]]]) -> dict[str, Value] | None:
        self.seen += 1
        if self.seen > self.limit:
            raise TooManyCellsError(f"more than {self.limit:,} joint cells: compare smaller conditions")
        one, two = self.left(known), self.right(known)
        if one is not None and two is not None:
            return known if one is not two else None
        if not to_split:  # only after a value that its fact cannot have
            return None
        (fact, values), rest = to_split[0], to_split[1:]
        tries = (self.difference({**known, fact: value}, rest) for value in values)
        return next((found for found in tries if found is not None), None)
