"""What the parts of what is known of a person share: a closed base, short texts, true numbers, the content to check them by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, ValidationInfo

from ..language.nearest import did_you_mean
from .library import Content
from .loader import load_content
from .models.audience import Marked

Short = Annotated[str, Field(max_length=200)]
Long = Annotated[str, Field(max_length=4000)]


def content_of(info: ValidationInfo) -> Content:
    """The content that validation runs against: the one in the context, else the packaged one."""
    return (info.context or {}).get("content") or load_content()


def known_service(id: str, content: Content) -> None:
    """Refuse with ValueError what is neither a service of the content nor a treatment, which is a service of its own."""
    known = {**content.services, **content.treatments}
    if id not in known:
        raise ValueError(f"no service or treatment '{id}'.{did_you_mean(id, known)}")


def _number(value: Any) -> Any:
    """Refuse true and false where a number belongs: Python would take them for 1 and 0."""
    for one in value.values() if isinstance(value, Mapping) else (value,):
        if isinstance(one, bool):
            raise ValueError(f"{str(one).lower()} is not a number")
    return value


Numeric = BeforeValidator(_number)


class Part(Marked):
    """Base of the parts of a profile: frozen, closed, no NaN and no infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True, defer_build=True)
