"""By which names a record calls people, and which of the names are one person's.

A name is an id on a server, a full address, or a number that somebody gave (a record number). Names of one kind that differ
are different people; names of different kinds say nothing of each other. What two people may share, such as a birth date,
is no name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from .bundle import FhirError, Gathered, Resource
from .plain import EMPTY, OBJECT, Data, items, text

LONG = 4000
_TYPED = re.compile(r"(?:(?P<server>.*)/)?(?P<kind>[A-Z][A-Za-z]*)/(?P<id>[^/]+)", re.S)
_SEARCHED = re.compile(r"Patient\?identifier=(?:(?P<system>[^|]*)\|)?(?P<value>.+)", re.S)
ELSEWHERE = (
    "Device",
    "Group",
    "Location",
    "Organization",
    "Practitioner",
    "PractitionerRole",
    "RelatedPerson",
    "Substance",
)
"""Whom or what a resource may be about that is no patient."""
Homes = Mapping[str, set[str]]
"""The ids of the patients of a file, and the servers that each is on, as far as their addresses say."""


class OwnerError(FhirError):
    """The data are of several people, or of others than the one who is asked about."""


class UnnamedError(OwnerError):
    """A request that names no patient who can be told from others."""


class Name(NamedTuple):
    """``kind`` is id, related, urn, url, place (a Patient without any name) or number; ``where`` the server, or who gave the
    number."""

    kind: str
    where: str
    word: str

    @property
    def said(self) -> str:
        """The name in words."""
        if self.kind == "id":
            return f"Patient/{self.word}"[:80] + (f" at {self.where}"[:80] if self.where else "")
        return "another number" if self.kind == "number" else self.word[:80]

    @property
    def told_by(self) -> tuple[str, str]:
        """What it can be compared with: two that differ and have this in common are two people's."""
        return (self.kind, self.where if self.kind == "number" else "")


@dataclass(frozen=True)
class Owner:
    """Whom a resource says that it is about: in words, by ``name``, by ``numbers``; ``other`` is what it is, if no patient;
    ``inside`` is a Patient contained in the resource, which is known by nothing outside it (R4 Resource references)."""

    said: str
    name: Name | None = None
    numbers: tuple[Name, ...] = ()
    other: str = ""
    inside: Data | None = None

    @property
    def can_be_compared(self) -> bool:
        """Whether it has a name or a number."""
        return self.name is not None or bool(self.numbers)


class People:
    """Names, and which of them are known to be one person's."""

    def __init__(self) -> None:
        self._up: dict[Name, Name] = {}

    def one(self, name: Name) -> Name:
        """The name that stands for all names of the person."""
        up = self._up.setdefault(name, name)
        while up != name:
            self._up[name] = self._up[up]
            name, up = up, self._up[up]
        return name

    def same(self, names: Iterable[Name]) -> None:
        """Say that all of these are names of one person."""
        first: Name | None = None
        for name in names:
            root = self.one(name)
            first = first or root
            self._up[root] = self.one(first)

    def __iter__(self) -> Iterator[Name]:
        return iter(list(self._up))


@lru_cache(maxsize=5000)
def server_of(url: str) -> str:
    """The address of a server, however it is written."""
    host, slash, path = re.sub(r"^https?://", "", url.strip().rstrip("/"), flags=re.I).partition("/")
    return re.sub(r":(?:80|443)$", "", host.lower()) + slash + path


def address_of(resource: Resource) -> Name | None:
    """The name that the full address of a Patient is."""
    word = _bare(resource.address)
    if not word or word.lower().startswith("urn:"):
        return Name("urn", "", word.lower()) if word else None
    found = _TYPED.fullmatch(word)
    if found and found["kind"] == "Patient" and found["server"]:
        return Name("id", server_of(found["server"]), found["id"])
    return Name("url", "", server_of(word))


def numbers_of(data: Data) -> tuple[Name, ...]:
    """The numbers by which somebody is known, each with who gave it, else with what sort of number it is."""
    found = []
    for part in items(data, "identifier"):
        sorts = sorted(code for coding in items(part.get("type"), "coding") if (code := text(coding, "code")))
        if value := text(part, "value", LONG):
            found.append(Name("number", text(part, "system", LONG) or "/".join(sorts), value))
    return tuple(found)


def named(word: str, beside: str = "", homes: Homes = EMPTY, kind: str = "") -> Name | None:
    """The name that a reference is; None where it says nothing of a person. ``beside`` is the full address of what holds it:
    what is written without a server is on the same one."""
    word = _bare(word)
    if not word:
        return None
    if word.lower().startswith("urn:"):
        return Name("urn", "", word.lower())
    typed = _TYPED.fullmatch(word)
    if typed is None:
        if "/" in word:
            return Name("url", "", server_of(word))
        return Name("id", _home(word, beside, homes), word) if kind == "Patient" or word in homes else None
    there = server_of(typed["server"] or "") or _home(typed["id"], beside, homes)
    if typed["kind"] == "Patient":
        return Name("id", there, typed["id"])
    return Name("related", there, typed["id"]) if typed["kind"] == "RelatedPerson" else None


def _home(id: str, beside: str, homes: Homes) -> str:
    """The server of an id that is written without one. One host may go by more than one path."""
    there = server_beside(beside)
    known = homes.get(id, set())
    alike = [home for home in known if not there or home.partition("/")[0] == there.partition("/")[0]]
    return alike[0] if there not in known and len(alike) == 1 else there


def server_beside(address: str) -> str:
    """The server of what stands at a full address; empty where that does not say."""
    near = _TYPED.fullmatch(_bare(address)) if address else None
    return server_of(near["server"] or "") if near else ""


def owners_of(found: Gathered, resource: Resource, fields: Iterable[str], homes: Homes, beside: str) -> list[Owner]:
    """Each whom a resource names in some of its fields; the same list for those that name the same."""
    given = [value for name in fields if (value := resource.data.get(name)) is not None]
    address = _only_address(given)
    if not address:
        return _owners(found, resource, given, homes, beside)
    # Nearly all of a record names its person in the same words, on the same server.
    key = address, server_beside(beside)
    known: list[Owner] | None = found.owners.get(key)
    if known is None:
        known = found.owners[key] = _owners(found, resource, given, homes, beside)
    return known


def _only_address(given: list[Any]) -> str:
    """The address of a reference that is nothing else, and of nothing inside its resource; else empty."""
    word = given[0].get("reference") if len(given) == 1 and type(given[0]) is dict and len(given[0]) == 1 else ""
    return word if isinstance(word, str) and not word.lstrip().startswith("#") else ""


def _owners(found: Gathered, resource: Resource, given: list[Any], homes: Homes, beside: str) -> list[Owner]:
    made = []
    for value in given:
        for part in value if isinstance(value, list) else [value]:
            part = {"reference": part} if isinstance(part, str) else part
            if isinstance(part, OBJECT) and (owner := owner_of(found, resource, part, homes, beside)) is not None:
                made.append(owner)
    return made


def owner_of(found: Gathered, resource: Resource, part: Data, homes: Homes, beside: str) -> Owner | None:
    """Whom a reference of a resource names; None where that cannot be compared with anybody."""
    word, kind, numbers = text(part, "reference", LONG), text(part, "type"), numbers_of(part)
    if word.startswith("#"):
        inside: Any = found.find(part, resource.data) or EMPTY
        kind = text(inside, "resourceType")
        if kind == "Patient":
            said = f"a Patient inside {resource.name}"
            return Owner(said, None, (*numbers, *numbers_of(inside)), inside=inside)
        name = None
    elif searched := _SEARCHED.fullmatch(word):
        numbers, name = (Name("number", searched["system"] or "", searched["value"]), *numbers), None
    else:
        name = named(word, beside, homes, kind)
        if typed := _TYPED.fullmatch(_bare(word)):
            beside_it, kind = kind.rsplit("/", 1)[-1].capitalize(), typed["kind"]
            if kind == "Patient" and beside_it not in ("", "Patient"):
                # Its address and its type (R4 Reference.type) are not of one: which of them is wrong cannot be told.
                return Owner(f"{word[:80]} of the type {beside_it[:40]}", other=f"{beside_it[:40]}, by its type")
        elif name is not None and name.kind in ("urn", "url"):
            kind = text(found.by_name.get(word), "resourceType") or kind
    if kind in ELSEWHERE:
        return Owner(kind, name, other=kind)
    if kind not in ("", "Patient") or (name is None and not numbers):
        return None
    return Owner("another number" if name is None else name.said, name, numbers)


@lru_cache(maxsize=5000)
def _bare(word: str) -> str:
    """An address without its version and its fragment."""
    return word.split("/_history")[0].split("#")[0].strip().rstrip("/")
