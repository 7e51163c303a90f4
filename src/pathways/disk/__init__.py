"""Files on disk: what comes from outside is read in one way, what is ours is replaced whole and nothing is left behind.

Every room writes through this one: ``write_file`` and ``replacing`` for a file, ``update_file`` for one that is read,
changed and written again, ``clear_drafts`` for what a killed process left; ``our_user`` is whose a file of ours is. What
is read comes in by ``incoming``: ordinary files, JSON and TOML, within ``limits``.
"""

from .files import clear_drafts, our_user, real_path, replacing, update_file, write_file

__all__ = ["clear_drafts", "our_user", "real_path", "replacing", "update_file", "write_file"]
