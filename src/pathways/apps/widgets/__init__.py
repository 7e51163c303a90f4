"""Widgets: the case conference, the comparison of plans, teaching cases and the rule atlas, as views in a notebook."""

from .atlas import RuleAtlas
from .compare import ComparePlans
from .conference import CaseConference
from .risk import RiskView
from .teaching import TeachingCase

__all__ = ["CaseConference", "ComparePlans", "RiskView", "RuleAtlas", "TeachingCase"]
