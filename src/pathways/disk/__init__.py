"""Files of ours on disk: replaced whole, changed by one at a time, their owner's alone, and nothing left behind.

Every room writes through this one: ``write_file`` and ``replacing`` for a file, ``update_file`` for one that is read,
changed and written again, ``clear_drafts`` for what a killed process left; ``our_user`` is whose a file of ours is.
"""

from .files import clear_drafts, our_user, real_path, replacing, update_file, write_file

__all__ = ["clear_drafts", "our_user", "real_path", "replacing", "update_file", "write_file"]
