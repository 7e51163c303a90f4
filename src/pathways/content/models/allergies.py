"""What an allergy on record means: for a medicine that is to be started, and for one in use; and names of what is none."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .audience import WITHHELD, Shared, Vocabulary
from .base import Clinical, Named, Phase
from .demands import Against, InUse, Members, Words
from .marks import Pattern, Text

Reaction = Literal["serious", "mild", "side_effect"]
"""Anaphylaxis, swelling, airway, blistering skin; hives or a rash; what is expected of the drug and is no allergy."""
AllergyState = Literal["serious", "mild", "side_effect", "unknown", "suspected", "class", "unread"]


class AllergySign(Clinical):
    """What an allergy of one kind means for the medicines that it is about: ``strength`` against starting one (left out:
    none), ``makes`` for one in use. ``words`` and ``snomed`` are how a record names reactions of this kind.

    ``sign``: the reaction; ``unknown`` where none is given; ``suspected`` where the allergy itself is in doubt; ``class``
    where only a class is named, so that which of them is not known; ``unread`` where nobody can tell what it is to.
    """

    sign: Vocabulary[AllergyState]
    label: Shared[Text]
    strength: Shared[Against | None] = None
    softened: Shared[Against | None] = None
    """The same for naloxone to keep at hand, which an allergy on record never closes."""
    makes: Vocabulary[InUse] = "note"
    by: Shared[Phase] = "today"
    action: Shared[Text]
    say: Shared[str] = ""
    words: Vocabulary[tuple[Pattern, ...]] = ()
    snomed: Vocabulary[tuple[str, ...]] = ()


class Allergen(Clinical):
    """Names and SNOMED codes of what an allergy may be to: classes or ingredients of the kit (``of``), or, without any,
    what is no medicine of the kit. ``none``: it says that there is no allergy at all."""

    label: Shared[Text]
    names: Vocabulary[Words] = Field(())
    snomed: Vocabulary[tuple[str, ...]] = ()
    of: Vocabulary[Members] = ()
    none: Vocabulary[bool] = False


class AllergyWords(Named, audience=WITHHELD):
    """Words of an allergy text that name no medicine. ``says``: what is named behind them, or with nothing behind them what
    is named before them, is ``tolerated``; they are ``neutral`` and change nothing; or they are a ``part`` of a product that is
    no medicine, so that an allergy to it need not be one to the medicine that is named beside it."""

    says: Literal["tolerated", "neutral", "part"]
    words: tuple[Pattern, ...] = Field(min_length=1)
