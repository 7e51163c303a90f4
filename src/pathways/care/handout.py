"""`handout`: what a person takes home from a case: plain words, no score, no code, no risk in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from ..content import models as m
from ..facts.allergies import allergies_of
from ..facts.membership import purpose_of
from ..language.words import soft
from ..review.actions import in_another_form
from ..review.audience import safe_with_partner
from ..review.brought import is_agonist
from ..review.case import Case
from ..review.medicines import NEXT_DOSE_HELD, Weighed, stops_at_once
from ..review.options import Option
from ..review.plans import Item
from ..review.plans.present import what_matters
from ..review.special import steady

MOST_PLANNED, MOST_CHOICES, MOST_SAFETY, MOST_HOW, MOST_ASKS, MOST_MYTHS, MOST_FAMILY = 7, 2, 3, 2, 4, 2, 2
MOST_ALLERGIES = 3
MOST_WITH_CARE = 3
HERE = "Something cannot wait. Stay here and tell your nurse or doctor at once if you feel worse. Do this before anything else."
URGENT = "Something cannot wait. Please stay until your team has seen to it with you."
NOW = "Go to the emergency room now, or call 911. Do this before anything else on this page."
OF_A_CHANGE = {
    "hold": "Do not take the next dose before you have talked with us. Call us today.",
    "take_off": "Take the patch off now, and put no new one on. It still works for a day or more. Someone must stay and "
    "watch that long. Call 911 if it is hard to wake up.",
    "plan_dose": "Talk with us before the next dose. We plan with you when it is due, and how it goes on after that. "
    "Do not stop it on your own.",
    "weigh": "We need to look at the dose of this one with you. Do not stop it on your own.",
    "together": "Talk with us soon: we plan with you how it changes.",
    "lower": "The dose has to come down, step by step. We plan the steps with you. Do not stop it on your own.",
    "to_limit": "Take less of this one from today. Ask us how much is safe for you, and count every product that holds it.",
    "switch": "We want to change this one for another. Do not stop it on your own: talk to us first.",
    "taper": "We want to bring this one down slowly, with you. Do not stop it on your own.",
    "stop": "Please stop taking this one, and ask us what to take instead.",
    "stop_with_cover": "This one has to come down slowly, with our help. To stop at once is not safe.",
}
"""What is said of a medicine that has to change, by how."""
NOT_ALONE = "Do not stop it on your own."
AT_ONCE = "Please stop taking this one now, and ask us what to take instead."
"""The same of one that may be stopped on the spot, and does harm while it is taken."""
AFTER_A_HOLD = "After that we plan the next steps with you. Never stop it all at once."
"""What is said with a hold of a medicine whose abrupt stop does harm: for hours, not for good."""
VERIFY = (
    "We need to know how you take this one. Please talk to us before the next dose, and bring the package with you."
)
VERIFY_MOUD = "We need to know how you take this one. Please call us today. Do not stop it by yourself."
CHANGE_MOUD = "Please call us today about this one. Do not skip a dose. Do not stop it on your own."
ONE_OF_TWO = (
    "This one and another of your medicines do not go together. Ask us today which to change. Do not stop on your own."
)
NAMED_AS = {"start_with": "If you start", "cannot_tell": "Talk to us before you start"}
ASK_INSTEAD = "Ask us what you can take in its place."
NOT_THIS = f"With your health or your other medicines this one could do harm. {ASK_INSTEAD}"
CHANGES = "We need to look at this again with you soon. Do not stop it on your own."

R = TypeVar("R", m.Education, m.Myth, m.Contact)


@dataclass(frozen=True)
class Told:
    """One thing said to the person, with the record that it comes from."""

    id: str
    title: str
    text: str
    source: tuple[m.Cite, ...]


@dataclass(frozen=True)
class Decision:
    """A choice that is still open: each way by name."""

    id: str
    ways: tuple[Told, ...]


@dataclass(frozen=True)
class Handout:
    """Everything on the page for the person, in reading order. ``own_words`` is what the person said, never measured."""

    date: str
    urgent: str
    messages: tuple[Told, ...]
    matters: tuple[str, ...]
    own_words: str
    planned: tuple[Told, ...]
    decisions: tuple[Decision, ...]
    safety: tuple[Told, ...]
    how: tuple[Told, ...]
    asks: tuple[str, ...]
    myths: tuple[Told, ...]
    family: tuple[Told, ...]
    contacts: tuple[m.Contact, ...]

    def told(self) -> Iterator[Told]:
        """Every statement on the page."""
        yield from (*self.messages, *self.planned, *self.safety, *self.how, *self.myths, *self.family)
        for decision in self.decisions:
            yield from decision.ways


def handout(case: Case) -> Handout:
    """The page for the person. Same case, same page. What is private at home stays out of it: paper lies about."""
    people = people_may_take_part(case)
    hidden = _hidden(case, people)
    core = [item for item in case.shown.core if item.id not in hidden]
    # What has to change or to be made sure of is told of the medicine itself, never as a way to go on with it.
    forks = {
        fork.id: [id for a in fork.alternatives for id in a.items if _open_way(case, case.option(id))]
        for fork in case.shown.forks
    }
    declined = {
        fork.id for fork in case.shown.forks if fork.say
    }  # what was answered with a no is not asked again on paper
    narrowed = {f.id for f in case.shown.forks for a in f.alternatives for id in a.items if case.option(id).refused}
    shown = frozenset({item.id for item in core} | {id for ids in forks.values() for id in ids} - hidden)
    items = _fitting(case, case.content.education.values(), shown)
    if case.demands.held_by:  # an emergency comes first: what can wait is not on the page
        core = [item for item in core if item.verb != "After this"]
        forks = {}
    mine = [w for w in case.medicines if case.profile.medicines[w.place].source != "nonprescribed"]
    said_of_medicines = tuple(_of_medicine(case, w) for w in mine if w.verdict in ("verify", "change", "not_this"))
    with_care = tuple(_with_care(mine))[:MOST_WITH_CARE]
    items_told = [item for item in core if not (item.option.weighed and item.verb in ("Verify", "Change"))]
    items_told = [item for item in items_told if not in_another_form(item, items_told)]
    forks = {id: _but_winding_down(case, ids) for id, ids in forks.items()}
    settled = [ids for ids in forks.values() if len(ids) == 1 and len(_fitting_ways(case, ids)) == 1]
    kept = [one for ids in settled for one in _fitting_ways(case, ids)]
    items_told += [Item(case.option(one), "Keep") for one in kept if one not in {item.id for item in items_told}]
    told = tuple(_of_item(case, item) for item in sorted(items_told, key=partial(_weight, case)))
    # What a medicine asks for while it goes on has room of its own: it pushes nothing of the plan off the page.
    plan = (*said_of_medicines, *told)[:MOST_PLANNED]
    heard = (*with_care, *_declined(case, hidden))
    planned = (*plan[: len(said_of_medicines)], *heard, *plan[len(said_of_medicines) :])
    decisions = tuple(
        Decision(id, ways)
        for id, ids in forks.items()
        if ids not in settled
        and id not in declined
        and len(ways := tuple(_of_treatment(case, one) for one in dict.fromkeys(ids) if one not in hidden))
        > (0 if id in narrowed else 1)
    )[:MOST_CHOICES]

    def of(topic: m.Topic, most: int) -> tuple[Told, ...]:
        return tuple(Told(e.id, e.title, e.text, e.source) for e in items if e.topic == topic)[:most]

    return Handout(
        date=case.profile.as_of.isoformat() if case.profile.as_of else "",
        urgent=_urgent(case),
        messages=of("message", 1),
        matters=_matters(case),
        own_words=str(case.profile.answers.get(case.content.known("answer", "goal in own words"), "")),
        planned=planned,
        decisions=decisions,
        safety=(*_allergies(case), *of("safety", MOST_SAFETY)),
        how=of("how", MOST_HOW),
        asks=_asks(case, items),
        myths=tuple(
            Told(y.id, y.claim, y.correction, y.source) for y in _fitting(case, case.content.myths.values(), shown)
        )[:MOST_MYTHS],
        family=of("family", MOST_FAMILY) if people else (),
        contacts=_by_priority(case.content.contacts.values()),
    )


def _declined(case: Case, hidden: frozenset[str]) -> Iterator[Told]:
    """What is said of a choice of which the person wants no way for now: a refusal is heard."""
    for fork in case.shown.forks:
        if fork.say and not hidden & {id for a in fork.alternatives for id in a.items}:
            yield Told(fork.id, case.content.decisions[fork.id].declined, fork.say, fork.source)


def _open_way(case: Case, option: Option) -> bool:
    """Whether a way of a decision is told: not what changes or is made sure of, nor what the person does not want, nor a
    medicine that the same page says not to start now, or another of its kind for the same reason (medication for OUD,
    which may be asked for as pain relief, stays)."""
    if option.verb in ("Change", "Verify") or option.refused:
        return False
    if is_agonist(option.record, case.content):
        return True
    turned = [w for w in case.medicines if w.verdict == "not_this"]
    brings = option.classes & case.content.medicines.keys()
    if brings and brings <= {i for w in turned for i in w.ingredients}:
        return False
    against = {d.id for w in turned for d in w.grounds if d.makes == "change" and d.table == "medicine_caution"}
    return not any(isinstance(c, m.MedicineCaution) and c.id in against for c in option.cautions)


def _allergies(case: Case) -> Iterator[Told]:
    """What each allergy on record means for the person, in plain words."""
    found = allergies_of(case.profile, case.content)
    for one in sorted(found, key=lambda one: one.sign.strength != "stop")[:MOST_ALLERGIES]:
        if one.sign.strength is not None:
            yield Told(f"allergies.{one.place}", f"Allergy: {one.entry.label}", one.sign.say, one.sign.source)


def corrections(case: Case) -> tuple[m.Myth, ...]:
    """Every corrected statement that bears on this person or on an option open to them, for the team; the handout has
    room for two."""
    open_ = frozenset(o.id for o in case.options if o.verb not in (None, "Ask", "Do not start"))
    return _fitting(case, case.content.myths.values(), open_)


def _hidden(case: Case, people: bool) -> frozenset[str]:
    """The treatments that this page does not name: private ones, OUD treatment where OUD is only a code in the chart,
    those that involve others without consent, and care as usual."""
    treatments = case.content.treatments.values()
    hidden = {id for p in case.content.privacy.values() if p.off_paper for id in p.treatments}
    hidden |= {t.id for t in treatments if t.handout == "never" or (t.handout == "with_consent" and not people)}
    if case.facts.values.get(case.content.known("fact", "confirmed OUD")) is not True:
        hidden |= {t.id for t in treatments if t.place.treats_oud}
    return frozenset(hidden)


def people_may_take_part(case: Case) -> bool:
    """Whether partner or family may be worked with: the person agrees, was asked in private about violence and control,
    and there is none. Unknown is not yes."""
    consent = case.profile.answers.get(case.content.known("answer", "consent to work with a partner"))
    agreed = consent is True or any(
        c.who == "partner" and c.in_force(case.profile.as_of) for c in case.profile.consents
    )
    return agreed and consent is not False and safe_with_partner(case.profile, case.content)


def _urgent(case: Case) -> str:
    """The first line: to go now, to stay until it is seen to, or nothing; with what it is about where that may be said."""
    urgent = [e for e in case.findings.emergencies if _cannot_wait(e.state, e.level)]
    own = " ".join(e.record.say for e in urgent if e.record.say)
    alone = bool(own) and all(e.record.say for e in urgent if e.level == "act_now")
    if case.demands.held_by:
        here = case.facts.values.get(case.content.known("fact", "in an emergency department or on a ward"))
        if here is True:
            return HERE
        told = "" if alone else NOW
    else:
        told = URGENT if urgent else ""
    return " ".join(text for text in (told, own) if text)


def _fitting_ways(case: Case, ids: list[str]) -> list[str]:
    """Of the ways of a decision, the one that is in use, works, and fits better than all others; else none."""
    works = [one for one in dict.fromkeys(ids) if case.option(one).record.keeps and case.option(one).fit == "indicated"]
    others = [one for one in dict.fromkeys(ids) if one not in works]
    kept = [one for one in works if not case.option(one).record.winds_down]
    return kept if len(kept) == 1 and all(case.option(one).fit != "indicated" for one in others) else []


def _but_winding_down(case: Case, ids: list[str]) -> list[str]:
    """The ways of a decision without those that wind down what works; another medicine in its place is still a choice."""
    return [one for one in ids if not case.option(one).record.winds_down] if _fitting_ways(case, ids) else ids


def _of_medicine(case: Case, weighed: Weighed) -> Told:
    """A medicine in use that has to change or to be made sure of, or one asked for that is advised against, in plain words."""
    first = weighed.grounds[0]
    saying = next((d for d in weighed.grounds if d.say and d.makes == first.makes), None)
    say = saying.say if saying else ""
    met = saying.met if saying else ""
    beside = f", with {met}" if met and met.casefold() not in say.casefold() else ""  # said once
    if weighed.verdict == "not_this":
        text = f"{say} {ASK_INSTEAD}" if say else NOT_THIS
        return Told(f"medicines.{weighed.place}", f"Not for you now: {weighed.label}{beside}", text, first.source)
    purpose = purpose_of(case.content, case.profile.medicines[weighed.place])
    verify = VERIFY_MOUD if purpose == "oud" else VERIFY
    text = verify if weighed.verdict == "verify" else OF_A_CHANGE.get(weighed.how or "", CHANGES)
    if weighed.how == "switch" and stops_at_once(weighed, case.content):
        text = AT_ONCE
    if first.either and weighed.verdict == "change":
        text = ONE_OF_TWO
    if purpose == "oud" and weighed.how in ("switch", "lower"):
        text = CHANGE_MOUD  # whether it changes at all is decided together
    if weighed.how in (*NEXT_DOSE_HELD, "together") and weighed.classes & steady(case.content):
        text = f"{text} {AFTER_A_HOLD if weighed.how in NEXT_DOSE_HELD else NOT_ALONE}"
    if say:
        text = f"{say} {text}"
    return Told(f"medicines.{weighed.place}", f"Your medicine: {weighed.label}{beside}", text, first.source)


def _with_care(medicines: Iterable[Weighed]) -> Iterator[Told]:
    """What a person has to know of a medicine that goes on, or starts, with care: each thing once, and of a pair with the
    newcomer. One that is refused, or does not simply go on, says it itself: it is named in no line that keeps another."""
    medicines = sorted(medicines, key=lambda w: w.state != "proposed")
    moved = [w for w in medicines if w.verdict in ("not_this", "change", "verify")]
    refused = {d.id for w in moved for d in w.grounds if d.table == "interaction"}
    told: set[str] = set()
    for weighed in medicines:
        if weighed.verdict in ("keep_with", "start_with", "check", "cannot_tell"):
            grounds = [d for d in weighed.grounds if d.say and d.kind == "speaks_against" and d.say not in told]
            grounds = [d for d in grounds if d.id not in refused]
            told.update(d.say for d in grounds)
            if grounds:
                new = NAMED_AS.get(weighed.verdict, "Your medicine:")
                beside = f", with {grounds[0].met}" if grounds[0].met else ""
                # What is not with the one in the title says with what.
                apart = (d for d in grounds[1:2] if d.met and d.met != grounds[0].met)
                with_other = {d.id: f"With {d.met}: {d.say}" for d in apart}
                text = " ".join(dict.fromkeys(with_other.get(d.id, d.say) for d in grounds[:2]))
                title = f"{new} {weighed.label}{beside}"
                yield Told(f"medicines.{weighed.place}", title, text, grounds[0].source)


def _cannot_wait(state: str, level: m.Level | None) -> bool:
    return state == "present" and level in ("act_now", "same_day")


def _weight(case: Case, item: Item) -> tuple[int, int, str]:
    """The place of an item: what is for today, medicine for OUD and safety, what matters most to the person, the rest."""
    record = item.option.record
    wanted = {need for needs in what_matters(case.profile, case.content).values() for need in needs}
    first = (
        record.phase == "today" and record.place.further_care,
        record.place.treats_oud or record.place.prevents_harm,
        item.verb == "Change" or record.place.changes,
        any(a.need in wanted for a in record.addresses),
        True,
    )
    return (first.index(True), record.place.told, item.id)


def _by_priority(records: Iterable[R]) -> tuple[R, ...]:
    return tuple(sorted(records, key=lambda record: (record.priority, record.id)))


E = TypeVar("E", m.Education, m.Myth)


def _fitting(case: Case, records: Iterable[E], shown: frozenset[str]) -> tuple[E, ...]:
    """The records that this case calls for, the weightiest first. What cannot be told is not called for."""
    values = case.facts.values
    return _by_priority(
        record
        for record in records
        if (not record.treatments or shown & set(record.treatments))
        and not _held(case, record)
        and (record.when is None or case.content.test(record.when)(values) is True)
    )


def _held(case: Case, item: m.Education | m.Myth) -> bool:
    """Whether the next dose of a medicine that an item is about is held: the page does not say go on and hold."""
    classes = item.not_while_held if isinstance(item, m.Education) else ()
    return bool(classes) and any(not w.classes.isdisjoint(classes) for w in case.medicines if w.how in NEXT_DOSE_HELD)


def _asks(case: Case, items: tuple[m.Education, ...]) -> tuple[str, ...]:
    """Questions to ask: first one of each item that has any, then the rest; of a first dose only before there is one."""
    here = {option.id for option in case.options if option.in_place == "yes"}
    found = [(*item.ask, *(item.ask_at_start if here.isdisjoint(item.treatments) else ())) for item in items]
    rounds = [[asks[n] for asks in found if len(asks) > n] for n in range(3)]
    return tuple(dict.fromkeys(ask for asks in rounds for ask in asks))[:MOST_ASKS]


def _matters(case: Case) -> tuple[str, ...]:
    choices = case.content.answers[case.content.known("answer", "what matters most")].choices
    return tuple(choices[id] for id in what_matters(case.profile, case.content) if id in choices)


def _of_item(case: Case, item: Item) -> Told:
    told = _of_treatment(case, item.id, "change" if item.verb == "Change" else "treatment")
    if item.verb == "Change" and not _own_item(case, item.id, "change"):
        return Told(told.id, told.title, CHANGES, told.source)
    return told


def _of_treatment(case: Case, id: str, topic: m.Topic = "treatment") -> Told:
    """A treatment in plain words: its own item where there is one, else what the record says to the person."""
    option = case.option(id)
    record = option.record
    kept = f" ({' and '.join(soft(case.content.medicines[i].label) for i in option.keeps)})" if option.keeps else ""
    for one in (topic, "treatment"):
        if item := _own_item(case, id, one):
            return Told(id, item.title + kept, item.text, item.source)
    return Told(id, record.short, record.say, record.source)


def _own_item(case: Case, id: str, topic: str) -> m.Education | None:
    every = (e for e in case.content.education.values() if e.topic == topic and id in e.treatments)
    items = (e for e in every if not _held(case, e))
    return min(items, key=lambda e: (e.priority, e.id), default=None)
