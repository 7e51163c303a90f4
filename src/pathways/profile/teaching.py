"""What a sample case teaches, and what its review is expected to say."""

from __future__ import annotations

from typing import Any

from ..content.models.audience import WITHHELD
from ..content.parts import Long, Part, Short


class Expectation(Part, audience=WITHHELD):
    """What a teaching case expects of its review: a JSON path and a value that must, or must not, stand there."""

    path: Short
    value: Any = None
    why: Short = ""


class Teaches(Part, audience=WITHHELD):
    """What a sample case teaches, with what its review must and must not say. Tests read it; the engine does not."""

    says: Long
    unrealistic: Long = ""
    musts: tuple[Expectation, ...] = ()
    must_nots: tuple[Expectation, ...] = ()
