"""Which domain a remark belongs to: safety, pain, OUD, the person's goals and life, or what was asked."""

from __future__ import annotations

from dataclasses import replace

from ...content import models as m
from ...review.case import Case
from ...review.directives import Directive
from ...review.options import Option
from ...review.plans.present import what_matters
from .remarks import Remark


def placed(case: Case, remark: Remark) -> Remark:
    """A remark with its domain."""
    return remark if remark.domain else replace(remark, domain=_domain(case, remark))


def _domain(case: Case, remark: Remark) -> str:
    content, about = case.content, remark.about[0] if remark.about else ""
    if remark.kind in ("emergency", "conflict") or remark.unsafe:
        return "safety"
    if remark.kind == "not_asked":
        return "asked"
    if remark.kind == "decision" or about in content.decisions:
        return "goals"  # a decision belongs to the person
    if about.startswith("medicines."):
        return _of_entry(case, int(about.removeprefix("medicines.")))
    if about in content.needs:
        return _of_need(case, content.needs[about])
    treated = next((id for id in remark.about if id in content.treatments), None)
    return _of_option(case, case.option(treated)) if treated else "pain"


def _of_entry(case: Case, place: int) -> str:
    weighed = next(w for w in case.medicines if w.place == place)
    if case.content.known("medicine_class", "any medication for OUD") in weighed.classes:
        return "oud"
    return "pain" if case.profile.medicines[place].purpose == "pain" else "safety"


def _of_need(case: Case, need: m.Need) -> str:
    matters = {id for needs in what_matters(case.profile, case.content).values() for id in needs}
    if need.harm or (need.required and need.side == "both"):
        return "safety"
    if need.id in matters and need.treats is None:
        return "goals"
    return "goals" if need.side == "both" else need.side


def _of_option(case: Case, option: Option) -> str:
    """A treatment belongs to what it is for here: its seat, else the first raised need that it answers."""
    asked = any(isinstance(c, Directive) and c.table == "wish_sign" for c in (*option.closed_by, *option.cautions))
    if asked:
        return "goals"
    if option.record.place.treats_oud:
        return "oud"
    if option.record.place.prevents_harm:
        return "safety"
    raised = {need.record.id for need in case.findings.needs if need.raised}
    needs = [a.need for a in option.record.addresses]
    first = next((id for id in needs if id in raised), next(iter(needs), None))
    return _of_need(case, case.content.needs[first]) if first else "pain"
