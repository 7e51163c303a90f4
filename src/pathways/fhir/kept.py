"""`kept`: a property that is made once for each of very many objects; `copied`: an entry of a case with other fields.

As `functools.cached_property`, without the lock that this one takes each time until Python 3.12: where two threads ask at once,
both make the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

from ..content.parts import Part

T = TypeVar("T")
P = TypeVar("P", bound=Part)


def copied(entry: P, **changed: object) -> P:
    """An entry with some fields changed, as `model_copy` makes it and several times as quickly."""
    made = object.__new__(type(entry))
    for name, value in (
        ("__dict__", entry.__dict__ | changed),
        ("__pydantic_fields_set__", entry.__pydantic_fields_set__ | changed.keys()),
        ("__pydantic_extra__", None),
        ("__pydantic_private__", None),
    ):
        object.__setattr__(made, name, value)
    return made


class kept(Generic[T]):  # noqa: N801  # it is used as a decorator
    """What ``make`` gives for an object, kept in the object under the name of the property."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, holder: None, owner: type) -> Self: ...
    @overload
    def __get__(self, holder: object, owner: type) -> T: ...
    def __get__(self, holder: object | None, owner: type) -> Self | T:
        if holder is None:
            return self
        made = holder.__dict__[self._name] = self._make(holder)
        return made
