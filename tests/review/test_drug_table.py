"""The table of all cautions and pairs: what the kit says of each where it is true, held to a snapshot that people read."""

from __future__ import annotations

import pytest

from pathways.content import load_content

from .drug_table import HERE, rows, table


@pytest.mark.slow
def test_the_table_of_cautions_and_pairs_is_as_it_was_read() -> None:
    content = load_content()
    found = tuple(rows(content))
    # Each record says something: nowhere does all that it speaks of simply go on, or simply start.
    assert [row.cells() for row in found if row.bare] == []
    # What has to change, and what is not to be started, stands on the first page.
    assert [row.cells() for row in found if row.hidden] == []
    assert {row.record for row in found} == {*content.interactions, *content.medicine_cautions}
    assert table(content, made=found) == HERE.read_text(), "read what changed, then: python -m tests.review.drug_table"
