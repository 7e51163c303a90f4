"""What a record names in place of a medicine, without what is closed for this person."""

from __future__ import annotations

import pytest

from pathways import review
from pathways.profile import Profile
from pathways.review.instead import without


@pytest.mark.parametrize(
    ("ways", "shut", "left"),
    [
        ("a gabapentinoid or a topical; or wait the 14 days", "Gabapentinoid", "a topical, or wait the 14 days"),
        ("duloxetine (not with glaucoma) or a gabapentinoid", "Duloxetine", "a gabapentinoid"),
        ("acetaminophen", "Acetaminophen", ""),
        ("acetaminophen and ibuprofen", "Ibuprofen", "acetaminophen"),
        ("daily buprenorphine, the product without naloxone in severe disease", "Buprenorphine", ""),
        ("acetaminophen; cold, a brace or a block", "Acetaminophen", "cold, a brace, or a block"),
        (
            "Buprenorphine. If methadone is in use: correct causes.",
            "Methadone",
            "Buprenorphine. If methadone is in use: correct causes.",
        ),
        ("a gepant, with hepatology", "Triptan", "a gepant, with hepatology"),
    ],
)
def test_a_way_that_is_shut_is_left_out_with_what_qualifies_it(ways: str, shut: str, left: str) -> None:
    assert without(ways, [shut]) == left


def test_no_page_names_instead_what_it_speaks_against() -> None:
    person = {
        "as_of": "2026-11-02",
        "answers": {"main_pain": "neuropathy_diabetic"},
        "conditions": [{"id": "glaucoma_narrow_angle"}],
        "medicines": [{"name": "amitriptyline", "state": "current", "purpose": "pain"}],
        "complete": {"medicines": "yes", "conditions": "yes"},
    }
    case = review(Profile.from_dict(person))
    (amitriptyline,) = case.medicines
    assert case.option("duloxetine").safety == "contraindicated"
    assert amitriptyline.verdict == "change"
    assert not any("duloxetine" in ground.instead for ground in amitriptyline.grounds)
