"""Whether an event happened, by the words of its title and of its value, each read whole.

"PDMP reviewed" happened; "ECG ordered", "Naloxone kit given: refused" did not; "Sublocade consult", "Opioid overdose: brother"
leave it open: a title or a value that is not understood may say anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from ..content import Content, once_per_content
from ..content import models as m
from ..intake.record_text import heard
from . import codes
from .plain import Concept, Data, concept, number, obj, text

Told = Literal["done", "not", "open"]
"""It happened, it did not, or that is not known."""
_YES_CODES = ("373066001", "la33-6")
_NO_CODES = ("373067005", "la32-8")


def weakest(told: Iterable[Told]) -> Told:
    """What several words of one thing say together: where they disagree, nothing is known."""
    found = set(told)
    return found.pop() if len(found) == 1 else "done" if not found else "open"


def by_title(what: Concept, codeset: m.CodeSet, content: Content) -> Told:
    """What a title says of an event that it names. With a code for it, only words against it count."""
    coded = any(codeset in codes.of_code(one, content) for one in what.codes)
    names = _names(content).get(codeset.id)
    made: list[Told] = []
    for words in what.texts:
        found = heard(words, "event", content, (names,) if names else ())
        if "no" in found.says:
            made.append("open" if coded or "yes" in found.says else "not")
        elif found.left and not coded:
            made.append("open")
        else:
            made.append("done")
    return weakest(made)


def by_visit(what: Iterable[Concept], content: Content) -> Told:
    """Whether a visit was made: only words against it count, its status says the rest."""
    found = [heard(words, "visit", content) for one in what for words in one.texts]
    return "not" if any("no" in one.says for one in found) else "done"


def by_value(data: Data, codeset: m.CodeSet, content: Content) -> Told:
    """What the value of an observation says of the event that its title names. No value says that it happened; the value of
    what finds something (an ECG) says so too, whatever was found."""
    coded = concept(data, "valueCodeableConcept")
    made: list[Told] = []
    if coded.has(*_NO_CODES):
        made.append("not")
    elif coded.has(*_YES_CODES):
        made.append("done")
    if isinstance(data.get("valueBoolean"), bool):
        made.append("done" if data["valueBoolean"] else "not")
    numbers = (number(data, "valueInteger"), number(obj(data, "valueQuantity"), "value"))
    if 0 in numbers and not codeset.finds:
        made.append("not")
    texts = tuple(dict.fromkeys(words for words in (*coded.texts, text(data, "valueString")) if words))
    made += [_answer(words, codeset, content) for words in texts]
    if coded.codes and not made:
        made.append("done" if codeset.finds else "open")  # a code without words, which nobody knows here
    return weakest(made)


def _answer(words: str, codeset: m.CodeSet, content: Content) -> Told:
    found = heard(words, "answer", content)
    says = found.says - {"plain"}
    if says == {"no"} and not found.left:
        return "not"
    if codeset.finds or (says == {"yes"} and not found.left):
        return "done"
    return "open"


@once_per_content
def _names(content: Content) -> dict[str, re.Pattern[str]]:
    """What names each event, as far as its words say all that stands between them."""
    made = {}
    for codeset in content.code_sets.values():
        words = [word for word in codeset.words if ".*" not in word]
        if codeset.means == "event" and words:
            made[codeset.id] = re.compile("|".join(words), re.I)
    return made


__all__ = ["Told", "by_title", "by_value", "by_visit", "weakest"]
