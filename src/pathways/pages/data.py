"""A case as plain JSON data: one place that names every key, for the CLI, the page, the notebooks and the tests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from .. import __version__
from ..care.assessment import assessed, ownership
from ..care.handout import corrections
from ..care.levels import level_of_care
from ..care.monitoring import checks
from ..care.services import Site, coverage_data, site_data
from ..care.trends import trends
from ..care.urine import read_urine
from ..content.loader import all_cites
from ..facts import plain
from ..facts.membership import unread
from ..facts.mme import Line
from ..facts.verdicts import unique
from ..facts.words import ask_label, say_value
from ..review.audience import withheld
from ..review.case import Case, View
from ..review.decided import decided, new_since
from ..review.explain import disagreements
from ..review.findings import cites
from ..review.medicines import weighed_data
from ..review.menu import menu
from ..review.options import Option, option_data
from ..review.pairs import pairs_data
from ..review.plans import Plan
from ..review.questions import next_questions
from ..review.recorded import recorded
from ..review.status import assumed, content_status, need_status
from .plan_data import action_data, fork_data, item_data, plan_data

SCHEMA_VERSION = 1
UNCITED = ("profile", "facts")


def case_data(case: Case, site: Site | None = None, *, parts: Collection[str] | None = None) -> dict[str, Any]:
    """The whole case, or the named ``parts`` of it. Same case, same data in the same order. A site fills in ``site``,
    and adds its sources; all else stays the same."""
    data = {name: made(case) for name, made in PARTS.items() if parts is None or name in parts}
    if parts is not None:
        return data
    data["site"] = site_data(case, site) if site else None
    data["sources"] = _sources(case, data)
    if case.view is not None:
        data["view"] = view_data(case.view)
    return data


def _facts(case: Case) -> dict[str, Any]:
    content, facts = case.content, case.facts
    return {
        name: {
            "value": plain(value),
            "says": say_value(content, name, value),
            "origin": list(facts.origin.get(name, ())),
            "assumes": sorted(facts.assumes.get(name, ())),
        }
        for name, value in sorted(facts.known(content).items())
    }


def _contradictions(case: Case) -> list[dict[str, Any]]:
    records = [case.content.contradictions[id] for id in case.facts.contradictions]
    found = [{"id": c.id, "title": c.title, "unsettles": list(c.unsettles), "source": cites(c.source)} for c in records]
    return found + [{"id": d.id, "title": d.title, "unsettles": [], "source": []} for d in case.facts.disputes]


def _emergencies(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "id": e.record.id,
            "title": e.record.title,
            "state": e.state,
            "level": e.level,
            "labels": list(e.labels),
            "actions": list(e.actions),
            "because": list(e.because),
            "asks": list(e.asks),
            "assumes": list(e.assumes),
            "source": cites(e.record.source),
            "owner": list(e.record.owner),
            "confidence": e.record.confidence,
        }
        for e in case.findings.emergencies
    ]


def _findings(case: Case) -> list[dict[str, Any]]:
    return [
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
    ]


def _needs(case: Case) -> list[dict[str, Any]]:
    return [
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
    ]


def _not_done(case: Case) -> list[dict[str, Any]]:
    return [
        {"target": n.target, "because": f"{n.called.table}:{n.called.id}", "reason": n.reason}
        for n in case.frontier.not_done
    ]


def _conflicts_avoided(case: Case) -> list[dict[str, Any]]:
    return [
        {"a": a, "b": b, "id": r.id, "severity": r.severity, "effect": r.effect, "source": cites(r.source)}
        for a, b, r in case.frontier.excluded
    ]


def _agenda(case: Case) -> dict[str, Any]:
    return {
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
    }


def _corrections(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "id": y.id,
            "claim": y.claim,
            "correction": y.correction,
            "details": y.details,
            "source": cites(y.source),
            "confidence": y.confidence,
        }
        for y in corrections(case)
    ]


def _pathways(case: Case) -> list[dict[str, Any]]:
    return [
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
    ]


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
    left: list[Any] = [{name: part for name, part in data.items() if name not in UNCITED}]
    while left:  # some 10,000 places of a case, so this is no recursion
        value = left.pop()
        inside = value
        if type(value) is dict:
            if "confidence" in value and "at" in value and "id" in value:
                used.add(value["id"])
                continue
            inside = value.values()
        for inner in inside:
            if inner and (type(inner) is dict or (type(inner) is list and type(inner[0]) is not str)):
                left.append(inner)
    shown = {i.id for p in case.shown.plans for i in p.items}
    used |= {c.id for id in shown for c in all_cites(case.content)["treatment", id]}
    return [
        {"id": s.id, "title": s.title, "year": s.year, "doi": s.doi, "url": s.url, "kind": s.kind}
        for s in case.content.sources.values()
        if s.id in used
    ]


def ask_words(case: Case, ask: str) -> str:
    """An askable input in words."""
    return ask_label(case.content, ask)


PARTS: Mapping[str, Callable[[Case], Any]] = {
    "schema_version": lambda _: SCHEMA_VERSION,
    "kit_version": lambda _: __version__,
    "content_hash": lambda case: case.content.hash,
    "content_status": content_status,
    "as_of": lambda case: case.profile.as_of.isoformat() if case.profile.as_of else None,
    "profile": lambda case: case.profile.to_dict(),
    "facts": _facts,
    "contradictions": _contradictions,
    "emergencies": _emergencies,
    "findings": _findings,
    "needs": _needs,
    "options": lambda case: [_option(case, o) for o in case.options],
    "medicines": lambda case: [weighed_data(w) for w in case.medicines],
    "interactions": lambda case: pairs_data(case.facts, case.content),
    "core": lambda case: [item_data(i) for i in case.shown.core],
    "beside": lambda case: [action_data(a) for a in case.beside(case.shown.core)],
    "forks": lambda case: [fork_data(case, f) for f in case.shown.forks],
    "plans": lambda case: [plan_data(p, case.beside(p.items)) for p in case.shown.plans],
    "more_plans": lambda case: case.shown.more,
    "menu": lambda case: [line.to_dict() for line in menu(case)],
    "single_sided": lambda case: case.frontier.single_sided,
    "not_done": _not_done,
    "conflicts_avoided": _conflicts_avoided,
    "agenda": _agenda,
    "sides": lambda case: [one.to_dict() for one in assessed(case)],
    "owners": lambda case: [one.to_dict() for one in ownership(case)],
    "decisions": lambda case: [one.to_dict() for one in decided(case)],
    "new_since": lambda case: [one.to_dict() for one in new_since(case)],
    "disagreements": lambda case: list(disagreements(case)),
    "corrections": _corrections,
    "pathways": _pathways,
    "questions": lambda case: [q.to_dict() for q in next_questions(case)],
    "monitoring": lambda case: [check.to_dict() for check in checks(case)],
    "trends": lambda case: [series.to_dict() for series in trends(case)],
    "urine": lambda case: [result.to_dict() for result in read_urine(case)],
    "level_of_care": _level_of_care,
    "coverage": coverage_data,
    "not_counted": not_counted,
    "assumes": assumed,
}
"""What each part of a case is made by."""
