"""Widgets: the case conference and the comparison of plans, as views on a case in a notebook."""

from .compare import ComparePlans
from .conference import CaseConference

__all__ = ["CaseConference", "ComparePlans"]
