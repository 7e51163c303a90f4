"""Every form of a case from one place: the text for the chart, the site's own numbers, and what others may have."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pathways.apps.widgets import outs as widget
from pathways.care.handout import handout
from pathways.care.services import Site, load_site
from pathways.pages import first_page, handout_html, handout_text
from pathways.pages.chart_text import LEFT_OUT, MOST_LINES, chart_text
from pathways.pages.outs import OUTS, LeakError, take_out, to_print
from pathways.pages.plan_sections import items_shown
from pathways.review import audience as views
from pathways.review.case import AUDIENCES, Audience, Case, View
from tests.conftest import ROOT
from tests.pages.drawn import CASES, reviewed, sample
from tests.pages.test_two_pages import MANY, person

NAMES = [path.stem for path in CASES]
HOSTILE = "<script>alert(1)</script>\n\x1b[31mred\u202e"


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site(ROOT / "sample_data/site.toml")


@pytest.mark.parametrize("name", NAMES)
def test_the_chart_gets_what_the_first_page_says_in_sixty_lines(name: str, site: Site) -> None:
    case = sample(name)
    text = chart_text(case, site)
    flat = " ".join(text.split())
    assert len(text.splitlines()) <= MOST_LINES
    assert max(map(len, text.splitlines())) <= 100
    page = first_page(case, site)
    for red in page.red:
        assert all(action.text in flat for action in red.actions)
    for action in page.do:
        for part in action.parts:
            assert part.text.text in flat
            assert part.owner.text in flat
    assert all(way.text in flat for choice in page.decide for way in choice.alternatives)
    assert LEFT_OUT not in text


def test_a_chart_text_that_is_too_long_says_so_and_keeps_its_head_and_foot(monkeypatch: pytest.MonkeyPatch) -> None:
    case = person(*MANY)
    monkeypatch.setattr("pathways.pages.chart_text.MOST_LINES", 20)
    lines = chart_text(case).splitlines()
    assert len(lines) == 20
    assert LEFT_OUT in lines
    assert lines[-1].endswith("unknown is not no.")


def test_text_of_a_chart_holds_no_sign_that_a_terminal_or_an_eye_would_follow() -> None:
    text = chart_text(reviewed(title=HOSTILE))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert all(line.isprintable() for line in text.splitlines())


def test_owners_and_numbers_come_from_the_site(site: Site) -> None:
    case = sample("back_pain_120_mme")
    text = " ".join(chart_text(case, site).split())
    assert "Primary care: Primary care team B, 555-0100" in text
    assert "On-call pharmacist 555-0133" in text
    assert "555-" not in chart_text(case)
    for made in (handout_text(case, site), handout_html(case, site)):
        assert "Who to call here" in made
        assert "555-0133" in made
        assert made.count("988") == made.replace("Suicide and crisis line (988)", "").count("988"), (
            "said once, by the kit"
        )
    assert "Who to call here" not in handout_text(case)


def test_whom_to_call_tells_of_no_treatment_that_the_page_for_the_person_does_not_name(site: Site) -> None:
    unnamed = 0
    for case in map(sample, NAMES):
        named = {told.id for told in handout(case).planned}
        owners = {role for id in named & case.content.treatments.keys() for role in case.content.treatments[id].owner}
        everyone = {role for item, _ in items_shown(case) for role in item.option.record.owner}
        text = handout_text(case, site)
        for one in site.roster:
            if one.phone and one.role not in owners:
                assert one.name not in text
                unnamed += one.role in everyone
    assert unnamed, "somebody owns an item that no such page names"


def test_a_view_for_others_has_nothing_of_the_site(site: Site) -> None:
    assert "555-" not in take_out(sample("back_pain_120_mme"), "text", "pain_clinic", site)


@pytest.mark.parametrize("who", AUDIENCES)
@pytest.mark.parametrize("what", OUTS)
def test_every_form_is_made_for_everyone_and_holds_no_withheld_word(what: str, who: Audience) -> None:
    case = sample("pregnancy_with_oud")
    text = take_out(case, what, who)
    assert text.strip()
    if not OUTS[what].for_person:
        assert views.leaks(views.for_audience(case, who), text) == ()
    if OUTS[what].ending.endswith("json"):
        json.loads(text)


def test_nothing_is_given_out_where_the_step_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(case: Case, audience: Audience) -> Case:
        return replace(case, view=View(audience, restricted=True))

    monkeypatch.setattr(views, "for_audience", broken)
    case = sample("pregnancy_with_oud")
    for what in (one for one, out in OUTS.items() if not out.for_person):
        with pytest.raises(LeakError):
            take_out(case, what, "pain_clinic")
        answer = widget.made(case, None, {"how": "save", "what": what, "who": "pain_clinic"}, "somebody")
        assert answer == {"do": "out", "how": "refused", "text": widget.NOT_MADE}


def test_the_name_of_a_file_for_others_says_nothing_of_the_case() -> None:
    case = sample("back_pain_120_mme")
    for what in OUTS:
        for who in AUDIENCES:
            name = widget.file_name(case, what, who, "smith_back_pain")
            assert ("smith" in name) == (who == "team" and not OUTS[what].for_person)
            assert name.endswith(OUTS[what].ending)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"how": "save", "what": "secrets"},
        {"how": "print", "what": "json"},
        {"how": "save", "what": "md", "who": "everyone"},
        {"how": 1, "what": []},
    ],
)
def test_what_a_browser_may_not_ask_for_is_refused(message: dict[str, object]) -> None:
    assert widget.made(sample("low_risk"), None, message, "x")["how"] == "refused"


def test_a_page_to_print_comes_in_two_parts() -> None:
    made = to_print(take_out(sample("low_risk"), "html"))
    assert "<style" not in made.html
    assert "http-equiv" not in made.html
    assert "</main>" in made.html
    assert "@media print" in made.css
    assert "</" not in made.css
