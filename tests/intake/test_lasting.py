"""Which medicines work for days after one dose, by ingredient, route and the words of the name."""

from __future__ import annotations

import pytest

from pathways.content import load_content
from pathways.intake.lasting import lasting_form

CONTENT = load_content()


@pytest.mark.parametrize(
    ("medicine", "route", "words", "form"),
    [
        ("naltrexone", "intramuscular", "", "naltrexone_depot"),
        ("naltrexone", "oral", "naltrexone 50 mg", None),
        ("buprenorphine", "subcutaneous", "Brixadi weekly", "buprenorphine_weekly_depot"),
        ("buprenorphine", "subcutaneous", "Brixadi 24 mg", "buprenorphine_weekly_depot"),
        ("buprenorphine", "subcutaneous", "Sublocade", "buprenorphine_monthly_depot"),
        ("buprenorphine", "transdermal", "", "buprenorphine_patch"),
        ("buprenorphine", "sublingual", "", None),
        ("buprenorphine", None, "", None),
        ("fentanyl", "transdermal", "", "fentanyl_patch"),
        ("haloperidol", None, "Haloperidol DECANOATE 100 mg", "haloperidol_depot"),
        ("haloperidol", None, "haloperidol 5 mg", None),
        ("haloperidol", "intramuscular", "haloperidol 5 mg", None),
    ],
)
def test_the_first_record_that_fits_is_the_form(medicine: str, route: str | None, words: str, form: str | None) -> None:
    found = lasting_form({medicine}, route, words, CONTENT)
    assert (found and found.id) == form


def test_of_several_ingredients_one_is_enough_and_another_is_not() -> None:
    assert lasting_form({"buprenorphine", "naloxone"}, "transdermal", "", CONTENT) is not None
    assert lasting_form({"naloxone"}, "intramuscular", "", CONTENT) is None
    assert lasting_form((), None, "", CONTENT) is None
