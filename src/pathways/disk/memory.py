"""`no_collection`: pause the cyclic garbage collector while much is made that stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_frozen_before = False


def _frozen_by_the_program() -> bool:
    """Whether the program has frozen objects of its own; once it has, they are not counted again.

    To count them is to walk through them: 25 ms for two million, behind every block.
    """
    global _frozen_before
    _frozen_before = _frozen_before or gc.get_freeze_count() > 0
    return _frozen_before


@contextmanager
def no_collection() -> Iterator[None]:
    """Look for no cycles inside the block, and leave the collector as it was before.

    Loading content and reviewing a case make tens of thousands of objects that all stay until the end. Each round of the
    collector would walk through them, and through the whole content, and find nothing to take back. Behind the block they
    stand with what is old already (`gc.freeze`, then `gc.unfreeze`, which walk through nothing), so that the first round does
    not look at each of them; the next full round does. Where a program has frozen objects of its own, that is left out.

    >>> with no_collection():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            if not _frozen_by_the_program():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
