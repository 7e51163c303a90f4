"""`pathways hook`: a CDS Hooks request, or a FHIR Bundle, held to the twelve CDC recommendations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .common import UserError, bullet, content_at_hand, day, note, one_line, print_json, say, screen, today


def hook(
    request: Annotated[Path, typer.Argument(help="A CDS Hooks request or a FHIR R4 Bundle (JSON or NDJSON).")],
    findings: Annotated[bool, typer.Option("--findings", help="The findings alone, as JSON.")] = False,
    report: Annotated[bool, typer.Option("--report", help="What was made of every resource, as JSON.")] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Reckon from this day, YYYY-MM-DD.")] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--setting", help="A site setting: pdmp_days=30. May be repeated.")
    ] = None,
) -> None:
    """Hold the orders of a request to the CDC recommendations.

    A type of record that was not sent is taken to be empty; every answer that rests on that says so under "assumes".

    \b
    Example: pathways hook request.json --findings --as-of 2026-11-02
    """
    from ..fhir import FhirError, load, order_findings

    content = content_at_hand()
    given = day(as_of)
    if findings and report:
        raise UserError("give --findings or --report, not both")
    try:
        settings = _settings(setting or [])
        try:
            read = load(request, given, content=content, settings=settings)
        except FhirError as error:
            if given is not None or "as of which day" not in str(error):
                raise
            note(f"{request.name}: no day in the request; reckoned from today, {today()}")
            read = load(request, today(), content=content, settings=settings)
    except FhirError as error:
        raise UserError(*error.problems) from None
    if report:
        print_json(read.report.to_dict())
        return
    found = order_findings(read, content=content)
    if findings:
        print_json([finding.to_dict() for finding in found])
        return
    console = screen()
    say(console, f"{one_line(read.hook or 'Bundle')}, as of {read.profile.as_of}", style="bold")
    for finding in found:
        words = finding.status.replace("_", " ")
        say(console, f"{finding.record.id}: {words}. {finding.record.title}")
        for line in (*finding.asks, *(f"assumes: {a}" for a in finding.assumes)):
            bullet(console, line)


def _settings(given: list[str]) -> dict[str, float]:
    made = {}
    for text in given:
        name, found, value = text.partition("=")
        try:
            made[name.strip()] = float(value)
        except ValueError:
            found = ""
        if not found:
            raise UserError(f"--setting: '{text[:60]}' is not like pdmp_days=30")
    return made
