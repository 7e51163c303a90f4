"""FHIR R4 and CDS Hooks: real records in. Nothing of the core imports this room.

``read(data, as_of)`` turns a Bundle, the lines of an NDJSON file or a CDS Hooks request into a profile and a report of
what was made of every resource. ``order_findings(imported)`` holds its orders to the twelve CDC recommendations.
"""

from .bundle import FhirError
from .findings import OrderFinding, order_findings
from .reading import Imported, load, read
from .report import ImportReport, Note
from .rxnorm import load_rxnorm

__all__ = [
    "FhirError",
    "ImportReport",
    "Imported",
    "Note",
    "OrderFinding",
    "load",
    "load_rxnorm",
    "order_findings",
    "read",
]
