"""Plans, decisions and what stands in them as plain JSON data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..content.models import lowest
from ..review.case import Case
from ..review.findings import cites
from ..review.mitigations import Mitigation
from ..review.plans import Fork, Item, Plan


def item_data(item: Item) -> dict[str, Any]:
    t = item.option.record
    return {
        "id": t.id,
        "title": t.title,
        "short": t.short,
        "verb": item.verb,
        "keeps": list(item.option.keeps),
        "phase": item.phase,
        "called_by": f"{item.called.table}:{item.called.id}" if item.called else None,
        "owner": list(t.owner),
        "delivered_by": list(t.delivered_by),
        "instead": list(item.instead),
        "seat": t.seat,
        "check_first": list(item.checks),
        "remote": t.remote,
        "pathway": t.pathway,
        "assumes": list(item.option.assumes),
        "source": cites(t.source),
        "confidence": t.confidence,
    }


def action_data(mitigation: Mitigation) -> dict[str, Any]:
    """An action beside the medicines that go on or are started."""
    record = mitigation.record
    return {
        "id": record.id,
        "title": mitigation.words,
        "short": record.short,
        "verb": mitigation.verb,
        "phase": mitigation.by,
        "called_by": ", ".join(dict.fromkeys(f"{d.table}:{d.id}" for d in mitigation.grounds)),
        "owner": list(record.owner),
        "for": list(mitigation.places),
        "source": cites(mitigation.source),
        "confidence": lowest(mitigation.source),
    }


def plan_data(plan: Plan, mitigations: Iterable[Mitigation] = ()) -> dict[str, Any]:
    """One plan as JSON data."""
    return {
        "items": [item_data(i) for i in plan.items],
        "beside": [action_data(a) for a in mitigations],
        "needs": dict(plan.needs),
        "cautions": [c.text for c in plan.cautions],
        "burden": plan.burden,
        "gives_up": list(plan.gives_up),
        "decisions": dict(plan.decisions),
        "conflicts": [
            {
                "a": a,
                "b": b,
                "id": r.id,
                "severity": r.severity,
                "effect": r.effect,
                "action": r.action,
                "source": cites(r.source),
            }
            for a, b, r in plan.pairs
        ],
        "timing": [
            {
                "item": id,
                "with": x.other,
                "id": x.record.id,
                "wait": x.record.wait,
                "effect": x.record.effect,
                "source": cites(x.record.source),
            }
            for id, x in plan.timing
        ],
    }


def fork_data(case: Case, fork: Fork) -> dict[str, Any]:
    return {
        "id": fork.id,
        "title": fork.title,
        "alternatives": [
            {
                "items": list(a.items),
                "beside": [action_data(m) for m in case.beside(Item(case.option(id), "") for id in a.items)],
                "title": a.title,
                "check_first": [c.label for c in a.check_first],
                "cautions": [c.label for c in a.cautions],
                "gaps": {"required": a.axes[0], "other": a.axes[1]},
                "caution_count": a.axes[2],
                "burden": a.axes[3],
            }
            for a in fork.alternatives
        ],
        "decided_by": list(fork.decided_by),
        "source": cites(fork.source),
        "confidence": fork.confidence,
    }
