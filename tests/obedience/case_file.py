"""A case file while it is being made, for people made from rows of known.toml (generate.py) and from records (targeted.py)."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

Json = dict[str, Any]
AS_OF = date(2026, 11, 16)
# Of one intake and a day, for entries whose dose no row asks for: (amount, times a day).
USUAL = {
    "oxycodone": (10, 3),
    "hydrocodone": (5, 4),
    "morphine": (15, 3),
    "hydromorphone": (2, 4),
    "oxymorphone": (10, 2),
    "codeine": (30, 3),
    "tramadol": (50, 3),
    "tapentadol": (50, 3),
    "methadone": (10, 3),
    "meperidine": (50, 3),
    "gabapentin": (300, 3),
    "pregabalin": (75, 2),
    "duloxetine": (30, 1),
    "venlafaxine": (75, 1),
    "baclofen": (5, 3),
    "ibuprofen": (400, 3),
    "naproxen": (250, 2),
    "celecoxib": (100, 2),
    "diclofenac": (50, 2),
    "acetaminophen": (500, 3),
    "amitriptyline": (25, 1),
    "nortriptyline": (25, 1),
    "alprazolam": (0.5, 2),
    "clonazepam": (0.5, 2),
    "diazepam": (5, 2),
    "lorazepam": (0.5, 2),
    "zolpidem": (5, 1),
    "citalopram": (20, 1),
    "sertraline": (50, 1),
    "tizanidine": (2, 3),
    "cyclobenzaprine": (5, 3),
    "topiramate": (25, 2),
    "propranolol": (40, 2),
    "ketorolac": (10, 3),
}


class Entries:
    """What was entered of a person so far: conditions and observations by what they are, so that each is entered once."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.answers: Json = {}
        self.conditions: dict[str, Json] = {}
        self.medicines: list[Json] = []
        self.observations: dict[str, Json] = {}

    def rate_pain(self, least: int) -> None:
        """Enter a PEG of today, each item from `least` to 9 and all alike."""
        items = dict.fromkeys(("pain", "enjoyment", "activity"), self.random.randint(least, 9))
        self.observations["peg"] = {"measure": "peg", "items": items, "date": str(AS_OF)}

    def file(self, complete: str) -> Json:
        """The case file; `complete` says of each list whether it is whole."""
        return {
            "schema_version": 1,
            "title": "Case",
            "as_of": str(AS_OF),
            "answers": self.answers,
            "conditions": list(self.conditions.values()),
            "medicines": self.medicines,
            "observations": list(self.observations.values()),
            "complete": dict.fromkeys(("conditions", "medicines", "observations"), complete),
        }
