"""`special`: what is special to this person, in lines: medicines that cannot simply go on, what was asked for, dated events.

Said before anything that is standing care. Each line is made from a verdict, so that it cannot say more than is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from ..content import Content
from ..content import models as m
from ..facts.allergies import allergies_of
from ..facts.membership import purpose_of
from ..facts.verdicts import unique
from ..facts.words import ask_label
from ..language import Range, facts_in_order
from ..language.words import soft
from .brought import agonist_unread
from .case import Case
from .directives import Directive
from .medicines import NEXT_DOSE_HELD, Weighed
from .plans import Item
from .shapes import Said

HOW_WORDS: Mapping[m.How, str] = {
    "hold": "hold the next dose until seen",
    "take_off": "take the patch off now; it goes on acting, so keep watching",
    "plan_dose": "time the next dose, and go on afterwards",
    "weigh": "correct what adds to it; weigh a lower dose or another medicine",
    "together": "review it together; change it with the person",
    "lower": "lower the dose in steps",
    "to_limit": "keep to the limit",
    "switch": "switch to another",
    "taper": "taper slowly, never at once",
    "stop": "stop it",
    "stop_with_cover": "reduce slowly with supervision, never at once",
}
"""How a medicine in use changes, in words."""
BRIEFLY: Mapping[m.How, str] = {
    "hold": "hold the next dose",
    "take_off": "take the patch off now",
    "plan_dose": "time the next dose",
    "weigh": "weigh the dose",
    "together": "review together",
    "lower": "lower in steps",
    "to_limit": "keep to the limit",
    "switch": "switch",
    "taper": "taper slowly",
    "stop": "stop",
    "stop_with_cover": "reduce slowly, supervised",
}
"""The same in few words, where several medicines stand in one line: each keeps its own way."""
AFTER_A_HOLD = "after that only in steps, never at once"
"""What follows a dose that is held for hours, where an abrupt stop does harm: said as one thing with the hold."""
PROPOSED_WORDS = {"not_this": "Not this", "cannot_tell": "Ask before starting", "start_with": "Only with care"}
"""The answer to a medicine that was asked for."""
ASK_DOSE = "Ask the dose"
"""The verb of a dose that is asked for, because this person's state limits it."""
DAILY_DOSE = "how much of it a day"
"""What is asked of a medicine of which only the daily dose is not known."""
STEADY = ("any opioid", "CNS depressants")
"""Classes of medicine whose abrupt stop does harm, as the content names them."""
NOT_ABRUPTLY = "never stop abruptly"
SLOW: tuple[m.How, ...] = ("taper", "stop_with_cover")
"""The changes whose words say already that they are not made at once."""
ORDER = ("verify", "change", "not_this", "cannot_tell", "start_with", "keep_with", "check")


@dataclass(frozen=True)
class Special:
    """One line: ``verb`` and ``text``, and the verdict or event that it is made from; ``today``: it is due today; ``name``:
    what the text begins with and is about, before a colon; ``told`` what it says of a medicine after that, ``how`` the
    change in a few words."""

    id: str
    verb: str
    text: Said
    because: str
    owner: str = "its prescriber"
    today: bool = False
    name: str = ""
    told: str = ""
    how: str = ""


def beside_unread(ground: Directive) -> bool:
    """Whether a ground is no more than that something else in the list is not recognized: that entry says it itself."""
    return ground.table == "entry_sign" and ground.kind == "waits_for"


def own_grounds(weighed: Weighed) -> tuple[Directive, ...]:
    """What is said of a medicine in use itself, without what every one beside an entry that is not recognized shares."""
    own = tuple(d for d in weighed.grounds if weighed.state != "current" or not beside_unread(d))
    return () if all(d.makes == "note" for d in own) else own


def special(case: Case) -> tuple[Special, ...]:
    """The lines in order: what is due today before the rest, a medicine to verify or change before one to watch."""
    told = (w for w in case.medicines if w.verdict not in ("keep", "start") and w.grounds)
    medicines = sorted(
        (w for w in told if own_grounds(w) or _for_oud(case, w)),
        key=lambda w: (w.by != "today", ORDER.index(w.verdict), w.place),
    )
    urgent = [_of_medicine(case, w) for w in medicines if w.verdict in ("verify", "change")]
    asked = [_of_medicine(case, w) for w in medicines if w.state == "proposed"]
    watched = [_of_medicine(case, w) for w in medicines if w.state == "current" and w.verdict in ("check", "keep_with")]
    return (
        *urgent,
        *_dose_asked(case, medicines),
        *_allergies(case),
        *_events(case),
        *asked,
        *_asked_for(case),
        *watched,
        *_nothing_against(case),
    )


def _for_oud(case: Case, weighed: Weighed) -> bool:
    return purpose_of(case.content, case.profile.medicines[weighed.place]) == "oud"


def _dose_asked(case: Case, medicines: list[Weighed]) -> Iterator[Special]:
    """What is taken in a dose that nobody could read, where this person's state limits it: the dose is asked for."""
    for weighed in medicines:
        if weighed.state != "current" or weighed.verdict in ("verify", "change"):
            continue
        limits = [d for d in weighed.grounds if d.table == "dose_limit" and d.kind == "waits_for" and d.because]
        most = [(day, d) for d in limits if (day := case.content.dose_limits[d.id].per_day) is not None]
        if most:
            day, first = min(most, key=lambda one: one[0])
            place = f"medicines.{weighed.place}"
            how = f"at most {day:g} mg a day here"
            text = Said(f"{weighed.label}: {how}", first.source, (place,))
            once = f"dose:{place}"
            yield Special(once, ASK_DOSE, text, once, owner_of(case, weighed), True, weighed.label, f": {how}", how)


def _nothing_against(case: Case) -> Iterator[Special]:
    """What was asked for and may start gets its answer too; without a rule about it the line says that."""
    for weighed in case.medicines:
        if weighed.verdict == "start":
            place = f"medicines.{weighed.place}"
            alone = unpaired(case, weighed)
            verb = "Nothing known against" if weighed.judged and not alone else "Not judged"
            beside = f": no rule here about it beside {' and '.join(alone[:2])}" if weighed.judged and alone else ""
            yield Special(place, verb, Said(weighed.label + beside, (), (place,)), place, name=weighed.label)


def unpaired(case: Case, weighed: Weighed) -> tuple[str, ...]:
    """The other medicines of the list with which no rule of the library is about this one: that nothing is said of such a
    pair is no verdict on it. What is at hand for a rescue is not taken beside anything."""
    rescue = case.content.known("medicine_class", "any naloxone")
    others = (w for w in case.medicines if w.place != weighed.place and rescue not in w.classes)
    return tuple(
        soft(w.label)
        for w in others
        if not weighed.classes & w.classes & case.content.medicines.keys()
        and not any(
            (not weighed.classes.isdisjoint(r.a) and not w.classes.isdisjoint(r.b))
            or (not weighed.classes.isdisjoint(r.b) and not w.classes.isdisjoint(r.a))
            for r in case.content.interactions.values()
        )
    )


def _of_medicine(case: Case, weighed: Weighed) -> Special:
    place = f"medicines.{weighed.place}"
    if not (grounds := own_grounds(weighed)):  # medication for OUD goes on while the rest is made out
        told, source = ": goes on while another entry is made out", weighed.grounds[0].source
        text = Said(f"{weighed.label}{told}", source, (place,))
        return Special(place, "Keep with", text, place, owner_of(case, weighed), False, weighed.label, told)
    verb = weighed.verb or PROPOSED_WORDS.get(weighed.verdict, "Start")
    first = grounds[0]
    more = len({d.label for d in grounds if d.makes == first.makes} - {first.label})
    waits = first.kind == "waits_for"
    link = f"(+{more})" if more else ""
    told = f": {'not yet known: ' if waits else ''}{first.label}{link and f' {link}'}"
    if tail := _tail(case, weighed, first):
        tail = f"today: {tail}" if weighed.by == "today" and weighed.verdict == "change" else tail
        told += f". {tail[:1].upper()}{tail[1:]}"
    told = told.rstrip(".")
    text = Said(f"{weighed.label}{told}", first.source, (place,), opens="medicine_reasons" if more else "", link=link)
    once = f"{first.table}:{first.id}" if first.table == "interaction" else place
    how = BRIEFLY[weighed.how] if weighed.how and weighed.verdict == "change" else ""
    how = "one of the two" if how and first.either else how
    return Special(
        place, verb, text, once, _sees_to(case, weighed, first), first.by == "today", weighed.label, told, how
    )


def _sees_to(case: Case, weighed: Weighed, first: Directive) -> str:
    """Who sees to it: what an entry itself asks for is its action's owner's, as its prescriber may be gone."""
    asked = [case.content.actions[id] for id in first.beside if id in case.content.actions]
    if first.table == "entry_sign" and asked:
        return case.content.roles[asked[0].owner[0]].label
    return owner_of(case, weighed)


def owner_of(case: Case, weighed: Weighed) -> str:
    """Who sees to a medicine of the list: by where it comes from."""
    source = case.profile.medicines[weighed.place].source
    if weighed.state == "current" and source == "nonprescribed":
        return "the team with the person"
    return "the OTP" if source == "otp" else "its prescriber"


def _tail(case: Case, weighed: Weighed, first: Directive) -> str:
    """What to do about it: how it changes and what comes instead, or the mitigation; what to ask while it is open."""
    if first.kind == "waits_for" and first.asks:
        if first.table == "dose_limit":
            asked = [DAILY_DOSE if ask.startswith("medicines.") else _asked(case, ask) for ask in first.asks[:2]]
        else:
            asked = [_asked(case, ask) for ask in first.asks[:2]]
        return f"ask: {' or '.join(unique(asked))}"
    if weighed.verdict == "change":
        told = HOW_WORDS[first.how] if first.how else first.action
        if first.how in ("plan_dose", "to_limit") and first.action:
            told = f"{told}: {soft(first.action)}"  # when the next one is due, what to ask: the record's to say
        if weighed.instead:
            told = f"switch: {weighed.instead}" if first.how == "switch" else f"{told}; instead: {weighed.instead}"
        return _steadily(case, weighed, f"one of the two: {told}" if first.either else told)
    if weighed.verdict == "not_this":
        return f"instead: {weighed.instead}" if weighed.instead else first.action
    return first.action


def _asked(case: Case, ask: str) -> str:
    """What is to be asked, in words; of an entry of the list, what nobody could read of it."""
    place = ask.removeprefix("medicines.")
    return "what it is, how much, from whom" if place.isdigit() else soft(ask_label(case.content, ask))


def steady(content: Content) -> frozenset[str]:
    """The classes of medicine whose abrupt stop does harm."""
    return frozenset(content.known("medicine_class", name) for name in STEADY)


def _steadily(case: Case, weighed: Weighed, told: str) -> str:
    """How it changes, with the warning that every opioid, sedative and OUD medication needs."""
    if weighed.how in SLOW or not weighed.classes & steady(case.content):
        return told
    if weighed.how in NEXT_DOSE_HELD:
        return f"{told.rstrip('.')}; {AFTER_A_HOLD}"
    return f"{told.rstrip('.')}; {NOT_ABRUPTLY}" if told else NOT_ABRUPTLY


def _allergies(case: Case) -> Iterator[Special]:
    """What is not to be started, or only after a question, because of an allergy: all in one line."""
    against = [one for one in allergies_of(case.profile, case.content) if one.sign.strength is not None]
    if not against:
        return
    ordered = sorted(against, key=lambda one: (one.sign.strength != "stop", one.place))
    told = "; ".join(f"{soft(one.entry.label)} ({soft(one.sign.label)})" for one in ordered)
    cites = tuple(dict.fromkeys(c for one in ordered for c in one.sign.source))
    said = Said(told, cites, tuple(f"allergies.{one.place}" for one in ordered))
    yield Special("allergies", "Allergy", said, f"allergies.{ordered[0].place}", "the team with the person")


def _asked_for(case: Case) -> Iterator[Special]:
    """What the person asks for gets its answer."""
    signs = [sign for sign in case.content.wish_signs.values() if sign.sign == "asks_for"]
    for n, wish in enumerate(case.profile.wishes):
        for sign in signs if wish.says == "asks_for" else ():
            option = case.option(wish.treatment)
            against = [c.label for c in option.closed_by] + [*option.avoided] + [c.label for c in option.check_first]
            why = next(iter(against), "")
            answer = option.verb or "it does not fit here"
            told = f"{option.record.short}: {soft(answer)}" + (f" – {soft(why)}" if why else "")
            said = Said(told, sign.source, (f"wishes.{n}",))
            name = option.record.short
            yield Special(f"wishes.{n}", "Asked for", said, f"wishes.{n}", "the team with the person", name=name)


def helped_before(case: Case, item: Item) -> str:
    """That what is to be started helped this person before, where the case says so."""
    before = {w.treatment for w in case.profile.wishes if w.tried == "helped"}
    signs = (soft(sign.label) for sign in case.content.wish_signs.values() if sign.sign == "helped")
    return f" – {next(signs)}" if item.id in before and item.option.in_place != "yes" else ""


def _events(case: Case) -> Iterator[Special]:
    """A planned operation that is near, with its date and what is to be agreed before it."""
    known = case.content.known("fact", "days to an operation")
    days = case.facts.values.get(known)
    as_of = case.profile.as_of
    if not isinstance(days, Range) or as_of is None or days.hi > SOON:
        return
    day = as_of + timedelta(days=int(days.lo))
    when = {0: "today", 1: "tomorrow"}.get(int(days.lo), f"in {int(days.lo)} days")
    about = _of_an_operation(case.content, known)
    before = [i for i in case.shown.core if i.called and i.called.table == "recommendation" and i.called.id in about]
    plan = ", ".join(dict.fromkeys(i.option.record.short for i in before if i.phase in ("today", "this_week")))
    # What can kill around an operation is said with its day, also where the line is cut to its name.
    applies = (f.record for f in case.findings.recommendations if f.status == "applies" and f.record.id in about)
    first = [soft(record.action) for record in applies if record.priority == 1]
    name = "; ".join((f"operation {when} ({day.isoformat()})", *first))
    told = f"{name}: {plan}" if plan else name
    cites = tuple(dict.fromkeys(c for i in before if i.called for c in i.called.source))[:2]
    said = Said(told, cites, case.facts.origin.get(known, ()))
    yield Special("planned-event", "Plan", said, "planned-event", "anesthesia with the prescriber", name=name)


def _of_an_operation(content: Content, known: str) -> frozenset[str]:
    """The recommendations that hold because an operation is planned: by the days to it, or a fact made from them."""
    facts = {known, *(f.id for f in content.facts.values() if f.when and known in facts_in_order(content.node(f.when)))}
    own = content.recommendations.values()
    return frozenset(r.id for r in own if not facts.isdisjoint(facts_in_order(content.node(r.when))))


SOON = 30
"""From how many days before it a planned operation is special."""


def moud_unread(case: Case) -> frozenset[str]:
    """The medicines in use that are surely medication for OUD, and nobody can tell which: that comes first."""
    current = (w for w in case.medicines if w.state == "current")
    return frozenset(f"medicines.{w.place}" for w in current if agonist_unread(w.classes, case.content))


def on_a_choice(case: Case) -> frozenset[str]:
    """The medicines of which something is said only for one of several ways that are still open: it stands with that way
    and with the medicine, and is not to do in any case."""
    said = ((w, [g for g in w.grounds if g.makes == w.verdict and g.kind != "waits_for"]) for w in case.medicines)
    return frozenset(f"medicines.{w.place}" for w, grounds in said if grounds and all(g.what_if for g in grounds))
