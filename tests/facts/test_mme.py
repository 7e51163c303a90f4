"""Daily MME: the worked values of the facts sheet (E-2, E-3) and everything that must not be counted."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from pathways.content import models
from pathways.facts.amounts import of_one_day
from pathways.facts.mme import Daily, MmeResult, OpioidDose, daily_mg, daily_mme, per_day

FOLDER = Path(str(files("pathways.content"))) / "data" / "mme"


def edition(name: str) -> models.MmeEdition:
    record = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["mme_edition"][0]
    return models.MmeEdition.model_validate(record)


CDC2022 = edition("cdc2022")
CDC2016 = edition("cdc2016")


def dose(ingredient: str, amount: float | None, times: float | None, **more: Any) -> OpioidDose:
    """A dose by mouth for pain, taken exactly `times` a day, unless `more` says otherwise."""
    given: dict[str, Any] = {"unit": "mg", "route": "oral", "purpose": "pain"}
    return OpioidDose(ingredient, amount, per_day_min=times, per_day_max=times, **(given | more))


def as_needed(ingredient: str, amount: float, most: float) -> OpioidDose:
    return OpioidDose(ingredient, amount, "mg", 0, most, "oral", "pain")


def patch(ingredient: str, mcg_per_hour: float, **more: Any) -> OpioidDose:
    return OpioidDose(ingredient, mcg_per_hour, "mcg/h", route="transdermal", purpose="pain", **more)


def total(*doses: OpioidDose, table: models.MmeEdition = CDC2022) -> tuple[float | None, float | None]:
    result = daily_mme(doses, table)
    return result.lo, result.hi


# ---- the printed values ------------------------------------------------------------------------------------

WORKED = [
    ("E-2 hydrocodone 5 mg x 4", [dose("hydrocodone", 5, 4)], 20),
    ("E-2 oxycodone ER 10 mg x 2", [dose("oxycodone", 10, 2)], 30),
    ("E-3 oxycodone 10 mg x 4", [dose("oxycodone", 10, 4)], 60),
    ("E-3 fentanyl 25 mcg/h", [patch("fentanyl", 25)], 60),
    ("E-3 hydromorphone 4 mg x 4", [dose("hydromorphone", 4, 4)], 80),
    ("E-3 tramadol 50 mg x 4", [dose("tramadol", 50, 4)], 40),
    ("E-3 methadone for pain 10 mg x 3", [dose("methadone", 10, 3)], 141),
    ("E-3 codeine 30 mg x 4", [dose("codeine", 30, 4)], 18),
    ("E-3 tapentadol 100 mg x 2", [dose("tapentadol", 100, 2)], 80),
    ("E-3 oxymorphone ER 20 mg x 2", [dose("oxymorphone", 20, 2)], 120),
    ("E-3 morphine + oxycodone", [dose("morphine", 30, 2), dose("oxycodone", 5, 4)], 90),
]


@pytest.mark.parametrize(("doses", "mme"), [w[1:] for w in WORKED], ids=[w[0] for w in WORKED])
def test_worked_values(doses: list[OpioidDose], mme: float) -> None:
    assert total(*doses) == (mme, mme)


def test_2022_table_is_the_default_and_names_every_factor() -> None:
    assert [table.id for table in (CDC2022, CDC2016) if table.default] == ["cdc2022"]
    assert {row.ingredient: row.factor for row in CDC2022.factors} == {
        "codeine": 0.15, "fentanyl": 2.4, "hydrocodone": 1, "hydromorphone": 5, "methadone": 4.7,
        "morphine": 1, "oxycodone": 1.5, "oxymorphone": 3, "tapentadol": 0.4, "tramadol": 0.2,
    }  # fmt: skip  # data, read across


def test_the_arithmetic_is_shown() -> None:
    def words(one: OpioidDose) -> str:
        return daily_mme([one], CDC2022).counted[0].arithmetic

    assert words(dose("oxycodone", 10, 4)) == "oxycodone 10 mg × 4 a day × 1.5 = 60"
    assert words(patch("fentanyl", 25)) == "fentanyl 25 mcg/h × 2.4 = 60"
    assert words(as_needed("oxycodone", 10, 4)) == "oxycodone 10 mg × 0 to 4 a day × 1.5 = 0 to 60"
    assert words(dose("morphine", 500, 4, unit="mcg")) == "morphine 500 mcg × 4 a day ÷ 1000 × 1 = 2"


def test_every_result_names_its_edition() -> None:
    assert daily_mme([], CDC2022).edition == "cdc2022"
    assert daily_mme([], CDC2016).edition == "cdc2016"


# ---- ranges ------------------------------------------------------------------------------------------------


def test_as_needed_is_a_range_up_to_the_most_allowed() -> None:
    """E-6, J43: the assumption is said, not silent."""
    result = daily_mme([as_needed("oxycodone", 10, 4)], CDC2022)
    assert (result.lo, result.hi) == (0, 60)
    assert "as needed" in result.counted[0].reason


def test_overlapping_orders_are_added_even_when_equal() -> None:
    assert total(dose("oxycodone", 10, 2), dose("oxycodone", 10, 2)) == (60, 60)


def test_a_patch_counts_by_strength_whatever_its_interval() -> None:
    """J5: never times 24, 48 or 72 hours."""
    every_72_hours = patch("fentanyl", 75, per_day_min=1 / 3, per_day_max=1 / 3)
    assert total(every_72_hours) == total(patch("fentanyl", 75)) == (180, 180)


@pytest.mark.parametrize(
    "blank",
    [dose("oxycodone", None, 4), dose("oxycodone", 10, None), dose("oxycodone", 10, 4, unit=None),
     dose("oxycodone", 0, 4)],
    ids=["amount", "times a day", "unit", "amount 0"],
)  # fmt: skip  # data, read across
def test_a_missing_dose_leaves_no_upper_bound(blank: OpioidDose) -> None:
    assert total(blank) == (None, None)
    assert total(dose("morphine", 30, 2), blank) == (60, None)
    assert "no upper bound" in daily_mme([blank], CDC2022).not_calculable[0].reason


def test_what_is_known_of_a_missing_dose_still_counts_below() -> None:
    at_least_twice = OpioidDose("oxycodone", 10, "mg", 2, None, "oral", "pain")
    result = daily_mme([at_least_twice], CDC2022)
    assert (result.lo, result.hi) == (30, None)
    assert result.not_calculable[0].arithmetic == "oxycodone 10 mg × at least 2 a day × 1.5 = at least 30"


def test_a_blank_order_does_not_hide_a_known_one_of_the_same_opioid() -> None:
    result = daily_mme([dose("oxycodone", 10, 4), dose("oxycodone", None, 4)], CDC2022)
    assert [line.hi for line in result.counted] == [60]
    assert (result.lo, result.hi, result.note) == (60, None, "upper bound unknown: 1 not calculable")


def test_none_a_day_is_none() -> None:
    assert total(dose("oxycodone", None, 0)) == (0, 0)
    assert total(dose("oxycodone", None, 0, unit=None)) == (None, None)  # without a unit it might be a patch


def test_no_opioid_listed_is_zero() -> None:
    assert total() == (0, 0)
    assert daily_mme([], CDC2022).note == "none in the list"


# ---- what may not be counted -------------------------------------------------------------------------------


@pytest.mark.parametrize("ingredient", ["levorphanol", "meperidine", "pentazocine", "butorphanol", "unheard_of"])
def test_an_unlisted_opioid_is_not_calculable_and_never_zero(ingredient: str) -> None:
    alone = daily_mme([dose(ingredient, 2, 3)], CDC2022)
    assert (alone.lo, alone.hi) == (None, None)
    assert "not calculable" in alone.not_calculable[0].reason
    assert total(dose(ingredient, 2, 3), dose("oxycodone", 10, 4)) == (60, None)


@pytest.mark.parametrize(
    ("one", "word"),
    [
        (dose("morphine", 10, 4, route="intravenous"), "oral only, not intravenous"),
        (dose("hydromorphone", 1, 4, route="epidural"), "oral only, not epidural"),
        (dose("fentanyl", 200, 4, unit="mcg", route="buccal"), "transdermal only, not buccal"),
        (dose("fentanyl", 5, 1, route="transdermal"), "the factor is for mcg/h"),
        (patch("oxycodone", 10), "oral only, not transdermal"),
        (OpioidDose("oxycodone", 10, "mcg/h", route="oral"), "the factor is for mg/day"),
        (dose("morphine", 10, 4, route=None), "the route is not given"),
    ],
    ids=[
        "iv",
        "epidural",
        "transmucosal",
        "patch in mg",
        "patch of another opioid",
        "rate by mouth",
        "no route",
    ],
)
def test_an_unlisted_route_or_unit_is_not_calculable(one: OpioidDose, word: str) -> None:
    result = daily_mme([one], CDC2022)
    assert (result.lo, result.hi) == (None, None)
    assert word in result.not_calculable[0].reason


@pytest.mark.parametrize(
    "one",
    [
        OpioidDose("buprenorphine", 8, "mg", 2, 2, "sublingual", "oud"),
        OpioidDose("buprenorphine", 20, "mcg/h", route="transdermal", purpose="pain"),
        OpioidDose("buprenorphine", None, None),
        dose("methadone", 80, 1, purpose="oud"),
        dose("methadone", None, None, purpose="oud"),
    ],
    ids=["film", "patch for pain", "nothing known", "methadone from the OTP", "OTP dose not known"],
)
def test_left_out_on_purpose_does_not_make_the_sum_unknown(one: OpioidDose) -> None:
    """E-4, E-5, J3, J4: listed apart, and the rest still has both bounds."""
    alone = daily_mme([one], CDC2022)
    assert (alone.lo, alone.hi) == (0, 0)
    assert alone.note == "none counted; listed apart"
    assert "apart" in alone.not_counted[0].reason
    assert total(one, dose("oxycodone", 10, 4)) == (60, 60)


@pytest.mark.parametrize("purpose", [None, "other"])
def test_methadone_without_a_purpose_is_nothing_or_all(purpose: Any) -> None:
    result = daily_mme([dose("methadone", 10, 3, purpose=purpose)], CDC2022)
    assert (result.lo, result.hi) == (0, 141)
    assert result.counted[0].arithmetic == ("methadone 10 mg × 3 a day × 4.7 = up to 141 if for pain, 0 if for OUD")


def test_only_methadone_asks_for_the_purpose() -> None:
    assert total(dose("oxycodone", 10, 4, purpose=None)) == (60, 60)


def test_lines_keep_the_label_and_the_order_given() -> None:
    result: MmeResult = daily_mme([dose("oxycodone", 5, 4, label="night"), dose("morphine", 15, 2)], CDC2022)
    assert [line.label for line in result.counted] == ["night", "morphine"]


# ---- input that cannot be ----------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [-1, float("nan"), float("inf")])
@pytest.mark.parametrize("field", ["amount", "per_day_min", "per_day_max"])
def test_negative_nan_and_infinity_are_refused(field: str, wrong: float) -> None:
    with pytest.raises(ValueError, match=field):
        OpioidDose("oxycodone", **({"amount": 5, "unit": "mg"} | {field: wrong}))


def test_other_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 4 but at most 2"):
        OpioidDose("oxycodone", 5, "mg", 4, 2)
    with pytest.raises(ValueError, match="unit 'g'"):
        OpioidDose("oxycodone", 5, "g")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not possible"):
        total(dose("oxycodone", 1e308, 4))


# ---- the 2016 edition --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "mme"),
    [(patch("fentanyl", 25), 60), (dose("hydromorphone", 4, 4), 64), (dose("tramadol", 50, 4), 20),
     (dose("tapentadol", 100, 2), 80), (dose("oxycodone", 10, 4), 60)],
)  # fmt: skip  # data, read across
def test_2016_factors(one: OpioidDose, mme: float) -> None:
    assert total(one, table=CDC2016) == (mme, mme)


@pytest.mark.parametrize(("mg", "mme"), [(20, 80), (21, 168), (40, 320), (41, 410), (60, 600), (61, 732), (100, 1200)])
def test_2016_methadone_slides_with_the_daily_total(mg: float, mme: float) -> None:
    assert total(dose("methadone", mg, 1), table=CDC2016) == (mme, mme)
    assert total(dose("methadone", mg / 2, 1), dose("methadone", mg / 2, 1), table=CDC2016) == (mme, mme)


def test_2016_methadone_with_a_range_takes_the_factor_of_each_end() -> None:
    assert total(as_needed("methadone", 10, 3), table=CDC2016) == (0, 240)
    assert total(dose("methadone", 20, 1), as_needed("methadone", 10, 1), table=CDC2016) == (80, 240)
    assert total(dose("methadone", 20, 1), dose("methadone", None, 1), table=CDC2016) == (80, None)


def test_2016_methadone_of_unknown_purpose_raises_only_the_upper_bound() -> None:
    unknown = dose("methadone", 20, 1, purpose=None)
    assert total(dose("methadone", 20, 1), unknown, table=CDC2016) == (80, 320)


# ---- milligrams a day --------------------------------------------------------------------------------------


def test_acetaminophen_adds_up_over_all_products() -> None:
    """J28: the combination tablets count too."""
    tablets, combination = dose("acetaminophen", 500, 4), as_needed("acetaminophen", 325, 6)
    assert daily_mg([tablets, combination]) == Daily(2000, 3950)
    assert daily_mg([dose("acetaminophen", 500_000, 2, unit="mcg")]) == Daily(1000, 1000)
    assert daily_mg([]) == Daily(0, 0)


def test_one_blank_product_leaves_no_upper_bound() -> None:
    assert daily_mg([dose("acetaminophen", 500, 4), dose("acetaminophen", None, 4)]) == Daily(2000, None)
    assert daily_mg([patch("fentanyl", 25)]) == Daily(0, None)


def test_as_needed_starts_at_none_a_day() -> None:
    assert per_day(None, 4, True) == (0, 4)
    assert per_day(2, 4, True) == (2, 4)
    assert per_day(None, 4, None) == (None, 4)


def test_a_patch_whose_rate_is_not_known_may_be_any() -> None:
    assert daily_mg([OpioidDose("fentanyl", None, "mcg/h", route="transdermal")]) == Daily(0.0, None)
    assert of_one_day(OpioidDose("fentanyl", None, "mcg/h", route="transdermal")) == Daily(0.0, None)
