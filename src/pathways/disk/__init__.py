"""Files on disk: what comes from outside is read in one way, what is ours is replaced whole and nothing is left behind.

Every room reads what somebody names through ``open_ordinary`` and ``read_up_to`` (JSON and TOML by ``incoming``, within
``limits``), and writes through this one: ``write_file`` and ``replacing`` for a file, ``update_file`` for one that is read,
changed and written again, ``clear_drafts`` for what a killed process left; ``our_user`` is whose a file of ours is.
"""

from .files import clear_drafts, our_user, real_path, replacing, update_file, write_file
from .ordinary import NotOrdinaryError, open_ordinary, read_up_to

__all__ = [
    "NotOrdinaryError",
    "clear_drafts",
    "open_ordinary",
    "our_user",
    "read_up_to",
    "real_path",
    "replacing",
    "update_file",
    "write_file",
]
