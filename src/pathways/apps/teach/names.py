"""The names in a teaching case, looked at in plain data so that no other mistake hides them: ids of the content, numbers of
stages and objectives, and the questions that musts are about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...content import Content
from ...language.nearest import did_you_mean
from .exercise import PLAN_VERBS, is_question
from .ids import accepted, near, searched, vocabulary
from .medicines import ASKED_FOR_VERBS, TAKEN_VERBS
from .teaching_file import MUSTS

FINDINGS = ("emergencies", "recommendations", "needs", "disagreements")
OF_KIND: Mapping[str, tuple[str, ...]] = {
    "findings": FINDINGS,
    "rank": ("treatments",),
    "plan": ("treatments",),
    "unsafe_pair": ("medicines", "classes", "treatments"),
    "ask": ("answers",),
    "text": (),
}
"""What a question of each kind may offer."""
NEEDS_CHOICES = ("findings", "rank")
Tell = Callable[[str], str]


def problems_of_names(rest: Mapping[str, Any], content: Content) -> Iterator[str]:
    """Every name that stands for nothing."""
    stages, objectives = _count(rest, "stage"), _count(rest, "objectives")
    for name in ("objectives", "stage", "question"):
        if rest.get(name) == []:
            yield f"{name}: is empty; write at least one"
    questions = {str(one.get("id")): one for _, one in _entries(rest, "question")}
    for kind in ("question", "must"):
        seen: set[str] = set()
        for where, one in _entries(rest, kind):
            id = one.get("id")
            if isinstance(id, str) and id in seen:
                yield f"{where}, id: is that of another {kind} too; give each its own"
            seen.add(str(id))
            if kind == "question":
                yield from _question(one, where, content, stages, objectives)
            else:
                yield from _must(one, where, content, questions)


def _entries(rest: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each entry of a list that has fields, and how a mistake in it is placed."""
    for n, one in enumerate(_list(rest, kind), 1):
        if isinstance(one, Mapping):
            id = one.get("id")
            yield f"{kind}, entry {n}" + (f" ({id})" if isinstance(id, str) and id else ""), one


def _question(one: Mapping[str, Any], where: str, content: Content, stages: int, objectives: int) -> Iterator[str]:
    kind = one.get("kind")
    for name, most in (("stage", stages), ("objective", objectives)):
        number = one.get(name)
        if isinstance(number, int) and not isinstance(number, bool) and number > most:
            yield f"{where}, {name}: there is no {name} {number}; the file has {most}"
    yield from _source(one, where, content)
    for n, choice in enumerate(_list(one, "choice"), 1):
        if isinstance(choice, Mapping):
            yield from _choice(choice, f"{where}, choice, entry {n}", kind, content)
    if not isinstance(kind, str) or kind not in OF_KIND:
        return
    offers = [id for id in _list(one, "offers") if isinstance(id, str) and id.strip()]
    for n, id in enumerate(offers):
        if id in offers[:n]:
            yield f"{where}, offers: '{id}' is given twice"
        yield from _offered(id, kind, where, content)
    if kind in NEEDS_CHOICES and not _list(one, "offers") and not _list(one, "choice"):
        yield f"{where}: has nothing to choose; name ids under offers, or write [[question.choice]] blocks"
    if kind == "text" and (offers or _list(one, "choice")):
        yield f"{where}: free text offers nothing to choose; leave out offers and choices"
    if _list(one, "choice") and kind in ("plan", "ask", "unsafe_pair"):
        yield f"{where}, choice: a question of the kind '{kind}' takes ids under offers, no choices of its own"
    if _list(one, "pairs") and kind != "unsafe_pair":
        yield f"{where}, pairs: only a question of the kind 'unsafe_pair' has them"
    for pair in _list(one, "pairs"):
        for id in pair if isinstance(pair, list) else ():
            if isinstance(id, str) and id.strip() and offers and id not in offers:
                yield f"{where}, pairs: '{id}' is not offered.{did_you_mean(id, offers)} Accepted: {', '.join(offers)}"
    if _list(one, "pairs") and not (one.get("why") and one.get("source")):
        yield f"{where}, pairs: a pair of your own needs why (what the two do together) and source (who says so)"


def _offered(id: str, kind: str, where: str, content: Content) -> Iterator[str]:
    if kind == "unsafe_pair" and id.isdecimal():
        return  # a place of the medicines list
    if kind == "ask" and is_question(content, id):
        return
    known = [name for name in OF_KIND[kind] if id in vocabulary(content)[name]]
    if not known:
        yield _unknown(id, f"{where}, offers", OF_KIND[kind], content)


def _choice(choice: Mapping[str, Any], where: str, kind: Any, content: Content) -> Iterator[str]:
    if kind == "findings" and "right" not in choice:
        yield f"{where}, right: is missing; true or false: whether it should be chosen"
    if kind == "rank" and "place" not in choice:
        yield f"{where}, place: is missing; its place in the right order, 1 is first (two may share a place)"
    yield from _source(choice, where, content)
    yield from _number_without_source(choice, where)


def _number_without_source(one: Mapping[str, Any], where: str) -> Iterator[str]:
    why = one.get("why")
    if isinstance(why, str) and any(letter.isdigit() for letter in why) and not one.get("source"):
        yield f"{where}, source: is missing; a number needs who says so, and where"


def _source(one: Mapping[str, Any], where: str, content: Content) -> Iterator[str]:
    source = one.get("source")
    id = source.get("id") if isinstance(source, Mapping) else None
    if isinstance(id, str) and id and id not in content.sources:
        yield f"{where}, source: no source '{id[:60]}'.{accepted(content, 'sources', id)}; or write your own words for it"


def _must(
    one: Mapping[str, Any], where: str, content: Content, questions: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    named = [name for name in MUSTS if one.get(name)]
    if len(named) != 1:
        told = " and ".join(named) if named else "none of them"
        yield f"{where}: names {told}; a must has exactly one of {', '.join(MUSTS)}"
    verbs = [verb for verb in _list(one, "verbs") if isinstance(verb, str) and verb.strip()]
    if bool(one.get("medicine")) != bool(verbs):
        yield f'{where}: medicine and verbs belong together: medicine = "1" (its place in the list), verbs = ["Change"]'
    able = dict.fromkeys((*TAKEN_VERBS, *ASKED_FOR_VERBS, *PLAN_VERBS))
    for verb in verbs:
        if verb not in able:
            yield f"{where}, verbs: no verb '{verb[:40]}'.{did_you_mean(verb, able)} Accepted: {', '.join(able)}"
    plans = [id for id, q in questions.items() if q.get("kind") == "plan"]
    asked_of = one.get("question")
    if isinstance(asked_of, str) and asked_of and asked_of not in plans:
        yield f"{where}, question: '{asked_of[:40]}' is no question of the kind 'plan'. Accepted: {', '.join(plans) or 'none is there'}"
    elif not plans:
        yield f"{where}: there is no question of the kind 'plan' that it could hold; write one, or delete the must"
    for name, kinds in (("in_plan", ("treatments",)), ("not_in_plan", ("treatments",)), ("seen", ("emergencies",))):
        for id in _list(one, name):
            if isinstance(id, str) and id.strip() and not any(id in vocabulary(content)[kind] for kind in kinds):
                yield _unknown(id, f"{where}, {name}", kinds, content)
    for id in _list(one, "asked"):
        if isinstance(id, str) and id.strip() and not is_question(content, id):
            yield _unknown(id, f"{where}, asked", ("answers",), content)
    yield from _source(one, where, content)


def _unknown(id: str, where: str, kinds: tuple[str, ...], content: Content) -> str:
    """An id that is none of several kinds, with those near it of each."""
    one = "".join(" or ".join(_SINGULAR[kind] for kind in kinds))
    found = [f"{', '.join(ids)} ({kind})" for kind in kinds if (ids := near(id, searched(content)[kind], 3))]
    if len(kinds) == 1:
        return f"{where}: no {one} '{id[:60]}'.{accepted(content, kinds[0], id)}"
    told = f"Accepted and near: {'; '.join(found)}" if found else "Nothing near is accepted"
    return f"{where}: no {one} '{id[:60]}'. {told}. All of them: {', '.join(f'pathways teach ids {kind}' for kind in kinds)}"


_SINGULAR = {
    "emergencies": "emergency", "recommendations": "recommendation", "needs": "need", "disagreements": "disagreement",
    "treatments": "treatment", "medicines": "ingredient", "classes": "class of medicines", "answers": "question",
}  # fmt: skip  # words, read across


def _list(one: Mapping[str, Any], name: str) -> list[Any]:
    found = one.get(name)
    return found if isinstance(found, list) else []


def _count(rest: Mapping[str, Any], name: str) -> int:
    return len(_list(rest, name))
