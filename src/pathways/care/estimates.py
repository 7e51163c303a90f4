"""`estimates`: what the risk models say beside a case. Read by views only; nothing on the way to a plan knows of it.

The answers of a case are narrowed to what the models' columns can surely be; what nobody asked stays unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from ..content import models as m
from ..facts.readings import Reading, read_scores
from ..facts.words import label_of
from ..language import Range, facts_of
from ..review.case import Case
from ..review.ids import known_id
from .course import days_since_start, urine_of_week

if TYPE_CHECKING:
    from ..risk import Estimate, Explained, Model

FEWEST_ASKABLE = 6
RESEARCH_ONLY = "for research only: too few of its inputs are asked here"


@dataclass(frozen=True)
class InputUsed:
    """One column as the case tells it: `values` are those still possible, empty when nothing is known."""

    column: str
    label: str
    how: str
    note: str
    values: tuple[str | float, ...]


@dataclass(frozen=True)
class CaseEstimate:
    """What one model says of a case, or why it says nothing."""

    model: str
    title: str
    closed: str
    """Why nothing was computed; empty when it was."""
    remark: str = ""
    estimate: Estimate | None = None
    inputs: tuple[InputUsed, ...] = ()

    @property
    def approximate(self) -> tuple[InputUsed, ...]:
        """The inputs that were used and stand only near to the question of the survey."""
        return tuple(i for i in self.inputs if i.how == "approximate" and i.values)


@cache
def _model(name: str) -> Model:
    """A model that came with the kit: no file of the current folder can stand in for it."""
    from ..risk import load_model
    from ..risk.storage import shipped_model

    return load_model(shipped_model(name))


@cache
def origin(name: str) -> str:
    """Where a model came from and the first letters of its digest, in words."""
    from ..risk.storage import origin_of, shipped_model

    return origin_of(shipped_model(name))


def estimates(case: Case, *, seed: int = 0) -> tuple[CaseEstimate, ...]:
    """Every risk model applied to a case. A model that does not fit the person is not computed at all."""
    return tuple(estimate_of(case, id, seed=seed) for id in case.content.risk_models)


def estimate_of(case: Case, id: str, *, seed: int = 0) -> CaseEstimate:
    """One risk model applied to a case. Raises UnknownIdError for a model that the content does not name."""
    content, values = case.content, case.facts.values
    record = known_id("risk model", id, content.risk_models)
    if not bears_on(case, record):
        return CaseEstimate(id, "", record.closed)
    from ..risk import estimate

    model = _model(id)
    used = inputs_of(case, model)
    known: dict[str, Any] = {i.column: list(i.values) for i in used if i.values}
    askable = sum(i.how != "not_askable" for i in used)
    remarks = [RESEARCH_ONLY] if askable < FEWEST_ASKABLE else []
    if content.test(record.not_when)(values) is None:
        remarks.append(f"holds only if this turns out not to be so: {_unsettled(case, record.not_when)}")
    return CaseEstimate(id, model.title, "", "; ".join(remarks), estimate(model, known, seed=seed), used)


def bears_on(case: Case, record: m.RiskModel) -> bool:
    """Whether a model is about people such as this one, as far as is known."""
    test, values = case.content.test, case.facts.values
    fits = test(record.for_when)(values) is True and _in_course(case, record)
    return fits and test(record.not_when)(values) is not True


def explain_case(found: CaseEstimate, *, prevalence: float | None = None) -> Explained:
    """An estimate of a case in words and a picture; with another stated prevalence only the intercept is moved.

    Raises RiskError where nothing was computed.
    """
    from ..risk import RiskError, estimate, explain
    from ..risk.storage import shipped_model, validation_of

    if found.estimate is None:
        raise RiskError(found.closed)
    model, shown, remarks = _model(found.model), found.estimate, []
    answers: dict[str, Any] = {i.column: list(i.values) for i in found.inputs if i.values}
    if prevalence is not None:
        from ..risk import recalibrate

        model = recalibrate(model, prevalence=prevalence)
        shown = estimate(model, answers)
        remarks.append(f"Moved to a stated prevalence of {100 * prevalence:g} in 100.")
    if found.remark:
        remarks.append(f"{found.remark[0].upper()}{found.remark[1:]}.")
    near = [f"{i.label}: {i.note}" for i in found.approximate]
    validation = validation_of(shipped_model(found.model))
    return explain(model, shown, validation=validation, answers=answers, remarks=remarks, approximate=near)


def risk_scores(case: Case) -> tuple[Reading, ...]:
    """The risk scores that the team filled in (ORT-OUD, RIOSORD and others), with the limits of each."""
    return tuple(r for r in read_scores(case.facts, case.content) if r.instrument.risk)


def inputs_of(case: Case, model: Model) -> tuple[InputUsed, ...]:
    """Every column of a model with the values that the facts of a case leave possible."""
    facts, content = case.facts, case.content
    records = content.risk_inputs
    like = content.risk_models[model.name].like
    found = []
    for i in model.inputs:
        record = records.get(f"{model.name}.{i.column}") or records.get(f"{like}.{i.column}")
        if record is None or record.how == "not_askable":
            found.append(InputUsed(i.column, i.label, "not_askable", "", ()))
            continue
        possible: tuple[str | float, ...] = ()
        for option in record.values:
            if content.test(option.when)(facts.values) is True:
                possible = tuple(v for v in possible if v in option.any) if possible else option.any
        if record.fact and isinstance(known := facts.values.get(record.fact), Range):
            possible = _whole_numbers(known, i.lo, i.hi)
        if record.urine:
            words = _urine(case, model.name, record.urine)
            possible = words if i.levels else tuple(sorted({float(word != "negative") for word in words}))
            possible = () if len(possible) == 2 and not i.levels else possible
        found.append(InputUsed(i.column, i.label, record.how, record.note, possible))
    return tuple(found)


def _in_course(case: Case, record: m.RiskModel) -> bool:
    """Whether the medicine has surely been taken for as long as the model speaks of."""
    if record.course is None:
        return True
    days = days_since_start(case, record.course)
    return days is not None and record.course.days_min <= days.lo and days.hi <= record.course.days_max


def _urine(case: Case, model: str, asked: m.UrineWeek) -> tuple[str, ...]:
    """What the urine results of a week leave possible; nothing while the start is not known to the day."""
    course: m.Course | None = case.content.risk_models[model].course
    days = days_since_start(case, course) if course else None
    if days is None or days.lo != days.hi or case.profile.as_of is None:
        return ()
    return urine_of_week(case, case.profile.as_of - timedelta(days=days.lo), asked)


def _whole_numbers(known: Range, lo: float, hi: float) -> tuple[float, ...]:
    """The whole numbers of a range that the model can read; none when the range is as good as unknown."""
    first, last = max(known.lo, lo), min(known.hi, hi)
    if known.lo == known.hi and lo <= known.lo <= hi:
        return (known.lo,)
    if last - first > 40 or last < first:
        return ()
    return tuple(float(n) for n in range(int(first), int(last) + 1))


def _unsettled(case: Case, text: str) -> str:
    """What of a condition is still open, as the labels of its parts."""
    names = sorted(facts_of(case.content.node(text)))
    return ", ".join(label_of(case.content, n) for n in names if case.facts.values.get(n) is None)
