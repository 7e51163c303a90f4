"""The name of a medicine taken apart: ingredients, strengths, form, route, release. RxNorm style first, plain text too.

12 HR Oxycodone Hydrochloride 10 MG Extended Release Oral Tablet [OxyContin]
acetaminophen 325 MG / oxycodone 5 MG Oral Tablet
72 HR Fentanyl 0.075 MG/HR Transdermal System
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from ..content import Content, once_per_content

Per = Literal["unit", "ml", "h"]
MOST = 240  # characters of a name that are read
_TO_MG = {
    "mg": 1.0,
    "mcg": 0.001,
    "ug": 0.001,
    "µg": 0.001,
    "microgram": 0.001,
    "g": 1000.0,
    "gm": 1000.0,
    "gram": 1000.0,
}
_STRENGTH = re.compile(
    r"(?P<amount>\d[\d,]*\.?\d*|\.\d+)\s*-?\s*(?P<unit>mg|mcg|ug|µg|micrograms?|gm?|grams?|unt|units?|meq|%)\b"
    r"(?:\s*(?:/|per)\s*(?P<many>\d*\.?\d*)\s*(?P<per>ml|milliliter|hr|h|hour|actuat\w*|spray|dose|tab(?:let)?s?|cap(?:sule)?s?)\b)?",
    re.I,
)
_PAIR = re.compile(
    r"(?<![\d.])(\d+(?:\.\d+)?)\s*(?:mg)?\s*[-/]\s*(200|300|325|400|500|650|660|750)(?!\d)(?:\s*mg)?", re.I
)
_SIZE = re.compile(r"^\s*(\d*\.?\d+)\s*ml\b", re.I)
_ROUTES: tuple[tuple[str, str], ...] = (
    ("sublingual", r"sublingual|\bsl\b"),
    ("buccal", r"buccal|mucosal|oromucosal"),
    ("transdermal", r"transdermal|\bpatch(?:es)?\b"),
    ("nasal", r"nasal|intranasal"),
    ("rectal", r"rectal|suppositor"),
    ("implant", r"implant"),
    ("injected", r"inject|syringe|auto-?injector|cartridge|\bvial\b|ampul"),
    ("inhaled", r"inhal|nebuli"),
    ("other", r"ophthalmic|otic|vaginal|\beye\b|\bear\b"),
    ("topical", r"topical|cream|\bgel\b|ointment|lotion"),
    (
        "oral",
        r"\boral\b|tab(?:let)?s?\b|cap(?:sule)?s?\b|\bsolution\b|syrup|elixir|suspension|lozenge|\bodt\b|\bpills?\b|by mouth",
    ),
)
_ROUTES_RE = tuple((route, re.compile(pattern, re.I)) for route, pattern in _ROUTES)
_ER = re.compile(
    r"extended[- ]release|sustained[- ]release|controlled[- ]release|long[- ]acting|modified[- ]release|"
    r"\b(?:8|12|24)[- ]?(?:hr|hour|h)\b|\b(?:er|xr|xl|sr|cr|la|xtampza|contin)\b|contin\b",
    re.I,
)
_FORM = re.compile(
    r"tab(?:let)?s?\b|cap(?:sule)?s?\b|solution|syrup|elixir|suspension|lozenge|film|\bodt\b|spray|suppositor", re.I
)


class Strength(NamedTuple):
    """Milligrams of an ingredient in one unit (tablet, film, spray), one millilitre, or one hour of a patch."""

    mg: float
    per: Per


@dataclass(frozen=True)
class Product:
    """What a name says. ``unlisted`` are names of ingredients that the vocabulary does not have."""

    text: str
    ingredients: tuple[str, ...] = ()
    strengths: Mapping[str, Strength] = field(default_factory=dict)
    route: str | None = None
    release: Literal["ir", "er"] | None = None
    unlisted: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    """The ingredients but for those that stand second beside an opioid: what an amount in mg speaks of."""

    @property
    def key(self) -> tuple[Any, ...]:
        """The same for two names of one product."""
        return (tuple(sorted(self.ingredients)), tuple(sorted(self.strengths.items())), self.route, self.release) + (
            () if self.ingredients else (self.text.lower(),)
        )

    @property
    def named(self) -> bool:
        """Whether the text names something at all, known or not."""
        return bool(self.ingredients or self.unlisted)


@dataclass(frozen=True)
class _Words:
    known: re.Pattern[str]
    ids: Mapping[str, tuple[str, ...]]
    extra: Mapping[str, str]


def read_name(text: str, content: Content) -> Product:
    """Take a name apart. Never fails: what is not understood is simply not in the result."""
    text = " ".join(text.split())[:MOST]
    memo = _read_before(content)
    if text not in memo:
        if len(memo) > 5000:
            memo.clear()
        memo[text] = _read(text, content)
    return memo[text]


@once_per_content
def _read_before(_: Content) -> dict[str, Product]:
    """The names that were read before."""
    return {}


@once_per_content
def _words(content: Content) -> _Words:
    ids: dict[str, tuple[str, ...]] = {}
    extra: dict[str, str] = {}
    for medicine in content.medicines.values():
        for name in (medicine.id.replace("_", " "), medicine.label.lower(), *medicine.names):
            ids.setdefault(name.lower(), (medicine.id,))
    for plain, id in on_skin(content).items():
        ids.setdefault(plain, (id,))
    brands = (table.names for table in content.rx_tables.values() if table.brands)
    for brand, says in (pair for names in brands for pair in names.items()):
        parts = says.split(" / ")
        found = [next((i for i in (p.split()[0], p.split()[0].lower()) if i in ids), None) for p in parts]
        ids[brand] = tuple(i for name in found if name for i in ids[name])
        extra[brand] = " ".join(parts[-1].split()[1:])
    names = sorted(ids, key=len, reverse=True)
    pattern = re.compile(r"(?<![A-Za-z])(?:" + "|".join(map(re.escape, names)) + r")(?![A-Za-z])", re.I)
    return _Words(pattern, ids, extra)


def _read(text: str, content: Content) -> Product:
    words = _words(content)
    plain = re.sub(r"\([^)]*\)", lambda m: m.group() if len(m.group()) > 3 else " ", text)
    brand = " ".join(re.findall(r"\[([^\]]*)\]", plain))
    body = re.sub(r"\[[^\]]*\]", " ", plain)
    hits = [(m.start(), m.group().lower()) for m in words.known.finditer(body)]
    says = body + " " + " ".join(words.extra.get(name, "") for _, name in hits)
    ingredients: list[str] = []
    for _, name in hits:
        ingredients += [i for i in words.ids[name] if i not in ingredients]
    if not ingredients:
        for m in words.known.finditer(brand):
            ingredients += [i for i in words.ids[m.group().lower()] if i not in ingredients]
            says += " " + words.extra.get(m.group().lower(), "")
    elif brand:
        says += " " + " ".join(words.extra.get(m.group().lower(), "") for m in words.known.finditer(brand))
    route = next((route for route, pattern in _ROUTES_RE if pattern.search(says)), None)
    strengths, unlisted = _strengths(body, ingredients, words, route)
    ingredients = _partner(body, ingredients, strengths, content)
    route = _route(route, ingredients, body, content)
    if route in ("topical", "transdermal"):
        skin = on_skin(content)
        ingredients = [skin.get(i, i) for i in ingredients]
        strengths = {skin.get(i, i): s for i, s in strengths.items()}
    release: Literal["ir", "er"] | None = None
    if _ER.search(says) and route in (None, "oral"):
        release = "er"
    elif route in ("oral", "sublingual", "buccal", "rectal", "nasal") and _FORM.search(says):
        release = "ir"
    if not ingredients and not unlisted:
        unlisted = _whole_name(body)
    active = active_of(ingredients, content)
    return Product(text, tuple(ingredients), strengths, route, release, tuple(unlisted), active)


def active_of(ingredients: Iterable[str], content: Content) -> tuple[str, ...]:
    """The ingredients but for those that stand second beside an opioid."""
    return tuple(id for id in ingredients if not content.medicines[id].with_opioids)


def _strengths(
    body: str, ingredients: list[str], words: _Words, route: str | None
) -> tuple[dict[str, Strength], list[str]]:
    """Each ingredient with the strength that stands in its own part of the name."""
    found: dict[str, Strength] = {}
    unlisted: list[str] = []
    size = _SIZE.match(body)
    parts = re.split(r"\s/\s", body)
    loose: list[Strength] = []
    for part in parts:
        here = [i for m in words.known.finditer(part) for i in words.ids[m.group().lower()]]
        amounts = [s for m in _STRENGTH.finditer(part) if (s := _amount(m, size, route))]
        if here and amounts:
            for ingredient, strength in zip(here, amounts, strict=False):
                found.setdefault(ingredient, strength)
        elif amounts:
            name = _STRENGTH.split(part)[0]
            name = re.sub(r"^\s*(?:\d*\.?\d+\s*(?:ml|hr|hour|actuat\w*)\s*)+", "", name, flags=re.I).strip(" ,-")
            if len(parts) > 1 and len(re.sub(r"[^A-Za-z]", "", name)) < 3:
                loose += amounts
            elif re.search(r"[A-Za-z]{3}", name):
                unlisted.append(name[:80])
        elif not here and len(parts) > 1 and re.search(r"[A-Za-z]{4}", part) and not _FORM.search(part):
            unlisted.append(part.strip()[:80])
    for ingredient, strength in zip([i for i in ingredients if i not in found], loose, strict=False):
        found[ingredient] = strength
    return found, unlisted


def _amount(match: re.Match[str], size: re.Match[str] | None, route: str | None) -> Strength | None:
    unit = match["unit"].lower().rstrip("s") if match["unit"].lower() not in _TO_MG else match["unit"].lower()
    if unit not in _TO_MG:
        return None
    try:
        mg = float(match["amount"].replace(",", "")) * _TO_MG[unit]
        many = float(match["many"]) if match["many"] else 1.0
    except ValueError:
        return None
    per = (match["per"] or "").lower()
    if many <= 0 or mg > 1e6:
        return None
    if per in ("hr", "h", "hour"):
        return Strength(round(mg / many, 9), "h")
    if per in ("ml", "milliliter"):
        if size and float(size[1]) > 0 and route == "injected":
            return Strength(round(mg / many * float(size[1]), 9), "unit")
        return Strength(round(mg / many, 9), "ml")
    return Strength(round(mg / many, 9), "unit")


def _partner(body: str, ingredients: list[str], strengths: dict[str, Strength], content: Content) -> list[str]:
    """ "Oxycodone 5/325": the second number is the acetaminophen; with acetaminophen named, the first the opioid."""
    pair = _PAIR.search(body)
    opioids = content.class_members(content.known("medicine_class", "any opioid"))
    partners = {medicine.id for medicine in content.medicines.values() if medicine.with_opioids}
    if pair is None or strengths.keys() - partners:
        if pair is None or not any(i in opioids for i in ingredients):
            return ingredients
        if " / " in body or not re.search(r"\d\s*-\s*\d|\d/\d", body):
            return ingredients
    opioid = next((i for i in ingredients if i in opioids), None)
    if opioid is None or re.search(r"\bm(?:g|cg)\s*/\s*(?:ml|h)", body, re.I):
        return ingredients
    usual = content.known("medicine", "usual partner of an opioid")
    other = next((i for i in ingredients if i in partners), usual)
    strengths[opioid] = Strength(float(pair[1]), "unit")
    strengths[other] = Strength(float(pair[2]), "unit")
    return ingredients if other in ingredients else [*ingredients, other]


def _route(route: str | None, ingredients: list[str], body: str, content: Content) -> str | None:
    medicines = [content.medicines[i] for i in ingredients]
    if route == "injected":
        ways = {medicine.injected for medicine in medicines}
        if "subcutaneous" in ways and not re.search(r"0\.3 MG/ML", body, re.I):  # a weak one is for a vein or muscle
            return "subcutaneous"
        return "intramuscular" if ways == {"intramuscular"} else "other"
    if route is None and re.search(r"\bfilm\b", body, re.I):
        return next((medicine.film for medicine in medicines if medicine.film), None)
    return route


def on_skin(content: Content) -> Mapping[str, str]:
    """Plain names that are another entry of the vocabulary when they are put on the skin."""
    return {medicine.on_skin: medicine.id for medicine in content.medicines.values() if medicine.on_skin}


def _whole_name(body: str) -> list[str]:
    """A text without a known ingredient and without a strength: its words, if it has any."""
    name = _FORM.split(body)[0].strip(" ,-")
    return [name[:80]] if re.search(r"[A-Za-z]{3}", name) else []
