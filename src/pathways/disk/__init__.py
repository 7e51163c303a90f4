"""Files of ours on disk: replaced whole, changed by one at a time, their owner's alone, and nothing left behind.

Every room reads what somebody names through ``open_ordinary`` and ``read_up_to``, and writes through ``write_file`` and ``replacing`` for a
file, ``update_file`` for one that is read, changed and written again; ``clear_drafts`` is for what a killed process left.
"""

from .files import clear_drafts, real_path, replacing, update_file, write_file
from .ordinary import NotOrdinaryError, open_ordinary, read_up_to

__all__ = [
    "NotOrdinaryError",
    "clear_drafts",
    "open_ordinary",
    "read_up_to",
    "real_path",
    "replacing",
    "update_file",
    "write_file",
]
