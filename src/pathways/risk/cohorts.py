"""The documented cohorts: which columns a model may read, what it is fitted to, and what it may never see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .model import Input, Model, RiskError

if TYPE_CHECKING:
    from .storage import OwnModel

NEVER: Mapping[str, str] = {
    "leak_heroin_methadone_index": "leak: holds heroin use disorder, which follows from use",
    "leak_drug_treatment_index": "leak: holds treatment for pain relievers, which follows from misuse",
    "leak_rx_opioid_count": "leak: everyone with lifetime misuse has at least one",
    "misuse_lifetime": "outcome",
    "misuse_past_year": "outcome",
    "misuse_past_year_severe": "outcome",
    "misuse_past_month": "outcome",
    "return_to_use_wk12": "outcome",
    "return_to_use_wk4_12": "outcome",
    "return_to_use_wk24": "outcome",
    "dropout_wk12": "outcome",
    "opioid_negative_weeks_12": "outcome",
    "uds_weeks": "outcome: the weekly results after the start",
    "poststrat_weight": "weight",
    "who": "a person's number",
    "year": "the year of a survey is not about a person",
    "race_ethnicity": "race is not a predictor",
    "is_hispanic": "ethnicity is not a predictor",
    "insurance": "insurance is not a predictor",
    "postcode": "where somebody lives is not a predictor",
}
"""Columns that no model may read, with the reason."""

# The public-use file's own names for what the outcome is made of, for people who bring that file.
_OUTCOME_LIKE = re.compile(r"^(leak_|pnrnm|depndpypnr|abusepypnr|udpypnr|pnrrsmain|irpnrnm|analwt)", re.IGNORECASE)


def why_never(column: str) -> str:
    """Why no model may read this column, or an empty text."""
    if column in NEVER:
        return NEVER[column]
    return "leak: made from, or following from, the outcome" if _OUTCOME_LIKE.match(column) else ""


def refuse(columns: Iterable[str]) -> None:
    """Raises RiskError when a model input is a leak, an outcome, a weight, or not a fair predictor."""
    bad = [f"{column} ({why})" for column in columns if (why := why_never(column))]
    if bad:
        raise RiskError(f"may not be a model input: {'; '.join(bad)}")


@dataclass(frozen=True)
class Cohort:
    """What a model is fitted to: its file, outcome, weight, inputs, and the columns that split and group its rows."""

    name: str
    title: str
    file: str
    outcome: str
    outcome_words: str
    says: str
    inputs: tuple[Input, ...]
    weight: str = ""
    year: str = ""
    cluster: str = ""
    fold: str = ""
    """The column of trials or sites to leave out one at a time."""
    groups: tuple[str, ...] = ()
    """Columns whose groups are validated apart."""
    people: str = ""
    source: str = ""
    kind: str = "ebm"
    not_for: str = ""

    def with_inputs(self, columns: Iterable[str]) -> Cohort:
        """The same cohort, read through fewer columns. Raises RiskError for one that may not be read."""
        wanted = tuple(columns)
        refuse(wanted)
        known = {i.column: i for i in self.inputs}
        if strange := [c for c in wanted if c not in known]:
            raise RiskError(f"{self.name} has no input {', '.join(strange)}; it has {', '.join(known)}")
        return replace(self, inputs=tuple(known[c] for c in wanted))


def _yes_no(column: str, label: str) -> Input:
    return Input(column, label, lo=0, hi=1)


def _days(column: str, label: str) -> Input:
    return Input(column, label, lo=0, hi=30, unit="days of the last 30")


RECENCY = ("never", "lifetime", "past_year", "past_month")
URINE = ("negative", "positive", "mixed", "missing")

NOT_A_DIAGNOSIS = (
    "Misuse is not opioid use disorder: most people who report misuse give pain as the main reason, and most people with "
    "a prescription OUD report no misuse. Not for people with known OUD, on medication for OUD, in active cancer or "
    "palliative care, or under 18. Never a reason to refuse, lower or stop a medicine."
)
_FOR_SUPPORT = (
    "For offering more support after the start of medication for OUD: closer visits, dose review, other help. Never a "
    "reason to stop treatment or to choose between medicines. The trials ran before fentanyl was the usual supply."
)

MISUSE_ADULTS = Cohort(
    name="misuse_adults",
    title="Past-year misuse of prescription pain relievers, US adults",
    file="nsduh_2015_2016_adults.parquet",
    outcome="misuse_past_year",
    outcome_words="report having used a prescription pain reliever in the past year in a way no doctor directed",
    says="resembles people who report misuse",
    weight="poststrat_weight",
    year="year",
    groups=("age_band", "female"),
    people="US adults who answered the National Survey on Drug Use and Health in 2015 and 2016",
    source=(
        "National Survey on Drug Use and Health 2015-2016 (SAMHSA, public domain), as reduced by S. Shiverick, "
        "doi:10.5281/zenodo.2301844 (CC BY). Statistical use only."
    ),
    not_for=NOT_A_DIAGNOSIS,
    inputs=(
        Input("age_band", "Age", ("18-25", "26-34", "35-49", "50+")),
        _yes_no("female", "Female"),
        Input("education", "Education", ("less_than_hs", "hs_grad", "some_college", "college_grad")),
        Input("employment", "Work", ("full_time", "part_time", "not_employed")),
        Input("health_burden", "Self-rated health and illness (1 best to 7)", lo=1, hi=7),
        Input("mental_distress_index", "Low mood and suicidal thoughts, lifetime and past year", lo=0, hi=10),
        Input("mh_treatment_index", "Mental health treatment in the past year, kinds of place", lo=0, hi=8),
        Input("tranquilizer_products_py", "Benzodiazepine products in the past year, also prescribed", lo=0, hi=5),
        Input("sedative_products_py", "Sedative products in the past year, also prescribed", lo=0, hi=6),
        Input("cocaine_index", "Cocaine, ever to past month", lo=0, hi=5),
        Input("stimulant_index", "Stimulants, prescribed or not, ever to past month", lo=0, hi=5),
        Input("hallucinogen_types_ever", "Kinds of hallucinogen ever tried", lo=0, hi=5),
        _yes_no("heroin_or_rx_methadone", "Heroin ever, or a methadone product in the past year"),
    ),
)

MISUSE_YOUNG = Cohort(
    name="misuse_young_adults",
    title="Past-year misuse of prescription pain relievers, US adults 18 to 25",
    file="nsduh_2019_2020_young_adults.parquet",
    outcome="misuse_past_year",
    outcome_words=MISUSE_ADULTS.outcome_words,
    says=MISUSE_ADULTS.says,
    year="year",
    groups=("age_band", "female"),
    people="US adults aged 18 to 25 who answered the National Survey on Drug Use and Health in 2019 and 2020",
    source="National Survey on Drug Use and Health 2019-2020 (SAMHSA, public domain). Statistical use only. Unweighted.",
    not_for=NOT_A_DIAGNOSIS,
    inputs=(
        Input("age_band", "Age", ("18-20", "21-23", "24-25")),
        _yes_no("female", "Female"),
        Input("education", "Education", ("less_than_hs", "hs_grad", "some_college", "college_grad")),
        _yes_no("college_enrolled", "College enrollment, as the survey codes it"),
        Input("household_income", "Household income", ("lt_20k", "20_49k", "50_74k", "75k_plus")),
        _yes_no("gov_assistance", "Household receives government assistance"),
        Input("k6_past_month", "Distress in the past month (K6)", lo=0, hi=24),
        Input("k6_worst_month_py", "Distress in the worst month of the year (K6)", lo=0, hi=24),
        _yes_no("serious_distress_py", "Serious distress in the past year"),
        Input("mental_illness_level", "Mental illness as the survey estimates it (0 none to 3 serious)", lo=0, hi=3),
        _yes_no("mde_py", "Major depressive episode in the past year"),
        _yes_no("suicidal_thoughts_py", "Suicidal thoughts in the past year"),
        Input("cigarette_recency", "Cigarettes, last time", RECENCY),
        _days("cigarette_days_30", "Days with cigarettes"),
        Input("alcohol_recency", "Alcohol, last time", RECENCY),
        _days("alcohol_days_30", "Days with alcohol"),
        _days("binge_days_30", "Days of binge drinking"),
        Input("marijuana_recency", "Cannabis, last time", RECENCY),
        _days("marijuana_days_30", "Days with cannabis"),
        Input("cocaine_recency", "Cocaine, last time", RECENCY),
        Input(
            "rx_stimulant_misuse_recency", "Prescription stimulants in another way than directed, last time", RECENCY
        ),
    ),
)

_ENTRY_INPUTS = (
    Input("age", "Age", lo=18, hi=90, unit="years"),
    _yes_no("is_male", "Male"),
    _days("iv_days_30", "Days of injecting"),
    _days("rbs_days_heroin", "Days with heroin, questionnaire"),
    _days("tlfb_days_heroin", "Days with heroin, calendar"),
    _days("tlfb_days_rx_opioid", "Days with prescription opioids, calendar"),
    _days("tlfb_days_cocaine", "Days with cocaine, calendar"),
    _days("tlfb_days_benzodiazepine", "Days with benzodiazepines, calendar"),
    _days("tlfb_days_cannabis", "Days with cannabis, calendar"),
    Input("fagerstrom", "Nicotine dependence (Fagerström)", lo=0, hi=10),
    _days("tlfb_days_alcohol", "Days with alcohol, calendar"),
    _days("tlfb_days_amphetamine", "Days with amphetamines, calendar"),
    _days("tlfb_days_any_opioid", "Days with any opioid, calendar"),
    _days("rbs_days_cocaine", "Days with cocaine, questionnaire"),
    _days("rbs_days_opioid", "Days with other opioids, questionnaire"),
    _days("rbs_days_speed", "Days with speed, questionnaire"),
    _days("rbs_days_speedball", "Days with heroin and cocaine together, questionnaire"),
    _yes_no("shared_needles", "Shared needles"),
    _yes_no("is_smoker", "Smokes"),
    Input("withdrawal_pre_induction", "Withdrawal before the start (0 none to 3 severe)", lo=0, hi=3),
    _yes_no("uds_base_opioid", "Opioid in a urine test before the start"),
    _yes_no("uds_base_methadone", "Methadone in a urine test before the start"),
    _yes_no("uds_base_buprenorphine", "Buprenorphine in a urine test before the start"),
    _yes_no("uds_base_amphetamine", "Amphetamine in a urine test before the start"),
    _yes_no("uds_base_cocaine", "Cocaine in a urine test before the start"),
    _yes_no("uds_base_benzodiazepine", "Benzodiazepine in a urine test before the start"),
    _yes_no("uds_base_thc", "Cannabis in a urine test before the start"),
    _yes_no("has_major_dep", "Major depression"),
    _yes_no("has_anx_pan", "Anxiety or panic disorder"),
    _yes_no("has_bipolar", "Bipolar disorder"),
    _yes_no("has_schizophrenia", "Schizophrenia"),
    _yes_no("has_brain_damage", "Brain injury or damage"),
    _yes_no("has_epilepsy", "Epilepsy"),
)

RETURN_ENTRY = Cohort(
    name="return_to_use_entry",
    title="Return to use within 12 weeks of starting medication for OUD, from answers at entry",
    file="ctn0094_moud_trials_open.parquet",
    outcome="return_to_use_wk12",
    outcome_words="had four weeks running of positive or missing urine tests within 12 weeks",
    says="resembles people who returned to use in these trials",
    cluster="site",
    fold="trial",
    groups=("pain_baseline", "trial", "is_male"),
    people="people with OUD randomized to methadone, buprenorphine or XR-naltrexone in trials CTN-0027, CTN-0030 and CTN-0051",
    source="R packages public.ctn0094data 1.0.6 and public.ctn0094extra 1.0.4 (MIT; R. Balise, G. Odom and others), NIDA CTN.",
    kind="logistic",
    not_for=_FOR_SUPPORT,
    inputs=_ENTRY_INPUTS,
)

RETURN_WEEKS = replace(
    RETURN_ENTRY,
    name="return_to_use_weeks4_12",
    title="Return to use in weeks 4 to 12 of medication for OUD, with the urine tests of weeks 1 to 3",
    outcome="return_to_use_wk4_12",
    outcome_words="had four weeks running of positive or missing urine tests within weeks 4 to 12",
    inputs=(
        *(Input(f"uds_week{n}", f"Urine test for opioids, week {n}", URINE) for n in (1, 2, 3)),
        *_ENTRY_INPUTS,
    ),
)

COHORTS: Mapping[str, Cohort] = {c.name: c for c in (MISUSE_ADULTS, MISUSE_YOUNG, RETURN_ENTRY, RETURN_WEEKS)}


def cohort_for(model: Model | OwnModel) -> Cohort:
    """The cohort whose columns a model reads: its documented one, or one made from what the model says of itself."""
    if known := COHORTS.get(str(model.about.get("cohort", model.name))):
        return replace(known, inputs=model.inputs)
    return Cohort(
        name=model.name,
        title=model.title,
        file="",
        outcome=model.outcome["column"],
        outcome_words=model.outcome["words"],
        says=model.outcome["says"],
        inputs=model.inputs,
        weight=str(model.about.get("weight", "")),
        not_for=model.outcome.get("not_for", ""),
    )
