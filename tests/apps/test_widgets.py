"""The widgets without a browser and without a kernel: make them, answer, read the HTML and the case."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from pathways.apps.widgets import CaseConference, ComparePlans
from pathways.apps.widgets.blocks import agenda_html, changes_html, derived_of, forks_of, plans_html
from pathways.apps.widgets.names import file_name
from pathways.apps.widgets.plans_zone import PlansZone
from pathways.pages import first_page
from pathways.pages.blocks import PHASE_WORDS
from pathways.profile import Profile, parse_profile
from pathways.review.case import Case, review
from tests.conftest import ROOT

DAY = date(2026, 11, 2)
SAMPLE = ROOT / "sample_data/cases/back_pain_120_mme.toml"
NASTY = "<img src=x onerror=alert(1)></script>{{7*7}}"


class Reader(HTMLParser):
    """Texts by the class of the element they stand in, and every tag and attribute that was used."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.style = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self.style = False

    def handle_data(self, data: str) -> None:
        if not self.style:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words)).strip()

    def has(self, name: str) -> bool:
        return any(name in (attrs.get("class") or "").split() for _, attrs in self.tags)


@pytest.fixture
def blank() -> CaseConference:
    return CaseConference(as_of=DAY)


@pytest.fixture(scope="module")
def sample() -> Case:
    return review(Profile.load(SAMPLE))


def red(conference: CaseConference) -> bool:
    return Reader(conference.page).has("pw-red")


def saved(view: dict[str, Any]) -> str:
    return b64decode(view["file"]["href"].split(",", 1)[1]).decode()


# ---- the case conference --------------------------------------------------------------------------------------


def test_oud_keeps_its_question_while_it_is_open(blank: CaseConference) -> None:
    """Whatever else is to be asked: before and after "urgent: asked, none", and where a sign fills the page."""

    def asked() -> list[str]:
        return [ask["ask"] for ask in blank.view["asks"]]

    assert "oud_criteria" in asked()
    blank.asked_none(1)
    assert "oud_criteria" in asked()
    blank.set("fever", True)
    assert "oud_criteria" in asked()
    blank.set("oud_status", "none")
    assert "oud_criteria" not in asked()


@pytest.mark.parametrize(
    ("came_from", "title", "answers", "name"),
    [
        ("", "", {}, "case_2026-11-02"),
        ("", "", {"age_years": 58, "main_pain": "back_axial"}, "case_58_back_pain_without_leg_pain_2026-11-02"),
        ("", "Back pain, 120 MME: /../ OUD?", {}, "back_pain_120_mme_oud_2026-11-02"),
        ("Tuesday round 3.toml", "Back pain", {}, "Tuesday_round_3"),
        ("C:\\cases\\knee.toml", "Back pain", {}, "knee"),
        ("../../etc/passwd", "", {}, "passwd"),
        ("...toml", "", {}, "case_2026-11-02"),
        ("x" * 300 + ".toml", "", {}, "x" * 60),
        (NASTY, "", {}, "script_7_7"),
    ],
)
def test_a_file_has_a_name_by_which_people_know_the_case(
    came_from: str, title: str, answers: dict[str, Any], name: str, blank: CaseConference
) -> None:
    profile = Profile.from_dict({"as_of": DAY, "title": title, "answers": answers})
    assert file_name(profile, blank.content, came_from) == name


def test_a_saved_case_keeps_the_name_of_its_file_until_a_new_one_begins(blank: CaseConference) -> None:
    blank.load(SAMPLE)
    blank.set("age_years", 59)
    assert blank.view["file"]["name"] == "back_pain_120_mme.toml"
    blank.new()
    assert blank.view["file"]["name"] == "case_2026-11-02.toml"
    blank.load_record(ROOT / "sample_data/fhir/synthetic_back_pain_oud.json")
    assert "synthetic" not in blank.view["file"]["name"], "the name of a record may be a person's"


def test_what_the_page_only_counts_is_opened_by_the_section_that_holds_it(blank: CaseConference) -> None:
    sent: list[dict[str, Any]] = []
    blank.send = lambda content, buffers=None: sent.append(content)  # type: ignore[method-assign]
    blank.load(SAMPLE)
    links = {attrs["data-opens"] for _, attrs in Reader(blank.page).tags if attrs.get("class") == "pw-opens"}
    assert {"unknown", "guidelines", "entered"} <= links
    page = blank.page
    for n, section in enumerate(sorted(map(str, links)), 1):
        blank._message(None, {"do": "open", "section": section, "edit": n})
        assert sent[-1]["section"] == section
        assert len(Reader(sent[-1]["html"]).text) > 40
        assert blank.view["answers"] == n
    assert blank.page == page
    blank._message(None, {"do": "open", "section": NASTY, "edit": 99})
    assert "Nothing more is said" in sent[-1]["html"]


def test_a_blank_form_shows_no_red_and_says_that_nobody_asked(blank: CaseConference) -> None:
    assert not red(blank)
    assert blank.view["status"].startswith("Urgent signs not asked yet")
    assert "not yet asked" in Reader(blank.page).text
    assert blank.view["problems"] == {}
    assert 1 <= len(blank.view["asks"]) <= 3


def test_red_shows_for_a_true_sign_and_for_nothing_else(blank: CaseConference) -> None:
    blank.asked_none(1)
    assert not red(blank)
    for sign in ("new_bladder_or_bowel_change", "saddle_numbness"):
        blank.set(sign, True)
    assert red(blank)
    [present] = [e for e in blank.case.findings.emergencies if e.state == "present"]
    assert present.record.title in Reader(blank.page).text
    assert blank.view["status"].startswith(f"Urgent: {present.record.title}")
    for sign in ("new_bladder_or_bowel_change", "saddle_numbness"):
        blank.set(sign, None)
    assert not red(blank)


def test_every_answer_draws_the_page_once(blank: CaseConference) -> None:
    drawn = blank.view["renders"]
    blank.set("age_years", 58)
    blank.set("medicines.benzodiazepine", True)
    assert blank.view["renders"] == drawn + 2
    assert blank.profile.answers["age_years"] == 58
    assert blank.case.facts.values["takes_benzodiazepine"] is True


def test_the_six_questions_lead_to_the_page_of_the_sample_case(blank: CaseConference) -> None:
    blank.asked_none(1)
    blank.set("age_years", 58)
    blank.asked_none(2)
    blank.set("main_pain", "back_axial")
    blank.set("pain_months", 96)
    blank.set("medicines.opioid_for_pain", True)
    blank.set("medicines.benzodiazepine", True)
    blank.asked_none(4)
    blank.set("medicines.naloxone_rescue", None)
    blank.set("opioid_months", 60)
    blank.add_medicine("Oxycodone", 40, "2", purpose="pain", release="er")
    blank.set("matters_most", ["do_more", "sleep"])
    page = Reader(blank.page)
    assert blank.case.facts.values["mme_per_day"].hi == 120
    assert "120 MME/day" in page.text
    assert "naloxone" in page.text.lower()
    assert not page.has("pw-red")
    assert "long_term_opioid" in [fork["id"] for fork in blank.view["forks"]]
    assert blank.profile.assumed == ("setting",)


def test_asked_none_does_not_answer_signs_that_are_not_printed(blank: CaseConference) -> None:
    blank.asked_none(1)
    assert blank.profile.answers["cannot_be_woken"] is False
    assert "injects_drugs" not in blank.profile.answers


def test_a_wrong_answer_from_python_is_refused_and_changes_nothing(blank: CaseConference) -> None:
    before = blank.state
    with pytest.raises(ValueError, match="0 to 120"):
        blank.set("age_years", 500)
    with pytest.raises(KeyError):
        blank.set("age", 50)
    with pytest.raises(ValueError, match="none of for, against, unsure"):
        blank.mark("long_term_opioid", "opioid_taper", "maybe")
    assert blank.state == before


def test_a_wrong_answer_from_the_browser_is_told_and_the_page_stays_live(blank: CaseConference) -> None:
    blank.state = {**blank.state, "rows": {"age_years": 500, "fever": True}}
    assert "0 to 120" in blank.view["problems"]["age_years"]
    assert "is not known, in: Age" in blank.view["status"]
    assert blank.profile.answers["fever"] is True


def test_what_the_lists_already_say_is_shown_beside_the_blank_rows(blank: CaseConference) -> None:
    blank.load(SAMPLE)
    derived = blank.view["derived"]
    assert derived["medicines.benzodiazepine"] == {"value": True, "why": "Yes: listed: alprazolam 1 mg twice a day"}
    assert derived["medicines.methadone_oud"]["value"] is False
    assert "medicines.naloxone_rescue" not in derived, "nothing is known about naloxone"
    assert "conditions.ckd" not in derived, "this row was answered itself"


def test_main_pain_cancer_answers_the_cancer_row(blank: CaseConference) -> None:
    blank.set("main_pain", "cancer")
    assert blank.view["derived"]["conditions.cancer_active"]["value"] is True
    assert "main pain" in blank.view["derived"]["conditions.cancer_active"]["why"]


def test_a_name_that_the_kit_does_not_know_is_told_until_looked_up(blank: CaseConference) -> None:
    blank.add_medicine("Herbal drops")
    assert "Not recognized" in blank.view["notes"]["medicines.0"]
    [line] = blank.state["medicines"]
    blank.state = {**blank.state, "medicines": [{**line, "none": True}]}
    assert blank.view["notes"] == {}
    blank.state = {**blank.state, "medicines": [], "conditions": [{"what": "Something rare", "none": False}]}
    assert "Not recognized" in blank.view["notes"]["conditions.0"]


def test_older_values_are_named_and_only_the_newest_is_edited() -> None:
    pegs = [{"measure": "peg", "value": value, "date": day} for value, day in ((6, "2026-01-10"), (4, "2026-10-30"))]
    swab = {"measure": "unrecognized", "note": "a swab"}
    conference = CaseConference(Profile.from_dict({"as_of": DAY, "observations": [*pegs, swab]}))
    assert conference.view["older"] == ["PEG 2026-01-10", "unrecognized without a date"]
    assert conference.state["rows"]["peg"]["value"] == 4


def test_a_medicine_may_be_given_by_a_brand_name(blank: CaseConference) -> None:
    blank.add_medicine("suboxone", purpose="oud")
    assert blank.case.facts.values["takes_buprenorphine_oud"] is True
    assert blank.view["notes"] == {"medicines.0": "Understood as buprenorphine + naloxone."}
    assert blank.view["derived"]["medicines.buprenorphine"]["why"] == "Yes: listed: suboxone"


def test_a_condition_in_the_list_answers_its_group(blank: CaseConference) -> None:
    blank.state = {**blank.state, "conditions": [{"what": "Dialysis", "none": False}]}
    assert blank.view["derived"]["conditions.ckd"] == {"value": True, "why": "Yes: listed: Dialysis"}


def test_leaving_a_thing_out_is_marked_under_a_key_of_its_own(sample: Case) -> None:
    fork = sample.shown.forks[0]
    leave = replace(fork.alternatives[0], items=())
    alternatives = (leave, *fork.alternatives[1:])
    case = replace(sample, shown=replace(sample.shown, forks=(replace(fork, alternatives=alternatives),)))
    [shown] = forks_of(case)
    assert [a["key"] for a in shown["alternatives"]] == ["none", *("+".join(a.items) for a in fork.alternatives[1:])]
    assert [a["title"] for a in shown["alternatives"]] == [a.text for a in first_page(case).decide[0].alternatives]


def test_the_questions_to_ask_next_are_those_of_the_page_and_each_has_a_row(blank: CaseConference) -> None:
    blank.load(SAMPLE)
    asks = blank.view["asks"]
    assert 1 <= len(asks) <= 3
    for ask in asks:
        assert ask["rows"]
        assert set(ask["rows"]) <= blank.spec["rows"].keys()


def test_a_question_answered_or_silenced_is_not_asked_again(blank: CaseConference) -> None:
    blank.load(SAMPLE)
    silenced, *others = blank.view["asks"]
    blank.state = {**blank.state, "cannot_answer": [silenced["ask"]]}
    assert silenced["ask"] not in [ask["ask"] for ask in blank.view["asks"]]
    assert blank.view["silenced"] == [[silenced["ask"], silenced["label"]]]
    for ask in others:
        for key in ask["rows"]:
            answer_no(blank, key)
        assert ask["ask"] not in [ask["ask"] for ask in blank.view["asks"]]


def answer_no(conference: CaseConference, key: str) -> None:
    row = conference.spec["rows"][key]
    items = {item["id"]: min(value for value, _ in item["choices"]) for item in row.get("items", ())}
    conference.set(key, items if row["kind"] == "instrument" else False)


# ---- open and save --------------------------------------------------------------------------------------------


def test_a_case_comes_out_as_it_went_in(blank: CaseConference) -> None:
    blank.load(SAMPLE)
    text = saved(blank.view)
    assert text == blank.case_file()
    out, original = parse_profile(text, "toml"), Profile.load(SAMPLE)
    assert out.answers == original.answers
    assert out.medicines == original.medicines
    assert set(out.asked_none.medicines) == set(original.asked_none.medicines)
    assert out.teaches == original.teaches


def test_a_file_that_cannot_be_opened_says_why_once_and_loses_nothing(blank: CaseConference) -> None:
    blank.set("age_years", 58)
    before = blank.state
    for name, text, says in (
        ("bad.toml", "answers = [", "not valid TOML"),
        ("bad.json", '{"answers": {"age_years": 1, "age_years": 2}}', "given twice"),
        ("typo.toml", "[answers]\nage_year = 5\nsettin = 1\n", "Did you mean 'age_years'"),
        ("text.json", "[]", "table of fields"),
    ):
        blank._message(blank, {"do": "load", "name": name, "text": text, "size": len(text)})
        assert says in blank.view["error"]
        assert blank.view["error"].startswith(f"Not opened, nothing was changed. {name}")
        assert "\n" not in blank.view["error"]
        assert blank.state == before
    blank._message(blank, {"do": "load", "name": "big.toml", "text": "", "size": 9_000_000})
    assert "9.0 MB" in blank.view["error"]
    blank.set("pregnant", False)
    assert blank.view["error"] == "", "the next answer clears the message"


def test_opening_a_case_clears_the_error_and_counts_as_opened(blank: CaseConference) -> None:
    blank._message(blank, {"do": "load", "name": "bad.toml", "text": "=", "size": 1})
    opened = blank.view["opened"]
    blank._message(blank, {"do": "load", "name": "case.toml", "text": SAMPLE.read_text("utf-8"), "size": 9})
    assert (blank.view["error"], blank.view["opened"]) == ("", opened + 1)
    assert blank.state["as_of"] == "2026-11-02"
    assert blank.view["file"]["name"] == "case.toml"


def test_a_case_without_a_day_is_reviewed_on_the_day_of_the_form(blank: CaseConference) -> None:
    blank._message(blank, {"do": "load", "name": "case.json", "text": '{"answers": {"age_years": 40}}', "size": 9})
    assert blank.profile.as_of == DAY
    assert blank.profile.answers["age_years"] == 40


def test_a_new_form_takes_today_where_nothing_else_is_said() -> None:
    assert CaseConference(Profile(as_of=DAY)).profile.as_of == DAY
    assert date.fromisoformat(CaseConference().state["as_of"]) >= date(2026, 1, 1)


def test_the_sheet_is_sent_as_a_file_to_save(blank: CaseConference, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, str]] = []
    monkeypatch.setattr(CaseConference, "send", lambda self, content, buffers=None: sent.append(content))
    blank.load(SAMPLE)
    blank._message(blank, {"do": "sheet"})
    [message] = sent
    assert message["name"].endswith(".html")
    kind, data = message["href"].split(",", 1)
    assert kind == "data:text/html;charset=utf-8;base64"
    assert "120 MME" in b64decode(data).decode()


# ---- marks and lenses -----------------------------------------------------------------------------------------


def test_a_lens_shows_nothing_until_every_decision_is_marked(blank: CaseConference) -> None:
    blank.load(SAMPLE)
    forks = blank.view["forks"]
    assert len(forks) >= 2
    blank.lens = "pain"
    assert (blank.view["open"], blank.view["lens"], blank.view["agenda"]) == (False, "", "")
    for fork in forks:
        assert blank.view["agenda"] == ""
        blank.mark(fork["id"], fork["alternatives"][0]["key"], "unsure")
    assert blank.view["open"]
    assert "Pain specialist" in blank.view["agenda"]
    assert blank.case.lens == "pain"


def test_marks_are_saved_with_the_case_and_come_back(blank: CaseConference) -> None:
    blank.load(SAMPLE)
    blank.mark("long_term_opioid", "opioid_taper", "against")
    text = blank.case_file()
    assert "[mark] long_term_opioid / opioid_taper = against" in text
    other = CaseConference(parse_profile(text, "toml"))
    assert other.state["marks"] == {"long_term_opioid": {"opioid_taper": "against"}}
    assert other.state["notes"] == "Synthetic case."


def test_each_alternative_is_marked_under_its_own_key(blank: CaseConference) -> None:
    blank.load(SAMPLE)
    for fork in blank.view["forks"]:
        keys = [alternative["key"] for alternative in fork["alternatives"]]
        assert len(set(keys)) == len(keys) >= 2
        assert all(" " not in key for key in [*keys, fork["id"]]), "a mark is one line of words"


# ---- nothing from outside is ever HTML ------------------------------------------------------------------------


def test_texts_from_a_file_are_shown_as_text(blank: CaseConference) -> None:
    entry = {"name": NASTY, "state": "current", "ingredients": ["oxycodone"], "purpose": "pain"}
    data = {"title": NASTY, "notes": NASTY, "medicines": [entry], "conditions": [{"name": NASTY}],
            "answers": {"goal_text": NASTY, "opioid_months": 12}}  # fmt: skip  # data, read across
    profile = Profile.from_dict({**data, "as_of": DAY})
    conference, plans = CaseConference(profile), ComparePlans(review(profile))
    zone = PlansZone()
    made = [zone.message(conference.case, conference.state, 1, 1)["html"]]
    made += [zone.item(conference.case, conference.state, id)["html"] for id in ("naloxone_kit", NASTY)]
    for html in (*made, conference.page, plans.page, plans.view["changes"], str(agenda_html(plans.case, "pain"))):
        reader = Reader(html)
        assert not [tag for tag, _ in reader.tags if tag in ("img", "script", "iframe", "object")]
        assert not [name for _, attrs in reader.tags for name in attrs if name.startswith("on")]
    assert NASTY in Reader(conference.page).text
    conference._message(conference, {"do": "load", "name": f"{NASTY}.toml", "text": "=", "size": 1})
    assert NASTY in conference.view["error"], "told as a text; the browser shows it with textContent"


def test_the_scripts_set_html_only_where_python_made_and_escaped_it() -> None:
    for script in (CaseConference._esm, ComparePlans._esm):
        lines = [line.strip() for line in str(script).splitlines() if "innerHTML" in line or "outerHTML" in line]
        assert lines
        assert all(
            re.search(r"innerHTML = (view\.(page|agenda|changes|pictures)|section\.html|m\.html|html);", line)
            for line in lines
        )
        assert not re.search(r"\beval\(|new Function|insertAdjacentHTML|document\.write|https?://", str(script))


# ---- plans side by side ---------------------------------------------------------------------------------------


def test_up_to_three_plans_stand_side_by_side(sample: Case) -> None:
    page = Reader(ComparePlans(sample).page)
    heads = [attrs for tag, attrs in page.tags if tag == "th" and attrs.get("scope") == "col"]
    assert len(heads) == len(sample.shown.plans) == 3
    for plan in sample.shown.plans:
        for item in plan.items:
            assert item.option.record.short in page.text
        for caution in plan.cautions:
            assert caution.text in page.text
    assert [tag for tag, _ in page.tags].count("caption") == 1
    for words in (
        PHASE_WORDS["today"],
        PHASE_WORDS["this_week"],
        "Burden for the person",
        "Cautions",
        "Cannot tell yet, in any plan",
    ):
        assert words in page.text


def test_what_if_tries_an_answer_and_leaves_the_case_as_it_is(sample: Case) -> None:
    plans = ComparePlans(sample)
    assert plans.view["changes"] == ""
    plans.what_if("oud_status", "active")
    assert plans.case.option("buprenorphine").verb == "Offer"
    assert sample.option("buprenorphine").verb != "Offer"
    assert "Treatment of opioid use disorder" in Reader(plans.view["changes"]).text
    assert "1 what-if tried" in plans.view["status"]
    plans.what_if("oud_status", None)
    assert plans.case.profile == sample.profile
    assert plans.view["changes"] == ""


def test_every_what_if_that_is_offered_can_be_tried_together(sample: Case) -> None:
    plans = ComparePlans(sample)
    assert len(plans.toggles) >= 4
    for toggle in plans.spec["toggles"]:
        for value, _ in toggle["choices"]:
            plans.what_if(toggle["key"], value)
            assert plans.view["status"].endswith("what-if tried.")
    assert f"{len(plans.toggles)} what-if tried" in plans.view["status"]


def test_a_medicine_no_longer_taken_changes_what_is_known(sample: Case) -> None:
    plans = ComparePlans(sample)
    plans.what_if("medicines.1.state", "stopped")
    assert plans.case.profile.medicines[1].state == "stopped"
    assert plans.before.facts.values["takes_benzodiazepine"] is True
    assert plans.case.facts.values["takes_benzodiazepine"] is None, "the list is not said to be whole"


def test_a_what_if_that_is_not_offered_is_refused(sample: Case) -> None:
    plans = ComparePlans(sample)
    with pytest.raises(KeyError):
        plans.what_if("age_years", 20)
    with pytest.raises(ValueError, match="not offered"):
        plans.what_if("oud_status", "severe")
    plans.state = {"rows": {"oud_status": "severe", "age_years": 3}}
    assert plans.case.profile == sample.profile, "nor from the browser"


def test_a_case_without_a_plan_says_so() -> None:
    blank = review(Profile(as_of=DAY))
    assert "No plan yet" in plans_html(blank)
    assert ComparePlans(blank).view["status"] == "0 plans shown."
    assert "Nothing on the page" in changes_html(blank, [])
    assert agenda_html(blank, "no_such_lens") == ""


def test_a_row_that_follows_from_nothing_is_not_derived() -> None:
    case = review(Profile(as_of=DAY))
    assert derived_of(case, ["medicines.opioid", "conditions.ckd", "age_years"]) == {}


def test_the_list_of_keys_is_that_of_the_documentation() -> None:
    told = re.findall(r'^  \["(.+?)", "(.+?)"\],$', CaseConference._esm, re.M)
    written = re.findall(r"^\| (.+?) \| (.+?) \|$", (ROOT / "docs/keyboard.md").read_text("utf-8"), re.M)
    assert len(told) > 8
    assert [row for row in written if row[0] not in ("Key", "---")] == told
