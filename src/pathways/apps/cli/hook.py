"""`pathways hook`: a CDS Hooks request, or a FHIR Bundle, answered with cards, findings, or what was made of its record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .common import UserError, bullet, content_at_hand, day, note, one_line, print_json, say, screen, today


def hook(
    request: Annotated[
        Path | None, typer.Argument(help="A CDS Hooks request or a FHIR R4 Bundle (JSON or NDJSON).")
    ] = None,
    findings: Annotated[bool, typer.Option("--findings", help="The findings alone, as JSON.")] = False,
    report: Annotated[
        bool, typer.Option("--report", help="What was understood, and what was made of every resource, as JSON.")
    ] = False,
    text: Annotated[bool, typer.Option("--text", help="The findings in words.")] = False,
    services: Annotated[bool, typer.Option("--services", help="Print the discovery document; no request.")] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Reckon from this day, YYYY-MM-DD.")] = None,
    rxnorm: Annotated[
        Path | None, typer.Option("--rxnorm", help="Your own RXNCONSO.RRF, for codes that the kit does not know.")
    ] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--setting", help="A site setting: pdmp_days=30. May be repeated.")
    ] = None,
) -> None:
    """Answer a request with CDS Hooks cards, as JSON: urgent signs, each recommendation that applies, what is open.

    A type of record that was not sent is taken to be empty; every answer that rests on that says so under "assumes".

    \b
    Example: pathways hook sample_data/fhir/synthetic_back_pain_oud.json
    Example: pathways hook request.json --findings --as-of 2026-11-02
    """
    from ...fhir import FhirError, load_rxnorm, order_findings, read
    from ...fhir.others import said_of, said_of_doubted
    from ...fhir.outbound_answer import answer_read, answer_refused, patient_of
    from ...fhir.outbound_services import cds_services
    from ...fhir.owners import OwnerError
    from ...fhir.reading import load_json

    if sum((findings, report, text, services)) > 1:
        raise UserError("give one of --findings, --report, --text and --services")
    if services:
        print_json(cds_services())
        return
    if request is None:
        raise UserError("name a request: a CDS Hooks request or a FHIR Bundle (JSON or NDJSON)")
    content = content_at_hand()
    given = day(as_of)
    try:
        settings = _settings(setting or [])
        names = load_rxnorm(rxnorm) if rxnorm else {}
        data = load_json(request)
        try:
            imported = read(data, given, content=content, settings=settings, rxnorm=names, clean=True)
        except FhirError as error:
            if given is not None or "as of which day" not in str(error):
                raise
            note(f"{request.name}: no day in the request; reckoned from today, {today()}")
            imported = read(data, today(), content=content, settings=settings, rxnorm=names, clean=True)
        if not (findings or report or text):
            print_json(answer_read(imported, patient_of(data), content=content))
            return
    except OwnerError as error:
        if findings or report or text:
            raise UserError(*error.problems) from None
        try:
            print_json(answer_refused(data, error, content=content))
        except OwnerError:
            raise UserError(*error.problems) from None
        return
    except FhirError as error:
        raise UserError(*error.problems) from None
    for said in said_of(imported.others):
        note(f"{request.name}: {said}")
    if imported.doubted:
        note(f"{request.name}: {said_of_doubted(imported.doubted)}")
    if report:
        from ...fhir.understood import understood

        lines = [line.to_dict() for line in understood(imported, content=content)]
        print_json({**imported.report.to_dict(), "understood": lines})
        return
    found = order_findings(imported, content=content)
    if findings:
        print_json([finding.to_dict() for finding in found])
        return
    console = screen()
    say(console, f"{one_line(imported.hook or 'Bundle')}, as of {imported.profile.as_of}", style="bold")
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
