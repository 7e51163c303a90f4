"""The twelve CDC recommendations, and the dose review inside two of them, read over the orders of a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..content import Content, load_content
from ..content import models as m
from ..facts.given import Values, defined
from ..facts.verdicts import finding_status
from ..facts.words import label_of
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


def order_findings(imported: Imported, *, content: Content | None = None) -> tuple[OrderFinding, ...]:
    """Every recommendation that is read over orders, in the order of the guideline."""
    content = content or load_content()
    facts = order_facts(imported, content)
    at_home = {content.known("answer", "where care takes place"): frozenset({"outpatient"})}  # no other orders are read
    values = defined(content, {**at_home, **facts.values}, content.order_definitions)
    most = facts.mme.hi if facts.mme and imported.basket else None
    doses = _plain(most), _plain(facts.mme_min)
    return tuple(_finding(content, record, facts, values, doses) for record in content.read_over_orders)


def _plain(number: float | None) -> float | None:
    return None if number is None else int(number) if number == int(number) else round(number, 4)


def _finding(
    content: Content,
    record: m.Recommendation,
    facts: OrderFacts,
    values: Values,
    doses: tuple[float | None, float | None],
) -> OrderFinding:
    when, ends = record.over_orders
    explained = content.explainer(when)(values)
    names = list(explained.because)
    settle = explained.settle[0] if explained.settle else explained.matters
    done: bool | None = False
    if explained.verdict and ends:
        more = content.explainer(ends)(values)
        done = more.verdict
        if done is not None:
            names += more.because
        else:
            settle = more.settle[0] if more.settle else more.matters
    status = finding_status(explained.verdict, done)
    leaves = _leaves(content, facts, names, values)
    is_open = explained.verdict is None or done is None
    waiting = (
        [name for name in _leaves(content, facts, settle, values) if facts.values[name] is None] if is_open else []
    )
    return OrderFinding(
        record,
        status,
        tuple(_because(content, name, facts) for name in leaves if facts.values[name] is not None),
        tuple(dict.fromkeys(a for name in waiting for a in facts.missing[name])),
        tuple(sorted({a for name in leaves for a in facts.assumes.get(name, ())})),
        status == "applies" and done is None,
        *doses,
    )


def _leaves(content: Content, facts: OrderFacts, names: Iterable[str], values: Values) -> list[str]:
    """The facts that orders tell behind some names, definitions taken apart into what decided them."""
    found: list[str] = []
    for name in names:
        if name in facts.values:
            found.append(name)
        elif name in content.order_definitions:
            when = content.facts[name].when
            assert when is not None
            explained = content.explainer(when)(values)
            inner = explained.because if explained.verdict is not None else explained.matters
            found += _leaves(content, facts, inner, values)
    return list(dict.fromkeys(found))


def _because(content: Content, name: str, facts: OrderFacts) -> dict[str, Any]:
    label = content.order_inputs[name].says or label_of(content, name)
    return {"fact": name, "label": label, "value": facts.values[name], "from": list(facts.origin.get(name, ()))}
