"""For how many days a medicine is prescribed at the most, and a supply that says more."""

from __future__ import annotations

from ..content import Content
from .names import Product


def too_long(days: float, product: Product, content: Content) -> str:
    """Why a supply cannot last so many days: the law of what is in it. Empty where it can, or where that is not sure."""
    if product.left or product.several:
        return ""
    for limit in content.supply_limits.values():
        known = {*limit.of, *(limit.alone if len(product.ingredients) == 1 else ())}
        held = [content.medicines[i].label.lower() for i in product.ingredients if i in known]
        if held and days > limit.days:
            return (
                f"a supply of {days:g} days of {' and '.join(held)}, and {limit.label} is prescribed for at most {limit.days} "
                f"days ({limit.source[0].at})"
            )
    return ""


__all__ = ["too_long"]
