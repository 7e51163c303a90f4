"""A class: learners' files out of a folder, summed up for the one who leads it, on one page and as a table."""

from __future__ import annotations

import base64
import csv
import hashlib
import html
import json
import re
from pathlib import Path
from random import Random

import pytest

from pathways.apps.cli import main
from pathways.apps.teach.checking import load_lesson
from pathways.apps.teach.class_report import SIDES, class_csv, read_class, safe_cell, sides_of
from pathways.apps.teach.class_sections import calibration_words, class_html, class_markdown
from pathways.apps.teach.learner import Answer, LearnerFile, Mark, TeachError, plain, write_learner
from pathways.apps.teach.lesson import Lesson
from pathways.apps.teach.lesson_page import lesson_html
from pathways.apps.teach.sitting import take
from pathways.disk import limits
from pathways.pages.pictures.shares import share_bars, sure_and_right, two_sides
from tests.apps.teach_blanks import filled
from tests.apps.teach_class import simulated, write_class
from tests.apps.teach_odd import made_odd


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("case") / "case.teach.toml"
    path.write_text(filled(), "utf-8")
    return path


@pytest.fixture(scope="module")
def lesson(case: Path) -> Lesson:
    return load_lesson(case)


def answered(lesson: Lesson, learner: str, **answers: dict[str, object]) -> LearnerFile:
    return take(lesson, {id: Answer.model_validate(one) for id, one in answers.items()}, learner).commit()


def put(folder: Path, made: LearnerFile) -> Path:
    path = folder / f"{made.learner}.{made.case}.learner.json"
    write_learner(path, made)
    return path


@pytest.fixture
def folder(tmp_path: Path, lesson: Lesson) -> Path:
    """Three learners: one right, one wrong and sure of it, one who answered nothing but in words."""
    whole = {"plan": {"naloxone_kit": "Offer", "exercise": "Offer"}, "sure": 70}
    put(tmp_path, answered(lesson, "L-1", findings={"choose": ["pain_relief"], "sure": 90}, plan=whole))
    wrong = {"plan": {}, "medicines": {"1": "Stop"}, "sure": 90}
    put(tmp_path, answered(lesson, "L-2", findings={"choose": ["a"], "sure": 99}, plan=wrong))
    put(tmp_path, answered(lesson, "L-3", words={"text": "=cmd() <script>alert(1)</script>"}))
    return tmp_path


def test_each_question_is_summed_up_and_a_blank_is_not_wrong(folder: Path, lesson: Lesson) -> None:
    report = read_class(folder, [lesson])
    (found,) = report.cases
    items = {item.id: item for item in found.items}
    assert (items["findings"].n, items["findings"].answered, items["findings"].right, items["findings"].share) == (
        3,
        2,
        1,
        0.5,
    )
    assert items["findings"].misses[0][1] == 1
    assert items["findings"].sure == 94.5
    assert (items["pair"].answered, items["pair"].share) == (0, None)
    assert items["plan"].right == 1
    assert found.learners == ("L-1", "L-2", "L-3")
    assert found.calibration.cases == 4
    assert found.discuss[0].startswith("findings – “What is raised here?”: 1 of 2 right; most often missed: ")
    assert "Who is in danger today, and of what?" in found.discuss
    assert dict(found.done)["Stop: oxycodone 10 mg"] == 1


def test_bad_files_are_named_counted_and_left_out(
    folder: Path, case: Path, lesson: Lesson, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.learner.json").write_text("{", "utf-8")
    (folder / "b.json").write_text("{}", "utf-8")
    (folder / "notes.txt").write_text("mine", "utf-8")
    (folder / "c.learner.json").mkdir()
    again = answered(lesson, "L-1")
    write_learner(folder / "z.learner.json", again)
    other = again.model_copy(update={"version": "0" * 64, "learner": "L-9"})
    put(folder, other)
    report = read_class(folder, [lesson], only=True)
    told = dict(report.left_out)
    assert "not valid JSON" in told["a.learner.json"]
    assert told["b.json"] == "does not end in .learner.json, nor in .answers.json"
    assert "folder" in told["c.learner.json"]
    assert told["z.learner.json"] == "a second file of L-1 for this case; the first by name counts"
    assert "another version" in told["L-9.case.learner.json"]
    assert len(report.files) == 3
    assert main(["teach", "report", str(folder), "--case", str(case)]) == 0
    out, err = capsys.readouterr()
    assert err == "Left out: 5 of 8 files; the report names them\n"
    assert "Left out: 5 files" in out
    assert "L-9" not in [name for one in read_class(folder, [lesson], only=True).cases for name in one.learners]
    assert len(read_class(folder).cases) == 2, "without the case each version stands by itself"


def test_marks_are_not_believed_where_the_case_is_at_hand(folder: Path, lesson: Lesson) -> None:
    path = folder / "L-2.case.learner.json"
    data = json.loads(path.read_text("utf-8"))
    for mark in data["marks"]:
        mark |= {"right": True, "score": 1.0, "missed": []}
    path.write_text(json.dumps(data), "utf-8")
    right = {item.id: item.right for item in read_class(folder).cases[0].items}
    assert right["findings"] == 2
    anew = read_class(folder, [lesson])
    assert {item.id: item.right for item in anew.cases[0].items}["findings"] == 1
    assert anew.cases[0].anew
    data["answers"]["findings"]["choose"] = ["gout"]
    path.write_text(json.dumps(data), "utf-8")
    assert "'gout' is none of" in dict(read_class(folder, [lesson]).left_out)[path.name]


def mark(pain: bool | None, oud: bool | None) -> Mark:
    return Mark(question="plan", kind="plan", answered=True, right=True, score=1, pain=pain, oud=oud)


def test_the_pain_side_stands_against_the_addiction_side() -> None:
    plans = [
        mark(True, True),
        mark(True, False),
        mark(False, True),
        mark(False, False),
        mark(False, False),
        mark(None, None),
    ]
    assert sides_of(plans) == (1, 1, 1, 2)
    assert len(SIDES) == 4


def test_a_case_without_an_addiction_side_says_so(folder: Path, lesson: Lesson) -> None:
    (found,) = read_class(folder, [lesson]).cases
    assert found.raised == (True, False)
    assert "On the addiction side this case raises nothing." in class_html(read_class(folder, [lesson]))


@pytest.mark.parametrize(
    ("answers", "said", "held", "told"),
    [
        (9, 90, 10, "Too few"),
        (10, 80, 60, "more sure than it was right"),
        (10, 50, 70, "than it trusted"),
        (10, 70, 65, "together"),
    ],
)
def test_the_words_on_confidence(answers: int, said: float, held: float, told: str) -> None:
    assert told in calibration_words(answers, said, held)


# ---- the page and the table ----------------------------------------------------------------------------------------------


def test_the_page_escapes_what_learners_wrote_and_each_picture_has_its_words(folder: Path, lesson: Lesson) -> None:
    page = class_html(read_class(folder, [lesson]))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert class_html(read_class(folder, [lesson])) == page, "the same files, the same bytes"
    figures = re.findall(r'<figure class="pw-picture".*?</figure>', page, re.DOTALL)
    assert len(figures) == 2
    assert all("<title>" in one and "<figcaption>" in one for one in figures)
    assert "default-src 'none'" in page
    text = class_markdown(read_class(folder, [lesson]))
    assert r"\=cmd" in text or "=cmd" in text
    assert "<script>" not in text
    for told in ("1 of 2 (50%)", "findings – “What is raised here?”: 1 of 2 right"):
        assert told in html.unescape(page)
        assert told in text.replace("\\", "")


def test_pictures_draw_what_they_are_given_and_nothing_that_is_not_known() -> None:
    bars = share_bars("x", [("a", 1, 1, 4), ("b", 0, 0, 0)])
    assert "1 of 4" in bars
    assert "none marked" in bars
    assert "pw-hatch" in bars
    assert "neither: 4" in two_sides("x", (1, 2, 3, 4), ("pain", "addiction"))
    assert sure_and_right("x", [(20, 40, 3), (90, 80, 9)]).count("<circle") == 2


def test_the_table_holds_points_and_no_formula(folder: Path, lesson: Lesson) -> None:
    rows = list(csv.DictReader(class_csv(read_class(folder, [lesson])).splitlines()))
    assert [row["learner"] for row in rows] == ["L-1", "L-2", "L-3"]
    assert (rows[0]["findings"], rows[1]["findings"], rows[2]["findings"]) == ("1", "0", "")
    assert (rows[0]["out_of"], rows[2]["points"], rows[2]["percent"]) == ("5", "0", "0.0")
    assert "words" not in rows[0], "free text is not marked"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1"])
def test_no_cell_is_a_formula(text: str, folder: Path, lesson: Lesson) -> None:
    assert safe_cell(text) == f"'{text}"
    made = answered(lesson, "L-4").model_copy(update={"case": text[:10].strip() or "="})
    put(folder, made.model_copy(update={"case": "x"}))
    data = {**plain(made), "version": "1" * 64}
    (folder / "odd.learner.json").write_text(json.dumps(data), "utf-8")
    for row in csv.reader(class_csv(read_class(folder)).splitlines()):
        assert not [cell for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_the_command_writes_a_page_a_table_and_data(
    folder: Path, case: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path_factory.mktemp("out")
    words = ["teach", "report", str(folder), "--case", str(case)]
    targets = [("--html", "r.html"), ("--csv", "p.csv"), ("--md", "r.md")]
    assert main([*words, *(part for option, name in targets for part in (option, str(out / name)))]) == 0
    assert (out / "r.html").read_text("utf-8").startswith("<!doctype html>")
    assert (out / "p.csv").read_text("utf-8").startswith("learner,case,findings")
    assert main([*words, "--csv", str(out / "p.csv")]) == 2, "a table says nothing of who made it"
    assert main([*words, "--html", str(out / "r.html")]) == 0
    assert main([*words, "--html", str(folder / "L-1.case.learner.json"), "--force"]) == 2, (
        "what it reads it never writes over"
    )
    assert main([*words, "--html", str(out / "r.html"), "--md", str(out / "r.html"), "--force"]) == 2
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["cases"][0]["sides"]["both sides"] >= 0
    assert data["left_out"] == []


def test_an_empty_folder_and_none_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["teach", "report", str(tmp_path)]) == 1
    assert "No file of a learner could be used." in capsys.readouterr().out
    assert main(["teach", "report", str(tmp_path / "nowhere")]) == 2
    assert "there is no such folder" in capsys.readouterr().err
    monkeypatch.setattr("pathways.apps.teach.class_report.LEARNER_FILES", limits.Limit(1, "files", "x"))
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text("{}", "utf-8")
    with pytest.raises(TeachError, match="2 files; at most 1"):
        read_class(tmp_path)


def test_a_class_of_thirty_is_collected_and_reported(tmp_path: Path, lesson: Lesson) -> None:
    write_class(tmp_path, lesson, 30, seed=3)
    report = read_class(tmp_path, [lesson])
    assert len(report.files) == 30
    assert report.left_out == ()
    (found,) = report.cases
    assert all(item.n == 30 for item in found.items)
    plan = next(item for item in found.items if item.kind == "plan")
    assert sum(found.sides) == plan.answered


# ---- the page of a lesson ----------------------------------------------------------------------------------------------------


def saved(lesson: Lesson, learner: str, **answers: object) -> dict[str, object]:
    """What the page of a lesson saves."""
    made = {"made_by": "pathways teach page", "schema_version": 1, "learner": learner, "case": lesson.name}
    return {**made, "version": lesson.digest, "answers": answers}


def test_the_page_of_a_lesson_holds_no_answer_and_its_script_is_the_one_it_allows(lesson: Lesson) -> None:
    page = lesson_html(lesson)
    assert page == lesson_html(lesson)
    teaching = lesson.teaching
    told = html.unescape(page)
    secret = [teaching.lesson, teaching.guide.opening, *(must.says for must in teaching.musts)]
    secret += [choice.why for q in teaching.questions for choice in q.choices] + [
        q.discuss for q in teaching.questions if q.discuss
    ]
    assert not [text for text in secret if text and text in told]
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page
    assert "default-src 'none'" in page


def test_what_an_author_wrote_is_escaped_on_the_page(tmp_path: Path) -> None:
    path = tmp_path / "case.teach.toml"
    path.write_text(filled({16: '"</script><img src=x onerror=alert(1)>"'}), "utf-8")
    page = lesson_html(load_lesson(path))
    assert "<img" not in page
    assert page.count("<script") == 1


def test_answers_of_the_page_are_marked_with_the_case_at_hand(folder: Path, lesson: Lesson) -> None:
    name = "L-7.case.answers.json"
    (folder / name).write_text(json.dumps(saved(lesson, "L-7", findings={"choose": ["pain_relief"]})), "utf-8")
    report = read_class(folder, [lesson])
    assert report.left_out == ()
    assert {one.learner: one for one in report.files}["L-7"].marks[0].answered is not None
    assert "name that case with --case" in dict(read_class(folder).left_out)[name]
    for change, why in (
        ({"learner": "L-1"}, "a second file of L-1"),
        ({"answers": {"findings": {"choose": ["gout"]}}}, "'gout' is none of"),
        ({"answers": {"nothing": {"text": "x"}}}, "there is no such question"),
        ({"made_by": "me"}, "no file that the page of a lesson saved"),
        ({"more": 1}, "there is no such field"),
    ):
        (folder / name).write_text(json.dumps({**saved(lesson, "L-7"), **change}), "utf-8")
        assert why in dict(read_class(folder, [lesson]).left_out)[name]


def test_a_learner_gets_feedback_from_what_the_page_saved(
    tmp_path: Path, case: Path, lesson: Lesson, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["teach", "page", str(case), "--out", "lesson.html"]) == 0
    assert main(["teach", "page", str(case), "--out", "lesson.html"]) == 0, "a page of ours is written over"
    assert main(["teach", "page", str(case), "--out", "lesson.txt"]) == 2
    Path("L-7.case.answers.json").write_text(json.dumps(saved(lesson, "L-7", words={"text": "Gently."})), "utf-8")
    assert main(["teach", "run", str(case), "--answers", "L-7.case.answers.json"]) == 0
    assert "Two sedating medicines" in " ".join(capsys.readouterr().out.split())
    assert Path("L-7.case.learner.json").is_file()


@pytest.mark.slow
def test_a_folder_of_odd_files_is_still_reported(tmp_path: Path, lesson: Lesson) -> None:
    random = Random(4)
    for n in range(60):
        made = plain(take(lesson, simulated(lesson, random), f"L-{n:03}").commit())
        if n % 2:
            made = {**saved(lesson, f"L-{n:03}"), "answers": made["answers"]}
        odd = made_odd(made, random) if n % 3 else made
        (tmp_path / f"{n}.{'answers' if n % 2 else 'learner'}.json").write_text(json.dumps(odd), "utf-8")
    for lessons in ([lesson], []):
        report = read_class(tmp_path, lessons)
        assert report.files
        assert report.left_out
        assert "<script" not in class_html(report)
        assert class_markdown(report)
        assert class_csv(report)
