"""What was doubtful when a record or an export was read, and stays so in the case until somebody settles it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..content.models.audience import WITHHELD
from ..content.parts import Long, Part, Short


class Doubtful(Part, audience=WITHHELD):
    """A line of an import that is not settled: its ``own`` words there, what was ``made`` of it, its ``doubts`` and the
    ``resource``. ``line`` is the line of this case that it is about, as its own words → what was made of them: where no
    entry reads so any more, it was settled. Empty: it became no entry."""

    line: Long = ""
    own: Long = ""
    made: Long
    doubts: Annotated[tuple[Long, ...], Field(min_length=1, max_length=50)]
    resource: Short = ""
