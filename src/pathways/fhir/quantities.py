"""The number of a result: where it stands, its unit, and the flag beside it."""

from __future__ import annotations

import re

from ..content import Content
from ..content import models as m
from ..intake.units import SIGNS, Quantity, Reading, factor_of, in_its_unit, quantity_in
from .plain import Data, number, obj, text


def reading_of(data: Data, codeset: m.CodeSet, adult: bool | None, content: Content) -> tuple[Quantity | None, Reading]:
    """The number of a result, or of one of its components, as it is given and in the unit of its measure."""
    measure = content.measures[codeset.gives]
    given, why = _quantity(data, measure)
    return given, in_its_unit(measure, given, adult) if given else Reading(why=why)


def _quantity(data: Data, measure: m.Measure) -> tuple[Quantity | None, str]:
    """The number of a result with its unit; None, and why, where there is none or where it is given in two ways."""
    quantity = obj(data, "valueQuantity")
    value = number(quantity, "value")
    if value is None:
        value = number(data, "valueInteger")
    if value is None:
        written = quantity_in(_without_flag(text(data, "valueString"), measure))
        return written, f"{measure.label}: no plain number"
    said = [unit for unit in (text(quantity, "code"), text(quantity, "unit")) if unit]
    factors = {unit: factor for unit in said if (factor := factor_of(measure, unit)) is not None}
    if len(set(factors.values())) > 1:
        return None, f"{measure.label}: its unit is given as {said[0]} and as {said[1]}"
    unit = next(iter(factors), said[0] if said else "")
    return Quantity(value, unit, SIGNS.get(text(quantity, "comparator"))), ""


_FLAG = re.compile(r"\s*[(\[]\s*(?:hh?|ll?|aa?|n)\s*[)\]]\s*$|(?<=[\w%])\s+(?P<bare>hh?|ll?)\s*$", re.I)
"""How a result in a text is flagged as high, low, abnormal or normal (HL7 table 0078)."""


def _without_flag(said: str, measure: m.Measure) -> str:
    """A result without its flag, where that can be no unit of it: "2.1 (H)", "5.1 mmol/L H"."""
    flag = _FLAG.search(said)
    if flag is None or (flag["bare"] and factor_of(measure, flag["bare"]) is not None):
        return said
    return said[: flag.start()]
