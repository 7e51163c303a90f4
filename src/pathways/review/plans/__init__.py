"""From options to plans: exact search, core and forks, the first plan of each role."""

from .cautions import PlanCaution
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
    "combine",
    "present",
]
