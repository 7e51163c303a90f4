"""From options to plans: exact search, core and forks, the first plan of each role."""

from .cautions import PlanCaution, by_name
from .combine import combine
from .parts import Frontier, Item, Plan
from .present import Alternative, Fork, LensView, Presented, present
from .within import Unmet, Within

__all__ = [
    "Alternative",
    "Fork",
    "Frontier",
    "Item",
    "LensView",
    "Plan",
    "PlanCaution",
    "Presented",
    "Unmet",
    "Within",
    "by_name",
    "combine",
    "present",
]
