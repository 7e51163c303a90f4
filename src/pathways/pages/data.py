"""A case as plain JSON data: one place that names every key, for the CLI, the page, the notebooks and the tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .. import __version__
from ..care.assessment import assessed, ownership
from ..care.handout import corrections
from ..care.levels import level_of_care
from ..care.monitoring import checks
from ..care.services import Site, coverage_data, site_data
from ..care.trends import trends
from ..care.urine import read_urine
from ..content.loader import cites_of
from ..content.models import lowest
from ..facts import plain
from ..facts.membership import unread
from ..facts.mme import Line
from ..facts.verdicts import unique
from ..facts.words import ask_label, say_value
from ..review.audience import withheld
from ..review.case import Case, View
from ..review.explain import disagreements
from ..review.findings import cites
from ..review.medicines import weighed_data
from ..review.menu import menu
from ..review.mitigations import Mitigation
from ..review.options import Option, option_data
from ..review.pairs import pairs_data
from ..review.plans import Fork, Item, Plan
from ..review.questions import next_questions
from ..review.recorded import recorded
from ..review.status import assumed, content_status, need_status

SCHEMA_VERSION = 1


def case_data(case: Case, site: Site | None = None) -> dict[str, Any]:
    """The whole case. Same case, same data in the same order. A site fills in ``site``, and adds its
    sources; all else stays the same."""
    content, facts = case.content, case.facts
    data: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "kit_version": __version__,
        "content_hash": content.hash,
        "content_status": content_status(case),
        "as_of": case.profile.as_of.isoformat() if case.profile.as_of else None,
        "profile": case.profile.to_dict(),
        "facts": {
            name: {
                "value": plain(value),
                "says": say_value(content, name, value),
                "origin": list(facts.origin.get(name, ())),
                "assumes": sorted(facts.assumes.get(name, ())),
            }
            for name, value in sorted(facts.known(content).items())
        },
        "contradictions": [
            {
                "id": id,
                "title": content.contradictions[id].title,
                "unsettles": list(content.contradictions[id].unsettles),
            }
            for id in facts.contradictions
        ]
        + [{"id": d.id, "title": d.title, "unsettles": []} for d in facts.disputes],
        "emergencies": [
            {
                "id": e.record.id,
                "title": e.record.title,
                "state": e.state,
                "level": e.level,
                "labels": list(e.labels),
                "actions": list(e.record.actions),
                "because": list(e.because),
                "asks": list(e.asks),
                "assumes": list(e.assumes),
                "source": cites(e.record.source),
                "owner": list(e.record.owner),
                "confidence": e.record.confidence,
            }
            for e in case.findings.emergencies
        ],
        "findings": [
            {
                "id": f.record.id,
                "title": f.record.title,
                "status": f.status,
                "action": f.action,
                "why": f.record.why,
                "details": list(f.record.details),
                "strength": f.record.strength.model_dump(),
                "because": list(f.because),
                "asks": list(f.asks),
                "assumes": list(f.assumes),
                "confirm": f.confirm,
                "source": cites(f.record.source),
                "owner": list(f.record.owner),
                "confidence": f.record.confidence,
            }
            for f in case.findings.recommendations
        ],
        "needs": [
            {
                "id": n.record.id,
                "title": n.record.title,
                "side": n.record.side,
                "required": n.record.required,
                "status": need_status(case, n.record.id),
                "parts": [p.label for p in n.parts],
                "met": [p.label for p in n.met],
                "because": list(n.because),
                "asks": list(n.asks),
                "assumes": list(n.assumes),
                "source": cites(n.record.source),
                "confidence": n.record.confidence,
            }
            for n in case.findings.needs
        ],
        "options": [_option(case, o) for o in case.options],
        "medicines": [weighed_data(w) for w in case.medicines],
        "interactions": pairs_data(facts, content),
        "core": [_item(i) for i in case.shown.core],
        "beside": [_action(a) for a in case.beside(case.shown.core)],
        "forks": [_fork(case, f) for f in case.shown.forks],
        "plans": [plan_data(p, case.beside(p.items)) for p in case.shown.plans],
        "more_plans": case.shown.more,
        "menu": [line.to_dict() for line in menu(case)],
        "single_sided": case.frontier.single_sided,
        "not_done": [
            {"target": n.target, "because": f"{n.called.table}:{n.called.id}", "reason": n.reason}
            for n in case.frontier.not_done
        ],
        "conflicts_avoided": [
            {"a": a, "b": b, "id": r.id, "severity": r.severity, "effect": r.effect, "source": cites(r.source)}
            for a, b, r in case.frontier.excluded
        ],
        "agenda": {
            "consensus": list(case.shown.consensus),
            "lenses": [
                {
                    "id": v.lens.id,
                    "title": v.lens.title,
                    "first": _plan_place(case, v.first),
                    "items": sorted(v.first.ids) if v.first else [],
                    "only_here": list(v.only_here),
                    "order": list(v.lens.order),
                    "assumption": v.lens.assumption,
                    "source": cites(v.lens.source),
                }
                for v in case.shown.lenses
            ],
        },
        "sides": [one.to_dict() for one in assessed(case)],
        "owners": [one.to_dict() for one in ownership(case)],
        "disagreements": list(disagreements(case)),
        "corrections": [
            {
                "id": y.id,
                "claim": y.claim,
                "correction": y.correction,
                "details": y.details,
                "source": cites(y.source),
                "confidence": y.confidence,
            }
            for y in corrections(case)
        ],
        "pathways": [
            {
                "id": p.record.id,
                "title": p.record.title,
                "because": list(p.because),
                "steps": [
                    {
                        "id": s.id,
                        "phase": s.phase,
                        "title": s.title,
                        "state": state,
                        "owner": list(s.owner),
                        "source": cites(s.source),
                    }
                    for s, state in p.steps
                ],
                "exit": p.record.exit,
                "source": cites(p.record.source),
            }
            for p in case.findings.pathways
        ],
        "questions": [q.to_dict() for q in next_questions(case)],
        "monitoring": [check.to_dict() for check in checks(case)],
        "trends": [series.to_dict() for series in trends(case)],
        "urine": [result.to_dict() for result in read_urine(case)],
        "level_of_care": _level_of_care(case),
        "coverage": coverage_data(case),
        "not_counted": not_counted(case),
        "assumes": assumed(case),
        "site": site_data(case, site) if site else None,
    }
    data["sources"] = _sources(case, data)
    if case.view is not None:
        data["view"] = view_data(case.view)
    return data


@withheld(None)
def _level_of_care(case: Case) -> dict[str, Any]:
    return level_of_care(case).to_dict()


def _option(case: Case, option: Option) -> dict[str, Any]:
    return {**option_data(option, case.content, case.facts), **_relapse(case, option)}


@withheld({})
def _relapse(_: Case, option: Option) -> dict[str, str]:
    """What bears on a return to use."""
    return {"relapse": option.record.relapse}


def view_data(view: View) -> dict[str, Any]:
    """Whom the case is shown to, on what consents, and what goes below it."""
    return {
        "audience": view.audience,
        "restricted": view.restricted,
        "closed": view.closed,
        "consents": [consent.model_dump(mode="json", exclude_defaults=True) for consent in view.consents],
        "notices": list(view.notices),
    }


def _item(item: Item) -> dict[str, Any]:
    t = item.option.record
    return {
        "id": t.id,
        "title": t.title,
        "short": t.short,
        "verb": item.verb,
        "phase": item.phase,
        "called_by": f"{item.called.table}:{item.called.id}" if item.called else None,
        "owner": list(t.owner),
        "delivered_by": list(t.delivered_by),
        "instead": list(item.instead),
        "seat": t.seat,
        "check_first": [c.label for c in item.option.check_first],
        "remote": t.remote,
        "pathway": t.pathway,
        "assumes": list(item.option.assumes),
        "source": cites(t.source),
        "confidence": t.confidence,
    }


def _action(mitigation: Mitigation) -> dict[str, Any]:
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
        "items": [_item(i) for i in plan.items],
        "beside": [_action(a) for a in mitigations],
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


def _fork(case: Case, fork: Fork) -> dict[str, Any]:
    return {
        "id": fork.id,
        "title": fork.title,
        "alternatives": [
            {
                "items": list(a.items),
                "beside": [_action(m) for m in case.beside(Item(case.option(id), "") for id in a.items)],
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


def _plan_place(case: Case, plan: Plan | None) -> int | None:
    return case.shown.plans.index(plan) if plan in case.shown.plans else None


def _line(line: Line) -> dict[str, Any]:
    return {
        "what": line.label,
        "reason": line.reason,
        "arithmetic": line.arithmetic,
        "lo": line.lo,
        "hi": line.hi,
    }


def not_counted(case: Case) -> dict[str, Any]:
    """What the dose sum counted, left out on purpose, or could not count; and what else the facts could not use."""
    mme = case.facts.mme
    return {
        "mme_edition": mme.edition,
        "note": mme.note,
        "counted": [_line(x) for x in mme.counted],
        "left_out": [_line(x) for x in mme.not_counted],
        "not_calculable": [_line(x) for x in mme.not_calculable],
        "not_used": [str(one) for one in unique(case.facts.not_used)],
        "recorded": [one.to_dict() for one in recorded(case.profile, case.content)],
        "unrecognized": [e.label for e in case.profile.medicines if unread(case.content, e) and not e.none_of],
    }


def _sources(case: Case, data: dict[str, Any]) -> list[dict[str, Any]]:
    used: set[str] = set()
    left: list[Any] = [data]
    while left:  # some 10,000 places of a case, so this is no recursion
        value = left.pop()
        inside = value
        if type(value) is dict:
            if "confidence" in value and "at" in value and "id" in value:
                used.add(value["id"])
            inside = value.values()
        for inner in inside:
            if type(inner) is dict or type(inner) is list:
                left.append(inner)
    shown = {i.id for p in case.shown.plans for i in p.items}
    used |= {c.id for id in shown for c in cites_of(case.content.treatments[id])}
    return [
        {"id": s.id, "title": s.title, "year": s.year, "doi": s.doi, "url": s.url, "kind": s.kind}
        for s in case.content.sources.values()
        if s.id in used
    ]


def ask_words(case: Case, ask: str) -> str:
    """An askable input in words."""
    return ask_label(case.content, ask)
