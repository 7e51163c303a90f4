"""`answer`: a CDS Hooks request in, cards out. The twelve recommendations of the CDC are read over the orders of the request,
all else over the profile that its record gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ..content import Content, load_content
from ..review.case import review
from .bundle import FhirError
from .cards import EXTENSION, HOOKS, HookError, Standing, cards
from .findings import OrderFinding, order_findings
from .others import cards_of, doubted_cards, refusal
from .outbound_parts import Json
from .owners import OwnerError
from .reading import Imported, read

_PATIENT = re.compile(r"(?:Patient/)?([A-Za-z0-9.\-]{1,64})")


def answer(
    request: Mapping[str, Any] | list[Any],
    as_of: date | None = None,
    *,
    content: Content | None = None,
    settings: Mapping[str, float] | None = None,
    rxnorm: Mapping[str, str] | None = None,
) -> Json:
    """The cards for a request; a Bundle is answered as if the person were opened for viewing.

    A request that is not of the person whom it names is answered with one card that says so. Raises FhirError for what cannot
    be read, and for a hook that has no service here.
    """
    content = content or load_content()
    if isinstance(request, Mapping) and "hook" in request and request["hook"] not in [*HOOKS]:
        raise FhirError(f"no service for the hook {str(request['hook'])[:60]!r}; there are {', '.join(HOOKS)}")
    try:
        imported = read(request, as_of, content=content, settings=settings, rxnorm=rxnorm)
    except OwnerError as error:
        return answer_refused(request, error, content=content)
    return answer_read(imported, patient_of(request), content=content)


def answer_refused(request: Any, error: OwnerError, *, content: Content | None = None) -> Json:
    """The one card for a request that is not of one person. Raises the error again for what is no request."""
    hook = request.get("hook") if isinstance(request, Mapping) else None
    if not isinstance(hook, str) or hook not in HOOKS:
        raise error
    return refusal(error, hook, content or load_content())


def answer_read(imported: Imported, patient: str = "", *, content: Content | None = None) -> Json:
    """The cards for what was read. Raises FhirError for a hook that has no service here."""
    content = content or load_content()
    case = review(imported.profile, content=content)
    orders = [_standing(f) for f in order_findings(imported, content=content)]
    try:
        made = cards(case, imported.hook or "patient-view", orders=orders, patient=patient)
    except HookError as error:
        raise FhirError(str(error)) from None
    made["extension"][EXTENSION]["import"] = imported.report.counts()
    if imported.died is not None:
        made["cards"] = []  # nothing is advised for a person who has died
    urgent = sum(card["indicator"] == "critical" for card in made["cards"])
    made["cards"][urgent:urgent] = [
        *cards_of(imported.others, content),
        *doubted_cards(imported.doubted, content),
    ]
    return made


def patient_of(request: Any) -> str:
    """For whom the request is, as a reference; empty where it does not say it in a way that can be used."""
    context = request.get("context") if isinstance(request, Mapping) else None
    given = context.get("patientId") if isinstance(context, Mapping) else None
    found = _PATIENT.fullmatch(given) if isinstance(given, str) else None
    return f"Patient/{found[1]}" if found else ""


def _standing(finding: OrderFinding) -> Standing:
    because = [_words(reason) for reason in finding.because if reason["from"] or reason["value"] is not False]
    if finding.mme_per_day is not None and "dose" in finding.record.id:
        because.append(f"{finding.mme_per_day:g} MME/day at most")
    return Standing(
        finding.record,
        finding.status,
        tuple(because),
        tuple((ask, ask) for ask in finding.asks),
        finding.assumes,
        finding.confirm,
        on_medicines=True,
    )


def _words(reason: Mapping[str, Any]) -> str:
    value = reason["value"]
    said = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    source = f" ({', '.join(reason['from'][:3])})" if reason["from"] else ""
    return f"{reason['label']}: {said}{source}"
