"""Reading urine results: expected, unexpected, cannot tell; what explains them; and that nothing punishes."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from pathways.care.urine import EXPLAINS, SHOULD_FIND, Result, answers_to, read_urine
from pathways.content import load_content
from pathways.pages import sheet_html, sheet_markdown
from pathways.pages.html import sections_of, texts
from pathways.profile import Profile
from pathways.profile.model import AskedNone
from tests.pages.drawn import reviewed, tree
from tests.reviews import facts_only

CONTENT = load_content()
DAY = "2026-10-20"
ASKED = {"nonprescribed_opioid_use": False, "stimulant_use": False, "fentanyl_exposure": False}


def drug(name: str, **more: Any) -> dict[str, Any]:
    return {"ingredients": [name], "state": "current", "start": "2024", "per_day_min": 2, "per_day_max": 2, **more}


def profile(results: list[tuple[str, Any]], *medicines: dict[str, Any], **more: Any) -> Profile:
    seen = [{"measure": m, "value": v, "date": more.get("day", DAY)} for m, v in results]
    return Profile.from_dict(
        {"as_of": date(2026, 11, 2), "medicines": list(medicines), "observations": seen,
         "answers": more.get("answers", ASKED), "complete": {"medicines": more.get("whole", "yes")}}
    )  # fmt: skip  # data, read across


def read(measure: str, value: Any, *medicines: dict[str, Any], **more: Any) -> Result:
    person = profile([(measure, value)], *medicines, **more)
    return read_urine(facts_only(person))[0]


def said(result: Result) -> str:
    return " ".join(b.text for b in (*result.because, *result.explains))


# ---- something found ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "value", "medicine"),
    [("udt_oxycodone", "screen_positive", "oxycodone"), ("udt_oxymorphone", "confirmed_found", "oxycodone"),
     ("udt_morphine", "confirmed_found", "codeine"), ("udt_hydromorphone", "confirmed_found", "hydrocodone"),
     ("udt_opiates", "screen_positive", "hydrocodone"), ("udt_eddp", "confirmed_found", "methadone"),
     ("udt_norbuprenorphine", "confirmed_found", "buprenorphine"), ("udt_benzodiazepines", "screen_positive", "alprazolam"),
     ("udt_clonazepam", "confirmed_found", "clonazepam"), ("udt_fentanyl", "screen_positive", "fentanyl")],
)  # fmt: skip  # data, read across
def test_what_is_taken_or_comes_from_it_is_expected(measure: str, value: str, medicine: str) -> None:
    result = read(measure, value, drug(medicine))
    assert result.reading == "expected"
    assert not result.to_confirm
    assert result.after == ()


def test_found_and_explained_by_nothing_is_unexpected_and_a_screen_is_to_be_confirmed() -> None:
    screen = read("udt_fentanyl", "screen_positive", drug("oxycodone"))
    assert (screen.reading, screen.to_confirm) == ("unexpected", True)
    assert "19 days" in said(screen)
    sure = read("udt_fentanyl", "confirmed_found", drug("oxycodone"))
    assert (sure.reading, sure.to_confirm) == ("unexpected", False)


@pytest.mark.parametrize(
    ("measure", "value", "medicine"),
    [("udt_amphetamines", "screen_positive", "bupropion"), ("udt_pcp", "screen_positive", "venlafaxine"),
     ("udt_methadone", "screen_positive", "quetiapine"), ("udt_benzodiazepines", "screen_positive", "sertraline"),
     ("udt_hydromorphone", "confirmed_found", "morphine")],
)  # fmt: skip  # data, read across
def test_a_cross_reaction_or_a_trace_leaves_it_open(measure: str, value: str, medicine: str) -> None:
    result = read(measure, value, drug(medicine))
    assert result.reading == "cannot_tell"
    assert medicine in said(result)


def test_a_cross_reaction_explains_no_confirmed_finding() -> None:
    assert read("udt_methadone", "confirmed_found", drug("quetiapine")).reading == "unexpected"


def test_what_the_person_has_told_is_expected_and_what_nobody_asked_is_open() -> None:
    assert read("udt_cocaine", "confirmed_found", answers={"stimulant_use": True}).reading == "expected"
    assert read("udt_cocaine", "confirmed_found", answers={}).reading == "cannot_tell"
    assert read("udt_cocaine", "confirmed_found", answers={"stimulant_use": False}).reading == "unexpected"
    heroin = {"ingredients": ["heroin"], "state": "current", "source": "nonprescribed", "start": "2024"}
    assert read("udt_6mam", "confirmed_found", heroin).reading == "expected"


def test_a_stopped_medicine_explains_only_inside_its_window() -> None:
    def stopped(day: str) -> dict[str, Any]:
        return drug("morphine", state="stopped", stop=day)

    assert read("udt_morphine", "confirmed_found", stopped("2026-10-15")).reading == "expected"
    assert read("udt_morphine", "confirmed_found", stopped("2026-10-14")).reading == "unexpected"
    assert read("udt_morphine", "confirmed_found", stopped("2026-10")).reading == "cannot_tell"
    assert read("udt_morphine", "confirmed_found", drug("morphine", start="2026-10-21")).reading == "unexpected"
    assert read("udt_morphine", "confirmed_found", drug("morphine", start=None)).reading == "cannot_tell"
    proposed = drug("morphine", state="proposed")
    assert read("udt_morphine", "confirmed_found", proposed).reading == "unexpected"


@pytest.mark.parametrize(
    ("medicine", "whole"),
    [({"name": "blue pills", "state": "current"}, "yes"), ({"class": "opioid", "state": "current"}, "yes"), (drug("ibuprofen"), "no")],
)  # fmt: skip  # data, read across
def test_a_list_that_is_open_leaves_it_open(medicine: dict[str, Any], whole: str) -> None:
    assert read("udt_morphine", "confirmed_found", medicine, whole=whole).reading == "cannot_tell"
    assert read("udt_morphine", "confirmed_absent", medicine, whole=whole).reading == "cannot_tell"


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "blue pills", "state": "current", "none_of": ["*"]},
        {"name": "blue pills", "state": "current", "none_of": ["opioid"]},
        {"class": "nsaid", "state": "current"},
    ],
)
def test_an_entry_that_cannot_explain_it_does_not_leave_it_open(entry: dict[str, Any]) -> None:
    assert read("udt_morphine", "confirmed_found", entry).reading == "unexpected"


def test_what_was_asked_about_by_a_whole_class_does_not_leave_it_open() -> None:
    """A class of one use or route does not speak of the other uses and routes of its medicines."""
    unread = {"name": "blue pills", "state": "current", "none_of": ["tramadol_class"]}
    assert read("udt_tramadol", "confirmed_found", unread).reading == "unexpected"
    for asked, reading in (
        ("opioid", "unexpected"),
        ("opioid_for_pain", "cannot_tell"),
        ("opioid_patch", "cannot_tell"),
    ):
        person = profile([("udt_tramadol", "confirmed_found")], whole="no").model_copy(
            update={"asked_none": AskedNone(medicines=(asked,))}
        )
        assert read_urine(facts_only(person))[0].reading == reading, asked


def test_what_stands_on_the_list_needs_no_question_though_the_list_is_not_whole() -> None:
    before = drug("tramadol", state="stopped", stop="2025-01")
    assert read("udt_tramadol", "confirmed_found", before, whole="no").reading == "unexpected"
    assert read("udt_tramadol", "confirmed_found", drug("ibuprofen"), whole="no").reading == "cannot_tell"


def test_what_is_taken_now_was_begun_by_today_and_what_was_stopped_may_have_been_later() -> None:
    today = "2026-11-02"
    assert read("udt_morphine", "confirmed_found", drug("morphine", start="2026-11"), day=today).reading == "expected"
    assert read("udt_morphine", "confirmed_found", drug("morphine", start=None), day=today).reading == "expected"
    assert read("udt_morphine", "confirmed_found", drug("morphine", start="2026-10")).reading == "cannot_tell"
    stopped = drug("morphine", start="2026-11", state="stopped", stop=today)
    assert read("udt_morphine", "confirmed_found", stopped, day=today).reading == "cannot_tell"


def reasons(measure: str, value: Any, *medicines: dict[str, Any], **more: Any) -> list[str]:
    return [b.text for b in read(measure, value, *medicines, **more).because]


def test_a_window_that_begins_on_the_last_day_of_the_month_of_the_stop_leaves_it_open() -> None:
    """The test finds morphine for 5 days: on 5 October what was last taken on 30 September still counts."""
    stopped = drug("morphine", state="stopped", stop="2026-09")
    assert read("udt_morphine", "confirmed_found", stopped, day="2026-10-05").reading == "cannot_tell"
    assert read("udt_morphine", "confirmed_found", stopped, day="2026-10-06").reading == "unexpected"


@pytest.mark.parametrize(
    ("measure", "value", "medicine", "stop", "reading"),
    [
        ("udt_amphetamines", "screen_positive", "bupropion", "2020-01-01", "unexpected"),  # a cross-reaction, long ago
        ("udt_amphetamines", "screen_positive", "bupropion", "2026-10-18", "cannot_tell"),
        ("udt_amphetamines", "screen_positive", "amphetamine", "2020-01-01", "unexpected"),  # what it finds, long ago
        ("udt_opiates", "screen_positive", "fentanyl", "2026-10-19", "unexpected"),  # what it misses explains nothing
    ],
)
def test_only_what_the_test_may_answer_to_within_its_window_explains_it(
    measure: str, value: str, medicine: str, stop: str, reading: str
) -> None:
    assert read(measure, value, drug(medicine, state="stopped", stop=stop)).reading == reading


def test_how_long_it_may_be_found_is_said_where_it_was_not_expected_and_only_there() -> None:
    window = f"How long it may be found after the last use: {CONTENT.urine_tests['udt_fentanyl'].window}."
    unexpected, expected = (
        read("udt_fentanyl", "confirmed_found", *medicines) for medicines in ((), (drug("fentanyl"),))
    )
    assert [b.text for b in unexpected.explains].count(window) == 1
    assert window not in [b.text for b in expected.explains]


def test_a_ratio_finds_nothing_by_itself() -> None:
    assert [read("udt_norbup_ratio", ratio).found for ratio in (0.01, 0.1, 3.0)] == [False] * 3


def test_what_a_test_answers_to_by_how() -> None:
    opiates = (CONTENT.urine_tests["udt_opiates"],)
    assert {"morphine", "codeine"} <= answers_to(opiates, SHOULD_FIND)
    assert "fentanyl" in answers_to(opiates, ("misses",))
    assert not {"fentanyl", "methadone", "buprenorphine"} & answers_to(opiates, EXPLAINS)


# ---- something not found ------------------------------------------------------------------------------------


def test_a_medicine_taken_every_day_that_is_not_found_is_unexpected() -> None:
    result = read("udt_oxycodone", "confirmed_absent", drug("oxycodone"))
    assert result.reading == "unexpected"
    assert "oxymorphone" in said(result)
    assert any("run out early" in step.text for step in result.after)


@pytest.mark.parametrize(
    "more",
    [{"as_needed": True}, {"per_day_min": None}, {"per_day_min": 0}, {"per_day_min": 0.5}, {"start": None}, {"start": "2026"},],
)  # fmt: skip  # data, read across
def test_taken_when_needed_or_not_known_since_when_leaves_it_open(more: dict[str, Any]) -> None:
    assert read("udt_oxycodone", "confirmed_absent", drug("oxycodone", **more)).reading == "cannot_tell"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"as_needed": True}, "it is not recorded that it is taken every day"),
        ({"per_day_min": 0.5}, "it is not recorded that it is taken every day"),
        ({"start": None}, "when it was started is not recorded"),
        ({"start": "2026"}, "when it was started is not recorded"),
    ],
)
def test_why_it_is_left_open_is_said(more: dict[str, Any], why: str) -> None:
    assert reasons("udt_oxycodone", "confirmed_absent", drug("oxycodone", **more)) == [f"oxycodone: {why}."]


def test_once_a_day_is_every_day() -> None:
    once = drug("oxycodone", per_day_min=1, per_day_max=1)
    assert read("udt_oxycodone", "confirmed_absent", once).reading == "unexpected"


def test_what_a_panel_misses_is_named_only_if_it_was_taken_then() -> None:
    misses = "the opiate panel does not find it; it needs a test of its own"
    assert reasons("udt_opiates", "screen_negative", drug("fentanyl")) == [f"fentanyl: {misses}."]
    long_ago = drug("fentanyl", state="stopped", stop="2020-01-01")
    nothing = ["Nothing that is taken should be found by this test."]
    assert reasons("udt_opiates", "screen_negative", long_ago) == nothing
    as_needed = drug("morphine", as_needed=True)
    told = reasons("udt_opiates", "screen_negative", as_needed, drug("fentanyl"))
    assert told == ["morphine: it is not recorded that it is taken every day.", f"fentanyl: {misses}."]


def test_a_first_dose_on_the_day_of_the_test_need_not_be_found() -> None:
    assert read("udt_oxycodone", "confirmed_absent", drug("oxycodone", start=DAY)).reading == "expected"
    assert read("udt_oxycodone", "confirmed_absent", drug("oxycodone", start="2026-10-19")).reading == "unexpected"


def test_what_is_taken_otherwise_than_agreed_is_said_first() -> None:
    assert "not taken as agreed" in said(
        read("udt_oxycodone", "confirmed_absent", drug("oxycodone", as_prescribed=False))
    )


@pytest.mark.parametrize("medicine", ["fentanyl", "methadone", "buprenorphine", "tramadol", "oxycodone", "hydrocodone"])
def test_a_negative_opiate_panel_says_nothing_of_what_it_misses(medicine: str) -> None:
    result = read("udt_opiates", "screen_negative", drug(medicine))
    assert result.reading == "expected"
    assert "does not exclude fentanyl" in said(result)


@pytest.mark.parametrize("medicine", ["alprazolam", "clonazepam", "lorazepam"])
def test_a_negative_benzodiazepine_panel_may_have_missed_it(medicine: str) -> None:
    assert read("udt_benzodiazepines", "screen_negative", drug(medicine)).reading == "expected"


def test_metabolites_need_not_be_there() -> None:
    assert read("udt_hydromorphone", "confirmed_absent", drug("hydrocodone")).reading == "expected"


def test_nothing_taken_and_nothing_found_is_expected() -> None:
    assert read("udt_cocaine", "screen_negative", answers={}).reading == "expected"
    assert read("udt_opiates", "screen_negative", drug("ibuprofen")).reading == "expected"


# ---- ratio, and results without a name ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratio", "reading"), [(0.0, "unexpected"), (0.019, "unexpected"), (0.02, "cannot_tell"), (0.259, "cannot_tell"), (0.26, "expected")]
)  # fmt: skip  # data, read across
def test_the_ratio_of_metabolite_to_buprenorphine(ratio: float, reading: str) -> None:
    result = read("udt_norbup_ratio", ratio, drug("buprenorphine"))
    assert result.reading == reading
    if reading == "unexpected":
        assert "never accuse" in said(result)


def test_results_that_the_team_has_read_stay_as_recorded() -> None:
    assert read("urine_opioid", "expected").reading == "expected"
    assert read("urine_opioid", "unexpected").reading == "unexpected"
    assert read("urine_opioid", "negative", drug("oxycodone"), whole="no").reading == "cannot_tell"


@pytest.mark.parametrize("day", ["2026-10", None, "2026-11-03"])
def test_a_result_without_a_past_day_is_not_read(day: str | None) -> None:
    person = profile([("udt_cocaine", "screen_positive")], day=day)
    assert read_urine(facts_only(person)) == ()


# ---- what follows -------------------------------------------------------------------------------------------


def test_what_follows_starts_with_a_talk_and_holds_no_penalty() -> None:
    steps = read("udt_fentanyl", "screen_positive", drug("oxycodone")).after
    assert [step.order for step in steps] == sorted(step.order for step in steps)
    assert steps[0].text.startswith("Ask first")
    assert any("GC/LC-MS before anything follows" in step.text for step in steps)
    assert any(step.text.startswith("Never a reason to discharge") for step in steps)
    assert not any("Pregnancy" in step.text for step in steps)
    pregnant = read("udt_fentanyl", "screen_positive", drug("oxycodone"), answers={**ASKED, "pregnant": True})
    assert any("Pregnancy" in step.text for step in pregnant.after)


def test_found_and_absent_have_their_own_explanations() -> None:
    found = {s.id for s in read("udt_fentanyl", "screen_positive").after}
    absent = {s.id for s in read("udt_oxycodone", "confirmed_absent", drug("oxycodone")).after}
    assert "more_care" in found - absent
    assert absent - found == {"absent"}


WRONG = re.compile(r"dirty|\bclean\b|abus|addict|non-?complian|failed|violat|cheat", re.IGNORECASE)


def test_the_words_are_person_first_everywhere() -> None:
    for test in CONTENT.tables["urine_test"].values():
        told = [test.title, test.window, *test.if_found, *test.if_absent, *(s.says for s in test.sources)]
        assert not [text for text in told if WRONG.search(text)]
    assert not [step.text for step in CONTENT.tables["urine_step"].values() if WRONG.search(step.text)]


def test_the_sheet_shows_results_newest_first_with_what_follows() -> None:
    seen = [{"measure": "udt_oxycodone", "value": "confirmed_absent", "date": "2026-09-01"},
            {"measure": "udt_fentanyl", "value": "screen_positive", "date": "2026-10-01"}]  # fmt: skip  # data, read across
    case = reviewed(ASKED, observations=seen, medicines=[drug("oxycodone")], complete={"medicines": "yes"})
    section = next(s for s in sections_of(case) if s.id == "urine")
    told = " ".join(one.text for one in texts(section))
    assert told.index("2026-10-01") < told.index("2026-09-01")
    assert told.count("unexpected result") == 2
    assert told.count("confirm by GC/LC-MS first") == 1
    assert told.count("Ask first, openly") == 1
    node = next(n for n in tree(sheet_html(case)).all("details") if n.attributes.get("id") == "pw-urine")
    assert "never a reason to discharge" in node.text()
    assert "Urine drug tests" in sheet_markdown(case)
    assert "urine" not in {s.id for s in sections_of(reviewed())}
