"""What may be known about one fact: everything, nothing, or something in between.

A yes/no fact is `True`, `False` or `None`; a number is a `Range`; a choice is the `frozenset` of the
options still possible. `None` means unknown for every kind.

Each kind of fact says what it is like to know nothing (`unknown`), whether a value is settled (`is_known`)
and whether it is legal (`contains`). Legality is for the borders to check: the back ends take what they get.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Range:
    """A number known to lie between `lo` and `hi`, both included, in the unit of its fact.

    A known number is `Range(x, x)`; an open end is `-inf` or `inf`.
    Raises ValueError for NaN, for `lo > hi`, and for a "known" infinity.
    """

    lo: float
    hi: float

    def __post_init__(self) -> None:
        # Written so that NaN, which fails every comparison, is refused too.
        if not (self.lo <= self.hi and self.lo < inf and self.hi > -inf):
            raise ValueError(f"not a range of numbers: {self.lo} to {self.hi}")


Value = bool | None | Range | frozenset[str]


@dataclass(frozen=True, slots=True)
class YesNo:
    """A fact that is true or false."""

    def unknown(self) -> Value:
        return None

    def is_known(self, value: Value) -> bool:
        return value is True or value is False

    def contains(self, value: Value) -> bool:
        """Whether `value` is a legal state of knowledge about this fact."""
        return value is None or isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Number:
    """A number between `lo` and `hi` inclusive; `decimals=0` means whole numbers only.

    Raises ValueError when the declared range is empty, is one single number, or does not fit the decimals.
    """

    lo: float = -inf
    hi: float = inf
    decimals: int = 0

    def __post_init__(self) -> None:
        if not self.lo < self.hi:
            raise ValueError(f"the declared range {self.lo} to {self.hi} leaves nothing to ask")
        if self.decimals < 0 or not (self.fits(self.lo) and self.fits(self.hi)):
            raise ValueError(f"the range {self.lo} to {self.hi} does not fit {self.decimals} decimals")

    def fits(self, number: float) -> bool:
        """Whether `number` can be written with the declared decimals."""
        return number in (inf, -inf) or round(number, self.decimals) == number

    def unknown(self) -> Value:
        return Range(self.lo, self.hi)

    def is_known(self, value: Value) -> bool:
        return isinstance(value, Range) and value.lo == value.hi

    def contains(self, value: Value) -> bool:
        """Whether `value` is legal: inside the declared range (open ends may be infinite), and whole
        at both ends where only whole numbers are allowed."""
        if not isinstance(value, Range):
            return value is None
        inside = (value.lo >= self.lo or value.lo == -inf) and (value.hi <= self.hi or value.hi == inf)
        return (
            inside
            and value.lo <= self.hi
            and value.hi >= self.lo
            and (self.decimals > 0 or (self.fits(value.lo) and self.fits(value.hi)))
        )

    def span(self, value: Value) -> tuple[float, float]:
        """The lowest and highest number still possible: an unknown or open end is the declared one."""
        if not isinstance(value, Range):
            return self.lo, self.hi
        return (self.lo if value.lo == -inf else value.lo), (self.hi if value.hi == inf else value.hi)


@dataclass(frozen=True, slots=True)
class Choice:
    """A fact that is exactly one of 2 to 32 options (32, because a table keeps them as bits)."""

    options: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 2 <= len(self.options) <= 32 or len(set(self.options)) != len(self.options):
            raise ValueError(f"a choice needs 2 to 32 different options, not {self.options}")
        for option in self.options:
            if "'" in option or not option.isprintable() or not option.strip():
                raise ValueError(f"an option may not be blank or contain a quote or a line break: {option!r}")

    def unknown(self) -> Value:
        return frozenset(self.options)

    def is_known(self, value: Value) -> bool:
        return isinstance(value, frozenset) and len(value) == 1

    def contains(self, value: Value) -> bool:
        """Whether `value` is legal: some of the declared options, at least one."""
        if not isinstance(value, frozenset):
            return value is None
        return bool(value) and value <= frozenset(self.options)


FactType = YesNo | Number | Choice
