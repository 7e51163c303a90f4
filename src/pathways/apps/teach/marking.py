"""`mark`: one answer beside its key. A blank is "not answered", never "wrong"; what is open counts neither way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from ...content import models as m
from ...pages.blocks import CONFIDENCE_WORDS
from ...review.plans.judge import IN_PLAN
from .compare import compare
from .exercise import Commitment
from .first import clipped
from .key import AnswerKey
from .learner import FIELDS, TAKES, Answer, Mark, Miss
from .lesson import Lesson, Offered, Told, is_marked
from .remarks import Feedback
from .teaching_file import Must, Question, Source

MOST_LINES, MOST_WORDS = 12, 60
UNANSWERED = "You did not answer this; that is not called wrong."
NOT_MARKED = "Free text is not marked: it is what the class talks about."
OPEN_WORDS = "cannot be told yet, so it counted neither way"


def problems_of(lesson: Lesson, question: Question, answer: Answer) -> list[str]:
    """What of an answer does not exist: told to the learner before it counts."""
    found = [
        f"{name}: a question of the kind '{question.kind}' has no such answer; it takes {', '.join(TAKES[question.kind])}"
        for name in FIELDS
        if name not in (*TAKES[question.kind], "sure") and getattr(answer, name)
    ]
    offered = {id for id, _ in lesson.choices(question)}
    if question.kind == "plan":
        return found + _problems_of_plan(lesson, question, answer)
    for name in TAKES[question.kind]:
        given: Sequence[str] = getattr(answer, name) if name != "text" else ()
        found += [
            f"{name}: '{id[:40]}' is none of {', '.join(sorted(offered))[:400]}" for id in given if id not in offered
        ]
        found += [f"{name}: '{id[:40]}' is given twice" for n, id in enumerate(given) if id in given[:n]]
    if question.kind == "rank" and answer.order and len(answer.order) != len(offered):
        found.append(f"order: {len(answer.order)} of {len(offered)} are given; put all of them in order")
    if question.kind == "unsafe_pair" and len(answer.pair) == 1:
        found.append("pair: one is given; a pair has two")
    if question.kind == "ask" and len(answer.asks) > question.most:
        found.append(f"asks: {len(answer.asks)} are given; at most {question.most} here")
    return found


def _problems_of_plan(lesson: Lesson, question: Question, answer: Answer) -> list[str]:
    menu = {id for id, _ in lesson.menu(question)}
    found = [f"plan: '{id[:40]}' is not on the menu here" for id in answer.plan if id not in menu]
    if found:
        return found
    try:
        commitment(answer).checked(lesson.content).checked_list(lesson.case_of(question))
    except ValueError as error:
        found.append(str(error))
    return found


def commitment(answer: Answer) -> Commitment:
    """A plan as the exercise takes it: its medicines are counted from 0."""
    listed = {int(place) - 1: verb for place, verb in answer.medicines.items()}
    sure = 50 if answer.sure is None else answer.sure
    return Commitment(answer.plan, answer.asks, answer.emergencies, sure, listed)


def mark(lesson: Lesson, question: Question, answer: Answer | None) -> Mark:
    """What comes of one answer. Raises ValueError for one that `problems_of` has something to say of."""
    if answer is None or not answer.given:
        says = (UNANSWERED, *_afterwards(question)) if is_marked(question.kind) else (NOT_MARKED,)
        return Mark(question=question.id, kind=question.kind, answered=False, right=None, score=0, says=says)
    if problems := problems_of(lesson, question, answer):
        raise ValueError(f"{question.id}: {problems[0]}")
    match question.kind:
        case "findings":
            return _chosen(lesson, question, answer)
        case "rank":
            return _order(lesson, question, answer)
        case "unsafe_pair":
            return _pair(lesson, question, answer)
        case "ask":
            return _asked(lesson, question, answer)
        case "plan":
            return _plan(lesson, question, answer)
        case "text":
            says = (NOT_MARKED, *_afterwards(question))
            did = (clipped(answer.text, MOST_WORDS)[:300],)
            return Mark(question=question.id, kind="text", answered=True, right=None, score=0, did=did, says=says)


def _made(question: Question, answer: Answer, right: bool, score: float, **more: object) -> Mark:
    given = {"question": question.id, "kind": question.kind, "answered": True, "right": right, "sure": answer.sure}
    more = {name: tuple(x)[:60] if isinstance(x, list) else x for name, x in more.items()}
    return Mark.model_validate({**given, "score": round(max(0.0, min(1.0, score)), 3), **more})


def says_who(source: Told) -> str:
    """Who says so, in a few words; empty for nobody."""
    if isinstance(source, Source):
        return f"{source.id}, {source.at} ({CONFIDENCE_WORDS[source.confidence]})" if source.id else source.words
    cites: tuple[m.Cite, ...] = tuple(dict.fromkeys(source or ()))[:3]
    return "; ".join(f"{c.id}, {c.at} ({CONFIDENCE_WORDS[c.confidence]})" for c in cites)


def line(text: str, source: Told = None) -> str:
    """A line of feedback with who says so."""
    who = says_who(source)
    return f"{text.strip()} [{who}]"[:1500] if who else text.strip()[:1500]


def _afterwards(question: Question) -> Iterator[str]:
    """The author's own word on a question."""
    if question.why and not question.pairs:
        yield line(question.why, question.source)


# ---- choices ----------------------------------------------------------------------------------------------------


def _told(verdict: str, one: Offered) -> str:
    return line(f"{verdict}: {one.words}. {one.why[:1].upper()}{one.why[1:]}".rstrip(), one.source)


def _chosen(lesson: Lesson, question: Question, answer: Answer) -> Mark:
    key, chosen = lesson.key(question), set(answer.choose)
    missed = [one for one in key if one.right and one.id not in chosen]
    wrong = [one for one in key if one.right is False and one.id in chosen]
    hits = [one for one in key if one.right and one.id in chosen]
    open_ = [one for one in key if one.right is None and one.id in chosen]
    says = [_told("Missed", one) for one in missed] + [_told("Not so", one) for one in wrong]
    says += [_told("Right", one) for one in hits]
    says += [line(f"{one.words}: {OPEN_WORDS}.", one.source) for one in open_]
    score = (len(hits) - len(wrong)) / max(1, len(hits) + len(missed))
    return _made(
        question, answer, not (missed or wrong), score,
        missed=[_miss(one.id, one.words) for one in missed] + [_miss(f"not:{one.id}", f"chose: {one.words}") for one in wrong],
        did=[one.words[:300] for one in key if one.id in chosen],
        says=[*says, *_afterwards(question)],
    )  # fmt: skip  # one argument a line


def _order(lesson: Lesson, question: Question, answer: Answer) -> Mark:
    key = {one.id: one for one in lesson.key(question)}
    ordered = [key[id] for id in answer.order]
    pairs = [(a, b) for a, b in combinations(ordered, 2) if a.rank != b.rank]
    turned = [(a, b) for a, b in pairs if a.rank > b.rank]
    says = [line(f"{b.words} before {a.words}: of the first {b.why or 'it comes earlier'}; of the second {a.why or 'later'}.",
                 b.source) for a, b in turned[:MOST_LINES]]  # fmt: skip  # one sentence
    if not turned:
        says = ["Right: " + "; ".join(one.words for one in ordered) + "."]
    return _made(
        question, answer, not turned, 1 - len(turned) / max(1, len(pairs)),
        missed=[_miss(f"{b.id}<{a.id}", f"{b.words} before {a.words}") for a, b in turned],
        did=[f"{n}. {one.words}"[:300] for n, one in enumerate(ordered, 1)],
        says=[*says, *_afterwards(question)],
    )  # fmt: skip  # one argument a line


def _pair(lesson: Lesson, question: Question, answer: Answer) -> Mark:
    words, pairs = dict(lesson.choices(question)), lesson.unsafe_pairs(question)
    named = frozenset(answer.pair)
    worst = min(pairs.values(), key=lambda one: one[0])[0] if pairs else 0
    found = pairs.get(named)
    said = " with ".join(words[id] for id in answer.pair)
    says = []
    if found:
        says.append(
            line(
                f"{'Right' if found[0] == worst else 'A pair to watch, and not the worst'}: {said}. {found[1]}",
                found[2],
            )
        )
    else:
        says.append(f"{said}: no record here speaks against these two together.")
    others = [(" with ".join(words[id] for id in sorted(pair)), told) for pair, told in pairs.items()
              if pair != named and told[0] == worst]  # fmt: skip  # one thought
    right = found is not None and found[0] == worst
    says += [line(f"{'Also' if right else 'Missed'}: {text}. {told[1]}", told[2]) for text, told in others[:3]]
    missed = [] if right else [_miss("+".join(sorted(p)), " with ".join(words[i] for i in sorted(p)))
                               for p, told in pairs.items() if told[0] == worst]  # fmt: skip  # one thought
    return _made(
        question, answer, right, 1.0 if right else 0.5 if found else 0.0, missed=missed, did=[said[:300]], says=says
    )


def weightiest(lesson: Lesson, question: Question) -> list[Offered]:
    """The questions that matter most of those offered, as many as may be asked."""
    return sorted((one for one in lesson.key(question) if one.right), key=lambda one: one.rank)[: question.most]


def _asked(lesson: Lesson, question: Question, answer: Answer) -> Mark:
    key = {one.id: one for one in lesson.key(question)}
    first = weightiest(lesson, question)
    missed = [one for one in first if one.id not in answer.asks]
    asked = [key[id] for id in answer.asks]
    says = [_told("Asked", one) for one in asked]
    says += [_told("You did not ask", one) for one in missed]
    right = bool(first) and first[0].id in answer.asks
    return _made(
        question, answer, right, 1 - len(missed) / max(1, len(first)),
        missed=[_miss(one.id, one.words) for one in missed],
        did=[one.words[:300] for one in asked],
        says=[*says, *_afterwards(question)],
    )  # fmt: skip  # one argument a line


def _miss(id: str, words: str) -> Miss:
    return Miss(id=id[:120], words=words[:300])


# ---- a plan -----------------------------------------------------------------------------------------------------


def _plan(lesson: Lesson, question: Question, answer: Answer) -> Mark:
    key, given = lesson.answer_key(lesson.teaching.stage_of(question)), commitment(answer)
    feedback = compare(
        key.case, given.plan, given.asks, given.emergencies, medicines=given.medicines, sure=given.sure, key=key
    )
    musts = [must for must in lesson.teaching.musts if belongs(must, question)]
    broken = [must for must in musts if not kept(lesson, must, question, answer)]
    urgent = [remark for remark in feedback.remarks if remark.urgent]
    says = [f"{title}: {text}" for title, lines in feedback.first if title != "The lesson" for text in lines]
    says += [line(f"What the author asks: {must.says}", must.source) for must in broken]
    says += [line(f"Must not wait: {remark.says}", remark.source) for remark in urgent[:MOST_LINES]]
    misses = [_miss(":".join((r.kind, *r.about[:2])), clipped(r.says, 16)) for r in urgent]
    misses += [_miss(f"must:{must.id}", clipped(must.says, 16)) for must in broken]
    score = 0.0 if urgent else (1 + len(musts) - len(broken)) / (1 + len(musts))
    content = lesson.content
    did = [f"{verb}: {content.treatments[id].short}" for id, verb in sorted(answer.plan.items())]
    listed = {place: words for place, words, _ in lesson.medicines(question)}
    did += [
        f"{verb}: {listed[int(place)]}" for place, verb in sorted(answer.medicines.items(), key=lambda x: int(x[0]))
    ]
    did += [f"Seen: {content.emergencies[id].title}" for id in answer.emergencies]
    return _made(
        question, answer, not (urgent or broken), score,
        missed=list({miss.id: miss for miss in misses}.values()),
        did=[one[:300] for one in did],
        says=[*(text[:1500] for text in says), *_afterwards(question)],
        **sides(key, feedback),
    )  # fmt: skip  # one argument a line


def sides(key: AnswerKey, feedback: Feedback) -> dict[str, bool | None]:
    """Whether the plan meets the needs of each side as far as any plan that was found meets them; None: none is raised."""
    found: dict[str, bool | None] = {"pain": None, "oud": None}
    for need in key.case.findings.needs:
        id, side = need.record.id, need.record.side
        if side in found and id in feedback.judged.gaps and need.raised:
            least = min((gaps[id] for _, gaps in key.gaps), default=feedback.judged.gaps[id])
            found[side] = found[side] is not False and feedback.judged.gaps[id] <= least
    for remark in feedback.remarks:
        if remark.urgent and remark.domain in found and found[remark.domain] is not None:
            found[remark.domain] = False
    return found


def belongs(must: Must, question: Question) -> bool:
    """Whether a must is asked of the plan of this question: the one that it names, else each plan."""
    return question.kind == "plan" and must.question in (None, question.id)


def kept(lesson: Lesson, must: Must, question: Question, answer: Answer) -> bool:
    """Whether a plan does what the author holds it to. What is in use goes on: it stands in the plan unless it is changed."""
    case = lesson.case_of(question)
    planned = {id for id, verb in answer.plan.items() if verb in IN_PLAN}
    out = answer.plan.keys() - planned
    planned |= {o.id for o in case.options if o.in_place == "yes" and o.id not in out}
    if must.in_plan:
        return not planned.isdisjoint(must.in_plan)
    if must.not_in_plan:
        return planned.isdisjoint(must.not_in_plan)
    if must.medicine:
        places = places_of(lesson, question, must.medicine)
        return all(answer.medicines.get(str(place), "Keep") in must.verbs for place in places)
    given: Collection[str] = answer.asks if must.asked else answer.emergencies
    return set(must.asked or must.seen) <= set(given)


def places_of(lesson: Lesson, question: Question, medicine: str) -> tuple[int, ...]:
    """The places (from 1) of a medicine in the list at that stage: by place, by ingredient or by class."""
    found = []
    for weighed in lesson.case_of(question).medicines:
        names: Collection[str] = (str(weighed.place + 1), *weighed.ingredients, *weighed.classes)
        if medicine in names:
            found.append(weighed.place + 1)
    return tuple(found)


def marks(lesson: Lesson, answers: Mapping[str, Answer]) -> tuple[Mark, ...]:
    """What comes of all answers, question by question."""
    return tuple(mark(lesson, question, answers.get(question.id)) for question in lesson.teaching.questions)
