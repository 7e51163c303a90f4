"""Law 6: the packaged content has no gap, every worked case holds, and every mutant of every rule is caught. And the check
itself can fail: a planted fault of each kind is found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pathways.content import load_content
from pathways.content.loader import PACKAGED
from pathways.review.check import check_content

SOURCE = 'source = { id = "practice", at = "x", confidence = "recall" }'


def test_the_content_has_no_gap() -> None:
    report = check_content(load_content())
    assert {kind: places for kind, places in report.gaps.items() if places} == {}
    assert report.rules > 300
    assert report.cases > 1000


@pytest.mark.slow
def test_every_mutant_of_every_rule_is_caught() -> None:
    report = check_content(load_content(), mutate=True)
    assert report.survivors == []
    assert report.mutants > 500


def planted(tmp_path: Path, text: str) -> dict[str, list[str]]:
    """The gaps of the content with one more file."""
    folder = tmp_path / "content"
    shutil.copytree(PACKAGED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "planted.toml").write_text(text, "utf-8")
    return check_content(load_content(folder)).gaps


def recommendation(cases: str, when: str = "pregnant AND breastfeeding", **more: str) -> str:
    fields = {"title": "Planted", "action": "Do it.", "why": "Because.", **more}
    words = "\n".join(f'{name} = "{text}"' for name, text in fields.items())
    return (
        f'[[recommendation]]\nid = "planted"\nkind = "own"\nwhen = "{when}"\n{words}\n'
        f'strength = {{ scheme = "own", category = "x" }}\nowner = ["primary_care"]\n{SOURCE}\ncases = [{cases}]\n'
    )


ALL = (
    "{ given = { pregnant = true, breastfeeding = true }, expect = 'applies' },"
    "{ given = { pregnant = false }, expect = 'does_not_apply' },"
    "{ given = { pregnant = true }, expect = 'needs_information' },"
)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("worked case that fails", recommendation(ALL.replace("'applies'", "'does_not_apply'"))),
        (
            "rule without a true, a false and a cannot-tell case",
            recommendation("{ given = { pregnant = true, breastfeeding = true }, expect = 'applies' }"),
        ),
        (
            "fact that no rule uses",
            '[[fact]]\nid = "planted_fact"\nlabel = "x"\nkind = "definition"\nwhen = "pregnant"\n',
        ),
        ("source that nothing cites", '[[source]]\nid = "planted"\ntitle = "x"\nyear = 2020\nkind = "review"\n'),
        (
            "words that are not person-first, or that advise a stop",
            recommendation(ALL, why="The addict must stop the opioid abruptly."),
        ),
    ],
    ids=["case", "cases", "fact", "source", "words"],
)
def test_a_planted_fault_is_found(tmp_path: Path, kind: str, text: str) -> None:
    assert any("planted" in place for place in planted(tmp_path, text)[kind])


def test_a_lacking_case_is_told_with_the_name_that_it_is_written_by(tmp_path: Path) -> None:
    kind = "rule without a true, a false and a cannot-tell case"
    lacking = planted(
        tmp_path, recommendation("{ given = { pregnant = true, breastfeeding = true }, expect = 'applies' }")
    )
    assert lacking[kind] == ["planted.toml, planted, when: no case is false or unknown"]
    treatment = (
        f'[[treatment]]\nid = "planted"\nkind = "own"\ntitle = "Planted"\nshort = "Planted"\nseat = "support"\n{SOURCE}\n'
        'what = "x"\nsay = "x"\nburden = { score = 1, words = "x" }\ndelivered_by = ["person"]\nowner = ["person"]\n'
        'phase = "today"\nindications = [{ when = "pregnant AND breastfeeding", fit = "consider", note = "x", '
        f"{SOURCE} }}]\ncases = [{{ rule = 'indication_1', given = {{ pregnant = false }}, expect = 'false' }}]\n"
    )
    (told,) = planted(tmp_path / "other", treatment)[kind]
    assert told.startswith("planted.toml, planted, indication_1: no case is true or false or unknown; ")
    assert told.endswith('written with rule = "fit"')


def test_a_sound_record_makes_no_gap(tmp_path: Path) -> None:
    assert {kind: places for kind, places in planted(tmp_path, recommendation(ALL)).items() if places} == {}


@pytest.mark.slow
def test_a_rule_whose_cases_notice_nothing_has_a_surviving_mutant(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(PACKAGED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    # No case stands at the threshold: that 65 itself counts could be forgotten, and nothing would notice.
    cases = "".join(
        f"{{ given = {given}, expect = '{expect}' }},"
        for given, expect in (
            ("{ age_years = 80 }", "applies"),
            ("{ age_years = 20 }", "does_not_apply"),
            ("{ }", "needs_information"),
        )
    )
    (folder / "planted.toml").write_text(recommendation(cases, when="age_years >= 65"), "utf-8")
    report = check_content(load_content(folder), mutate=True)
    assert [s for s in report.survivors if "planted" in s]
    assert [s for s in report.survivors if "planted" not in s] == []
