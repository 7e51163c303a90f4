"""`AnswerKey`: what every learner's plan for one case is laid beside, worked out once for a class."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ...review.case import Case
from ...review.plans import Plan
from ...review.plans.judge import Judge
from ...review.questions import Question, next_questions
from .remarks import Cites


class AnswerKey:
    """What the review of one case says to any plan: how plans are measured, the open questions and who asks them."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.judge = Judge(case.options, case.findings, case.facts, case.content, case.demands)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The open questions, the weightiest first."""
        return tuple(next_questions(self.case))

    @cached_property
    def gaps(self) -> tuple[tuple[Plan, Mapping[str, int]], ...]:
        """Each plan that was found, with what it leaves open of each need."""
        return tuple((p, self.judge.judge({i.id: i.verb for i in p.items}).gaps) for p in self.case.frontier.plans)

    @cached_property
    def sources(self) -> Mapping[str, Cites]:
        """Who says so, by the title of what a question settles."""
        content, found = self.case.content, dict[str, Cites]()
        tables: tuple[Mapping[str, Any], ...] = (
            content.emergencies,
            content.needs,
            content.recommendations,
            content.treatments,
        )
        for records in tables:
            for record in records.values():
                found[record.title] = record.source
        for fork in self.case.shown.forks:
            found[fork.title] = fork.source
        for item in self.case.shown.core:
            for check in item.option.check_first:
                found[f"{item.option.record.short}: {check.label}"] = check.source
        return found
