"""What stands beside a whole case: how far its content was reviewed, how a need stands, what is assumed."""

from __future__ import annotations

from ..content import Content, once_per_content
from .case import Case


def content_status(case: Case) -> str:
    """One line on how far the content has been checked clinically."""
    return "draft, not reviewed by a clinician" if _has_drafts(case.content) else "reviewed by clinicians"


@once_per_content
def _has_drafts(content: Content) -> bool:
    """Whether any record that says how far it was reviewed is a draft."""
    records = (record for table in content.tables.values() for record in table.values())
    return any(getattr(record, "reviewed", None) and record.reviewed.status == "draft" for record in records)


def need_status(case: Case, id: str) -> str:
    """A need's status in the first whole plan, or, without a plan, from the findings alone."""
    if case.shown.plans:
        return case.shown.plans[0].needs[id]
    need = next(n for n in case.findings.needs if n.record.id == id)
    if need.raised is None:
        return "cannot_tell"
    if not need.raised:
        return "not_raised"
    return "in_place" if need.all_met else "open" if need.parts else "cannot_tell"


def assumed(case: Case) -> list[str]:
    """What was assumed and not asked: lists declared complete by a system, answers filled in by a form."""
    lists = [
        which
        for which in ("conditions", "medicines", "observations")
        if getattr(case.profile.complete, which) == "assumed"
    ]
    return [*(f"complete.{which}" for which in lists), *(f"answers.{a}" for a in case.profile.assumed)]
