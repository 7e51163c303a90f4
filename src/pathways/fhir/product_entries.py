"""What a record of a medicine says as entries of a profile: the product, what else its text names, and how much a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..content import Content
from ..intake.names import Product, understood
from ..profile import Medicine
from .dosage import Intake


def entries_of_product(
    label: str, product: Product, clear: bool, purpose: Any, intake: Intake, content: Content
) -> tuple[Medicine, tuple[Medicine, ...]]:
    """The medicine as entries of a profile, so that the classes are those of the core. The state is set later.

    One entry, and beside it one for each further medicine of the text and for what was not understood of it.
    """
    entry = _entry(label, product, clear, purpose, intake, content)
    if not (product.left or product.several or (product.ingredients and product.none_of)) or not clear:
        return entry, ()
    if product.several:
        parts = understood(product.text, content)
        made = [
            _part({"name": p.name, "ingredients": list(p.ingredients), "none_of": list(p.none_of)}, content)
            for p in parts
        ]
        return made[0], tuple(made[1:])
    beside: list[Medicine] = []
    if product.ingredients and product.none_of:
        beside.append(_part({"name": " / ".join(product.unlisted)[:200], "none_of": list(product.none_of)}, content))
    if product.left:
        beside.append(_part({"name": f"part of a name that is not recognized, in: {label}"[:200]}, content))
    return entry, tuple(beside)


def _part(data: Mapping[str, Any], content: Content) -> Medicine:
    return Medicine.model_validate({"state": "current", **data}, context={"content": content})


def _entry(label: str, product: Product, clear: bool, purpose: Any, intake: Intake, content: Content) -> Medicine:
    """What is known of the product as one entry."""
    ingredients = tuple(i for i in product.ingredients if i in content.medicines)
    data: dict[str, Any] = {"name": label[:200] if ingredients else _masked(label, clear), "state": "current"}
    if ingredients:
        data |= {"ingredients": list(ingredients)}
        route = product.route if product.route != "injected" else "other"
        if not product.left:  # what is known in part keeps its route open: the rest may say another
            data |= {"route": route, "release": product.release}
        elif route not in ("oral", "sublingual", "transdermal", "topical", None):
            data["route"] = route  # but left open it would be reckoned as swallowed
    elif clear:
        data["none_of"] = list(product.none_of)
    if intake.rate:
        rate = {i: r * 1000 for i, r in intake.rate.items() if i in ingredients and r * 1000 <= 1e6}
        data |= {"dose": {i: round(r, 6) for i, r in rate.items()}, "unit": "mcg/h"}
        if intake.per_day.hi is None:
            data["dose"] = {}
    elif intake.mg:
        data["dose"] = {i: a for i, a in intake.mg.items() if i in ingredients}
    least, most = intake.per_day  # of a patch: 1, what is worn at once
    data["per_day_max"] = most if most is None or most <= 100 else None
    data["per_day_min"] = least if 0 <= least <= 100 and (least or most is not None) else None
    if intake.as_needed is not None:
        data["as_needed"] = intake.as_needed
    if purpose:
        data["purpose"] = purpose
    return Medicine.model_validate({k: v for k, v in data.items() if v is not None}, context={"content": content})


def _masked(label: str, clear: bool) -> str:
    """A name that no known spelling can be found in: what a product only may be must not be read as what it is."""
    return (label[:200] if clear else "") or "unrecognized medicine"
