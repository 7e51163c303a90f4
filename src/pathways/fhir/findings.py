"""The twelve CDC recommendations, and the dose review inside two of them, read over the orders of a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..content import Content, load_content
from ..content import models as m
from ..disk.memory import no_collection
from ..facts.given import Values, defined
from ..facts.verdicts import finding_status
from ..facts.words import label_of
from ..language.explain import Explanation
from .order_work import OrderFacts
from .orders import order_facts
from .reading import Imported


@dataclass(frozen=True)
class OrderFinding:
    """One recommendation for one request. ``because`` says which facts decided and where they came from; ``asks`` what
    element would settle it; ``confirm``: it applies, and whether it is already in place is not known."""

    record: m.Recommendation
    status: str
    because: tuple[Mapping[str, Any], ...]
    asks: tuple[str, ...]
    assumes: tuple[str, ...]
    confirm: bool
    mme_per_day: float | None
    mme_per_day_min: float | None

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain JSON data."""
        return {
            "recommendation": self.record.id,
            "title": self.record.title,
            "status": self.status,
            "because": [dict(reason) for reason in self.because],
            "asks": list(self.asks),
            "assumes": list(self.assumes),
            "mme_per_day": self.mme_per_day,
            "mme_per_day_min": self.mme_per_day_min,
        }


@no_collection()
def order_findings(imported: Imported, *, content: Content | None = None) -> tuple[OrderFinding, ...]:
    """Every recommendation that is read over orders, in the order of the guideline."""
    content = content or load_content()
    facts = order_facts(imported, content)
    at_home = {content.known("answer", "where care takes place"): frozenset({"outpatient"})}  # no other orders are read
    values = defined(content, {**at_home, **facts.values}, content.order_definitions)
    most = facts.mme.hi if facts.mme and imported.basket else None
    doses = _plain(most), _plain(facts.mme_min)
    grounds = _Grounds(content, facts, values)
    return tuple(_finding(record, grounds, doses) for record in content.read_over_orders)


def _plain(number: float | None) -> float | None:
    return None if number is None else int(number) if number == int(number) else round(number, 4)


def _finding(record: m.Recommendation, grounds: _Grounds, doses: tuple[float | None, float | None]) -> OrderFinding:
    when, ends = record.over_orders
    explained = grounds.explain(when)
    names = list(explained.because)
    settle = explained.settle[0] if explained.settle else explained.matters
    done: bool | None = False
    if explained.verdict and ends:
        more = grounds.explain(ends)
        done = more.verdict
        if done is not None:
            names += more.because
        else:
            settle = more.settle[0] if more.settle else more.matters
    status = finding_status(explained.verdict, done)
    facts = grounds.facts
    leaves = grounds.leaves(names)
    is_open = explained.verdict is None or done is None
    waiting = [name for name in grounds.leaves(settle) if facts.values[name] is None] if is_open else []
    return OrderFinding(
        record,
        status,
        tuple(grounds.because(name) for name in leaves if facts.values[name] is not None),
        tuple(dict.fromkeys(a for name in waiting for a in facts.missing[name])),
        tuple(sorted({a for name in leaves for a in facts.assumes.get(name, ())})),
        status == "applies" and done is None,
        *doses,
    )


class _Grounds:
    """What the facts of one request say for its findings: several of them rest on the same facts."""

    def __init__(self, content: Content, facts: OrderFacts, values: Values) -> None:
        self.content, self.facts, self.values = content, facts, values
        self._behind: dict[str, list[str]] = {}
        self._said: dict[str, Mapping[str, Any]] = {}

    def explain(self, condition: str) -> Explanation:
        """A condition with its grounds."""
        return self.content.explainer(condition)(self.values)

    def leaves(self, names: Iterable[str]) -> list[str]:
        """The facts that orders tell behind some names, definitions taken apart into what decided them."""
        return list(dict.fromkeys(leaf for name in names for leaf in self._leaves(name)))

    def _leaves(self, name: str) -> list[str]:
        if name in self.facts.values:
            return [name]
        if name not in self.content.order_definitions:
            return []
        if name not in self._behind:
            when = self.content.facts[name].when
            assert when is not None
            explained = self.explain(when)
            self._behind[name] = self.leaves(explained.because if explained.verdict is not None else explained.matters)
        return self._behind[name]

    def because(self, name: str) -> Mapping[str, Any]:
        """A fact as a reason: its words, its value, and where it came from."""
        if name not in self._said:
            label = self.content.order_inputs[name].says or label_of(self.content, name)
            value, origin = self.facts.values[name], list(self.facts.origin.get(name, ()))
            self._said[name] = {"fact": name, "label": label, "value": value, "from": origin}
        return self._said[name]
