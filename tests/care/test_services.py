"""The site file and coverage: gap plans beside advice that never changes because of them; files that cannot be used."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.apps.cli import main
from pathways.care.services import Site, SiteError, behind, carriers, gap_plan, load_site, parse_site
from pathways.content import ContentError, load_content
from pathways.content.loader import PACKAGED
from pathways.pages import first_page, first_page_words, sheet_html, sheet_markdown
from pathways.pages.data import case_data
from pathways.pages.html import sections_of, texts
from pathways.pages.page import MOST_WORDS
from pathways.profile import Profile
from pathways.review.case import Case, review
from tests.pages.drawn import tree, unnamed_numbers
from tests.reviews import CASES, NAMES, profile, reviewed

CONTENT = load_content()
SITE = CASES.parent / "site.toml"
FENTANYL = "neuropathy_fentanyl"
ADVICE = (
    "facts", "emergencies", "findings", "needs", "options", "core", "forks", "plans", "more_plans", "agenda", "questions",
    "conflicts_avoided", "single_sided", "disagreements", "level_of_care",
)  # fmt: skip  # data, read across


def site(text: str = "") -> Site:
    return parse_site(f'name = "x"\n{text}', CONTENT)


def service(id: str, where: str, more: str = "") -> str:
    return f'[[service]]\nid = "{id}"\nwhere = "{where}"\n{more}\n'


def advice(data: dict[str, Any]) -> str:
    return json.dumps({key: data[key] for key in ADVICE})


def told(case: Case, here: Site | None, section: str) -> str:
    return "\n".join(said.text for s in sections_of(case, here) if s.id == section for said in texts(s))


# ---- what a site has and a plan pays never changes the advice -----------------------------------------------

EVERYTHING = tuple(dict.fromkeys([*CONTENT.services, *CONTENT.treatments]))
NOTHING = site("".join(service(id, "none") for id in EVERYTHING))
PLANS = [{"service": id, "status": "not_covered", "days": 0} for id in EVERYTHING[:100]]


@pytest.mark.parametrize("name", NAMES)
def test_the_advice_is_the_same_bytes_with_and_without_a_site_and_coverage(name: str) -> None:
    plain = profile(name).to_dict()
    plain.pop("coverage", None)
    alone = review(Profile.from_dict(plain))
    denied = review(Profile.from_dict({**plain, "coverage": PLANS}))
    expected = advice(case_data(alone))
    for case in (alone, denied):
        for here in (None, NOTHING, load_site(SITE)):
            assert advice(case_data(case, here)) == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_site_adds_to_the_sheet_and_takes_nothing_of_the_plans_away(name: str) -> None:
    case = reviewed(name)
    before = {s.id: s for s in sections_of(case)}
    after = {s.id: s for s in sections_of(case, NOTHING)}
    assert set(after) - set(before) == {"gap_plan", "site"}
    for id in set(before) - {"sources", "more_sources"}:
        assert after[id] == before[id], id


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(CONTENT.services)), st.sampled_from(["here", "remote", "referral", "none"]))
)
def test_every_item_is_either_here_or_a_gap_or_not_spoken_of(given: dict[str, str]) -> None:
    case = reviewed(FENTANYL)
    here = site("".join(service(id, where, 'route = "r"') for id, where in given.items()))
    plan = gap_plan(case, here)
    found = [gap.item.id for gap in plan.gaps] + [i.id for i in (*plan.here, *plan.not_said)]
    shown = {i.id for p in case.shown.plans for i in p.items} | {i.id for i in case.shown.core}
    assert sorted(found) == sorted(shown)
    of = {t: s.id for s in CONTENT.services.values() for t in s.treatments}
    assert {of.get(i.id) for i in plan.here} <= {id for id, where in given.items() if where == "here"}
    assert all(of.get(i.id) not in given for i in plan.not_said)


def test_a_treatment_of_its_own_goes_before_its_service() -> None:
    both = site(service("office_moud", "none") + service("buprenorphine", "here"))
    assert "buprenorphine" in {item.id for item in gap_plan(reviewed(FENTANYL), both).here}


# ---- the gap plan -------------------------------------------------------------------------------------------


def test_the_gap_plan_says_how_until_when_and_who() -> None:
    case, here = reviewed(FENTANYL), load_site(SITE)
    gaps = {gap.item.id: gap for gap in gap_plan(case, here).gaps}
    otp, mood = gaps["methadone_otp"], gaps["depression_treatment"]
    assert (otp.entry.where, otp.entry.wait_days, otp.too_long) == ("referral", 3, False)
    assert mood.too_long
    assert any("Offer buprenorphine meanwhile" in line.says for line in otp.interim)
    assert any("Addiction medicine consult" in who for who in otp.who)
    text = told(case, here, "gap_plan")
    for words in ("Riverside OTP", "wait about 3 days", "beyond the site's own limit", "Naloxone in hand today",
                  "MOUD goes on without a missed day", "every 7 days", "Level of care 2.1", "Northside IOP"):  # fmt: skip  # data
        assert words in text
    assert "past its date" in told(case, here, "site")


def test_a_wait_just_at_the_limit_is_not_beyond_it() -> None:
    def late(days: int) -> bool:
        route = f'route = "r"\nwait_days = {days}'
        text = "[thresholds]\nlongest_wait_days = 14\n" + service("otp", "referral", route)
        return gap_plan(reviewed(FENTANYL), site(text)).gaps[0].too_long

    assert not late(14)
    assert late(15)


def test_a_bridge_never_offers_what_is_closed_to_the_person() -> None:
    plain = profile(FENTANYL).to_dict()
    allergic = Profile.from_dict({**plain, "answers": {**plain["answers"], "buprenorphine_allergy": True}})
    case = review(allergic)
    assert case.option("buprenorphine").safety == "contraindicated"
    none = site(service("otp", "none"))
    said = [line.says for gap in gap_plan(case, none).gaps for line in (*gap.interim, *gap.alternatives)]
    assert said
    assert not any("uprenorphine" in text for text in said)
    before = [line.says for gap in gap_plan(reviewed(FENTANYL), none).gaps for line in gap.alternatives]
    assert any("uprenorphine" in text for text in before)


def test_nobody_without_oud_is_told_of_moud_by_a_gap_plan() -> None:
    text = told(reviewed("low_risk"), NOTHING, "gap_plan")
    assert "Until" not in text
    assert "MOUD" not in text
    assert "aloxone" not in text
    assert "not to be had" in text


def test_moud_that_is_not_here_is_named_on_the_first_page_and_the_page_stays_short() -> None:
    for name in NAMES:
        case = reviewed(name)
        page = first_page(case, NOTHING)
        assert page.words() <= MOST_WORDS
        assert page.red == first_page(case).red
        line = " ".join(said.text for said in page.state if said.text.startswith("Not here"))
        for gap in gap_plan(case, NOTHING).gaps:
            if gap.item.option.record.seat == "moud":
                assert gap.item.option.record.short[1:] in line, name


def test_other_gaps_and_the_level_take_only_the_room_that_is_left() -> None:
    here = site(service("movement", "none") + service("pain_psychology", "none"))
    for name in NAMES:
        case = reviewed(name)
        before, after = first_page(case), first_page(case, here)
        assert (before.red, before.do, before.decide, before.ask) == (after.red, after.do, after.decide, after.ask)
    assert first_page_words(reviewed("low_risk"), here) > first_page_words(reviewed("low_risk"))


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_a_sheet_with_a_site_is_named(name: str) -> None:
    html = sheet_html(reviewed(name), load_site(SITE))
    assert unnamed_numbers(tree(html)) == []
    assert sheet_html(reviewed(name), load_site(SITE)) == html


def test_the_markdown_twin_holds_the_same_sections() -> None:
    text = sheet_markdown(reviewed(FENTANYL), load_site(SITE))
    places = [
        text.index(f"## {title}")
        for title in ("Plans side by side", "Level of care", "Gap plan", "This site", "Coverage")
    ]
    assert places == sorted(places)
    for words in ("Riverside OTP", "not covered", "Fourth", "amended: Made up"):
        assert words in text


# ---- level of care and coverage on the sheet ----------------------------------------------------------------


def test_the_level_block_keeps_advised_accepted_and_reachable_apart() -> None:
    text = told(reviewed(FENTANYL), None, "level_of_care")
    for words in ("2.1 Intensive outpatient", "1.7 Medically managed", "Fourth (2023)", "sets the level",
                  "the advice stands", "every level, without a missed day", "Works nights"):  # fmt: skip  # data, read across
        assert words in text
    title = next(s.title for s in sections_of(reviewed(FENTANYL)) if s.id == "level_of_care")
    assert "ASAM-informed discussion aid" in title
    assert "determination" not in text


def test_without_a_rating_the_block_is_short_and_without_oud_it_is_not_there() -> None:
    assert "Not rated" in told(reviewed("pregnancy_with_oud"), None, "level_of_care")
    assert told(reviewed("low_risk"), None, "level_of_care") == ""


def test_coverage_says_what_is_open_and_what_else_there_is() -> None:
    case = reviewed(FENTANYL)
    data = case_data(case)["coverage"]
    by = {one["service"]: one for one in data["services"]}
    assert by["office_moud"]["ask"] == ["days covered"]
    assert (by["office_moud"]["deductible"], by["office_moud"]["gap"]) == (0, False)
    assert by["residential"]["gap"]
    assert [line["says"] for line in by["residential"]["alternatives"]]
    assert "otp" in data["not_asked"]
    assert "iop" not in data["not_asked"]
    text = told(case, None, "coverage")
    for words in (
        "$0",
        "$5",
        "prior authorization",
        "Have the card at hand",
        "Appeal a denial",
        "the recommendation stands",
    ):
        assert words in text


def test_where_nothing_is_recorded_the_checklist_is_an_annex() -> None:
    case = reviewed("back_pain_120_mme")
    assert case_data(case)["coverage"] is None
    section = next(s for s in sections_of(case) if s.id == "coverage")
    assert section.annex
    assert "primary insured" in told(case, None, "coverage")


# ---- sign-offs on the sheet ---------------------------------------------------------------------------------


def test_amendments_of_what_stands_behind_a_sheet_are_shown_and_no_others() -> None:
    case, here = reviewed(FENTANYL), load_site(SITE)
    rows = {row.id for row in behind(case)}
    assert {"I-16", "H1-buprenorphine"} <= rows
    assert "F5-10" not in rows  # a knee injection: nothing of this sheet
    text = told(case, here, "site")
    assert "amended: Made up: every two weeks" in text
    assert f"2 of {len(rows)} confirmed here; in all 2 of {len(CONTENT.signoff_rows)}" in text
    quiet = told(reviewed("low_risk"), here, "site")
    assert "amended" not in quiet
    assert "0 of" in quiet


def test_every_row_to_sign_is_carried_by_a_record_or_says_so() -> None:
    without = [row.id for row in CONTENT.signoff_rows.values() if not carriers(row, CONTENT)]
    assert len(without) < len(CONTENT.signoff_rows) / 4, without
    assert [row.order for row in CONTENT.signoff_rows.values()] == list(range(1, len(CONTENT.signoff_rows) + 1))


# ---- the command line ---------------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[str, str]:
    assert main([str(word) for word in words]) == 0
    return capsys.readouterr()


def test_the_site_beside_the_case_goes_before_that_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cases").mkdir()
    case = tmp_path / "cases/one.toml"
    case.write_text((CASES / f"{FENTANYL}.toml").read_text("utf-8"), "utf-8")
    monkeypatch.chdir(tmp_path)

    def name_of(*more: str) -> str | None:
        out, err = run(capsys, "review", "cases/one.toml", "--json", *more)
        found = json.loads(out)["site"]
        assert ("Site file: " in err) == (found is not None and not more)
        return found["name"] if found else None

    assert name_of() is None
    Path("site.toml").write_text('name = "folder"\n', "utf-8")
    assert name_of() == "folder"
    Path("cases/site.toml").write_text('name = "beside"\n', "utf-8")
    assert name_of() == "beside"
    assert name_of("--no-site") is None
    assert name_of("--site", "site.toml") == "folder"


def test_the_terminal_shows_the_gap_plan(capsys: pytest.CaptureFixture[str]) -> None:
    short, _ = run(capsys, "review", CASES / f"{FENTANYL}.toml", "--site", SITE)
    assert "Not here, see gap plan" in " ".join(short.split())
    out, _ = run(capsys, "review", CASES / f"{FENTANYL}.toml", "--site", SITE, "--full")
    text = " ".join(out.split())
    for words in (
        "Gap plan",
        "Riverside OTP",
        "Level of care: ASAM-informed discussion aid",
        "the advice stands",
        "$5",
    ):
        assert words in text
    plain, _ = run(capsys, "review", CASES / "low_risk.toml")
    assert "Gap plan" not in plain
    assert "Coverage" not in plain


# ---- site files that cannot be used -------------------------------------------------------------------------

BAD: dict[str, tuple[str, tuple[str, ...]]] = {
    "no name": ("schema_version = 1\n", ("name", "missing")),
    "broken TOML": ("name = 'x\n", ("not valid TOML",)),
    "a field that is not there": ("name = 'x'\nservices = 1\n", ("services", "'service'")),
    "a field of a service that is not there": (
        "name = 'x'\n[[service]]\nid = 'iop'\nwhere = 'here'\nwait = 3\n", ("entry 1, wait", "'wait_days'"),
    ),
    "a service that is not there": ("name = 'x'\n" + service("residental", "here"), ("residental", "'residential'")),
    "a place that is not there": ("name = 'x'\n" + service("iop", "elsewhere"), ("where", "elsewhere", "'referral'")),
    "a service twice": ("name = 'x'\n" + service("iop", "here") * 2, ("'iop'", "twice")),
    "a referral without a route": ("name = 'x'\n" + service("iop", "referral"), ("iop", "route")),
    "a wait for what is here": ("name = 'x'\n" + service("iop", "here", "wait_days = 3"), ("iop", "wait_days")),
    "a negative wait": ("name = 'x'\n" + service("iop", "remote", "wait_days = -1"), ("wait_days", "-1")),
    "half a day": ("name = 'x'\n" + service("iop", "remote", "wait_days = 1.5"), ("wait_days", "1.5")),
    "a role that is not there": (
        "name = 'x'\n[[roster]]\nrole = 'primary_car'\nname = 'y'\n", ("primary_car", "'primary_care'"),
    ),
    "a number that is none": ("name = 'x'\n[[phone]]\nlabel = 'l'\nnumber = 'call me'\n", ("number", "call me")),
    "a rule without a date": ("name = 'x'\n[[state_rule]]\ntitle = 't'\nsays = 's'\nsource = 'c'\n", ("checked_on", "missing")),
    "a rule to recheck before it was checked": (
        "name = 'x'\n[[state_rule]]\ntitle = 't'\nsays = 's'\nsource = 'c'\nchecked_on = 2026-02-01\nrecheck_by = 2026-01-01\n",
        ("recheck_by", "before"),
    ),
    "a sign-off of nothing": (
        "name = 'x'\n[[signoff]]\nrow = 'I-41'\nrole = 'r'\ndate = 2026-01-01\nedition = 'e'\n", ("'I-41'", "'I-4'"),
    ),
    "a sign-off without a role": (
        "name = 'x'\n[[signoff]]\nrow = 'I-14'\ndate = 2026-01-01\nedition = 'e'\n", ("role", "missing"),
    ),
    "a threshold that is not there": ("name = 'x'\n[thresholds]\nlongest_wait = 3\n", ("longest_wait", "'longest_wait_days'")),
    "a schema of tomorrow": ("schema_version = 2\nname = 'x'\n", ("schema_version", "2")),
    "deep nesting": ("name = " + "[" * 5000 + "]" * 5000 + "\n", ("nested too deeply", "100 levels")),
}  # fmt: skip  # data, read across


@pytest.mark.parametrize("what", BAD)
def test_a_site_file_that_cannot_be_used_is_one_clear_message(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, words = BAD[what]
    path = tmp_path / "site.toml"
    path.write_text(text, "utf-8")
    code = main(["review", str(CASES / "low_risk.toml"), "--site", str(path), "--html", str(tmp_path / "sheet.html")])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1, err
    assert err.startswith("pathways: site.toml: ")
    for word in words:
        assert word in err, err
    assert [p.name for p in tmp_path.iterdir()] == ["site.toml"]


def test_a_site_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "raw.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "big.toml").write_bytes(b"#" * 500_001)
    for path, words in (
        (tmp_path / "none.toml", "no such file"),
        (tmp_path, "folder"),
        (tmp_path / "raw.toml", "UTF-8"),
        (tmp_path / "big.toml", "larger than it may be: it has 0.500001 MB; at most 0.5 MB are read"),
    ):
        with pytest.raises(SiteError, match=words):
            load_site(path)
        assert main(["review", str(CASES / "low_risk.toml"), "--site", str(path)]) == 2
        assert words in capsys.readouterr().err
    assert main(["review", str(CASES / "low_risk.toml"), "--site", str(SITE), "--no-site"]) == 2
    assert "choose one" in capsys.readouterr().err


def test_the_sample_site_uses_what_a_site_file_can_say() -> None:
    data = tomllib.loads(SITE.read_text("utf-8"))
    assert set(data) == set(Site.model_fields)
    assert {s["where"] for s in data["service"]} == {"here", "remote", "referral", "none"}


def test_a_line_that_names_what_is_not_there_is_refused(tmp_path: Path) -> None:
    shutil.copytree(PACKAGED, tmp_path / "content")
    path = tmp_path / "content/services.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('need = "oud_treatment"', 'need = "oud_treatmen"'), "utf-8")
    with pytest.raises(ContentError) as error:
        load_content(tmp_path / "content")
    assert len(error.value.problems) == 1
    assert "Did you mean 'oud_treatment'" in str(error.value)
    path.write_text(text.replace('treatment = "methadone_otp"', 'treatment = "methadone"', 1), "utf-8")
    with pytest.raises(ContentError, match="methadone_otp"):
        load_content(tmp_path / "content")
