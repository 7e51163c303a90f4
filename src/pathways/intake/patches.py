"""How long a patch is worn, and how many of a supply would be worn at once."""

from __future__ import annotations

import re

from ..content import Content
from .names import Product

SLACK = 0.1
"""A supply of patches may last a little more or less than its days say, as part of one patch."""


def is_patch(product: Product) -> bool:
    """Whether a product is worn on the skin and dosed by the hour."""
    return product.route == "transdermal" or {s.per for s in product.strengths.values()} == {"h"}


def patch_lasts(product: Product, content: Content) -> float | None:
    """How many days a patch is worn: by its name, else by the label of its ingredient."""
    said = re.search(r"(?<![\d.])(\d+)\s*(hr|hour|h|day)s?\b", product.text, re.I)
    if said and product.route == "transdermal" and float(said[1]) > 1:
        return float(said[1]) / (1 if said[2].lower() == "day" else 24)
    known = {content.medicines[i].patch_days for i in product.ingredients if i in content.medicines}
    return known.pop() if len(known) == 1 else None


def too_many(product: Product, a_day: float, worn: float, content: Content) -> str:
    """Why so many patches a day cannot be: more would be worn at once than ``worn`` and than is thought of anybody. Empty
    where they can, or where nobody knows how long one lasts."""
    lasts = patch_lasts(product, content) if is_patch(product) else None
    most = max(worn, content.mme_edition.believable.patches)
    if not lasts or a_day * lasts <= most + SLACK:
        return ""
    return f"a patch lasts {lasts:g} days, so that more than {most:g} would be worn at once"


__all__ = ["SLACK", "is_patch", "patch_lasts", "too_many"]
