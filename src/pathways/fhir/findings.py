"""The twelve CDC recommendations, and the dose review inside two of them, held to the orders of a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..content import Content, load_content
from ..content import models as m
from ..content.order_rules import order_content
from ..facts.verdicts import complete, finding_status
from .orders import order_facts
from .reading import Imported
from .verdicts import OrderFacts


@dataclass(frozen=True)
class OrderFinding:
    """One recommendation for one request. ``because`` says which facts decided and where they came from; ``asks`` what
    element would settle it; ``confirm``: it applies, and whether it is already in place is not known."""

    record: m.Recommendation
    reading: m.OrderReading
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
    """Every recommendation that has a reading over orders, in the order of the guideline."""
    content = content or load_content()
    rules = order_content(content)
    facts = order_facts(imported, content)
    values = complete(rules, dict(facts.values))
    whole = facts.mme.hi if facts.mme and imported.basket else None
    return tuple(
        _finding(rules, content, reading, facts, values, _plain(whole), _plain(facts.mme_min))
        for reading in content.order_readings.values()
    )


def _plain(number: float | None) -> float | None:
    return None if number is None else int(number) if number == int(number) else round(number, 4)


def _finding(
    rules: Content, content: Content, reading: m.OrderReading, facts: OrderFacts, values: Mapping[str, Any],
    mme: float | None, mme_min: float | None,
) -> OrderFinding:  # fmt: skip
    explained = rules.explainer(reading.when)(values)
    names = list(explained.because)
    settle = explained.settle[0] if explained.settle else explained.matters
    done: bool | None = False
    if explained.verdict and reading.done:
        more = rules.explainer(reading.done)(values)
        done = more.verdict
        if done is not None:
            names += more.because
        else:
            settle = more.settle[0] if more.settle else more.matters
    status = finding_status(explained.verdict, done)
    leaves = _leaves(rules, names, values)
    open_leaves = _leaves(rules, settle, values) if explained.verdict is None or done is None else []
    return OrderFinding(
        content.recommendations[reading.id],
        reading,
        status,
        tuple(_because(content, name, facts) for name in leaves if facts.values.get(name) is not None),
        tuple(
            dict.fromkeys(
                a for name in open_leaves if facts.values.get(name) is None for a in facts.missing.get(name, ())
            )
        ),
        tuple(sorted({a for name in leaves for a in facts.assumes.get(name, ())})),
        status == "applies" and done is None,
        mme,
        mme_min,
    )


def _leaves(rules: Content, names: Any, values: Mapping[str, Any]) -> list[str]:
    """The facts behind some names, definitions taken apart into what decided them."""
    found: list[str] = []
    for name in names:
        definition = rules.facts.get(name)
        if definition is None or definition.when is None:
            found.append(name)
            continue
        explained = rules.explainer(definition.when)(values)
        inner = explained.because if explained.verdict is not None else explained.matters
        found += _leaves(rules, inner, values)
    return list(dict.fromkeys(found))


def _because(content: Content, name: str, facts: OrderFacts) -> dict[str, Any]:
    fact = content.order_facts[name]
    return {"fact": name, "label": fact.label, "value": facts.values[name], "from": list(facts.origin.get(name, ()))}
