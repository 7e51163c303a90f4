"""Situations that are hard for the list of what must not be shown: each is reviewed and held to `forbidden.toml`."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from pathways.content import load_content
from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import review
from tests.forbidden import violations
from tests.profiles import random_data
from tests.reviews import NAMES, profile

BACK = {"age_years": 34, "main_pain": "back_axial", "pain_months": 20}
OUD = {**BACK, "oud_status": "active", "nonprescribed_opioid_use": True}
NO_OUD = {**BACK, "oud_status": "none"}


def takes(*ingredients: str, **more: Any) -> dict[str, Any]:
    return {"ingredients": list(ingredients), "state": "current", **more}


def seen(measure: str, day: str, value: Any = None) -> dict[str, Any]:
    return {"measure": measure, "date": day, **({} if value is None else {"value": value})}


HEROIN = takes("heroin", purpose="other", source="nonprescribed")
SITUATIONS: dict[str, dict[str, Any]] = {
    "return to use on oral naltrexone": {
        "answers": OUD,
        "medicines": [takes("naltrexone", route="oral", purpose="oud"), HEROIN],
    },
    "return to use five weeks after a naltrexone injection": {
        "answers": {**OUD, "opioid_free_days": 2},
        "medicines": [takes("naltrexone", route="intramuscular", release="er", purpose="oud")],
        "observations": [seen("naltrexone_injection", "2026-09-28")],
    },
    "pentazocine beside fentanyl": {
        "answers": OUD,
        "medicines": [takes("pentazocine", purpose="pain"), takes("fentanyl", purpose="other", source="nonprescribed")],
    },
    "street methadone and a stimulant": {
        "answers": {**OUD, "stimulant_use": True},
        "medicines": [takes("methadone", source="nonprescribed")],
    },
    "buprenorphine and methadone both in use": {
        "answers": {**BACK, "oud_status": "active"},
        "medicines": [takes("methadone", purpose="oud", setting="otp"), takes("buprenorphine", purpose="oud")],
    },
    "low-dose naltrexone for fibromyalgia, and surgery": {
        "answers": {**NO_OUD, "main_pain": "fibromyalgia", "surgery_planned": True},
        "medicines": [takes("naltrexone", route="oral", purpose="pain")],
        "observations": [seen("surgery", "2026-11-20")],
    },
    "oxycodone and carisoprodol": {
        "answers": {**NO_OUD, "opioid_months": 12},
        "medicines": [takes("oxycodone", purpose="pain"), takes("carisoprodol", purpose="pain")],
    },
    "an MAOI that ended 8 days ago, as an observation": {
        "answers": {**NO_OUD, "main_pain": "fibromyalgia"},
        "observations": [seen("last_maoi_dose", "2026-10-25")],
    },
    "linezolid that ended 5 days ago, in the list": {
        "answers": {**NO_OUD, "main_pain": "neuropathy_diabetic"},
        "medicines": [{"ingredients": ["linezolid"], "state": "stopped", "stop": "2026-10-28"}],
    },
    "an MAOI in use": {
        "answers": {**NO_OUD, "main_pain": "neuropathy_diabetic"},
        "medicines": [takes("phenelzine")],
    },
    "morphine with an eGFR of 25": {
        "answers": {"age_years": 66, "main_pain": "cancer", "pain_months": 6, "opioid_months": 4, "opioid_helps": "yes"},
        "medicines": [takes("morphine", purpose="pain")],
        "observations": [seen("egfr", "2026-10-25", 25)],
    },
    "acetaminophen in alcohol use disorder": {
        "answers": {**NO_OUD, "main_pain": "osteoarthritis"},
        "conditions": [{"id": "alcohol_use_disorder"}],
        "medicines": [takes("acetaminophen", purpose="pain")],
    },
    "two NSAIDs in use": {
        "answers": {**NO_OUD, "main_pain": "osteoarthritis"},
        "medicines": [takes("ibuprofen"), takes("naproxen")],
    },
    "an NSAID, an ACE inhibitor and a diuretic": {
        "answers": {**NO_OUD, "main_pain": "osteoarthritis"},
        "medicines": [takes("naproxen"), takes("lisinopril"), takes("furosemide")],
    },
    "stimulants, cannabis, alcohol and a benzodiazepine with OUD": {
        "answers": {**OUD, "stimulant_use": True, "alcohol_heavy": True, "alcohol_daily": True},
        "conditions": [{"id": "cannabis_use_disorder"}, {"id": "sedative_use_disorder"}],
        "medicines": [HEROIN, takes("alprazolam", source="nonprescribed")],
    },
    "allergic to both agonists": {
        "answers": {**OUD, "buprenorphine_allergy": True, "methadone_allergy": True},
        "medicines": [HEROIN],
    },
    "violence at home and a wish for couple work": {
        "answers": {**OUD, "partner_violence_or_coercion": True, "relationship_strain": True, "partner_consent": True},
    },
    "suicide intent and nerve pain": {
        "answers": {**NO_OUD, "main_pain": "neuropathy_postherpetic", "suicide_plan_or_intent": True},
    },
    "17 years old": {"answers": {**OUD, "age_years": 17}, "medicines": [HEROIN]},
    "tramadol, fluoxetine and a seizure disorder": {
        "answers": {**NO_OUD, "opioid_months": 8},
        "conditions": [{"id": "epilepsy"}],
        "medicines": [takes("tramadol", purpose="pain"), takes("fluoxetine")],
    },
    "Child-Pugh C and OUD": {
        "answers": OUD,
        "conditions": [{"id": "cirrhosis"}],
        "medicines": [HEROIN],
        "observations": [seen("child_pugh", "2026-10-30", "C")],
    },
    "rifampin on buprenorphine": {
        "answers": {**BACK, "oud_status": "remission"},
        "medicines": [takes("buprenorphine", purpose="oud"), takes("rifampin")],
    },
}  # fmt: skip  # data, read across


def reviewed(data: dict[str, Any]) -> list[str]:
    return violations(case_data(review(Profile.from_dict({"as_of": "2026-11-02", **data}))))


@pytest.mark.parametrize("name", SITUATIONS)
def test_nothing_forbidden_is_shown(name: str) -> None:
    assert reviewed(SITUATIONS[name]) == []


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_random_people_are_shown_nothing_that_is_forbidden(block: int) -> None:
    content = load_content()
    broken = {}
    for seed in range(40 * block, 40 * block + 40):
        found = case_data(review(Profile.from_dict(random_data(Random(seed), content))))
        if said := violations(found):
            broken[seed] = said
    assert broken == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_one_more_medicine_shows_nothing_that_is_forbidden(name: str) -> None:
    data = profile(name).to_dict()
    data.pop("teaches", None)
    medicines = list(load_content().medicines)
    broken = {}
    for medicine in Random(name).sample(medicines, 15):
        more = {**data, "medicines": [*data.get("medicines", []), takes(medicine)]}
        if said := reviewed(more):
            broken[medicine] = said
    assert broken == {}
