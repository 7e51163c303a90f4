"""What a screen can take out of a case: to print, to save as a file, to copy. The browser's side is ``static/outs.js``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...care.services import Site
from ...pages.outs import OUTS, LeakError, take_out, to_print
from ...review.case import AUDIENCES, Audience, Case

AUDIENCE_WORDS: Mapping[str, str] = {
    "team": "the team",
    "person": "the person",
    "pain_clinic": "a pain clinic",
    "partner": "a partner",
}
PRINTED, COPIED, SAVED = ("html", "handout"), ("text",), ("html", "handout", "md", "json", "fhir", "text")
NOT_MADE = "Not made: it would have shown what needs consent. Please tell whoever looks after this kit."


def spec() -> dict[str, Any]:
    """What the browser offers: forms to print, to copy and to save, and who may be meant."""
    return {
        "audiences": [[id, AUDIENCE_WORDS[id]] for id in AUDIENCES],
        "saved": [[id, OUTS[id].words] for id in SAVED],
        "for_person": [id for id, out in OUTS.items() if out.for_person],
    }


def made(case: Case, site: Site | None, message: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The answer to "take this out": ``how`` (print, copy or save), ``what``, and who will see it.

    ``name`` is what the team calls the case; what goes to others is called after who gets it and the day, for a name of a
    file may say who the person is.
    """
    how, what = message.get("how"), message.get("what")
    audience = _audience(message.get("who"))
    answer: dict[str, Any] = {"do": "out", "how": how}
    if isinstance(message.get("asked"), int):
        answer["asked"] = message["asked"]  # the page shows the answer to its newest question only
    allowed = {"print": PRINTED, "copy": COPIED, "save": SAVED}.get(str(how), ())
    if what not in allowed or audience is None:
        return {**answer, "how": "refused", "text": "There is no such form of a case."}
    try:
        text = take_out(case, what, audience, site)
    except LeakError:
        return {**answer, "how": "refused", "text": NOT_MADE}
    out = OUTS[what]
    if how == "print":
        page = to_print(text)
        return {**answer, "html": page.html, "css": page.css}
    return {**answer, "name": file_name(case, what, audience, name), "kind": out.kind, "text": text}


def file_name(case: Case, what: str, audience: Audience, name: str) -> str:
    """What a file is called: by its case for the team, else by who gets it and the day."""
    out = OUTS[what]
    if out.for_person:
        audience = "person"
    day = case.profile.as_of.isoformat() if case.profile.as_of else "undated"
    form = {"handout": "page_for_the_person", "text": "chart_text"}.get(what, "care_plan")
    if audience == "team":
        return f"{name}_{form}{out.ending}" if what == "text" else f"{name}{out.ending}"
    return f"{form}_{day}{out.ending}" if out.for_person else f"{form}_for_{audience}_{day}{out.ending}"


def _audience(given: Any) -> Audience | None:
    return next((known for known in AUDIENCES if known == (given or "team")), None)
