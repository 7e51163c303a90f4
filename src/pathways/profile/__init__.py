"""What is known about one person: answers, three lists, how complete each list is, and who may be told."""

from .coverage import Coverage
from .dates import PartialDate, span
from .files import json_schema, parse_profile
from .model import AskedNone, Condition, ListsComplete, Medicine, Observation, Profile
from .parts import ProfileError
from .sharing import Close, Consent, Difference, Owner
from .teaching import Teaches

__all__ = [
    "AskedNone",
    "Close",
    "Condition",
    "Consent",
    "Coverage",
    "Difference",
    "ListsComplete",
    "Medicine",
    "Observation",
    "Owner",
    "PartialDate",
    "Profile",
    "ProfileError",
    "Teaches",
    "json_schema",
    "parse_profile",
    "span",
]
