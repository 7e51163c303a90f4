"""Everything that a case can be taken out as, for the command line and the screens alike: one text each, from one case."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..care.services import Site
from ..fhir.outbound import case_to_bundle
from ..review import audience as views
from ..review.case import Audience, Case
from .chart_text import chart_text
from .data import case_data
from .handout import handout_html
from .html import sheet_html
from .markdown import sheet_markdown

_STYLE = re.compile(r"(?s)<style>(.*?)</style>")
_POLICY = re.compile(r"<meta http-equiv=[^>]*>\n?")


class LeakError(RuntimeError):
    """A view for others would have shown what needs consent. Nothing was given out."""


@dataclass(frozen=True)
class Out:
    """One form of a case: its words, the ending and kind of its file, and what makes it. ``for_person``: it is made for the
    person from the whole case, whoever else is asked about."""

    words: str
    ending: str
    kind: str
    make: Callable[[Case, Site | None], str]
    for_person: bool = False


def _json(case: Case, site: Site | None) -> str:
    return json.dumps(case_data(case, site), indent=2, ensure_ascii=True) + "\n"


def _fhir(case: Case, _: Site | None) -> str:
    return json.dumps(case_to_bundle(case), indent=1, ensure_ascii=False) + "\n"


OUTS: Mapping[str, Out] = {
    "html": Out("Sheet as a web page (HTML)", ".html", "text/html", sheet_html),
    "md": Out("Sheet as Markdown", ".md", "text/markdown", sheet_markdown),
    "json": Out("Everything as JSON", ".json", "application/json", _json),
    "fhir": Out("Plan for other software (FHIR)", ".fhir.json", "application/fhir+json", _fhir),
    "text": Out("Text for the chart", ".txt", "text/plain", chart_text),
    "handout": Out("Page for the person", ".html", "text/html", handout_html, for_person=True),
}


def shown_to(case: Case, audience: Audience) -> Case:
    """The case as the audience may see it, held once more to the words that it must not have before anything leaves.
    Raises LeakError."""
    shown = views.for_audience(case, audience)
    _hold(shown, json.dumps(case_data(shown), ensure_ascii=False) + sheet_markdown(shown))
    return shown


def take_out(case: Case, which: str, audience: Audience = "team", site: Site | None = None) -> str:
    """One form of a case as the audience may have it. Raises KeyError for a form that is not there, and LeakError."""
    out = OUTS[which]
    if out.for_person or audience == "team":
        return out.make(case, site)
    shown = shown_to(case, audience)
    text = out.make(shown, site)
    _hold(shown, text)
    return text


def _hold(shown: Case, text: str) -> None:
    if views.leaks(shown, text):
        raise LeakError("the view would show what needs consent; nothing was given out")


@dataclass(frozen=True)
class Printed:
    """A page to be printed from within another: its markup without any style, and its style apart, because a page's policy
    may allow no style of a document's own."""

    html: str
    css: str


def to_print(html: str) -> Printed:
    """A whole page of ours in two parts."""
    css = "\n".join(_STYLE.findall(html))
    return Printed(_POLICY.sub("", _STYLE.sub("", html)), css)


__all__ = ["OUTS", "LeakError", "Out", "Printed", "shown_to", "take_out", "to_print"]
