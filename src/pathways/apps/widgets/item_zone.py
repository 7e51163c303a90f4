"""One item of a plan opened: why → what would change it → cautions → sources, and what the room and the person say of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from markupsafe import Markup

from ...content import models as m
from ...facts.verdicts import judge, unique
from ...facts.words import ask_label
from ...language.words import soft
from ...pages.blocks import CONFIDENCE_WORDS
from ...review.case import Case
from ...review.explain import Why, why, why_not
from ...review.held import Hold
from ...review.options import Option
from ...review.own_rules import Checked
from ...review.plans import Item
from .blocks import listed
from .spec import rows_for

MOST_SETTLING = 4
MOST_ASKED_FOR = 2


def item_html(held: Hold, id: str) -> Markup:
    """All that is said of one treatment for this person. ``held``: the case with what the room holds its plans to."""
    case = held.case
    option, asked = case.option(id), why(case, id)
    parts = [
        Markup("<p>{}</p>").format(option.record.what) if option.record.what else Markup(""),
        _part("Why", _reasons(case, option, asked)),
        _part("What would change it", _changes(case, option, asked)),
        _part("Cautions", _cautions(option)),
        _part("Sources", _sources(case, option)),
        _says(held, option),
    ]
    return Markup("").join(parts)


def check_words(case: Case, item: Item) -> str:
    """What is to be known before an item starts, as a question beside its name, with what answers it; what is known already and
    is to be seen to first, as that."""
    if not item.check_words or item.option.avoided:
        return f" – {item.check_words}" if item.check_words else ""
    return f" – first check: {item.check_words}{_answered_by(case, item.option.check_first[0])}"


def _answered_by(case: Case, check: Checked) -> str:
    """The answers that a check still waits for: where some were given, the words of the check alone would gainsay them."""
    asks = judge(check.when, case.facts, case.content).asks
    names = unique(soft(ask_label(case.content, ask)) for ask in asks)
    return f" (not known: {', '.join(names[:MOST_ASKED_FOR])})" if names else ""


def _part(title: str, lines: Iterable[Any]) -> Markup:
    told = unique(lines)
    return Markup("<h4>{}</h4>{}").format(title, listed(told)) if told else Markup("")


def _reasons(case: Case, option: Option, asked: Why) -> Iterator[str]:
    """What of this person speaks for it: what calls for it, the indication that holds, and the facts behind it."""
    for directive in case.demands.of("calls_for"):
        if option.id in directive.targets:
            yield f"Called for: {directive.label}"
    if option.in_place == "yes":
        yield "In use now"
    if option.indication:
        yield option.indication.note
    yield from (reason["says"] for reason in asked.because)
    for one in option.weighed:
        yield from (f"{one.label}: {ground.label}" for ground in one.grounds)
    yield from (f"Rests on an assumption: {ask_label(case.content, id)}" for id in option.assumes)


def _changes(case: Case, option: Option, asked: Why) -> Iterator[str]:
    """What would close it, open it or turn it: checks before it, the answers that it waits for, and why it is left out."""
    for check in option.check_first:
        yield f"Before starting, check: {soft(check.label)}{_answered_by(case, check)}"
    names = [
        soft(ask_label(case.content, name)) for name in (*asked.asks, *option.asks) if rows_for(case.content, name)
    ]
    if names:
        yield f"An answer to: {'; '.join(unique(names)[:MOST_SETTLING])}"
    for note in why_not(case, option.id):
        yield f"Not in every plan: {soft(note)}" if option.eligible else note
    closers = [c.label for c in option.record.contraindications if c not in option.closed_by]
    if closers:
        yield f"It would be closed by: {'; '.join(map(soft, closers))}"


def _cautions(option: Option) -> Iterator[str]:
    for closed in option.closed_by:
        yield f"Closed: {closed.label}"
    for caution in option.cautions:
        yield f"{caution.label}: {caution.action}" if caution.action else caution.label
    for x in option.meets:
        if x.severity in ("stop", "major", "moderate"):
            yield f"With {x.other}: {x.record.effect} {x.record.action}"
    if option.record.burden.words:
        yield f"Burden {option.record.burden.score}: {option.record.burden.words}"


def _sources(case: Case, option: Option) -> Iterator[str]:
    given = (*option.record.source, *(option.indication.source if option.indication else ()))
    given += tuple(cite for caution in option.cautions for cite in caution.source)
    for cite in given:
        yield _cited(case, cite)


def _cited(case: Case, cite: m.Cite) -> str:
    source = case.content.sources.get(cite.id)
    title = f"{source.title}, {source.year}" if source else cite.id
    return f"{title}: {cite.at} ({CONFIDENCE_WORDS[cite.confidence]})"


def _says(held: Hold, option: Option) -> Markup:
    """Buttons for what the room holds the plans to, and for what the person asks for or refuses."""
    fixed = {item.id for item in held.case.frontier.fixed}
    room = Markup("").join(
        _press("hold", kind, option, words, option.id in chosen)
        for kind, words, chosen in (
            ("in", "Lock in", held.within.locked),
            ("out", "Rule out", held.within.out),
        )
        if option.id not in fixed
    )
    said = {wish.treatment: wish.says for wish in held.case.profile.wishes}.get(option.id)
    person = Markup("").join(
        _press("wish", kind, option, words, said == kind)
        for kind, words in (("asks_for", "Asks for it"), ("refuses", "Does not want it"))
    )
    told = Markup("<span class='cc-help'>In every plan, whatever is asked of them.</span>")
    return Markup(
        "<div class='cc-says-line'><span class='cc-toggle' role='group' aria-label='For the plans: {}'>{}</span>"
        "<span class='cc-who'>The person:</span><span class='cc-toggle' role='group' aria-label='The person: {}'>{}</span></div>"
    ).format(option.record.short, room or told, option.record.short, person)


def _press(what: str, kind: str, option: Option, words: str, pressed: bool) -> Markup:
    return Markup("<button type='button' data-{}='{}' data-id='{}' aria-pressed='{}'>{}</button>").format(
        what, kind, option.id, "true" if pressed else "false", words
    )


def wish(kept: Mapping[str, Any], treatment: str, says: str) -> dict[str, Any]:
    """The rest of a case file with what the person says of a treatment; said again, it is taken back. What it did when it
    was tried, and the note beside it, stay."""
    wishes = [dict(one) for one in kept.get("wishes", ())]
    mine = next((one for one in wishes if one.get("treatment") == treatment), None)
    if mine is None:
        wishes.append({"treatment": treatment, "says": says})
    elif mine.get("says") == says:
        mine.pop("says")
    else:
        mine["says"] = says
    left = [one for one in wishes if one.get("says") or one.get("tried")]
    return {key: value for key, value in {**kept, "wishes": left}.items() if key != "wishes" or left}
