"""`withheld`: marks what is said of a case as not for others, as the marks of the models do for their fields."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar

from ..case import Case

P = ParamSpec("P")
R = TypeVar("R")


def withheld(instead: Any) -> Callable[[Callable[Concatenate[Case, P], R]], Callable[Concatenate[Case, P], R]]:
    """A function of a case that says nothing to others: in a view that leaves out what is shared only with consent it gives
    ``instead``, and is not called."""

    def mark(tell: Callable[Concatenate[Case, P], R]) -> Callable[Concatenate[Case, P], R]:
        def told(case: Case, /, *more: P.args, **named: P.kwargs) -> R:
            found: R = instead if case.restricted else tell(case, *more, **named)
            return found

        return update_wrapper(told, tell)

    return mark
