"""Small parts of FHIR that the documents out of the kit are made of: extensions, citations, references, safe text."""

from __future__ import annotations

import hashlib
import html
import json
import re
import unicodedata
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..content import Content
from ..content import models as m
from ..review.case import Case

Json = dict[str, Any]

SYSTEM = "https://pathways-cds.example/fhir"
"""The kit's own name space. It has no domain of its own: ``.example`` is reserved and will never resolve."""
EXTENSION = f"{SYSTEM}/StructureDefinition"
UNCONFIRMED = "not yet confirmed against its source"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$])")


# ---- text ---------------------------------------------------------------------------------------------------


def profile_text(case: Case) -> str:
    """What a case says of its person, as one text that is the same for the same profile."""
    return json.dumps(case.profile.to_dict(), sort_keys=True, default=str)


def digest(*texts: str) -> str:
    """A digest of texts: the ids of what is sent are made from it, so that the same is sent under the same id."""
    return hashlib.sha256("\n".join(texts).encode("utf-8", "replace")).hexdigest()


def plain(text: object, most: int = 2000) -> str:
    """Text from outside as a FHIR string: no control characters, no change of writing direction, on one line."""
    words = " ".join(str(text).split())
    kept = "".join(c for c in words if c in "\u200c\u200d" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return kept[:most].strip() or "(no text)"


def markdown(text: object, most: int = 2000) -> str:
    """Text from outside for a Markdown element: nothing in it can become a link, an image, a heading or HTML."""
    escaped = _MARKDOWN.sub(r"\\\1", plain(text, most).replace("&", "&amp;"))
    escaped = re.sub(r"(?i)\b(https?|ftp|javascript|data|mailto|file|www)([:.])", r"\1\\\2", escaped)
    return re.sub(r"^([-+=]|\d+(?=[.)]))", r"\\\1", escaped)


def narrative(title: str, lines: Iterable[str]) -> Json:
    """The text that a person reads where nothing else of a resource is understood. Everything in it is escaped."""
    items = "".join(f"<li>{html.escape(plain(line))}</li>" for line in lines)
    listed = f"<ul>{items}</ul>" if items else ""
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{html.escape(plain(title))}</p>{listed}</div>'
    return {"status": "generated", "div": div}


# ---- extensions ---------------------------------------------------------------------------------------------


def ext(name: str, value: bool | int | str | list[Json]) -> Json:
    """An extension of the kit: yes or no, a number, a text, or parts of its own."""
    if isinstance(value, list):
        return {"url": f"{EXTENSION}/{name}", "extension": value}
    return {"url": f"{EXTENSION}/{name}", **_value(value)}


def part(name: str, value: bool | int | str) -> Json:
    """A part of an extension that has parts."""
    return {"url": name, **_value(value)}


def _value(value: bool | int | str) -> Json:
    kind = "Boolean" if isinstance(value, bool) else "Integer" if isinstance(value, int) else "String"
    return {f"value{kind}": value if not isinstance(value, str) else plain(value)}


def read_ext(element: Any, name: str) -> list[Any]:
    """The values of an extension of the kit, wherever it stands in the list; those with parts as dicts of lists."""
    return [_read(x) for x in _extensions(element) if x.get("url") == f"{EXTENSION}/{name}"]


def first_ext(element: Any, name: str, otherwise: Any = None) -> Any:
    """The first value of an extension of the kit."""
    return next(iter(read_ext(element, name)), otherwise)


def _read(extension: Mapping[str, Any]) -> Any:
    if "extension" not in extension:
        return next((v for k, v in extension.items() if k.startswith("value")), None)
    found: dict[str, list[Any]] = {}
    for inner in _extensions(extension):
        found.setdefault(str(inner.get("url")), []).append(_read(inner))
    return found


def _extensions(element: Any) -> Iterator[Mapping[str, Any]]:
    given = element.get("extension") if isinstance(element, Mapping) else None
    for one in given if isinstance(given, list) else ():
        if isinstance(one, Mapping):
            yield one


def cited(source: tuple[m.Cite, ...]) -> list[Json]:
    """Who says so, as extensions: the weakest confidence, then each source with its place and how well it was checked."""
    return [
        ext("confidence", m.lowest(source)),
        *(ext("cite", [part("source", c.id), part("at", c.at), part("confidence", c.confidence)]) for c in source),
    ]


# ---- codes, references --------------------------------------------------------------------------------------


def concept(system: str, code: str, display: str, text: str | None = None) -> Json:
    """A code of the kit's own vocabularies."""
    coding = {"system": f"{SYSTEM}/CodeSystem/{system}", "code": code, "display": plain(display)}
    return {"coding": [coding], "text": plain(text or display)}


def code_of(element: Any, system: str) -> str | None:
    """The code of the kit's vocabulary in a concept."""
    for coding in element.get("coding", ()) if isinstance(element, Mapping) else ():
        if isinstance(coding, Mapping) and coding.get("system") == f"{SYSTEM}/CodeSystem/{system}":
            return str(coding.get("code"))
    return None


def owners(content: Content, roles: Iterable[str]) -> list[Json]:
    """Roles, not people, as those who see to something."""
    return [
        {"identifier": {"system": f"{SYSTEM}/role", "value": role}, "display": content.roles[role].label}
        for role in roles
    ]


def page_of(source: m.Source) -> str | None:
    """The address at which a source is found: printed, never fetched."""
    return f"https://doi.org/{source.doi}" if source.doi else source.url


def without_empty(value: Any) -> Any:
    """A value without the empty arrays and objects in it."""
    if isinstance(value, Mapping):
        kept = {key: without_empty(part) for key, part in value.items()}
        return {key: part for key, part in kept.items() if part not in ({}, [], None)}
    if isinstance(value, list):
        return [made for part in value if (made := without_empty(part)) not in ({}, [], None)]
    return value


class Entries:
    """The resources of a Bundle with addresses that are the same for the same case."""

    def __init__(self, seed: str) -> None:
        self._space = uuid.uuid5(uuid.NAMESPACE_URL, f"{SYSTEM}/{seed}")
        self.resources: list[Json] = []

    def address(self, id: str) -> str:
        """The address of a resource."""
        return f"urn:uuid:{uuid.uuid5(self._space, id)}"

    def ref(self, id: str) -> Json:
        """A reference to a resource of the same Bundle."""
        return {"reference": self.address(id)}

    def add(self, resource: Json) -> Json:
        """Put a resource into the Bundle; FHIR has no empty arrays and objects, so they are left out."""
        self.resources.append(without_empty(resource))
        return resource

    def entries(self) -> list[Json]:
        """All of them as entries."""
        return [{"fullUrl": self.address(r["id"]), "resource": r} for r in self.resources]


def fhir_id(*parts: str) -> str:
    """An id as FHIR allows it: letters, digits, - and ., at most 64."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", "-".join(parts))[:64]
