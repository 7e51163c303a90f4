"""The ids that an author may write, by kind, and those near to one that does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...content import Content, once_per_content
from ...language.nearest import nearest
from ...review.options import VERBS

MOST_NEAR = 5
_WORD = re.compile(r"[a-z0-9]+")
_NO_SUCH = re.compile(
    r"no (answer|condition|measure|ingredient|class|treatment|emergency|recommendation|need|question) '([^']*)'\.?"
    r"(?: Did you mean [^?]*\?)?"
)
_NEXT_ANSWER = re.compile(r"; (?=no answer '|[a-z0-9_]+: )")
_KIND_OF = {"ingredient": "medicines", "class": "classes", "emergency": "emergencies", "question": "answers"}


@once_per_content
def vocabulary(content: Content) -> Mapping[str, Mapping[str, str]]:
    """Every kind of id that a teaching case may name, each id with its words."""

    def told(*tables: Mapping[str, Any]) -> dict[str, str]:
        return {id: _words(record) for table in tables for id, record in table.items()}

    return {
        "answers": told(content.answers),
        "conditions": told(content.conditions, content.condition_groups),
        "medicines": told(content.medicines),
        "classes": told(content.medicine_classes),
        "measures": told(content.measures, content.instruments),
        "treatments": told(content.treatments),
        "emergencies": told(content.emergencies),
        "recommendations": told(content.recommendations),
        "needs": told(content.needs),
        "disagreements": told(content.disagreements),
        "sources": told(content.sources),
        "verbs": dict.fromkeys((*VERBS, "Stop"), ""),
    }


def _words(record: Any) -> str:
    return str(getattr(record, "title", "") or getattr(record, "label", ""))


@once_per_content
def searched(content: Content) -> Mapping[str, Mapping[str, str]]:
    """Every id with the words that it may be looked for by: its own, its other names, and the medicines of a treatment."""
    tables = {
        "answers": (content.answers,), "conditions": (content.conditions, content.condition_groups),
        "medicines": (content.medicines,), "classes": (content.medicine_classes,),
        "measures": (content.measures, content.instruments), "treatments": (content.treatments,),
    }  # fmt: skip  # read across
    found = {kind: dict(known) for kind, known in vocabulary(content).items()}
    for kind, records in tables.items():
        for table in records:
            for id, record in table.items():
                found[kind][id] = " ".join(_also(record))
    for fact in content.facts.values():  # what is worked out of a measured number tells what the number is for
        for measure in content.measures.keys() & set(fact.inputs):
            found["measures"][measure] += f" {fact.label}"
    return found


def _also(record: Any) -> Iterable[str]:
    yield _words(record)
    for name in ("short", "known_as", "counts"):
        yield str(getattr(record, name, "") or "")
    for name in ("names", "medicines"):
        yield from getattr(record, name, ())


def listed(content: Content, kind: str, word: str = "") -> tuple[tuple[str, str], ...]:
    """The ids of a kind with their words: all of them, or those in which a word stands. Raises KeyError for no kind."""
    found, word, texts = vocabulary(content)[kind], word.lower(), searched(content)[kind]
    return tuple((id, words) for id, words in found.items() if word in id.lower() or word in texts[id].lower())


def near(wrong: str, known: Mapping[str, str], most: int = MOST_NEAR) -> tuple[str, ...]:
    """Ids that may be meant: those in whose id or words it stands as a word or as its first letters, then the one that is
    spelled most alike. A part of a word is no reason: "oud" is not in "gout".

    >>> near("oud", {"gout": "Gout", "oud_coded": "A code", "other": "Opioid use disorder"})
    ('oud_coded', 'other')
    """
    word = wrong.lower().strip()
    asked = _WORD.findall(word)
    whole = [id for id, words in known.items() if asked and _holds(f"{id} {words}".lower(), asked, word)]
    if not whole and len(asked) > 1:
        long = [one for one in asked if len(one) > 3]
        starts = {
            id: [w for w in _WORD.findall(f"{id} {words}".lower()) if w.startswith(tuple(long))]
            for id, words in known.items()
        }
        whole = [id for id in known if long and starts[id]]
    spelled = nearest(wrong, known)
    return tuple(dict.fromkeys([*whole, *([spelled] if spelled else [])]))[:most]


def _holds(text: str, asked: list[str], word: str) -> bool:
    words = _WORD.findall(text)
    initials = "".join(one[0] for one in words)
    return all(one in words for one in asked) or (2 < len(word) <= 5 and initials.endswith(word))


def accepted(content: Content, kind: str, wrong: str) -> str:
    """The end of a message about an id that is none of a kind: those that would have been accepted, and how to list all."""
    found = near(wrong, searched(content)[kind])
    told = f" Accepted and near: {', '.join(found)}." if found else " Nothing near is accepted."
    others = [f"{other}: {', '.join(ids)}" for other, ids in _elsewhere(content, kind, wrong)]
    told += f" Of another kind: {'; '.join(others)}." if others else ""
    return f"{told} All of them: pathways teach ids {kind}"


def _elsewhere(content: Content, kind: str, wrong: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    """The same word under other kinds: people write a condition where the kit asks a question."""
    words = _WORD.findall(wrong.lower())
    for other in ("answers", "conditions", "measures", "medicines", "classes", "treatments"):
        if other != kind:
            known = vocabulary(content)[other]
            found = tuple(id for id in known if words and all(word in _WORD.findall(id.lower()) for word in words))
            if found:
                yield other, found[:2]


def with_accepted(content: Content, problem: str) -> str:
    """A problem of the case with the ids that would have been accepted, where it is about one."""
    found = _NO_SUCH.search(problem)
    if not found:
        return problem
    kind = _KIND_OF.get(found[1], f"{found[1]}s")
    said = f"no {found[1]} '{found[2]}'.{accepted(content, kind, found[2])}"
    rest = problem[found.end() :].strip()
    return f"{problem[: found.start()]}{said}{'. ' + rest if rest else ''}"


def one_by_one(problem: str) -> list[str]:
    """The problems of the answers, which are told together, each by itself."""
    head, answers, rest = problem.partition("answers: ")
    if head or not answers:
        return [problem]
    return [f"answers: {one}" for one in _NEXT_ANSWER.split(rest)]
