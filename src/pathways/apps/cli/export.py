"""`pathways export`: a reviewed case as a document of a standard that other software reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .common import UserError, content_at_hand, note
from .review import AsOf, CaseFile, For, Lens, audience_named, known_lens, reviewed_cases, shown_to
from .targets import Force, check_target, write_text


def export(
    case: CaseFile,
    fhir: Annotated[
        Path | None,
        typer.Option("--fhir", metavar="OUT.json", help="Write a FHIR R4 Bundle: plans, goals, risks, issues."),
    ] = None,
    as_of: AsOf = None,
    lens: Lens = None,
    audience: For = "team",
    goal_text: Annotated[
        bool, typer.Option("--goal-text", help="Also the goal in the person's own words, as it was typed.")
    ] = False,
    force: Force = False,
) -> None:
    """Write a reviewed case for other software. Drafts only, no orders; name, title, notes and typed goals stay behind.

    \b
    Example: pathways export sample_data/cases/back_pain_120_mme.toml --fhir plan.json
    Example: pathways export case.toml --fhir plan.json --audience pain_clinic
    """
    import json

    from ...fhir.outbound import case_to_bundle
    from ...review.audience import leaks

    if fhir is None:
        raise UserError("export: say what to write: --fhir OUT.json")
    content = content_at_hand()
    known_lens(content, lens)
    seen_by = audience_named(audience)
    target = check_target(fhir, [case], force=force)
    reviewed = reviewed_cases([case], as_of, content, lens)[0]
    if seen_by != "team":
        reviewed = shown_to(reviewed, seen_by)
    text = json.dumps(case_to_bundle(reviewed, goal_text=goal_text), indent=1, ensure_ascii=False) + "\n"
    if seen_by != "team" and leaks(reviewed, text):
        raise RuntimeError("the export would show what needs consent; nothing was written")
    write_text(target, text)
    note(f"Written: {fhir}")
