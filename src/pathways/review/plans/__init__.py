"""From options to plans: exact search, core and forks, three ways of looking at them."""

from .combine import Frontier, Item, Plan, combine
from .present import Alternative, Fork, LensView, Presented, present

__all__ = ["Alternative", "Fork", "Frontier", "Item", "LensView", "Plan", "Presented", "combine", "present"]
