"""`Sitting`: one learner works through a lesson, stage by stage; nothing of the review is told before the commitment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files

from ... import __version__
from .exercise import NotCommittedError, questions
from .first import LESSON, MOST_WORDS, clipped
from .learner import MADE_BY, TAKES, Answer, LearnerFile, Mark, learner_id, new_id
from .lesson import Lesson
from .marking import marks, problems_of
from .teaching_file import KIND_WORDS, Question

FIRST = "commit first; what the review says comes after that"
LINE = 70
MISSES = 2


class Sitting:
    """One learner at one lesson. ``learner`` is an anonymous id, drawn by chance where none is given."""

    def __init__(self, lesson: Lesson, learner: str | None = None) -> None:
        self.lesson, self.learner = lesson, learner_id(learner) if learner else new_id()
        self.stage = 1
        self._answers: dict[str, Answer] = {}
        self._file: LearnerFile | None = None

    @property
    def committed(self) -> bool:
        return self._file is not None

    def here(self) -> tuple[Question, ...]:
        """The questions of this stage, in the order of the file."""
        teaching = self.lesson.teaching
        return tuple(q for q in teaching.questions if teaching.stage_of(q) == self.stage)

    def answer(self, id: str, answer: Answer) -> None:
        """Answer a question of this stage. Raises ValueError for one of another stage, for what does not exist, and after the
        commitment: the first answer stands."""
        if self.committed:
            raise ValueError("already committed: the first answer stands")
        question = next((q for q in self.here() if q.id == id), None)
        if question is None:
            raise ValueError(
                f"'{id[:40]}' is no question of this stage: {', '.join(q.id for q in self.here()) or 'it has none'}"
            )
        if problems := problems_of(self.lesson, question, answer):
            raise ValueError("; ".join(f"{id}, {problem}" for problem in problems))
        self._answers[id] = answer

    def go_on(self) -> bool:
        """Open the next stage, and close this one; False at the last."""
        if self.stage == len(self.lesson.teaching.stages):
            return False
        self.stage += 1
        return True

    def commit(self) -> LearnerFile:
        """Stand by the answers, and get the marks. The second time it gives the same."""
        if self._file is None:
            lesson = self.lesson
            self._file = LearnerFile(
                made_by="pathways teach",
                learner=self.learner,
                case=lesson.name[:120],
                title=lesson.teaching.title,
                version=lesson.digest,
                kit=__version__,
                answers=dict(self._answers),
                marks=marks(lesson, self._answers),
            )
            assert self._file.made_by == MADE_BY
        return self._file

    @property
    def feedback(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What is read first, in at most 250 words: headings with their lines. Raises NotCommittedError before that."""
        if self._file is None:
            raise NotCommittedError(FIRST)
        return first_of(self.lesson, self._file.marks)


def take(lesson: Lesson, answers: Mapping[str, Answer], learner: str | None = None) -> Sitting:
    """A sitting with all answers given, at the last stage and not yet committed. Raises ValueError with every problem."""
    sitting, problems = Sitting(lesson, learner), []
    known = [q.id for q in lesson.teaching.questions]
    problems += [
        f"answers.{id[:40]}: there is no such question; there are {', '.join(known)}"
        for id in answers
        if id not in known
    ]
    while True:
        for question in sitting.here():
            if question.id in answers:
                try:
                    sitting.answer(question.id, answers[question.id])
                except ValueError as error:
                    problems.append(f"answers.{error}")
        if not sitting.go_on():
            break
    if problems:
        raise ValueError("\n".join(problems))
    return sitting


# ---- what is read first -----------------------------------------------------------------------------------------


def result_words(mark: Mark) -> str:
    """How one question went, in a word."""
    if not mark.answered:
        return "not answered"
    if mark.right is None:
        return "not marked"
    return "right" if mark.right else "partly" if mark.score > 0 else "not yet"


def first_of(lesson: Lesson, made: Sequence[Mark]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The lesson, then a line for each question, in at most 250 words; what is cut stands whole behind it."""
    marked = [mark for mark in made if mark.right is not None]
    right = sum(bool(mark.right) for mark in marked)
    silent = sum(not mark.answered for mark in made)
    told = f"{right} of {len(marked)} that were answered and marked are right." + (
        f" {silent} were not answered." if silent else ""
    )
    head = (("The lesson", (clipped(lesson.teaching.lesson, LESSON),)), ("How it went", (told,)))
    used = sum(len(text.split()) for title, lines in head for text in (title, *lines)) + len(
        ["Question", "by", "question"]
    )
    each = max(4, (MOST_WORDS - used) // max(1, len(made)))
    lines = tuple(clipped(_line(mark), each) for mark in made)
    room = MOST_WORDS - used
    kept: list[str] = []
    for text in lines:
        room -= len(text.split())
        if room < 0:
            break
        kept.append(text)
    return (*head, ("Question by question", tuple(kept)))


def _line(mark: Mark) -> str:
    misses = "; ".join(miss.words.rstrip(".") for miss in mark.missed[:MISSES])
    return f"{mark.question}: {result_words(mark)}" + (f" ({misses})" if misses else "") + "."


# ---- the sheet of answers, and the blank case ---------------------------------------------------------------------


def blank_case() -> str:
    """The commented file that an author fills in."""
    return files(__package__).joinpath("blank.teach.toml").read_text("utf-8")


def answer_sheet(lesson: Lesson) -> str:
    """The lesson as a text file to fill in: the story and the questions as remarks, a blank for each answer, and no key."""
    teaching = lesson.teaching
    lines = [
        f"# {teaching.title}",
        "# A made-up person. Fill in what you would do, then:",
        f"#   pathways teach run {lesson.name}.teach.toml --answers THIS_FILE",
        "",
    ]
    lines += ['# learner = "L-1234"     # an anonymous id, no name; left out, one is drawn', ""]
    for n, stage in enumerate(teaching.stages, 1):
        lines += [f"# ==== Stage {n}: {stage.title}", *_remark(stage.says)]
        for title, told in lesson.shown(n):
            lines += [f"# {title}", *(f"#   - {text}" for text in told)]
        for question in (q for q in teaching.questions if teaching.stage_of(q) == n):
            lines += [
                "",
                f"[answers.{question.id}]   # {KIND_WORDS[question.kind]}",
                *_remark(question.asks),
                *_blanks(lesson, question),
            ]
        lines.append("")
    return "\n".join(lines) + "\n"


def _remark(text: str) -> list[str]:
    words, lines, line = text.split(), [], "#"
    for word in words:
        if len(line) + len(word) > LINE and line != "#":
            lines.append(line)
            line = "#"
        line += f" {word}"
    return [*lines, line]


def _blanks(lesson: Lesson, question: Question) -> list[str]:
    offered = [f"#   {id}: {words}" for id, words in lesson.choices(question)]
    sure = ['sure = ""     # how sure you are of this, from 0 to 100; or leave it so']
    match question.kind:
        case "text":
            return ['text = ""']
        case "plan":
            menu = [f"#   {id}: {words}" for id, words in lesson.menu(question)] if question.offers else []
            menu = menu or ["#   the treatments are listed by: pathways teach ids treatments"]
            listed = [
                f"#   {place}: {words} ({', '.join(verbs)})" for place, words, verbs in lesson.medicines(question)
            ]
            asks = [f"#   {id}: {words}" for id, words in questions(lesson.case_of(question))]
            return [
                *menu, "plan = {}     # such as { naloxone_kit = \"Offer\" }; verbs: pathways teach ids verbs",
                *listed, 'medicines = {}     # such as { 1 = "Change" }; what you leave out goes on as it is',
                *asks, "asks = []", "#   emergencies are listed by: pathways teach ids emergencies", "emergencies = []", *sure,
            ]  # fmt: skip  # the order of the sheet
        case _:
            most = f"     # at most {question.most}" if question.kind == "ask" else ""
            return [*offered, f"{TAKES[question.kind][0]} = []{most}", *sure]
