"""`Exercise`: a case told without its review, what may be chosen, and a commitment that comes before the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...content import Content, load_content
from ...content.models import SEATS
from ...facts.words import ask_label
from ...pages.blocks import answer_words, condition_words, measure_words
from ...profile import Medicine, Observation, Profile
from ...profile.allergies import Allergy
from ...profile.wishes import Wish
from ...review.case import Case, review
from ...review.menu import KIND_WORDS
from ...review.options import VERBS
from ...review.questions import next_questions, question_label
from .calibration import check
from .compare import compare
from .medicines import STOP, verbs_for
from .remarks import Feedback

MOST_OPEN, MOST_BESIDE = 14, 8
"""How many questions of each kind are offered: those that the review waits for, and others that are open too."""
PLAN_VERBS = (*VERBS, STOP)
"""What a learner may say of a treatment: the verbs of the review, and a stop."""
FIRST = "commit a plan first; the review is shown after that"


class NotCommittedError(RuntimeError):
    """The answer was asked for before a plan was committed."""


@dataclass(frozen=True)
class Commitment:
    """What a learner stands by: option ids with verbs, questions to ask, emergencies seen, how sure (percent) that nothing
    is unsafe and nothing that must not wait was missed, and places of the medicines list with verbs."""

    plan: Mapping[str, str]
    asks: tuple[str, ...] = ()
    emergencies: tuple[str, ...] = ()
    sure: int = 50
    medicines: Mapping[int, str] = field(default_factory=dict)

    def checked(self, content: Content) -> Commitment:
        """Itself. Raises ValueError for an id, a verb or a confidence that does not exist, naming it."""
        for id, verb in self.plan.items():
            if id not in content.treatments:
                raise ValueError(f"plan: no treatment '{id}'")
            if verb not in PLAN_VERBS:
                raise ValueError(f"plan, {id}: no verb '{verb}'; there are {', '.join(PLAN_VERBS)}")
        for id in self.emergencies:
            if id not in content.emergencies:
                raise ValueError(f"emergencies: no emergency '{id}'")
        for ask in self.asks:
            if not is_question(content, ask):
                raise ValueError(f"asks: no question '{ask}'")
        check(self.sure)
        return self

    def checked_list(self, case: Case) -> Commitment:
        """Itself. Raises ValueError for a place of the medicines list, or a verb for it, that does not exist, naming it."""
        able = {weighed.place: verbs_for(weighed) for weighed in case.medicines}
        for place, verb in self.medicines.items():
            if place not in able:
                raise ValueError(f"medicines: no medicine {place} in use or asked for")
            if verb not in able[place]:
                raise ValueError(f"medicines, {place}: no verb '{verb}'; there are {', '.join(able[place])}")
        return self


class Exercise:
    """One case to learn from. The review is made at once and told only after `commit`, which can be done once."""

    def __init__(self, profile: Profile, *, content: Content | None = None) -> None:
        self._case = review(profile, content=content or load_content())
        self._feedback: Feedback | None = None
        self.title = profile.title
        age = profile.answers.get(self._case.content.known("answer", "age in years"))
        self.age = age if isinstance(age, (int, float)) else None
        self.story = story(self._case)
        self.questions = questions(self._case)
        self.emergencies = tuple((e.id, e.title) for e in self._case.content.emergencies.values())
        self.options = options(self._case.content)
        self.medicines = tuple((w.place, w.label, verbs_for(w)) for w in self._case.medicines)

    @property
    def committed(self) -> bool:
        return self._feedback is not None

    def commit(self, commitment: Commitment) -> Feedback:
        """Stand by a plan, and get what the review says to it. Raises ValueError for ids that do not exist, and
        RuntimeError the second time: the first answer stands."""
        if self._feedback is not None:
            raise RuntimeError("already committed: the first answer stands")
        commitment = commitment.checked(self._case.content).checked_list(self._case)
        self._feedback = compare(
            self._case,
            commitment.plan,
            commitment.asks,
            commitment.emergencies,
            medicines=commitment.medicines,
            sure=commitment.sure,
        )
        return self._feedback

    @property
    def feedback(self) -> Feedback:
        """What the review says to the plan. Raises NotCommittedError before there is one."""
        if self._feedback is None:
            raise NotCommittedError(FIRST)
        return self._feedback

    @property
    def case(self) -> Case:
        """The review itself. Raises NotCommittedError before a plan is committed."""
        if not self.committed:
            raise NotCommittedError(FIRST)
        return self._case


# ---- the story ----------------------------------------------------------------------------------------------


def story(case: Case) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What was entered, in words, by theme; nothing that was worked out from it."""
    content, profile = case.content, case.profile
    answers = [f"{content.answers[id].label}: {answer_words(case, id)}" for id in profile.answers]
    conditions = [
        ", ".join(
            x for x in (condition_words(case, c.id, c.name), c.status, f"since {c.since}" if c.since else "") if x
        )
        for c in profile.conditions
    ]
    none = [
        f"{which.capitalize()}: {', '.join(ask_label(content, f'{which}.{id}') for id in getattr(profile.asked_none, which))}"
        for which in ("conditions", "medicines", "observations")
        if getattr(profile.asked_none, which)
    ]
    parts = (
        ("What is known", answers),
        ("Conditions", conditions),
        ("Medicines", [_medicine(entry) for entry in profile.medicines]),
        ("Tests, questionnaires and events", [_observation(case, seen) for seen in profile.observations]),
        ("Allergies", [_allergy(entry) for entry in profile.allergies]),
        ("What the person asks for, refuses or has tried", [_wish(content, entry) for entry in profile.wishes]),
        ("Asked, and none of these", none),
    )
    return tuple((title, tuple(lines)) for title, lines in parts if lines)


TOLD_BY: Mapping[str | None, str] = {
    "person": "told by the person",
    "pdmp": "seen in the PDMP",
    "otp": "told by the OTP",
    "chart": "in the chart",
    "nonprescribed": "not prescribed",
}
PURPOSES: Mapping[str | None, str] = {"pain": "for pain", "oud": "for OUD"}


def _medicine(entry: Medicine) -> str:
    words = [entry.label.replace("_", " "), entry.state, PURPOSES.get(entry.purpose, "")]
    words += [f"from {entry.prescriber}" if entry.prescriber else "", TOLD_BY.get(entry.source, "")]
    words += ["not taken as prescribed"] if entry.as_prescribed is False else []
    return "; ".join(word for word in words if word)


def _observation(case: Case, seen: Observation) -> str:
    measure = case.content.measures.get(seen.measure)
    value = f"{seen.value:g}" if isinstance(seen.value, float) else seen.value or ""
    value = measure.choices.get(value, value) if measure else value
    items = ", ".join(f"{id.replace('_', ' ')} {score}" for id, score in seen.items.items())
    said = "; ".join(x for x in (value, items, seen.date or "undated", seen.note) if x)
    return f"{measure_words(case, seen.measure)}: {said}"


def _allergy(entry: Allergy) -> str:
    return "; ".join(
        x for x in (entry.label, f"reaction: {entry.reaction}" if entry.reaction else "", entry.certainty) if x
    )


def _wish(content: Content, wish: Wish) -> str:
    words = (wish.says or "", f"tried: {wish.tried}" if wish.tried else "")
    said = "; ".join(text.replace("_", " ") for text in words if text)
    return f"{content.treatments[wish.treatment].short}: {said}"


# ---- what may be chosen ---------------------------------------------------------------------------------------


def questions(case: Case) -> tuple[tuple[str, str], ...]:
    """Open questions to choose from, by label: those that matter most here and others, with nothing to tell them apart."""
    content = case.content
    waited = [q.ask for q in next_questions(case)]
    known = case.profile.answers.keys() | set(waited)
    beside = [a.id for a in content.answers.values() if a.type == "yes_no" and a.id not in known]
    step = max(1, len(beside) // MOST_BESIDE)
    offered = [*waited[:MOST_OPEN], *beside[::step][:MOST_BESIDE]]
    return tuple(
        sorted(((ask, question_label(case, ask)) for ask in offered), key=lambda one: (one[1].lower(), one[0]))
    )


def is_question(content: Content, ask: str) -> bool:
    """Whether something can be asked: an answer, an instrument, an entry of a list, or what a medicine of the list is."""
    which, _, place = ask.partition(".")
    return ask in content.answers or ask_label(content, ask) != ask or (which == "medicines" and place.isdecimal())


def options(content: Content) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Every treatment by its seat, in the order of the content: id and short title."""
    by_seat: dict[str, list[tuple[str, str]]] = {seat: [] for seat in SEATS}
    for t in content.treatments.values():
        by_seat[t.seat].append((t.id, t.title))
    return tuple((KIND_WORDS[seat], tuple(found)) for seat, found in by_seat.items() if found)


def commitment_from(data: Mapping[str, Any]) -> Commitment:
    """A commitment from plain data, as a form gives it. Raises ValueError for what is not of that shape."""
    plan, medicines, sure = data.get("plan", {}), data.get("medicines", {}), data.get("sure")
    lists = [data.get(key, []) for key in ("asks", "emergencies")]
    plain = isinstance(plan, Mapping) and isinstance(medicines, Mapping)
    if not plain or not all(isinstance(one, (list, tuple)) for one in lists):
        raise ValueError("a commitment is a plan, medicines, a list of questions, a list of emergencies, and how sure")
    if wrong := [place for place in medicines if not str(place).isdecimal()]:
        raise ValueError(f"medicines: {wrong[0]!r} is no place in the list")
    if not isinstance(sure, int) or isinstance(sure, bool):
        raise ValueError("say how sure you are first")
    asks, emergencies = (tuple(str(id) for id in one) for one in lists)
    listed = {int(place): str(verb) for place, verb in medicines.items()}
    return Commitment({str(id): str(verb) for id, verb in plan.items()}, asks, emergencies, sure, listed)
