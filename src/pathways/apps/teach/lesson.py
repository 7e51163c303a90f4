"""`Lesson`: a teaching case with its case, reviewed as far as each stage tells it, and what each question offers.

The words that a learner is shown (`shown`, `choices`) hold nothing that was worked out; the key (`key`) is for marking alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ...content import Content
from ...profile import Profile
from ...review.case import Case, review
from ...review.questions import question_label
from .exercise import options, questions, story
from .key import AnswerKey
from .medicines import verbs_for
from .pairs import Candidate, candidate, unsafe_pairs
from .remarks import Cites
from .stages import known_at, shown_by
from .teaching_file import Kind, Question, Source, Teaching

RANKS: Mapping[str | None, int] = {
    "Offer": 0, "Keep": 0, "Consider": 1, "Keep with": 1, "Check first": 2, "Check": 2, "Verify": 2, "After this": 3,
    "Ask": 3, None: 3, "Change": 4, "Do not start": 4,
}  # fmt: skip  # data, read across
"""How near to being done now each verb of the review is: where options are ranked, the lower comes first."""
Told = Cites | Source | None


@dataclass(frozen=True)
class Offered:
    """One thing to choose: its id, its words, and the key. ``right`` None is open: neither choosing it nor leaving it counts."""

    id: str
    words: str
    right: bool | None = None
    rank: int = 0
    why: str = ""
    source: Told = None


class Lesson:
    """A teaching case that was read and found whole. ``digest`` says which version of it answers belong to."""

    def __init__(self, name: str, digest: str, teaching: Teaching, profile: Profile, content: Content) -> None:
        self.name, self.digest, self.teaching, self.profile, self.content = name, digest, teaching, profile, content
        self._keys: dict[int, AnswerKey] = {}
        self._offered: dict[str, tuple[Offered, ...]] = {}
        self._pairs: dict[str, Mapping[frozenset[str], tuple[int, str, Told]]] = {}

    def __repr__(self) -> str:
        return f"Lesson({self.name!r}, {len(self.teaching.stages)} stages, {len(self.teaching.questions)} questions)"

    @cached_property
    def _known(self) -> tuple[Profile, ...]:
        shown = shown_by(self.profile, [stage.shows for stage in self.teaching.stages])
        return tuple(known_at(self.profile, keys) for keys in shown)

    def answer_key(self, stage: int) -> AnswerKey:
        """What the review says at a stage (from 1), of what is known by then."""
        if stage not in self._keys:
            self._keys[stage] = AnswerKey(review(self._known[stage - 1], content=self.content))
        return self._keys[stage]

    def case(self, stage: int) -> Case:
        """The review at a stage. For marking and for the author; a learner has it only after the commitment."""
        return self.answer_key(stage).case

    def case_of(self, question: Question) -> Case:
        """The review that a question is judged by."""
        return self.case(self.teaching.stage_of(question))

    # -- what a learner is shown ---------------------------------------------------------------------------

    def shown(self, stage: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What of the case is new at a stage, in words, by theme: what was entered and nothing that was worked out."""
        before = dict(story(self.case(stage - 1))) if stage > 1 else {}
        new = (
            (title, tuple(x for x in lines if x not in before.get(title, ())))
            for title, lines in story(self.case(stage))
        )
        return tuple((title, lines) for title, lines in new if lines)

    def choices(self, question: Question) -> tuple[tuple[str, str], ...]:
        """What may be chosen for a question, as ids and words; empty for a plan (`menu`) and for free text."""
        return tuple((one.id, one.words) for one in self.key(question))

    def menu(self, question: Question) -> tuple[tuple[str, str], ...]:
        """The treatments that a plan may be built of: those that the author offers, else every one."""
        found = [pair for _, group in options(self.content) for pair in group]
        return tuple(pair for pair in found if not question.offers or pair[0] in question.offers)

    def medicines(self, question: Question) -> tuple[tuple[int, str, tuple[str, ...]], ...]:
        """The medicines of the list at that stage: place (from 1), words, and what may be said of each."""
        return tuple((w.place + 1, w.label, verbs_for(w)) for w in self.case_of(question).medicines)

    # -- the key ---------------------------------------------------------------------------------------------

    def key(self, question: Question) -> tuple[Offered, ...]:
        """What a question offers with its right answers. In an order that tells nothing: by words."""
        made = {"findings": self._findings, "rank": self._ranked, "unsafe_pair": self._candidates, "ask": self._asks}
        if question.kind not in made:
            return ()
        if question.id not in self._offered:
            both = (*made[question.kind](question), *_own(question))
            self._offered[question.id] = tuple(sorted(both, key=lambda one: (one.words.lower(), one.id)))
        return self._offered[question.id]

    def _findings(self, question: Question) -> list[Offered]:
        case, found = self.case_of(question), dict[str, Offered]()
        states: Mapping[str, bool | None] = {"present": True, "possible": None}
        applies: Mapping[str, bool | None] = {"applies": True, "does_not_apply": False}
        for e in case.findings.emergencies:
            why = f"present: {'; '.join(e.labels)}" if e.state == "present" else "nothing that was told shows it"
            why = "cannot be told yet" if e.state == "possible" else why
            found[e.record.id] = Offered(
                e.record.id, e.record.title, states.get(e.state, False), 0, why, e.record.source
            )
        for f in case.findings.recommendations:
            why = f.status.replace("_", " ")
            found[f.record.id] = Offered(f.record.id, f.record.title, applies.get(f.status), 0, why, f.record.source)
        for n in case.findings.needs:
            why = {True: "raised here", False: "not raised here", None: "cannot be told yet"}[n.raised]
            found[n.record.id] = Offered(n.record.id, n.record.title, n.raised, 0, why, n.record.source)
        here = {d.id for d in case.findings.disagreements}
        for d in self.content.disagreements.values():
            why = "the sources differ, and this person is touched by it" if d.id in here else "not a question here"
            found[d.id] = Offered(d.id, d.title, d.id in here, 0, why, d.positions)
        return [found[id] for id in question.offers if id in found]

    def _ranked(self, question: Question) -> list[Offered]:
        case = self.case_of(question)
        found = []
        for id in question.offers:
            option = case.option(id)
            says = f"the review says “{option.verb or 'no reason for it here'}”"
            source = option.indication.source if option.indication else option.record.source
            found.append(Offered(id, option.record.title, None, RANKS[option.verb], says, source))
        return found

    def _candidates(self, question: Question) -> list[Offered]:
        return [Offered(one.id, one.words) for one in self.candidates(question)]

    def candidates(self, question: Question) -> tuple[Candidate, ...]:
        """What two may be chosen of: what the author offers, else every medicine of the list."""
        case = self.case_of(question)
        ids = question.offers or tuple(str(w.place + 1) for w in case.medicines)
        return tuple(one for one in (candidate(case, id) for id in ids) if one)

    def unsafe_pairs(self, question: Question) -> Mapping[frozenset[str], tuple[int, str, Told]]:
        """The pairs that are not safe together: how severe (0 worst), why, and who says so. The author's own are the worst."""
        if question.id not in self._pairs:
            found: dict[frozenset[str], tuple[int, str, Told]] = dict(
                unsafe_pairs(self.case_of(question), self.candidates(question))
            )
            for a, b in question.pairs:
                found[frozenset((a, b))] = (0, question.why, question.source)
            self._pairs[question.id] = found
        return self._pairs[question.id]

    def _asks(self, question: Question) -> list[Offered]:
        key = self.answer_key(self.teaching.stage_of(question))
        weight = {q.ask: (n, q) for n, q in enumerate(key.questions)}
        offered = question.offers or tuple(id for id, _ in questions(key.case))
        found = []
        for ask in dict.fromkeys(offered):
            place, waits = weight.get(ask, (len(weight), None))
            why = f"would settle: {'; '.join(waits.settles[:3])}" if waits else "no line of the review waits for it"
            source = next((key.sources[t] for t in waits.settles if t in key.sources), None) if waits else None
            found.append(Offered(ask, question_label(key.case, ask), waits is not None, place, why, source))
        return found


def _own(question: Question) -> list[Offered]:
    """The author's own choices, called by letters in the order of their words: that of the file would tell what is right."""
    return [
        Offered(
            "abcdefghijklmnopqrstuvwxyz"[n % 26] * (1 + n // 26),
            one.says,
            one.right,
            one.place or 0,
            one.why,
            one.source,
        )
        for n, one in enumerate(sorted(question.choices, key=lambda one: one.says.lower()))
    ]


def is_marked(kind: Kind) -> bool:
    """Whether answers of a kind are marked; free text is talked about."""
    return kind != "text"
