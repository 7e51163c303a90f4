"""Audience: a case as others may see it. One pure step from case to case, before any page, file or screen."""

from .shield import Shield, leaks
from .view import for_audience, safe_with_partner
from .withheld import withheld

__all__ = ["Shield", "for_audience", "leaks", "safe_with_partner", "withheld"]
