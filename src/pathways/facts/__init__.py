"""From a profile to declared, partly known facts; each with where it came from and what it assumes."""

from .derive import derive
from .named import Facts, plain

__all__ = ["Facts", "derive", "plain"]
