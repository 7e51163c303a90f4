"""The table of all cautions and pairs: what the kit says of each where it is true, held to a snapshot that people read."""

from __future__ import annotations

import pytest

from pathways.content import load_content

from .drug_table import HERE, line_of, rows

EVERY = 3
"""One record in three is reviewed again here; ``python -m tests.review.drug_table`` makes the whole table anew."""


@pytest.mark.slow
def test_the_table_of_cautions_and_pairs_is_as_it_was_read() -> None:
    content = load_content()
    found = tuple(rows(content, every=EVERY))
    # Each record says something: nowhere does all that it speaks of simply go on, or simply start. What speaks against a
    # start alone leaves what is in use as it is.
    notes = {record.id for record in content.interactions.values() if record.severity == "note"}  # they ask for nothing
    starts = {record.id for record in content.medicine_cautions.values() if record.start_only}
    bare = [row for row in found if row.bare and row.record not in notes]
    assert [row.cells() for row in bare if not (row.record in starts and row.situation == "in use")] == []
    # What has to change, and what is not to be started, stands on the first page.
    assert [row.cells() for row in found if row.hidden] == []
    read = HERE.read_text().splitlines()
    unread = [line for line in map(line_of, found) if line not in read]
    assert unread == [], "read what changed, then: python -m tests.review.drug_table"


def test_every_record_has_its_rows_in_the_table() -> None:
    content = load_content()
    shown = {line.split(" | ")[0].removeprefix("| ") for line in HERE.read_text().splitlines()[2:]}
    assert shown == {*content.interactions, *content.medicine_cautions}
