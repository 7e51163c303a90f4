"""FHIR R4 and CDS Hooks: real records in, standard documents out. Nothing of the core imports this room.

``read(data, as_of)`` turns a Bundle, the lines of an NDJSON file or a CDS Hooks request into a profile and a report of
what was made of every resource. ``order_findings(imported)`` holds its orders to the twelve CDC recommendations.
``answer(request)`` gives CDS Hooks cards, ``case_to_bundle(case)`` a reviewed case as FHIR, which ``bundle_claims`` reads back.
What goes out is loaded when it is first used, so that reading starts fast.
"""

from importlib import import_module
from typing import Any

from .bundle import FhirError
from .findings import OrderFinding, order_findings
from .reading import Imported, load, read
from .report import ImportReport, Note
from .rxnorm import load_rxnorm

_LATER = {
    "answer": "outbound_answer",
    "bundle_claims": "outbound_claims",
    "case_to_bundle": "outbound",
    "cds_services": "outbound_services",
}
__all__ = [
    "FhirError",
    "ImportReport",
    "Imported",
    "Note",
    "OrderFinding",
    "answer",
    "bundle_claims",
    "case_to_bundle",
    "cds_services",
    "load",
    "load_rxnorm",
    "order_findings",
    "read",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'pathways.fhir' has no name '{name}'")
    return getattr(import_module(f"pathways.fhir.{_LATER[name]}"), name)
