"""What is known about one person: answers, three lists, and how complete each list is."""

from .coverage import Coverage
from .dates import PartialDate, span
from .files import ProfileError, json_schema, parse_profile
from .model import AskedNone, Condition, ListsComplete, Medicine, Observation, Profile, Teaches

__all__ = [
    "AskedNone",
    "Condition",
    "Coverage",
    "ListsComplete",
    "Medicine",
    "Observation",
    "PartialDate",
    "Profile",
    "ProfileError",
    "Teaches",
    "json_schema",
    "parse_profile",
    "span",
]
