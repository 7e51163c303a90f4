"""A teaching case is one text file: an author fills the blanks of the template, the check names every mistake, and it runs."""

from __future__ import annotations

import json
import os
import stat
import tomllib
from pathlib import Path
from random import Random
from typing import Any

import pytest

import kit
from pathways.apps.cli import main
from pathways.apps.cli import teach as teach_commands
from pathways.apps.teach import NotCommittedError
from pathways.apps.teach.checking import check, check_file, load_lesson
from pathways.apps.teach.ids import near, vocabulary
from pathways.apps.teach.learner import Answer, TeachError, learner_id, new_id, read_answers, read_learner
from pathways.apps.teach.lesson import Lesson
from pathways.apps.teach.marking import mark, problems_of
from pathways.apps.teach.sitting import Sitting, take
from pathways.apps.teach.stages import keys_of, known_at, named, shown_by
from pathways.content import load_content
from pathways.disk import incoming, limits
from pathways.profile import Profile
from tests.apps.teach_blanks import FILLED, filled
from tests.apps.teach_odd import made_odd

CONTENT = load_content()
CASES = sorted((kit.ROOT / "sample_data/teaching").glob("*.teach.toml"))


def run(capsys: pytest.CaptureFixture[str], *words: str | Path, code: int = 0) -> tuple[str, str]:
    assert main([str(word) for word in words]) == code
    out, err = capsys.readouterr()
    return " ".join(out.split()), err


def written(folder: Path, text: str | None = None) -> Path:
    path = folder / "case.teach.toml"
    path.write_text(filled() if text is None else text, "utf-8")
    return path


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return load_lesson(written(tmp_path_factory.mktemp("lesson")))


def problems(folder: Path, text: str) -> list[str]:
    return list(check_file(written(folder, text)).problems)


# ---- an author, from the template to a learner's file ------------------------------------------------------------


def test_an_author_fills_the_blanks_and_a_learner_runs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run(capsys, "teach", "new", "case.teach.toml")
    out, _ = run(capsys, "teach", "check", "case.teach.toml", code=1)
    assert "title: is blank; write it, or delete the line or its block" in out
    Path("case.teach.toml").write_text(filled(), "utf-8")
    out, _ = run(capsys, "teach", "check", "case.teach.toml")
    assert "whole. 2 stages, 6 questions, 1 must" in out
    run(capsys, "teach", "run", "case.teach.toml", "--blank", "answers.toml")
    sheet = Path("answers.toml").read_text("utf-8")
    sheet = sheet.replace("choose = []", 'choose = ["pain_relief"]').replace(
        "pair = []", 'pair = ["oxycodone", "alprazolam"]'
    )
    Path("answers.toml").write_text(sheet.replace("plan = {}", 'plan = { naloxone_kit = "Offer" }'), "utf-8")
    out, err = run(capsys, "teach", "run", "case.teach.toml", "--answers", "answers.toml", "--id", "L-12")
    assert err == "Written: L-12.case.learner.json\n"
    assert "findings: right." in out
    made = read_learner(Path("L-12.case.learner.json"))
    marks = {one.question: one for one in made.marks}
    assert marks["findings"].right
    assert marks["pair"].right
    assert not [miss for miss in marks["plan"].missed if miss.id == "must:first"]
    assert (marks["order"].answered, marks["order"].right) == (False, None), "a blank is not called wrong"


def test_the_template_holds_each_kind_of_question_and_of_blank() -> None:
    data = tomllib.loads(filled())
    assert {one["kind"] for one in data["question"]} == {"findings", "rank", "plan", "unsafe_pair", "ask", "text"}
    assert all(FILLED)


# ---- the check -----------------------------------------------------------------------------------------------------


def test_every_mistake_is_named_in_one_pass_each_with_its_place_and_the_mend(tmp_path: Path) -> None:
    text = (
        filled()
        .replace('kind = "rank"', 'kind = "rnak"')
        .replace("[case.complete]", '[[case.conditions]]\nid = "oud"\n\n[case.complete]')
    )
    text = text.replace('in_plan = ["naloxone_kit"]', 'in_plan = ["naloxone"]').replace(
        'id = "cdc2022", at', 'id = "cdc2202", at'
    )
    text = (
        text.replace("stage = 1 ", "stage = 7 ")
        .replace('measure = "egfr"', 'measure = "kidney"')
        .replace("made_up = true", "made_up = false")
    )
    text = text.replace("[guide]", '[guide]\nhint = "x"')
    found = "\n".join(problems(tmp_path, text))
    for told in (
        "question, entry 4, kind: input should be 'findings'",
        "case, conditions, entry 1: no condition 'oud'. Accepted and near: oud_coded",
        "Of another kind: answers: oud_status",
        "case, observations, entry 1: no measure 'kidney'.",
        "must, entry 1 (first), in_plan: no treatment 'naloxone'. Accepted and near: naloxone_kit",
        "must, entry 1 (first), source: no source 'cdc2202'. Accepted and near: cdc2022",
        "question, entry 2 (next), stage: there is no stage 7; the file has 2",
        "made_up: input should be True",
        "guide, hint: there is no such field.",
    ):
        assert told in found, told
    assert "gout" not in found


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('offers = ["oxycodone", "alprazolam", "acetaminophen"]', 'offers = ["oxycodone", "lidocaine_topical", "acetaminophen"]', "no rec"),
        ('offers = ["oxycodone", "alprazolam", "acetaminophen"]', 'offers = ["oxycodone", "3", "alprazolam"]', "no medicine 3 in the list"),
        ('offers = ["exercise", "naltrexone_xr"]', 'offers = ["exercise", "physical_therapy"]', "stands in the same place"),
        ('offers = ["pain_relief", "oud_treatment"]', 'offers = ["oud_treatment"]', "nothing of what it offers is right"),
        ('in_plan = ["naloxone_kit"]', 'not_in_plan = ["naloxone_kit"]', "stands in every plan"),
        ('in_plan = ["naloxone_kit"]', 'in_plan = ["naltrexone_xr"]\nseen = ["overdose_suspected"]', "names in_plan and seen"),
        ('in_plan = ["naloxone_kit"]', 'in_plan = ["low_dose_naltrexone"]', "a must never asks for harm"),
        ('in_plan = ["naloxone_kit"]', 'medicine = "1"\nverbs = ["Stop"]', "is not safe here"),
        ('in_plan = ["naloxone_kit"]', 'medicine = "tramadol"\nverbs = ["Change"]', "is not in the list at this stage. Accepted: 1 ("),
        ('in_plan = ["naloxone_kit"]', 'medicine = "1"\nverbs = ["Stopp"]', "no verb 'Stopp'. Did you mean 'Stop'?"),
        ('shows = ["answers"]', 'shows = ["answer.age_years"]', "nothing called 'answer.age_years' is in the case. Accepted: "),
        ("most = 3", 'most = 3\noffers = ["sex"]', "no line of the review waits for what it offers. Accepted, the weightiest first"),
        ('id = "next"', 'id = "findings"', "is that of another question too"),
        ("Asking for relief is no criterion by itself.", "It is 1 of 11 criteria.", "a number needs who says so"),
        ("A visit for more tablets", "A visit of Dr. Example", "looks like a person"),
        ('as_of = "2026-11-02"', "", "as_of: is missing"),
        ('kind = "plan" ', 'kind = "plan"\noffers = ["exercise"] ', "with naloxone_kit, "),
    ],
)  # fmt: skip  # one mistake a line
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in filled()
    found = problems(tmp_path, filled().replace(old, new))
    assert any(told in one for one in found), found


def test_a_case_may_lie_in_a_file_beside_it(tmp_path: Path) -> None:
    head, _, rest = filled().partition("[case]\n")
    _, _, rest = rest.partition("# ---- the story")
    (tmp_path / "sub").mkdir()
    Profile.from_dict(tomllib.loads(filled())["case"]).save(tmp_path / "sub/mine.toml")
    assert problems(tmp_path, f'{head}case = "sub/mine.toml"\n# ---- the story{rest}') == []
    for name, told in (
        ("sub/mien.toml", "Did you mean 'mine.toml'?"),
        ("/etc/passwd", "by its place beside this file"),
    ):
        found = problems(tmp_path, f'{head}case = "{name}"\n# ---- the story{rest}')
        assert any(told in one for one in found), found


def test_a_short_word_is_near_whole_words_only() -> None:
    assert "gout" not in near("oud", vocabulary(CONTENT)["conditions"])
    assert near("oud", {"gout": "Gout", "use": "Opioid use disorder"}) == ("use",)
    assert near("nalxone_kit", vocabulary(CONTENT)["treatments"]) == ("naloxone_kit",)


def test_the_ids_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, "teach", "ids")
    assert "conditions" in out and "measures" in out  # noqa: PT018  # one look at one text
    assert "Kidney disease" in run(capsys, "teach", "ids", "conditions", "kidney")[0]
    assert "is none of answers, conditions" in run(capsys, "teach", "ids", "condition", code=2)[1]
    data = json.loads(_out(capsys, "teach", "ids", "measures", "egfr", "--json"))
    assert next(iter(data)) == "egfr"


def _out(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        "title = 'x'\ntitle = 'y'",
        "a = [",
        "\x00" * 10,
        "[[question]]\nid = 3\nkind = {}\noffers = 'x'\nchoice = 7",
        "stage = 3\nmust = [1, 'x']\nquestion = [[]]\ncase = 7",
        "must = [{ in_plan = [[]], verbs = [3] }]",
    ],
)
def test_odd_text_is_told_and_breaks_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    path = written(tmp_path, text)
    assert main(["teach", "check", str(path)]) in (1, 2)
    out, err = capsys.readouterr()
    assert "fault of the kit" not in err
    assert out + err


def test_a_large_file_and_control_characters_do_not_come_in(tmp_path: Path) -> None:
    with pytest.raises(TeachError, match="larger than it may be"):
        check_file(written(tmp_path, "#" * (limits.TEACHING_BYTES.most + 1)))
    found = check_file(written(tmp_path, filled({0: '"A \\u202evisit\\u001b[31m"'})))
    assert found.lesson is not None
    assert found.lesson.teaching.title == incoming.clean("A \u202evisit\u001b[31m")


@pytest.mark.slow
def test_whatever_is_odd_is_told_and_never_breaks_the_check(tmp_path: Path) -> None:
    base, random, whole = tomllib.loads(filled()), Random(1), 0
    for _ in range(150):
        found = check(made_odd(base, random), tmp_path / "case.teach.toml", CONTENT)
        assert (found.lesson is None) == bool(found.problems)
        whole += found.lesson is not None
    assert 0 < whole < 100, "some are still whole, and most are not"


# ---- stages ----------------------------------------------------------------------------------------------------------


def test_a_stage_knows_what_was_told_and_nothing_later(lesson: Lesson) -> None:
    first, last = lesson.case(1), lesson.case(2)
    assert first.profile.medicines == ()
    assert first.profile.complete.medicines == "no", "a list of which an entry is still to come is not the whole list"
    assert last.profile == lesson.profile
    assert [title for title, _ in lesson.shown(2)] == ["Medicines", "Tests, questionnaires and events"], (
        "only what is new"
    )


def test_every_part_of_a_case_is_named_and_the_last_stage_shows_all() -> None:
    profile = Profile.load(kit.ROOT / "sample_data/cases/remission_before_surgery.toml")
    names = named(profile)
    assert frozenset().union(*names.values()) == keys_of(profile)
    for name, keys in names.items():
        first, last = shown_by(profile, [[name], []])
        assert first == keys
        assert known_at(profile, last) is profile
        part = known_at(profile, first)
        assert keys_of(part) == {key if isinstance(key[1], str) else (key[0], 0) for key in keys} or len(keys) > 1
    assert shown_by(profile, [["rest"], []])[0] == keys_of(profile)


# ---- nothing is given away --------------------------------------------------------------------------------------------


def test_nothing_of_the_key_is_told_before_the_commitment(
    lesson: Lesson, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sitting = Sitting(lesson)
    with pytest.raises(NotCommittedError):
        _ = sitting.feedback
    target = tmp_path / "sheet.toml"
    run(capsys, "teach", "run", written(tmp_path), "--blank", target)
    shown = target.read_text("utf-8")
    teaching = lesson.teaching
    secret = [teaching.lesson, teaching.guide.opening, teaching.guide.closing, *teaching.guide.points]
    secret += [must.says for must in teaching.musts] + [c.why for q in teaching.questions for c in q.choices]
    secret += [q.discuss for q in teaching.questions if q.discuss]
    assert not [text for text in secret if text and text in shown]
    assert "review says" not in shown


def test_the_first_answer_stands_and_an_earlier_stage_is_closed(lesson: Lesson) -> None:
    sitting = Sitting(lesson, "L-7")
    with pytest.raises(ValueError, match="no question of this stage: next"):
        sitting.answer("findings", Answer(choose=("pain_relief",)))
    assert sitting.go_on()
    with pytest.raises(ValueError, match="no question of this stage"):
        sitting.answer("next", Answer(asks=("egfr",)))
    assert not sitting.go_on()
    first = sitting.commit()
    with pytest.raises(ValueError, match="the first answer stands"):
        sitting.answer("findings", Answer(choose=("pain_relief",)))
    assert sitting.commit() is first
    assert sum(len(t.split()) for title, lines in sitting.feedback for t in (title, *lines)) <= 250


def test_at_a_terminal_the_answer_comes_after_the_commitment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path)
    typed = iter(
        ["", "9 9 x", "1", "50", "1 3", "80", "2 1", "", "", "naloxone_kit", "1", "", "", "", "70", "I would ask"]
    )
    before: list[str] = []

    def prompt(words: str, **_: Any) -> str:
        return next(typed)

    def confirm(words: str, **_: Any) -> bool:
        before.append(capsys.readouterr().out)
        return True

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("typer.prompt", prompt)
    monkeypatch.setattr("typer.confirm", confirm)
    assert main(["teach", "run", str(path), "--id", "L-3"]) == 0
    after = " ".join(capsys.readouterr().out.split())
    assert "Two sedating medicines together" in after
    assert "Two sedating medicines together" not in " ".join(before[0].split())
    marks = {one.question: one for one in read_learner(tmp_path / "L-3.case.learner.json").marks}
    assert marks["findings"].sure == 50
    assert marks["plan"].did[0].startswith("Offer: ")
    assert not list(typed)


def test_without_a_commitment_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path)
    assert "there is no terminal" in run(capsys, "teach", "run", path, code=2)[1]
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "")
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    assert "Not committed" in run(capsys, "teach", "run", path, code=1)[1]
    assert not list(tmp_path.glob("*.learner.json"))


# ---- marks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "answer", "right", "score"),
    [
        ("findings", {"choose": ["pain_relief"]}, True, 1.0),
        ("findings", {"choose": ["pain_relief", "a"]}, False, 0.0),
        ("pair", {"pair": ["alprazolam", "oxycodone"]}, True, 1.0),
        ("pair", {"pair": ["acetaminophen", "oxycodone"]}, False, 0.0),
        ("order", {"order": ["exercise", "naltrexone_xr"]}, True, 1.0),
        ("order", {"order": ["naltrexone_xr", "exercise"]}, False, 0.0),
        ("plan", {"plan": {"naloxone_kit": "Offer"}, "medicines": {"1": "Stop"}}, False, 0.0),
        ("words", {"text": "Gently."}, None, 0.0),
        ("plan", {}, None, 0.0),
    ],
)
def test_marks(lesson: Lesson, question: str, answer: dict[str, Any], right: bool | None, score: float) -> None:
    made = mark(lesson, lesson.teaching.question(question), Answer.model_validate(answer))
    assert (made.right, made.score) == (right, score)


def test_what_cannot_be_told_yet_counts_neither_way(tmp_path: Path) -> None:
    offers = 'offers = ["pain_relief", "mood_trauma"]'
    made = load_lesson(written(tmp_path, filled().replace('offers = ["pain_relief", "oud_treatment"]', offers)))
    question = made.teaching.question("findings")
    told = mark(made, question, Answer(choose=("mood_trauma", "pain_relief")))
    assert (told.right, told.score) == (True, 1.0)
    assert any("cannot be told yet" in text for text in told.says)


def test_a_must_that_is_missed_is_told_with_the_words_and_the_source_of_the_author(lesson: Lesson) -> None:
    question = lesson.teaching.question("plan")
    made = mark(lesson, question, Answer(plan={"exercise": "Offer"}))
    assert "must:first" in [miss.id for miss in made.missed]
    assert any(
        "naloxone belongs in the house. [cdc2022, Recommendation 8 (not yet confirmed)]" in text for text in made.says
    )
    assert not made.right


def test_the_weightiest_question_makes_it_right(lesson: Lesson) -> None:
    question = lesson.teaching.question("next")
    waits = [one for one in lesson.answer_key(1).questions if one.ask in dict(lesson.choices(question))]
    assert mark(lesson, question, Answer(asks=(waits[0].ask,))).right
    assert not mark(lesson, question, Answer(asks=(waits[5].ask,))).right
    assert "at most 3 here" in problems_of(lesson, question, Answer(asks=tuple(one.ask for one in waits[:4])))[0]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ("[answers.nothing]\ntext = 'x'", "there is no such question; there are findings, next"),
        ("[answers.findings]\nchoose = ['gout']", "'gout' is none of"),
        ("[answers.findings]\npair = ['a', 'b']", "has no such answer; it takes choose"),
        ("[answers.order]\norder = ['exercise']", "1 of 2 are given"),
        ("[answers.pair]\npair = ['oxycodone']", "a pair has two"),
        ("[answers.plan]\nplan = { gout = 'Offer' }", "'gout' is not on the menu"),
        ("[answers.plan]\nplan = { exercise = 'Offerr' }", "no verb 'Offerr'"),
        ("[answers.plan]\nmedicines = { 9 = 'Keep' }", "no medicine 8"),
        ("[answers.findings]\nsure = 101", "less than or equal to 100"),
        ("[answers.words]\ntext = 'Write to a@example.org'", "looks like a person"),
        ("learner = 'Sam Smith'", "is no learner id"),
        ("lerner = 'L-1'", "no such field"),
    ],
)
def test_answers_that_do_not_exist_are_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answers: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "answers.toml").write_text(answers, "utf-8")
    _, err = run(capsys, "teach", "run", written(tmp_path), "--answers", "answers.toml", code=2)
    assert told in err
    assert not list(tmp_path.glob("*.learner.json"))


# ---- the learner's file ------------------------------------------------------------------------------------------------


def test_the_file_is_the_owners_alone_whole_and_never_over_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path, answers = written(tmp_path), tmp_path / "answers.toml"
    answers.write_text("[answers.words]\ntext = 'Gently.'\n", "utf-8")
    words = ("teach", "run", path, "--answers", answers, "--id", "L-1")
    run(capsys, *words)
    made = tmp_path / "L-1.case.learner.json"
    if os.name == "posix":
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
    first = made.read_bytes()
    assert "the first answer stands" in run(capsys, *words, code=2)[1]
    run(capsys, *words, "--force")
    assert made.read_bytes() == first, "the same answers, the same bytes"
    theirs = tmp_path / "theirs.learner.json"
    theirs.write_text('{"made_by": "somebody"}', "utf-8")
    assert "it is kept" in run(capsys, *words, "--out", theirs, "--force", code=2)[1]
    assert theirs.read_text("utf-8") == '{"made_by": "somebody"}'
    assert "ends in .learner.json" in run(capsys, *words, "--out", "x.json", code=2)[1]
    assert "reads that file" in run(capsys, *words, "--out", answers, code=2)[1]
    assert "there is no folder" in run(capsys, *words, "--out", tmp_path / "no/x.learner.json", code=2)[1]


def test_an_id_that_is_drawn_can_be_used() -> None:
    assert len({learner_id(new_id()) for _ in range(2000)}) > 1000
    with pytest.raises(ValueError, match="looks like a person or a number of one"):
        learner_id("L-592437")


def test_a_bad_file_of_a_learner_is_refused(tmp_path: Path, lesson: Lesson) -> None:
    made = take(lesson, {}, "L-2").commit()
    data = made.model_dump(mode="json")
    for name, change in (("marks", 3), ("version", "x"), ("learner", "Sam Smith"), ("schema_version", 2), ("more", 1)):
        path = tmp_path / "bad.learner.json"
        path.write_text(json.dumps({**data, name: change}), "utf-8")
        with pytest.raises(TeachError, match=name if name != "more" else "no such field"):
            read_learner(path)
    path.write_text("[]", "utf-8")
    with pytest.raises(TeachError, match="no file of 'pathways teach run'"):
        read_learner(path)
    with pytest.raises(TeachError, match="no such file"):
        read_answers(tmp_path / "nowhere.toml")


# ---- the commands ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", sorted(one.name or "" for one in teach_commands.app.registered_commands))
def test_every_command_has_help_with_an_example_and_stands_in_the_readme(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["teach", command, "--help"]) == 0
    out = capsys.readouterr().out
    assert f"Example: pathways teach {command}" in out
    assert "..." not in out.partition("Options:")[2], "no word of the help is cut off"
    assert f"pathways teach {command}" in (kit.ROOT / "README.md").read_text("utf-8")


def test_a_file_of_somebody_else_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path)
    theirs = path.read_bytes()
    for words in (("new", path), ("run", path, "--blank", path), ("new", "-"), ("new", "case.toml")):
        run(capsys, "teach", *words, code=2)
    assert path.read_bytes() == theirs
    run(capsys, "teach", "run", path, "--blank", path, "--force", code=2)
    run(capsys, "teach", "new", path, "--force")
    assert path.read_bytes() != theirs


def test_a_terminal_is_shown_no_control_characters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(
        tmp_path, filled().replace('id = "naloxone_kit"', "").replace('"naloxone_kit"', '"nal\\u001b[31moxone"')
    )
    assert main(["teach", "check", str(path)]) == 1
    assert "\x1b" not in capsys.readouterr().out
