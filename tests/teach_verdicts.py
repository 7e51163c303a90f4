"""No plan that does harm is ever told that it held: random plans over all sample cases and random people.

    python -m tests.teach_verdicts --n 20000 --seed 1

What does harm is told here from the data of the review (`case_data`) and the records alone, not by the module that makes the
feedback: a medicine that has to change goes on (nobody spoke of it, or it is kept), something closed is started, two that
are not taken together are started, an opioid, a benzodiazepine or medication for OUD is stopped at once, medication for OUD
is started in somebody without OUD or of whom nothing is known. The status is 1 if one such plan held.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from random import Random
from typing import Any, NamedTuple

from pathways.apps.teach import Feedback, compare
from pathways.apps.teach.exercise import PLAN_VERBS
from pathways.apps.teach.first import MOST_WORDS
from pathways.apps.teach.key import AnswerKey
from pathways.apps.teach.medicines import verbs_for
from pathways.content import Content, load_content
from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import Case, review
from tests.profiles import random_data
from tests.reviews import NAMES, reviewed

STARTS = ("Offer", "Consider", "Check first", "After this", "Keep", "Keep with", "Change")
"""Verbs by which something that is not in use is put into a plan (Check and Verify start nothing by themselves)."""
ABRUPT = ("opioid", "benzodiazepine", "moud")
"""The classes of which an abrupt stop is never right."""
PLANS_OF_A_PERSON = 40


class Answers(NamedTuple):
    """What a learner commits to."""

    plan: Mapping[str, str]
    medicines: Mapping[int, str]
    asks: tuple[str, ...] = ()
    emergencies: tuple[str, ...] = ()


def told(case: Case, answers: Answers, key: AnswerKey | None = None) -> Feedback:
    """The feedback on answers."""
    plan, medicines, asks, emergencies = answers
    return compare(case, plan, asks, emergencies, medicines=medicines, sure=70, key=key)


# ---- harm, by the records and the data of the review ------------------------------------------------------------------


class Known:
    """What the data of one review say, worked out once for all plans about the person."""

    def __init__(self, case: Case) -> None:
        self.content, self.key = case.content, AnswerKey(case)
        self.data = case_data(case, parts=("medicines", "options", "core", "plans"))
        self.options = {o["id"]: o for o in self.data["options"]}
        self.own = {o.id: {one.place for one in o.own} for o in case.options}
        self.classes = {w.place: w.classes for w in case.medicines if w.state == "current"}
        items = [*self.data["core"], *(i for p in self.data["plans"] for i in p["items"])]
        self.standing = {id for i in items for id in (i["id"], *i.get("instead", ()))}


def harms(known: Known, answers: Answers) -> Iterator[str]:
    """Why a plan does harm; nothing where no reason is known."""
    content, plan = known.content, answers.plan
    started = {id for id, verb in plan.items() if verb in STARTS and known.options[id]["in_place"] != "yes"}
    for id in sorted(started):
        option = known.options[id]
        if option["safety"] == "contraindicated":
            yield f"closed:{id}"
        if content.treatments[id].seat == "moud" and id not in known.standing:  # not even called for
            if option["verb"] is None:
                yield f"without need:{id}"
            if option["verb"] == "Ask" and plan[id] in ("Offer", "Consider"):
                yield f"nothing known:{id}"
    for a, b in combinations(sorted(started), 2):
        if excluded(content, a, b):
            yield f"pair:{a} {b}"
    for one in known.data["medicines"]:
        place = one["entry"]
        if one["state"] == "proposed":
            if one["verdict"] == "not_this" and answers.medicines.get(place) in ("Offer", "Check first"):
                yield f"not this:{one['label']}"
            continue
        if answers.medicines.get(place) == "Stop":
            if known.classes[place] & set(ABRUPT) and one["how"] not in ("stop", "hold", "take_off"):
                yield f"stopped at once:{one['label']}"
            continue
        silent_or_kept = answers.medicines.get(place) in (None, "Keep", "Keep with", "Check")
        if one["verdict"] == "change" and silent_or_kept and not (one_of_two(one) or _spoken_of(known, plan, place)):
            yield f"kept:{one['label']}"


def one_of_two(weighed: Mapping[str, Any]) -> bool:
    """Whether all that speaks against an entry is pairs: of such a pair the other one may be what changes."""
    return all(g["record"] == "interaction" for g in weighed["because"] if g["makes"] == "change")


def _spoken_of(known: Known, plan: Mapping[str, str], place: int) -> bool:
    """Whether the plan changes the entry: as the treatment that it is, by one that acts on it, or by one in its place."""
    for id, verb in plan.items():
        treatment, acts_on = known.content.treatments[id], place in known.own[id]
        if known.options[id]["in_place"] == "yes":
            changes = acts_on and verb in ("Change", "Stop", "Do not start")
        elif verb in (*STARTS, "Check", "Verify"):
            takes_its_place = bool(known.classes[place] & set(treatment.ends))
            changes = takes_its_place or (acts_on and (treatment.winds_down or verb == "Change"))
        else:
            changes = verb == "Stop" and acts_on and bool(treatment.keeps)
        if changes:
            return True
    return False


def excluded(content: Content, a: str, b: str) -> bool:
    """Whether a stop record without a condition names two treatments by their medicines and classes."""
    one, other = (content.treatments[id] for id in (a, b))
    if not (one.medicines and other.medicines) or set(one.medicines) & set(other.medicines):
        return False
    if one.seat == "change" or other.seat == "change" or one.way_of or other.way_of:
        return False
    names = [
        {*t.medicines, *t.classes, *(c for i in t.medicines for c in content.medicines[i].classes)}
        for t in (one, other)
    ]
    if names[0] & set(other.ends) or names[1] & set(one.ends):
        return False
    return any(
        r.severity == "stop" and r.when is None and (x & set(r.a) and y & set(r.b))
        for r in content.interactions.values()
        for x, y in (names, names[::-1])
    )


# ---- random plans -----------------------------------------------------------------------------------------------------


def whole(case: Case, n: int) -> Answers:
    """A plan that was found, with what the review says of the medicines and every emergency that is there."""
    found = case.frontier.plans[n].items if case.frontier.plans else case.frontier.fixed
    medicines = {w.place: w.verb for w in case.medicines if w.state == "current" and w.verb}
    there = tuple(e.record.id for e in case.findings.emergencies if e.state == "present")
    return Answers({item.id: item.verb for item in found}, medicines, (), there)


def random_answers(case: Case, random: Random) -> Answers:
    """Anything a learner may commit to: from nothing at all, and from a plan that was found with a few changes (so that only
    one thing is wrong with it), to a handful of treatments with any verbs."""
    ids = [o.id for o in case.options]
    if random.random() < 0.7:
        plan, medicines, asks, emergencies = whole(case, random.randrange(max(1, len(case.frontier.plans))))
        changed = {**plan, **{random.choice(ids): random.choice(PLAN_VERBS) for _ in range(random.randint(0, 2))}}
        said = dict(medicines)
        for weighed in case.medicines:
            if random.random() < 0.25:
                said[weighed.place] = random.choice(verbs_for(weighed))
            elif random.random() < 0.1:
                said.pop(weighed.place, None)
        kept = {id: verb for id, verb in changed.items() if random.random() < 0.97}
        return Answers(kept, said, asks, emergencies)
    plan = {id: random.choice(PLAN_VERBS) for id in random.sample(ids, random.randint(0, 8))}
    said = {w.place: random.choice(verbs_for(w)) for w in case.medicines if random.random() < 0.5}
    emergencies = tuple(e.record.id for e in case.findings.emergencies if random.random() < 0.8)
    return Answers(plan, said, (), emergencies)


def mixed(answers: Answers, random: Random) -> Answers:
    """The same answers in another order."""
    plan, medicines = list(answers.plan.items()), list(answers.medicines.items())
    random.shuffle(plan)
    random.shuffle(medicines)
    return Answers(dict(plan), dict(medicines), answers.asks[::-1], answers.emergencies[::-1])


def wrong(case: Case, known: Known, answers: Answers, random: Random) -> Iterator[str]:
    """What must not be said of these answers, and is."""
    feedback = told(case, answers, known.key)
    if feedback.held:
        yield from (f"held, and {reason}" for reason in harms(known, answers))
    unsafe = {id for remark in feedback.remarks if remark.unsafe for id in remark.about}
    for remark in feedback.remarks:
        if remark.kind == "contested" and unsafe & set(remark.about):
            yield f"contested, and unsafe: {remark.about}"
    if sum(len(text.split()) for title, lines in feedback.first for text in (title, *lines)) > MOST_WORDS:
        yield "what is read first is too long"
    if not all(remark.source and remark.domain for remark in feedback.remarks):
        yield "a remark without a source or a domain"
    first, second = (json.dumps(f.to_dict()) for f in (feedback, told(case, mixed(answers, random), known.key)))
    if first != second:
        yield "the same answers, and not the same bytes"


def wrong_of_found(case: Case) -> Iterator[str]:
    """What must not be said of a plan that was found, and is."""
    for n in range(len(case.frontier.plans)):
        feedback = told(case, whole(case, n))
        yield from (f"plan {n}: {r.kind}: {r.says}" for r in feedback.remarks if r.urgent or r.kind == "dominated")


def people(seed: int) -> Iterator[Case]:
    """Every sample case, then random people, without an end."""
    content, random = load_content(), Random(seed)
    yield from (reviewed(name) for name in NAMES)
    while True:
        yield review(Profile.from_dict(random_data(random, content)), content=content)


def main() -> int:
    """Count plans until there are enough, and print what was found."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--n", type=int, default=20000, help="how many plans")
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    random, count, cases, found, faults = Random(given.seed), 0, 0, 0, Counter[str]()
    harmful: Counter[str] = Counter()
    for case in people(given.seed):
        known, cases = Known(case), cases + 1
        found += len(case.frontier.plans)
        faults.update(wrong_of_found(case))
        for _ in range(PLANS_OF_A_PERSON * (10 if cases <= len(NAMES) else 1)):
            answers, count = random_answers(case, random), count + 1
            harmful.update({reason.partition(":")[0] for reason in harms(known, answers)})
            faults.update(wrong(case, known, answers, random))
        if count >= given.n:
            break
    print(f"{count} plans of {cases} people, {found} plans that were found; harm in: {dict(sorted(harmful.items()))}")
    for fault, times in faults.most_common(40):
        print(f"  {times} x {fault[:300]}")
    print(f"{sum(faults.values())} told wrongly")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
