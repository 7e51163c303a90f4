"""`TeachingCase`: story, questions, a plan, how sure, commit; only then the review beside it. A view on `pathways.apps.teach`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ...content import Content, load_content
from ...content import models as m
from ...pages.blocks import CONFIDENCE_WORDS
from ...profile import Profile
from ..teach import Calibration, Exercise, Feedback, calibration
from ..teach.calibration import EVENT
from ..teach.compare import plan_name
from ..teach.exercise import PLAN_VERBS, commitment_from
from ..teach.first import LESSON, clipped
from ..teach.remarks import DOMAINS, KINDS, Remark
from .blocks import listed
from .view import View, asset

SURE = (10, 30, 50, 70, 90, 99)
BLANK: Mapping[str, Any] = {"asks": [], "emergencies": [], "plan": {}, "medicines": {}, "sure": None}


class TeachingCase(View):
    """Cases to learn from, one at a time. Nothing of the review reaches the browser before a plan is committed.

    From Python, `choose`, `ask`, `name`, `medicine`, `plan` and `commit` do what the controls do; `feedback` is what came of
    it. Cases are called by their number and the person's age: a title tells what there is to find.
    """

    _esm = asset("line.js", "form.js", "dates.js", "teaching.js")

    def __init__(
        self, cases: Profile | Path | str | Sequence[Profile | Path | str], content: Content | None = None
    ) -> None:
        self.content = content or load_content()
        given = [cases] if isinstance(cases, (Profile, Path, str)) else list(cases)
        profiles = [one if isinstance(one, Profile) else Profile.load(one, self.content) for one in given]
        self.exercises = tuple(Exercise(profile, content=self.content) for profile in profiles)
        if not self.exercises:
            raise ValueError("a teaching notebook needs at least one case")
        self._error = ""
        super().__init__(spec=self._spec(), state={"case": 0, "cases": [dict(BLANK) for _ in self.exercises]})
        self.on_msg(self._message)

    @classmethod
    def lesson(cls, path: Path | str, content: Content | None = None) -> TeachingCase:
        """The cases that a text file names, one path a line, from where the file lies; ``#`` begins a remark.

        Raises OSError for a file that is not there, and ValueError where it names no case.
        """
        file = Path(path)
        lines = (line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
        return cls([file.parent / line for line in lines if line], content)

    # -- what came of it -----------------------------------------------------------------------------------

    @property
    def exercise(self) -> Exercise:
        """The case that is open."""
        n = self.state.get("case", 0)
        return self.exercises[n if isinstance(n, int) and 0 <= n < len(self.exercises) else 0]

    @property
    def feedback(self) -> Feedback:
        """What the review says to the plan. Raises NotCommittedError before there is one."""
        return self.exercise.feedback

    @property
    def calibration(self) -> Calibration:
        """Confidence against what held, over the cases committed so far."""
        done = [one.feedback for one in self.exercises if one.committed]
        return calibration((feedback.sure, feedback.held) for feedback in done)

    # -- what the controls do, from Python -----------------------------------------------------------------

    def choose(self, case: int) -> None:
        """Open another case, counted from 0."""
        self.exercises[case]
        self.state = {**self.state, "case": case}

    def ask(self, *asks: str) -> None:
        """Choose questions to ask."""
        self._edit(asks=[*self._now["asks"], *asks])

    def name(self, *emergencies: str) -> None:
        """Name emergencies that you see."""
        self._edit(emergencies=[*self._now["emergencies"], *emergencies])

    def plan(self, **verbs: str) -> None:
        """Put treatments into the plan, each with its verb: ``plan(naloxone_kit="Offer")``."""
        self._edit(plan={**self._now["plan"], **verbs})

    def medicine(self, place: int, verb: str) -> None:
        """Say what becomes of a medicine of the list, counted from 0: ``medicine(0, "Keep")``."""
        self._edit(medicines={**self._now["medicines"], str(place): verb})

    def commit(self, sure: int) -> Feedback:
        """Stand by the plan. Raises ValueError for what does not exist, RuntimeError the second time."""
        self._edit(sure=sure)
        feedback = self.exercise.commit(commitment_from(self._now))
        self._render()
        return feedback

    # -- the browser's side --------------------------------------------------------------------------------

    @property
    def _now(self) -> dict[str, Any]:
        place = self.exercises.index(self.exercise)
        return {**BLANK, **self.state["cases"][place]}

    def _edit(self, **change: Any) -> None:
        place = self.exercises.index(self.exercise)
        cases = [{**one, **change} if n == place else one for n, one in enumerate(self.state["cases"])]
        self.state = {**self.state, "cases": cases}

    def _message(self, _: Any, message: Mapping[str, Any], __: Any = None) -> None:
        if message.get("do") != "commit" or self.exercise.committed:
            return
        try:
            self.exercise.commit(commitment_from(self._now))
        except (ValueError, IndexError) as error:
            self._error = f"Not committed. {error}"
        self._render()

    def _render(self, change: Any = None) -> None:
        if change is not None:
            self._error = ""
        here = self.exercise
        told = here.feedback if here.committed else None
        self._show(
            committed=[one.committed for one in self.exercises],
            page=str(feedback_html(here, self.calibration)) if told else "",
            status=status_words(told) if told else "Not committed yet: the review comes after your plan.",
            error=self._error,
        )

    def _spec(self) -> dict[str, Any]:
        first = self.exercises[0]
        return {
            "cases": [
                {
                    "title": case_name(one, n),
                    "story": [[title, list(lines)] for title, lines in one.story],
                    "questions": [list(pair) for pair in one.questions],
                    "medicines": [[str(place), label, list(verbs)] for place, label, verbs in one.medicines],
                }
                for n, one in enumerate(self.exercises, 1)
            ],
            "emergencies": [list(pair) for pair in first.emergencies],
            "options": [[title, [list(pair) for pair in found]] for title, found in first.options],
            "verbs": list(PLAN_VERBS),
            "sure": list(SURE),
            "event": EVENT,
        }


# ---- the feedback as HTML -------------------------------------------------------------------------------------


def case_name(exercise: Exercise, n: int) -> str:
    """What a case is called before a plan is committed: its number and the person's age, nothing that there is to find."""
    return f"Case {n}: {exercise.age:g} years old" if exercise.age is not None else f"Case {n}"


def status_words(feedback: Feedback) -> str:
    """The outcome in one line, for the status that a screen reader announces."""
    unsafe = sum(remark.unsafe for remark in feedback.remarks)
    missed = sum(remark.urgent for remark in feedback.remarks) - unsafe
    right = len(feedback.of("right"))
    waits = f"{unsafe} not safe, {missed} missed that must not wait"
    waits = "nothing unsafe, and nothing missed that must not wait" if feedback.held else waits
    return f"Committed. {right} right, {len(feedback.remarks) - right} to talk about, {waits}."


def feedback_html(exercise: Exercise, over: Calibration) -> Markup:
    """What is read first, in at most 250 words; behind it the remarks by domain with their sources, the plan beside the
    closest one found, and the confidence."""
    feedback, content = exercise.feedback, exercise.case.content
    parts = [Markup("<h2 class='cc-sr'>What the review says</h2>")]
    for title, lines in feedback.first:
        parts.append(Markup("<h3>{}</h3>{}").format(title, listed(lines)))
    for domain, title in DOMAINS.items():
        if remarks := feedback.within(domain):
            kinds = [
                Markup("<h4>{}</h4>{}").format(
                    words, listed(_remark(content, one) for one in remarks if one.kind == kind)
                )
                for kind, words in KINDS.items()
                if any(one.kind == kind for one in remarks)
            ]
            parts.append(_behind(f"{title} ({len(remarks)})", Markup("").join(kinds)))
    parts += [
        _behind("Beside the closest plan", _beside(exercise)),
        _behind("How sure you were", _confidence(feedback, over)),
    ]
    if feedback.teaches and clipped(feedback.teaches, LESSON) != feedback.teaches:
        parts.append(_behind("The whole lesson", Markup("<p>{}</p>").format(feedback.teaches)))
    return Markup("").join(parts)


def _behind(title: str, inner: Markup) -> Markup:
    return Markup("<details class='cc-group'><summary>{}</summary><div>{}</div></details>").format(title, inner)


def _remark(content: Content, remark: Remark) -> Markup:
    badge = Markup("<b class='cc-urgent'>must not wait</b> ") if remark.urgent else Markup("")
    positions = [c for c in remark.source if c.says]
    if positions:
        told = listed(Markup("{} {}").format(c.says, _says_who(content, (c,))) for c in positions)
        return Markup("{}{}{}").format(badge, remark.says, told)
    return Markup("{}{} {}").format(badge, remark.says, _says_who(content, remark.source))


def _says_who(content: Content, source: Iterable[m.Cite]) -> Markup:
    told = [f"{c.id}, {c.at} ({CONFIDENCE_WORDS[c.confidence]})" for c in dict.fromkeys(source)]
    titles = "; ".join(dict.fromkeys(content.sources[c.id].title for c in source))
    return Markup("<span class='cc-help cc-source' title='{}'>{}</span>").format(titles, "; ".join(told))


def _beside(exercise: Exercise) -> Markup:
    """The plan beside the closest plan found: a line for each item of either."""
    feedback, case = exercise.feedback, exercise.case
    if feedback.closest is None:
        return Markup("<p>No plan was found: nothing known needs one yet.</p>")
    theirs = {item.id: item for item in feedback.closest.items}
    ids = [*theirs, *(id for id in sorted(feedback.judged.items) if id not in theirs)]
    rows = Markup("")
    for id in ids:
        instead = theirs[id].instead if id in theirs else ()
        mine = (
            "●"
            if id in feedback.judged.items
            else "○ (interchangeable)"
            if feedback.judged.items & set(instead)
            else "–"
        )
        cells = (mine, theirs[id].verb if id in theirs else "–")
        rows += Markup("<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>").format(
            case.option(id).record.short, *cells
        )
    return Markup(
        "<table class='cc-beside'><caption>What is in use counts as in your plan</caption>"
        "<thead><tr><th scope='col'>Item</th><th scope='col'>Yours</th><th scope='col'>{}</th></tr></thead>"
        "<tbody>{}</tbody></table>"
    ).format(plan_name(case, feedback.closest), rows)


def _confidence(feedback: Feedback, over: Calibration) -> Markup:
    bands = Markup("").join(
        Markup("<tr><th scope='row'>{} to {}%</th><td>{}</td><td>{:.0f}%</td><td>{:.0f}%</td></tr>").format(
            band.lo, band.hi, band.cases, band.said, band.held
        )
        for band in over.bands
    )
    return Markup(
        "<p>{}</p><p>{}</p><table class='cc-calibration'>"
        "<caption>Confidence against what held, over the cases committed here</caption><thead><tr>"
        "<th scope='col'>You said</th><th scope='col'>Cases</th><th scope='col'>Mean said</th><th scope='col'>Held</th>"
        "</tr></thead><tbody>{}</tbody></table>"
    ).format(feedback.confidence, over.words, bands)
