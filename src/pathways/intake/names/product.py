"""What a name says: its product, or the several that it names, and what of it was not understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from ...content import Content, remembered
from ...content.medicine_names import Names, Sense, key_of, names_of, suggestions
from ...content.models import NameWords
from .cover import Cover, Item, cover
from .strengths import Strength, bare_strength, partner_of, strengths_of

MOST = 240
"""Characters of a name that are read; what stands after them counts as not understood."""
Way = Literal[
    "sublingual", "buccal", "transdermal", "nasal", "rectal", "implant", "injected", "inhaled", "other", "topical", "oral",
    "subcutaneous", "intramuscular",
]  # fmt: skip  # words, read across
_ROUTES: tuple[Way, ...] = (
    "sublingual", "buccal", "transdermal", "nasal", "rectal", "implant", "injected", "inhaled", "other", "topical", "oral",
)  # fmt: skip  # words, read across
"""Which of several routes that a name tells is the route: the narrowest first."""


@dataclass(frozen=True)
class Product:
    """What a name says of one product.

    ``left`` are the pieces that were not understood: with any, the ingredients are in it and more may be. ``unlisted`` are
    names of what has no ingredient in the vocabulary; ``none_of`` the classes that those surely are not in. ``several``: the
    text names more than one product, and then neither strengths nor a route are told.
    """

    text: str
    ingredients: tuple[str, ...] = ()
    strengths: Mapping[str, Strength] = field(default_factory=dict)
    route: str | None = None
    release: Literal["ir", "er"] | None = None
    unlisted: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    """The ingredients but for those that stand second beside an opioid: what an amount in mg speaks of."""
    none_of: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    several: bool = False
    device: bool = False
    """Whether it is no medicine, but a device or a supply."""
    taken: float | None = None
    """A number without a unit that was taken for mg, because a product of that name comes in it."""
    container_ml: float | None = None
    """Millilitres that its strength is told in ("300 mg/1.5 mL"): of a syringe or a vial, all that it holds."""

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """The same for two names of one product."""
        return (tuple(sorted(self.ingredients)), tuple(sorted(self.strengths.items())), self.route, self.release) + (
            () if self.ingredients and not self.left else (self.text.lower(),)
        )

    @property
    def named(self) -> bool:
        """Whether the text names something that is known."""
        return bool(self.ingredients or self.none_of)

    @property
    def whole(self) -> bool:
        """Whether all of the text was understood, as one product."""
        return self.named and not self.left and not self.several


@dataclass(frozen=True)
class Part:
    """One medicine of a text, or (with neither ingredients nor ``none_of``) what of the text was not understood."""

    name: str
    ingredients: tuple[str, ...] = ()
    route: str | None = None
    release: Literal["ir", "er"] | None = None
    none_of: tuple[str, ...] = ()


def read_name(text: str, content: Content) -> Product:
    """Take a name apart. Never fails: what is not understood is told in ``left``."""
    return _read(content, " ".join(text.split()))[0]


def understood(text: str, content: Content) -> tuple[Part, ...]:
    """The entries that a name makes: one for each medicine in it, and one for what was not understood.

    A text that names nothing known makes one entry without ingredients, which keeps every class open.
    """
    return _read(content, " ".join(text.split()))[1]


def nearest_names(text: str, content: Content) -> tuple[str, ...]:
    """Names that the pieces of a text that were not understood may be meant for; empty when none is near enough."""
    names = names_of(content)
    pieces = [piece for piece in cover(text[:MOST], names).left if len(key_of(piece)) > 3][:4]
    found = [name for piece in (text, *pieces) for name in suggestions(content, piece)]
    return tuple(dict.fromkeys(found))[:3]


def active_of(ingredients: Iterable[str], content: Content) -> tuple[str, ...]:
    """The ingredients but for those that stand second beside an opioid."""
    return tuple(id for id in ingredients if not content.medicines[id].with_opioids)


def on_skin(content: Content) -> Mapping[str, str]:
    """Plain names that are another entry of the vocabulary when they are put on the skin."""
    return names_of(content).on_skin


@remembered(5000)
def _read(content: Content, text: str) -> tuple[Product, tuple[Part, ...]]:
    names = names_of(content)
    made = cover(text[:MOST], names)
    if made.left:
        _narrow(made, names)
    if len(text) > MOST:
        made.left.append(text[MOST : MOST + 20])
    shown = text[:MOST]
    if made.doubt or not made.items:
        return Product(shown, unlisted=(shown,) if any(c.isalpha() for c in shown) else (), left=(shown,)), (
            Part(shown[:200]),
        )
    groups = _products(made, names)
    if len(groups) > 1:
        return _several(shown, groups, made, content)
    product = _one(shown, groups[0], made, content, names)
    return product, _parts(product)


def _narrow(made: Cover, names: Names) -> None:
    """Beside a piece that is not understood, a brand means only what all products of that name have."""
    for n, item in enumerate(made.items):
        sure = names.family(item.sense)
        if len(sure) < len(item.sense.ingredients):
            kept = tuple(i for i in item.sense.ingredients if i in sure)
            made.items[n] = replace(item, sense=replace(item.sense, ingredients=kept))
    made.items = [item for item in made.items if item.sense.ingredients or item.sense.other]


def _parts(product: Product) -> tuple[Part, ...]:
    name = product.text[:200]
    made = []
    if product.ingredients:
        # What is known in part keeps its route open: the rest may say another.
        sure = not product.left
        made.append(Part(name, product.ingredients, product.route if sure else None, product.release if sure else None))
    if product.unlisted and product.none_of:
        made.append(Part(f"{' / '.join(product.unlisted)}"[:200] if made else name, none_of=product.none_of))
    if product.left:
        made.append(Part(f"{' '.join(product.left)} (in: {name})"[:200] if made else name))
    return tuple(made)


def _several(text: str, groups: list[list[Item]], made: Cover, content: Content) -> tuple[Product, tuple[Part, ...]]:
    """Each product by its ingredients alone: which route, strength or word belongs to which is not told."""
    parts = []
    for group in groups:
        product = _plain(text, group, content)
        own = " / ".join(dict.fromkeys(item.sense.name for item in group))
        if product.ingredients:
            parts.append(Part(f"{own} (in: {text})"[:200], product.ingredients))
        if product.none_of:
            parts.append(Part(f"{own} (in: {text})"[:200], none_of=product.none_of))
    whole = _plain(text, [item for group in groups for item in group], content)
    left = [*made.left, *(f"what else is in {item.sense.name}" for item in made.items if item.sense.more)]
    if left:
        parts.append(Part(f"{' '.join(left)} (in: {text})"[:200]))
    return replace(whole, several=True, left=tuple(left)), tuple(parts)


def _plain(text: str, items: list[Item], content: Content) -> Product:
    ingredients = tuple(dict.fromkeys(i for item in items for i in item.sense.ingredients))
    others = [item.sense for item in items if item.sense.other]
    return Product(
        text,
        ingredients,
        unlisted=tuple(dict.fromkeys(sense.name for sense in others)),
        active=active_of(ingredients, content),
        none_of=_shared(others),
        device=bool(others) and not ingredients and all(sense.device for sense in others),
    )


def _shared(others: list[Sense]) -> tuple[str, ...]:
    """The classes that all of some other medicines surely are not in."""
    if not others:
        return ()
    return tuple(cls for cls in others[0].none_of if all(cls in sense.none_of for sense in others))


def _one(text: str, items: list[Item], made: Cover, content: Content, names: Names) -> Product:
    """One product, with what its words and its brand tell."""
    left = [*made.left, *(f"what else is in {item.sense.name}" for item in items if item.sense.more)]
    product = _plain(text, items, content)
    ingredients = list(product.ingredients)
    said = [*made.says, *_brand_words(items, names)]
    routes = {record.route for record in said if record.route}
    form = any(record.form for record in said)
    route: Way | None = next((route for route in _ROUTES if route in routes), None)
    if any(record.film for record in said) and route in (None, "oral"):
        route = next((m.film for i in ingredients if (m := content.medicines[i]).film), route)
    strengths = strengths_of(made, items, names, route == "injected")
    if len(made.amounts) == 1 and (more := partner_of(ingredients, made.amounts[0][1], names)):
        ingredients = [*ingredients, *(i for i in more if i not in ingredients)]
        fake = [Item(Sense("", more), 0, 0, 0)]
        strengths = strengths_of(made, fake, names, False)
    elif not product.unlisted and any(len(a.numbers) > max(1, len(ingredients)) for _, a in made.amounts):
        left.append(made_text(made))
    taken = None
    if not strengths and route in (None, "oral", "sublingual", "buccal") and not product.unlisted:
        strengths = bare_strength(made, items, names)
        taken = made.plain if strengths else None
    if any(record.daily for record in made.says) and len(ingredients) == 1:
        strengths = {}
    if route == "injected":
        route = _injected(ingredients, strengths, content)
    ingredients, strengths, unclear = _on_skin(ingredients, strengths, route, made, names)
    if unclear:
        return Product(text, unlisted=(text,), left=(text,))
    release: Literal["ir", "er"] | None = None
    if any(record.release == "er" for record in said) and route in (None, "oral"):
        release = "er"
    elif form and route in ("oral", "sublingual", "buccal", "rectal", "nasal"):
        release = "ir"
    return replace(
        product,
        ingredients=tuple(ingredients),
        strengths={} if left else strengths,
        taken=taken if strengths and not left else None,
        route=route,
        release=release,
        active=active_of(ingredients, content),
        left=tuple(left),
        container_ml=_container(made),
    )


def _container(made: Cover) -> float | None:
    """Millilitres of one syringe or vial, as far as a name tells them."""
    told = [amounts.many for _, amounts in made.amounts if amounts.per == "ml" and amounts.many != 1]
    return made.size_ml or (told[0] if len(told) == 1 else None)


def made_text(made: Cover) -> str:
    """The numbers of a name as text."""
    return " ".join("/".join(f"{one.value:g}" for one in amounts.numbers) for _, amounts in made.amounts)


def _brand_words(items: list[Item], names: Names) -> list[NameWords]:
    """What the brands of a product tell of its form, in the words of the same tables."""
    found: list[NameWords] = []
    for item in items:
        if item.sense.words:
            found += cover(item.sense.words, names).says
    return found


def _injected(ingredients: list[str], strengths: Mapping[str, Strength], content: Content) -> Way:
    ways = {content.medicines[i].injected for i in ingredients}
    weak = any(strength.per == "ml" and strength.mg < 1 for strength in strengths.values())
    if "subcutaneous" in ways and not weak:  # a weak one is for a vein or a muscle
        return "subcutaneous"
    return "intramuscular" if ways == {"intramuscular"} else "other"


def _on_skin(
    ingredients: list[str], strengths: dict[str, Strength], route: str | None, made: Cover, names: Names
) -> tuple[list[str], dict[str, Strength], bool]:
    """A medicine that is another entry on the skin: which one, or (the last) that the name does not tell it."""
    if route in ("topical", "transdermal"):
        skin = names.on_skin
        plain = {i: skin[key] for key in skin for i in ingredients if key_of(key) == key_of(i.replace("_", " "))}
        return [plain.get(i, i) for i in ingredients], {plain.get(i, i): s for i, s in strengths.items()}, False
    both = {key_of(key) for key in names.on_skin}
    if any(key_of(i) in both for i in ingredients) and route is None:
        amounts = [one.unit for _, a in made.amounts for one in a.numbers]
        told = bool(amounts) and "%" not in amounts
        return ingredients, strengths, not told and bool(made.left or made.amounts or made.bare)
    return ingredients, strengths, False


def _products(made: Cover, names: Names) -> list[list[Item]]:
    """The names of a text, grouped by the product that they name."""
    by_segment: dict[int, list[Item]] = {}
    for item in made.items:
        by_segment.setdefault(item.segment, []).append(item)
    segments = list(by_segment.values())
    if len(segments) > 1 and _is_one(made, names):
        return [made.items]
    return [group for segment in segments for group in _within(segment, names)]


def _is_one(made: Cover, names: Names) -> bool:
    """Whether names with "and" or a comma between them are one product: no brand, sold together, strengths at the end."""
    senses = [item.sense for item in made.items]
    wanted = frozenset(i for sense in senses for i in sense.ingredients)
    if any(sense.brand or sense.other for sense in senses) or sum(len(s.ingredients) for s in senses) != len(wanted):
        return False
    last = made.items[-1].at
    return wanted in names.sold_together and not any(at < last for at, _ in (*made.amounts, *made.bare))


def _within(items: list[Item], names: Names) -> list[list[Item]]:
    """The products within a piece of text without "and", "+" or a comma: "hydrocodone-acetaminophen (Norco)" is one,
    "Xanax/Ambien" are two."""
    groups: list[list[Item]] = []
    for item in items:
        mine = frozenset(item.sense.ingredients) or frozenset({item.sense.name})
        for group in groups:
            held = frozenset(i for one in group for i in (one.sense.ingredients or (one.sense.name,)))
            brands = item.sense.brand or any(one.sense.brand for one in group)
            both = item.sense.ingredients and group[0].sense.ingredients
            told_apart = both and item.depth > group[0].depth  # "hydrocodone (oxycodone)" is not both of them
            if mine <= held or held <= mine or (held | mine) in names.sold_together or not (brands or told_apart):
                group.append(item)
                break
        else:
            groups.append([item])
    if len(groups) > 1:  # a brand may join what stood apart before it
        union = [frozenset(i for one in group for i in one.sense.ingredients) for group in groups]
        biggest = max(range(len(groups)), key=lambda n: len(union[n]))
        if union[biggest] and all(u <= union[biggest] for u in union):
            return [items]
    return groups
