"""An allergy to what a product is made of beside its medicine: an adhesive, a dye, a preservative."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.content import load_content
from pathways.facts.allergies import allergies_of
from pathways.intake.allergy_text import allergen_text
from pathways.profile import Profile
from pathways.profile.allergies import Allergy
from tests.fhir.requests import SNOMED, Json
from tests.fhir.test_allergies import allergy, imported

CONTENT = load_content()
LATEX = "111088007"


def meant(entry: Allergy) -> tuple[frozenset[str], str] | None:
    """What an entry is to and its sign; None where it counts for no medicine of the kit."""
    found = allergies_of(Profile(allergies=(entry,)), CONTENT)
    return (found[0].to, found[0].sign.sign) if found else None


PARTS = ("adhesive", "glue", "latex", "yellow dye", "preservative", "coating", "lactose", "cherry flavoring", "gelatin")
NAMES = ("methadone", "oxycodone tablet", "Butrans patch", "gabapentin capsule", "lidocaine patch")


@given(
    st.sampled_from(PARTS),
    st.sampled_from(NAMES),
    st.sampled_from(("{} of {}", "{} in {}", "{1} ({0})", "{1} {0}", "{1}: {0} only")),
)
def test_a_part_of_a_product_is_never_surely_its_medicine_and_never_surely_nothing(
    part: str, name: str, form: str
) -> None:
    text = form.format(part, name)
    assert allergen_text(text, CONTENT) is None
    assert meant(Allergy(name=text)) == (frozenset(), "unread")
    (read,) = imported(allergy(text)).profile.allergies
    assert not read.ingredients
    assert not read.none_of


@pytest.mark.parametrize(
    "more",
    [
        {"category": ["environment"]},
        {"category": ["food", "environment"]},
        {"code": {"coding": [{"system": SNOMED, "code": LATEX}], "text": "latex of a buprenorphine patch"}},
    ],
)
def test_a_code_or_a_category_of_no_medicine_does_not_close_it(more: Json) -> None:
    (read,) = imported(allergy("adhesive of buprenorphine patch", **more)).profile.allergies
    assert meant(read) == (frozenset(), "unread")


@pytest.mark.parametrize("text", ["adhesive", "Latex", "adhesive tape", "Lactose"])
def test_by_itself_it_is_to_no_medicine(text: str) -> None:
    assert meant(Allergy(name=text)) is None
    (read,) = imported(allergy(text)).profile.allergies
    assert read.none_of == ("*",)


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("buprenorphine patch", "buprenorphine"), ("dye-free oxycodone", "oxycodone"), ("preservative free morphine", "morphine"),
        ("Fentanyl patch - rash", "fentanyl"), ("codeine cough syrup", "codeine"), ("gabapentin capsule", "gabapentin"),
    ],
)  # fmt: skip  # data, read across
def test_a_medicine_with_its_form_is_the_medicine(text: str, to: str) -> None:
    (read,) = imported(allergy(text)).profile.allergies
    assert read.ingredients == (to,)
