"""What an author writes into the blanks of the template, in their order: nothing but text, and no Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pathways.apps.teach.sitting import blank_case

FILLED: Sequence[str] = (
    '"A visit for more tablets"',
    '"See what is dangerous together, and what was never asked"',
    '"Two sedating medicines together are the danger of today, and nobody has asked about opioid use disorder."',
    '"2026-11-02"',
    "58",
    '"female"',
    '"back_axial"',
    "96",
    '"none"',
    '"oxycodone 10 mg"',
    '"current"',
    '"pain"',
    '"egfr"',
    "88",
    '"2026-10-26"',
    '"yes"',
    '"The first visit"',
    '"A woman of 58 asks for more tablets. Her back has hurt for eight years."',
    '"Her bag"',
    '"She puts her medicines on the table. There is nothing else."',
    '"What is raised here?"',
    '"pain_relief"',
    '"oud_treatment"',
    '"That she asks for more is proof of opioid use disorder"',
    "false",
    '"Asking for relief is no criterion by itself."',
    '"What would you ask first?"',
    '"Which two do not go together?"',
    '"oxycodone"',
    '"alprazolam"',
    '"acetaminophen"',
    '"What comes first?"',
    '"exercise"',
    '"naltrexone_xr"',
    '"What would you do?"',
    '"How would you say it to her?"',
    '"Which words did they choose, and which would she hear?"',
    '"naloxone_kit"',
    '"She takes an opioid every day: naloxone belongs in the house."',
    '{ id = "cdc2022", at = "Recommendation 8" }',
    '"Let them commit alone first."',
    '"Who is in danger today, and of what?"',
    '"One thing each will do on Monday."',
)


def filled(change: Mapping[int, str] | None = None) -> str:
    """The template with every blank filled; ``change`` puts other words into some of them, by their number."""
    first, *rest = blank_case().split("\n\nschema_version")  # the remarks at the head speak of the blanks
    parts = "\n\nschema_version".join(["", *rest]).split('""')
    assert len(parts) - 1 == len(FILLED), f"{len(parts) - 1} blanks"
    words = [(change or {}).get(n, value) for n, value in enumerate(FILLED)]
    made = parts[0] + "".join(word + part for word, part in zip(words, parts[1:], strict=True))
    return first + made
