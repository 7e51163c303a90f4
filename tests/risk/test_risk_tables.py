"""Tables that a risk model reads: what is none of them is refused in one sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pathways.risk.data import RiskError, read_table

BAD_TABLES = {
    "another encoding": ("a,b\n1,2\n".encode("utf-16"), "UTF-8"),
    "a column twice": (b"a,b,a\n1,2,3\n", "more than one column is called 'a'"),
    "a row too short": (b"a,b\n1\n", "rows of different length"),
    "nothing": (b"", "empty"),
    "an open quote": (b'a,b\n"1,2\n', "comma-separated"),
}


@pytest.mark.parametrize(("content", "says"), BAD_TABLES.values(), ids=BAD_TABLES)
def test_a_table_that_is_none_is_one_clear_error(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(RiskError, match=re.escape(says)):
        read_table(path)
