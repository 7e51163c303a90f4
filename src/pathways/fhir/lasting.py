"""Doses that were given and go on working: the form of a product (a depot, a patch), and the last day of a period."""

from __future__ import annotations

import re
from datetime import date

from ..content import Content, once_per_content
from ..content import models as m
from ..intake.names import Product
from . import plain
from .plain import Data, Days

_Form = tuple[re.Pattern[str] | None, m.LastingForm]


@once_per_content
def _forms(content: Content) -> tuple[_Form, ...]:
    return tuple(
        (re.compile("|".join(form.words), re.I) if form.words else None, form)
        for form in content.lasting_forms.values()
    )


def lasting(product: Product, words: str, content: Content) -> m.LastingForm | None:
    """The record of the form that a product is: by its medicine, and its route or the words of its name."""
    route = "other" if product.route == "injected" else product.route
    for named, form in _forms(content):
        if form.medicine is not None and form.medicine not in product.ingredients:
            continue
        if form.routes and route not in form.routes:
            continue
        if named is None or named.search(words):
            return form
    return None


def last_given(data: Data, start: Days | None, as_of: date) -> Days | None:
    """The last day on which doses of a record were given: the end of its period, or today while that goes on."""
    period = plain.obj(data, "effectivePeriod")
    if not period or start is None or start.first > as_of:
        return None
    end = plain.days(period, "end")
    if end is None:
        going_on = plain.code(data, "status") == "in-progress"
        return Days(as_of, as_of) if going_on else None
    return Days(as_of, as_of) if end.first > as_of else end
