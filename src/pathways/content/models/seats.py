"""The seats of a plan: how many items each holds, and what an item of it is to the rest of the kit.

The seats belong to the format, as the phases do. What a module has to know of one stands here as a field, so that no
module compares the name of a seat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Seat = Literal[
    "moud",
    "medicine",
    "psychological",
    "movement",
    "procedure",
    "complementary",
    "support",
    "level_of_care",
    "harm_reduction",
    "care",
    "change",
]


@dataclass(frozen=True)
class Place:
    """One seat. ``most``: how many items of it a plan may hold; None has no limit (every item still earns its place).

    ``title``: the kind of option in words. ``fork``: the choice on a page that its alternatives share (left out: one of its
    own), with ``which`` (several to choose among) and ``whether`` (one to add or leave out) as its title (left out:
    ``title``). ``line``: the line of a first page that its items share. ``told``: its place on the handout.
    """

    title: str
    most: int | None
    told: int
    heading: str = ""
    fork: str = ""
    which: str = ""
    whether: str = ""
    line: Literal["", "non_drug", "care"] = ""
    treats_oud: bool = False
    """Medication for OUD: nothing but its own contraindication closes it."""
    prevents_harm: bool = False
    """What brings naloxone, and what else keeps a person alive: no emergency and no missing service puts it off."""
    rates_care: bool = False
    always: bool = False
    """In every plan where it is indicated, and never an alternative to anything."""
    changes: bool = False
    """It acts on what is in use."""
    medicine: bool = False
    """A medicine for pain, mood or sleep: one of a group in a plan, and counted for who wants fewer."""
    risky: bool = False
    """A caution about it may say not to; one about care or therapy says how to do it."""
    further_care: bool = False


_RELIEF, _WHICH, _WHETHER = "relief", "What to add for pain relief", "Pain relief"

PLACES: Mapping[Seat, Place] = {
    "moud": Place(
        "Medication for OUD",
        1,
        told=0,
        heading="Medication for OUD (MOUD)",
        which="Which medication for OUD",
        treats_oud=True,
        risky=True,
    ),
    "medicine": Place(
        "Medicines for pain, mood and sleep",
        3,
        told=3,
        medicine=True,
        risky=True,
        fork=_RELIEF,
        which=_WHICH,
        whether=_WHETHER,
    ),
    "psychological": Place(
        "Psychological treatment",
        2,
        told=5,
        which="Which psychological treatment",
        line="non_drug",
    ),
    "movement": Place(
        "Movement and rehabilitation",
        2,
        told=4,
        which="Which movement program",
        whether="Movement program",
        line="non_drug",
    ),
    "procedure": Place("Procedures", 1, told=6, risky=True, fork=_RELIEF, which=_WHICH, whether=_WHETHER),
    "complementary": Place("Complementary treatment", 1, told=7, fork=_RELIEF, which=_WHICH, whether=_WHETHER),
    "support": Place("Support", 2, told=9, which="Which support", line="care"),
    "level_of_care": Place("Level of care", 1, told=10, rates_care=True, always=True),
    "harm_reduction": Place("Harm reduction", None, told=1, prevents_harm=True, always=True),
    "care": Place(
        "Further care",
        None,
        told=8,
        which="Which further care",
        whether="Further care",
        line="care",
        further_care=True,
    ),
    "change": Place("Changes to what is in use", None, told=2, changes=True, risky=True),
}
"""The seats in the order of a page."""

SEATS: Mapping[str, int | None] = {seat: place.most for seat, place in PLACES.items()}
"""How many items of each seat a plan may hold; ``None`` has no limit (every item must still earn its place)."""
