"""What is known about one person: answers, three lists, how complete each list is, and who may be told."""

from ..content.dates import PartialDate, span
from ..content.entries import Condition, Medicine, Observation
from .coverage import Coverage
from .decisions import Decision, Dissent, Seat
from .errors import ProfileError
from .files import json_schema, parse_profile
from .model import AskedNone, ListsComplete, Profile
from .sharing import Close, Consent, Difference, Owner
from .teaching import Teaches

__all__ = [
    "AskedNone",
    "Close",
    "Condition",
    "Consent",
    "Coverage",
    "Decision",
    "Difference",
    "Dissent",
    "ListsComplete",
    "Medicine",
    "Observation",
    "Owner",
    "PartialDate",
    "Profile",
    "ProfileError",
    "Seat",
    "Teaches",
    "json_schema",
    "parse_profile",
    "span",
]
