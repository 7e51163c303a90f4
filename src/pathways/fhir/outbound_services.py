"""`cds_services`: the discovery document of CDS Hooks: which services there are, and what to send with a request."""

from __future__ import annotations

from .cards import HOOKS
from .outbound_parts import Json

_LISTS = {
    "conditions": "Condition?patient={{context.patientId}}",
    "medications": "MedicationRequest?patient={{context.patientId}}&_include=MedicationRequest:medication",
    "statements": "MedicationStatement?patient={{context.patientId}}&_include=MedicationStatement:medication",
    "dispenses": "MedicationDispense?patient={{context.patientId}}&_include=MedicationDispense:medication",
    "administrations": "MedicationAdministration?patient={{context.patientId}}",
    "observations": "Observation?patient={{context.patientId}}",
    "procedures": "Procedure?patient={{context.patientId}}",
    "encounters": "Encounter?patient={{context.patientId}}",
    "plans": "CarePlan?patient={{context.patientId}}",
    "allergies": "AllergyIntolerance?patient={{context.patientId}}",
    "questionnaires": "QuestionnaireResponse?patient={{context.patientId}}",
    "services": "ServiceRequest?patient={{context.patientId}}",
}


def cds_services() -> Json:
    """One service for each hook; the templates name every type of resource that the kit reads and can be searched by person."""
    prefetch = {"patient": "Patient/{{context.patientId}}", **_LISTS}
    return {
        "services": [
            {
                "hook": hook,
                "id": f"pathways-{hook}",
                "title": "Pathways: chronic pain and opioid use disorder",
                "description": f"{words}, with sources and with what is still unknown. Draft content; it gives no orders.",
                "prefetch": dict(prefetch),
                "usageRequirements": "A type of resource that is not sent is taken as none recorded, and answers that "
                "rest on it say so. A list that did not arrive in full must not be sent in part.",
            }
            for hook, words in HOOKS.items()
        ]
    }
