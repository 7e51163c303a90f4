"""Every name of a medicine that the content knows: ingredients, brands, abbreviations, and medicines of no class here.

A *key* is a name without case, accents, blanks and punctuation ("MS-Contin", "ms contin": "mscontin"). What a key means is
a `Sense`. Names come from the vocabulary, the brand tables and the lists of other medicines; nothing is guessed here.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from ..language.nearest import suggest
from .library import Content, once_per_content, remembered
from .models import NameWords

SHORTEST = 6
"""Letters of a name cut off at the end that are read, if they are half of it or more: fewer are shared by too many names."""

MORE = " / and more"
"""What a brand table writes after the ingredients of a product that holds something else as well."""


@dataclass(frozen=True)
class Sense:
    """What a name means: its ingredients in the order of their strengths, and what else a brand tells of its product.

    ``other``: some or all of it is a medicine that surely is in none of the classes ``none_of``, and not in the vocabulary.
    """

    name: str
    ingredients: tuple[str, ...] = ()
    brand: bool = False
    spelled: bool = False
    words: str = ""
    other: bool = False
    none_of: tuple[str, ...] = ()
    short: bool = False
    """An ingredient that stands second beside an opioid: "acetaminophen 3" may be a name, and no amount."""
    device: bool = False
    """No medicine: test strips, needles, supplies."""
    more: bool = False
    """More is in it, of which it is not settled which class it belongs to."""


@dataclass(frozen=True)
class Names:
    """All senses by their keys, and the words of names that are no medicine."""

    senses: Mapping[str, Sense]
    words: Mapping[str, NameWords]
    sold_together: Mapping[frozenset[str], tuple[tuple[tuple[str, ...], tuple[tuple[float, ...], ...]], ...]]
    on_skin: Mapping[str, str]
    alone: Mapping[str, tuple[float, ...]]
    """By its key, the mg that a tablet, capsule or film of that name comes in."""
    longest: int = 0
    _sorted: tuple[str, ...] = field(default=(), repr=False)

    @cached_property
    def _bones(self) -> Mapping[str, Sequence[str]]:
        """The keys by their bones, for names without their vowels: few texts have one."""
        found: dict[str, list[str]] = {}
        for key in self.senses:
            found.setdefault(_bones_of(key), []).append(key)
        return found

    def without_vowels(self, key: str) -> Sense | None:
        """What a name means that a label wrote with fewer vowels ("naloxn"): every consonant in its place, and no other
        name that could be written so."""
        if len(key) < SHORTEST or not key.isalpha():
            return None
        wholes = [one for one in self._bones.get(_bones_of(key), ()) if _within(key, one) and len(one) - len(key) <= 3]
        if len({self.senses[one].ingredients or (self.senses[one].name,) for one in wholes}) != 1:
            return None
        return replace(self.senses[wholes[0]], words="", short=False)

    def begins_a_name(self, key: str, sense: Sense) -> bool:
        """Whether a key is the beginning of the full name of what it means: it may have been cut off there."""
        if key in {key_of(plain) for plain in self.on_skin}:
            return False  # "lidocaine" is whole, though its entry is called by what it is on the skin
        full = {key_of(ingredient) for ingredient in sense.ingredients} or {key_of(sense.name)}
        return any(name != key and name.startswith(key) for name in full)

    def begins_any(self, key: str) -> bool:
        """Whether some name begins so."""
        n = bisect_left(self._sorted, key)
        return n < len(self._sorted) and self._sorted[n].startswith(key)

    def family(self, sense: Sense) -> frozenset[str]:
        """The ingredients that every product of a name has, whatever word may follow it: "Excedrin" and "Excedrin PM"."""
        kin = (one for one in self.senses.values() if one.name.startswith(f"{sense.name} "))
        return frozenset(sense.ingredients).intersection(*(one.ingredients for one in kin))

    def cut_off(self, key: str) -> Sense | None:
        """What a name that was cut off at its end means: None unless every name that begins so means the same."""
        if len(key) < SHORTEST or not key.isalpha():
            return None
        found: set[tuple[str, ...]] = set()
        sense = None
        for n in range(bisect_left(self._sorted, key), len(self._sorted)):
            whole = self._sorted[n]
            if not whole.startswith(key):
                break
            one = self.senses[whole]
            found.add(one.ingredients or (one.name,))
            if sense is None or len(whole) < len(sense.name):
                sense = one
        if sense is None or len(found) > 1 or len(key) * 2 < len(key_of(sense.name)) or len(sense.ingredients) > 1:
            return None
        return replace(sense, brand=False, words="", short=False)


def _bones_of(key: str) -> str:
    """The first letter and the consonants of a key."""
    return key[:1] + re.sub(r"[aeiouy]", "", key[1:])


def _within(short: str, long: str) -> bool:
    """Whether the letters of one key stand in the other in their order."""
    letters = iter(long)
    return all(letter in letters for letter in short)


@lru_cache(maxsize=20_000)
def key_of(text: str) -> str:
    """A name without case, accents, blanks and punctuation."""
    plain = text.casefold() if text.isascii() else unicodedata.normalize("NFKD", text).casefold()
    return _NOT_IN_A_KEY.sub("", plain)


_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]")


@once_per_content
def names_of(content: Content) -> Names:
    """The names of a content, worked out once. Raises ValueError for a brand whose ingredient has no name here."""
    senses: dict[str, Sense] = {}
    skin = {medicine.on_skin: medicine.id for medicine in content.medicines.values() if medicine.on_skin}
    for medicine in content.medicines.values():
        if medicine.open_as_text:
            continue
        for name in (medicine.id.replace("_", " "), medicine.label, *medicine.names):
            sense = Sense(name.lower(), (medicine.id,), name in medicine.names, short=medicine.with_opioids)
            senses.setdefault(key_of(name), sense)
    for plain, id in skin.items():
        senses.setdefault(key_of(plain), Sense(plain, (id,)))
    for others in content.other_medicines.values():
        for name in others.names:
            senses.setdefault(
                key_of(name), Sense(name.lower(), other=True, none_of=others.classes, device=others.devices)
            )
    for table in content.rx_tables.values():
        for name, says in table.names.items() if table.spellings else ():
            senses[key_of(name)] = _told(name, says, senses, spelled=True)
    for table in content.rx_tables.values():
        for name, says in table.names.items() if table.brands else ():
            senses[key_of(name)] = _told(name, says, senses, brand=True)
    words = {key_of(word): record for record in content.name_words.values() for word in record.words}
    longest = max(len(key) for key in (*senses, *words))
    return Names(
        senses,
        words,
        _sold_together(content),
        skin,
        _alone(content, senses),
        longest,
        tuple(sorted(senses)),
    )


def _told(name: str, says: str, senses: Mapping[str, Sense], *, brand: bool = False, spelled: bool = False) -> Sense:
    """A name by what its table says: "butalbital / acetaminophen / caffeine Oral Capsule"."""
    ingredients: list[str] = []
    none_of: tuple[str, ...] = ()
    other, rest, short = False, "", " / " not in says
    for part in says.removesuffix(MORE).split(" / "):
        words = part.split()
        found = next(
            ((one, words[n:]) for n in range(len(words), 0, -1) if (one := senses.get(key_of(" ".join(words[:n]))))),
            None,
        )
        if found is None:
            raise ValueError(f"rx_table, '{name}': no ingredient is called '{part}'")
        sense, left = found
        ingredients += [i for i in sense.ingredients if i not in ingredients]
        other, short = other or sense.other, short and sense.short
        none_of = none_of or sense.none_of
        rest = " ".join(left)
    return Sense(
        name.lower(),
        tuple(ingredients),
        words=rest,
        other=other,
        none_of=none_of,
        short=short,
        more=says.endswith(MORE),
        brand=brand,
        spelled=spelled,
    )


def _sold_together(
    content: Content,
) -> dict[frozenset[str], tuple[tuple[tuple[str, ...], tuple[tuple[float, ...], ...]], ...]]:
    found: dict[frozenset[str], list[tuple[tuple[str, ...], tuple[tuple[float, ...], ...]]]] = {}
    for record in content.combinations.values():
        for product in record.products:
            found.setdefault(frozenset(product.ingredients), []).append((product.ingredients, product.strengths))
    return {key: tuple(many) for key, many in found.items()}


def _alone(content: Content, senses: Mapping[str, Sense]) -> dict[str, tuple[float, ...]]:
    found: dict[str, tuple[float, ...]] = {}
    for record in content.combinations.values():
        for name, strengths in record.alone.items():
            sense = senses.get(key_of(name))
            if sense is None or len(sense.ingredients) != 1:
                raise ValueError(f"combination, '{name}': not the name of one ingredient")
            found[key_of(name)] = strengths
    return found


def suggestions(content: Content, text: str, most: int = 3) -> tuple[str, ...]:
    """Names that a text may be meant for, best first; empty when none is near enough.

    Look-alikes and sound-alikes both have a floor. A name of another class is never the only offer: whatever is nearly as
    near as the best is offered beside it.
    """
    return _suggestions(content, key_of(text), most)


@remembered(2000)  # a list names one medicine again and again
def _suggestions(content: Content, key: str, most: int) -> tuple[str, ...]:
    names = names_of(content)
    if len(key) < 4 or key in names.senses:
        return ()
    scored: dict[tuple[str, ...], tuple[float, bool, str]] = {}
    for known, sense in names.senses.items():
        if (
            abs(len(key) - len(known)) > LONGER
        ):  # told here for the many that are far off: a list may have hundreds of long texts
            continue
        score = likeness(key, known)
        what = sense.ingredients or (sense.name,)
        one = (score, not sense.spelled, _offered(sense, content))
        if score >= FLOOR and one > scored.get(what, (0.0, False, "")):
            scored[what] = one
    ranked = sorted(scored.values(), key=lambda one: (-one[0], one[2]))
    return tuple(name for score, _, name in ranked[:most] if score >= ranked[0][0] - BESIDE)


def _offered(sense: Sense, content: Content) -> str:
    """The name to offer: never a misspelling or an abbreviation, but what it stands for."""
    if not sense.spelled or not sense.ingredients:
        return sense.name
    return " + ".join(content.medicines[i].label.lower() for i in sense.ingredients)


FLOOR = 0.74
"""How alike (0 to 1) a name must be to be offered."""
LONGER = 3
"""By how many letters a name may be longer or shorter and still be like another."""
BESIDE = 0.12
"""How much less alike a name may be than the best one and still be offered beside it."""


@lru_cache(maxsize=20_000)
def likeness(one: str, other: str) -> float:
    """How alike two keys are, 0 to 1: by the edits between them, a change that is not heard counted as half of one.

    Names that do not begin alike for the ear are not alike: that is where look-alike names of other classes differ.
    """
    if abs(len(one) - len(other)) > LONGER or not one or not other:
        return 0.0
    heard, heard_other = sound(one), sound(other)
    if heard[:1] != heard_other[:1]:
        return 0.0
    longest = max(len(one), len(other))
    edits = distance(one, other)
    by_ear = distance(heard, heard_other)
    return 1.0 - (edits + by_ear) / 2 / longest


_SOUNDS = (
    ("ph", "f"),
    ("ck", "k"),
    ("qu", "k"),
    ("x", "ks"),
    ("c", "k"),
    ("q", "k"),
    ("z", "s"),
    ("y", "i"),
    ("ie", "i"),
    ("ei", "i"),
    ("ee", "i"),
    ("ou", "u"),
    ("w", "v"),
)


@lru_cache(maxsize=20_000)
def sound(key: str) -> str:
    """A key as it sounds, roughly: letters that are heard alike are one, doubled ones are single."""
    for written, heard in _SOUNDS:
        key = key.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", key)


def distance(one: str, other: str) -> int:
    """Letters added, left out, changed or swapped with their neighbour, at the least, to make one of the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for n, a in enumerate(one, 1):
        row = [n]
        for k, b in enumerate(other, 1):
            best = min(last[k] + 1, row[k - 1] + 1, last[k - 1] + (a != b))
            if n > 1 and k > 1 and a == other[k - 2] and one[n - 2] == b:
                best = min(best, before[k - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]


def say_nearest(content: Content, text: str) -> str:
    """The end of an error message about a text that is no ingredient: what it is, or what it may be meant for.

    >>> from pathways.content import load_content
    >>> say_nearest(load_content(), "zanaflex")
    " It is a name of 'tizanidine'."

    Empty when nothing is near enough.
    """
    sense = names_of(content).senses.get(key_of(text))
    if sense is not None and sense.ingredients:
        if len(sense.ingredients) == 1:
            return f" It is a name of '{sense.ingredients[0]}'."
        return f" It is a product of {' and '.join(content.medicines[i].label.lower() for i in sense.ingredients)}."
    said = suggest(map(repr, suggestions(content, text)))
    return f" {said}" if said else ""
