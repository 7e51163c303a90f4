"""Allergies of a record as entries of a profile: to what, and what happened. Without a reaction that is read, it is not known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..content import Content, once_per_content
from ..content import models as m
from ..facts.allergies import allergen_named
from ..intake.allergy_text import allergen_text, medicines_in
from ..profile.allergies import Allergy
from . import plain
from .bundle import Gathered, Resource
from .plain import Concept, Data, code, concept, in_doubt, items, strings, when
from .products import product_of
from .report import Notebook

_NOT_SO = ("entered-in-error", "refuted")
_OVER = ("inactive", "resolved")
_OF = re.compile(
    r"^\s*(?:(?:allergy|allergic(?: reaction)?|allergic disposition|intolerance|hypersensitivity|adverse reaction) (?:to|caused by|due to) "
    r"|(?:propensity to adverse reactions? to) )?(.*?)"
    r"(?:[ -]*(?:allergy|intolerance|hypersensitivity|\((?:substance|finding|product|disorder|medicinal product)\)))*\s*$",
    re.I | re.S,
)
"""The name of what an allergy is to, without the words that say that it is one."""


@dataclass(frozen=True)
class ReadAllergy:
    """An entry for the profile with the resource that it came from."""

    entry: Allergy
    resource: str


def read_allergies(found: Gathered, content: Content, notes: Notebook) -> tuple[ReadAllergy, ...]:
    """Every AllergyIntolerance that counts; what is in error, refuted or over is reported."""
    named: dict[Concept, dict[str, Any]] = {}
    made = ((_allergy(r, found, named, content, notes), r.name) for r in found.of("AllergyIntolerance"))
    return tuple(ReadAllergy(entry, name) for entry, name in made if entry is not None)


def _allergy(
    resource: Resource, found: Gathered, named: dict[Concept, dict[str, Any]], content: Content, notes: Notebook
) -> Allergy | None:
    """One entry. ``named`` holds what was read of names before."""
    data, place = resource.data, resource.place
    verified, clinical = concept(data, "verificationStatus"), concept(data, "clinicalStatus")
    for said, words in ((verified, _NOT_SO), (clinical, _OVER)):
        if said.has(*words):
            notes.add("not_used", data, place, "status", f"{said.label or said.codes[0].code}: not counted")
            return None
    what = resource.code
    if not what:
        inner = [concept(part, "substance") for part in items(data, "reaction")]
        what = next((c for c in inner if c), Concept((), ""))
    label = what.label or "an allergy to what is not said"
    fields: dict[str, Any] = {
        "name": label[:200],
        "certainty": "suspected" if in_doubt(data) or verified.has("presumed") else "confirmed",
    }
    allergen = _allergen(what, content)
    if allergen is not None and allergen.none:
        notes.add("not_used", data, place, "code", f"{label}: no allergy")
        return None
    if what not in named:
        named[what] = _named(resource, what, allergen, found, content)
    if named[what]:
        fields |= named[what]
    elif what and _no_medicine(data) and not _beside(what, content):
        fields["none_of"] = ["*"]
    reaction, told = _reaction(data, content)
    fields |= {
        "reaction": reaction,
        "note": told[:200],
        "date": plain.written(when(data, "onsetDateTime", "recordedDate")),
    }
    entry = Allergy.model_validate({k: v for k, v in fields.items() if v}, context={"content": content})
    if entry.ingredients or entry.medicine_class or entry.none_of:
        shown = reaction.replace("_", " ") if reaction else "reaction not known"
        notes.add("used", data, place, "allergies", f"{label}: {told or 'no reaction given'}; {shown}")
    else:
        notes.add("not_understood", data, place, "code", f"allergy to {label}: not recognized, so it stays open")
    return entry


def _named(
    resource: Resource, what: Concept, allergen: m.Allergen | None, found: Gathered, content: Content
) -> dict[str, Any]:
    """What an allergy is to, by its name alone; empty where that says nothing known."""
    if allergen is not None and allergen.of:
        return _of(allergen, content)
    if allergen is not None and not _beside(what, content):
        return {"none_of": ["*"]}
    ingredients = _ingredients(resource, what, found, content)
    return {"ingredients": ingredients} if ingredients else {}


def _beside(what: Concept, content: Content) -> bool:
    """Whether its words name a medicine: "adhesive of a fentanyl patch", with the code of an adhesive or among those to the
    surroundings, may be to both."""
    return any(medicines_in(words, content) & set(content.medicines) for words in what.texts)


def _of(allergen: m.Allergen, content: Content) -> dict[str, Any]:
    """The class that an allergen names, or its ingredients."""
    if len(allergen.of) == 1 and allergen.of[0] in content.medicine_classes:
        return {"class": allergen.of[0]}
    return {"ingredients": [i for i in allergen.of if i in content.medicines]}


def _allergen(what: Concept, content: Content) -> m.Allergen | None:
    """The allergen of the content that a concept names, by its code or by a whole name; None where two disagree."""
    by_code = _by_code(content)
    hits = [by_code[c.code] for c in what.codes if c.system in ("snomed", "") and c.code in by_code]
    for words in what.texts:
        if (named := allergen_named(content, _bare(words))) is not None or (
            named := allergen_named(content, words)
        ) is not None:
            hits.append(named)
    return hits[0] if hits and all(h is hits[0] for h in hits) else None


@once_per_content
def _by_code(content: Content) -> Mapping[str, m.Allergen]:
    return {word: allergen for allergen in content.allergens.values() for word in allergen.snomed}


def _bare(words: str) -> str:
    found = _OF.match(words)
    return found[1].strip() if found else words


def _ingredients(resource: Resource, what: Concept, found: Gathered, content: Content) -> list[str]:
    """The ingredients that a concept names as a medicine does: none where a text of it is not understood to its end, or says
    what is tolerated beside what is not and cannot be told from it."""
    told = {words: allergen_text(_bare(words), content) for words in what.texts}
    if None in told.values():
        return []
    named = {
        "coding": [{"system": c.system, "code": c.code, "display": told.get(c.display, "")} for c in what.codes],
        "text": told.get(what.text, ""),
    }
    asked = Resource(resource.kind, {"medicationCodeableConcept": named}, resource.place)
    _, product, clear = product_of(asked, found, content, Notebook())  # what it says of medicines is not about one
    return [i for i in product.ingredients if i in content.medicines] if clear and not product.left else []


def _no_medicine(data: Data) -> bool:
    """Whether an allergy is said to be to food or to the surroundings, and to nothing else."""
    said = {word.lower() for word in strings(data, "category")}
    return bool(said) and said <= {"food", "environment"}


def _reaction(data: Data, content: Content) -> tuple[str | None, str]:
    """The reaction, the most serious of those that are named, and its words. None where none is named, or one that is not
    read might be more serious than those that are."""
    kinds: set[str | None] = set()
    told: list[str] = []
    severe = False
    for part in items(data, "reaction"):
        severe |= code(part, "severity") == "severe"
        for said in _manifestations(part):
            told += said.texts[:1]
            kinds.add(_kind(said, content))
        if words := plain.text(part, "description"):
            told.append(words)
            kinds.add(_kind(Concept((), words), content))
    shown = ", ".join(dict.fromkeys(told))
    if "serious" in kinds or (severe and "mild" in kinds):
        return "serious", shown
    if not kinds or None in kinds:
        return None, shown
    return ("mild" if "mild" in kinds else "side_effect"), shown


def _manifestations(part: Data) -> list[Concept]:
    """R4 gives concepts; R5 puts each into an object of its own."""
    return [c for given in items(part, "manifestation") if (c := concept(given.get("concept", given)))]


def _kind(said: Concept, content: Content) -> str | None:
    """The kind of a reaction by its code, else by its words; every word of a list of them must be read."""
    signs = [s for s in content.allergy_signs.values() if s.words or s.snomed]
    by_code = {s.sign for s in signs for c in said.codes if c.system in ("snomed", "") and c.code in s.snomed}
    if "serious" in by_code:
        return "serious"
    pieces = [p for words in said.texts for p in re.split(r"[,;/+&]| and | or | with ", words) if p.strip()]
    found: set[str | None] = set(by_code) or set()
    for piece in pieces if not by_code else ():
        found.add(next((s.sign for s in signs if any(re.search(w, piece, re.I) for w in s.words)), None))
    if "serious" in found or None in found or not found:
        return "serious" if "serious" in found else None
    return "mild" if "mild" in found else "side_effect"
