"""From a profile to declared, partly known facts; each with where it came from and what it assumes."""

from .derive import Facts, derive, plain

__all__ = ["Facts", "derive", "plain"]
