"""Injections that work for weeks, in a fill: how many it holds, how much is in one, and every how many days it is given."""

from __future__ import annotations

from typing import NamedTuple

from ..content import Content
from ..content.models import LastingForm
from .lasting import lasting_form
from .names import Product

_EARLIEST, _LATEST = 0.6, 1.25
"""Parts of the longest time to the next injection: a supply that gives one outside of them counts something else."""
_NEAR = 0.02


class Injection(NamedTuple):
    """One injection: milligrams of each ingredient, and the days to the next."""

    mg: dict[str, float]
    days: float


def depot_form(product: Product, content: Content) -> LastingForm | None:
    """The form that a product is, where it is injected for weeks and its doses are recorded; None where it is not, or where
    that is not sure."""
    if product.left or product.several or product.route in ("implant", "transdermal"):
        return None
    form = lasting_form(product.ingredients, product.route, product.text, content)
    return form if form is not None and form.measure is not None else None


def injection(product: Product, quantity: float | None, days: float | None, content: Content) -> Injection | None:
    """One injection of a fill. The quantity counts millilitres or syringes, whichever gives whole injections at times that
    its label allows; None where neither does, where they do not agree, or where nothing tells what one holds."""
    form, strengths = depot_form(product, content), product.strengths
    if form is None or not quantity or not days or set(strengths) != set(product.ingredients):
        return None
    held, per = product.container_ml, {strength.per for strength in strengths.values()}
    if per == {"ml"} and held:
        mg = {i: strength.mg * held for i, strength in strengths.items()}
    elif per == {"unit"}:
        mg = {i: strength.mg for i, strength in strengths.items()}
    else:
        return None
    counts = {
        round(count)
        for count in (quantity, quantity / held if held else quantity)
        if round(count) >= 1
        and abs(count - round(count)) <= _NEAR * count
        and form.days * _EARLIEST <= days / round(count) <= form.days * _LATEST
    }
    if len(counts) != 1:
        return None
    return Injection({i: round(amount, 6) for i, amount in mg.items()}, days / counts.pop())


__all__ = ["Injection", "depot_form", "injection"]
