"""Random people through the whole chain, and random rules through the rule language: `python tests/fuzz.py --n 1000`.

(a) Conditions: every back end against all completions (tests/language/brute_force.py).
(b) Profiles: no exception; and the laws that any review must keep, read from its JSON alone.
(c) FHIR: random changes of requests, by value and by byte, give a result or one clear error.
A failure prints the seed of the profile: `python tests/fuzz.py --only SEED` runs just that one and shows it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pathways.content import Content, load_content
from pathways.content.models import LEVELS, PHASES, SEATS
from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import review
from pathways.review.options import STAYS, VERBS
from tests.language import brute_force
from tests.profiles import random_data

Json = Mapping[str, Any]
VERDICTS = 500_000
CHUNK = 50
WAYS = frozenset(t.id for t in load_content().treatments.values() if t.way_of)
"""How another treatment is done: it stands beside that one and takes no seat of its own."""
GOES_ON = frozenset(t.id for t in load_content().treatments.values() if t.keeps and not t.winds_down)
"""The decisions to go on with what is in use."""
TWICE = 20  # of every so many profiles, one is reviewed by both processes, whose hash seeds differ
TOKENS = {
    "state": {"present", "possible", "not_asked", "absent"},
    "level": {None, *LEVELS},
    "finding": {"does_not_apply", "met", "applies", "needs_information"},
    "fit": {"indicated", "consider", "not_indicated", "needs_information"},
    "safety": {"clear", "precaution", "check_first", "contraindicated"},
    "in_place": {"yes", "no", "unknown"},
    "verb": {None, *VERBS},
    "need": {"not_raised", "cannot_tell", "open", "partly", "addressed", "in_place"},
    "confidence": {"verified", "verified-2", "recall"},
    "phase": set(PHASES),
    "seat": set(SEATS),
}


# ---- the laws -----------------------------------------------------------------------------------------------


def broken_laws(case: Json) -> Iterator[str]:
    """What a review, as JSON, shows that no review may show."""
    yield from _tokens(case)
    yield from _red(case)
    options = {option["id"]: option for option in case["options"]}
    needs = {need["id"] for need in case["needs"]}
    present = {e["id"]: e["level"] for e in case["emergencies"] if e["state"] == "present"}
    for place, items in (("core", case["core"]), *((f"plan {n}", p["items"]) for n, p in enumerate(case["plans"]))):
        for item in items:
            yield from (f"{place}: {problem}" for problem in _item(item, options, present))
        ids = [item["id"] for item in items]
        yield from (f"{place}: {id} stands twice" for id in {id for id in ids if ids.count(id) > 1})
    for n, plan in enumerate(case["plans"]):
        yield from (f"plan {n}: {problem}" for problem in _plan(plan, needs))
    for fork in case["forks"]:
        for id in (id for alternative in fork["alternatives"] for id in alternative["items"]):
            if options[id]["fit"] not in ("indicated", "consider") or options[id]["safety"] == "contraindicated":
                yield f"fork {fork['id']}: {id} is {options[id]['fit']}, {options[id]['safety']}"
    if len(case["forks"]) > 3 or len(case["plans"]) > 3:
        yield f"{len(case['forks'])} forks and {len(case['plans'])} plans are shown"


def _tokens(case: Json) -> Iterator[str]:
    seen: list[tuple[str, Any, str]] = []
    seen += [("state", e["state"], e["id"]) for e in case["emergencies"]]
    seen += [("level", e["level"], e["id"]) for e in case["emergencies"]]
    seen += [("finding", f["status"], f["id"]) for f in case["findings"]]
    seen += [("need", n["status"], n["id"]) for n in case["needs"]]
    seen += [("confidence", r["confidence"], r["id"]) for key in ("emergencies", "findings") for r in case[key]]
    for option in case["options"]:
        seen += [(key, option[key], option["id"]) for key in ("fit", "safety", "in_place", "verb", "seat")]
    for kind, token, id in seen:
        if token not in TOKENS[kind]:
            yield f"{id}: {kind} is {token!r}"


def _red(case: Json) -> Iterator[str]:
    for e in case["emergencies"]:
        present = e["state"] == "present"
        if present != (e["level"] is not None) or present != bool(e["labels"]):
            yield f"emergency {e['id']} is {e['state']}, level {e['level']}, signs {e['labels']}"
        if present and not (e["because"] and e["actions"] and e["owner"]):
            yield f"emergency {e['id']} is present without a reason, an action or an owner"
        if e["state"] in ("possible", "not_asked") and not e["asks"]:
            yield f"emergency {e['id']} is {e['state']} and asks nothing"


def _item(item: Json, options: Json, present: Mapping[str, str]) -> Iterator[str]:
    """``present``: the level of each emergency that is present."""
    option = options[item["id"]]
    emergency = "act_now" in present.values()
    verb, closed = item["verb"], option["safety"] == "contraindicated"
    fits = option["fit"] in ("indicated", "consider")
    if item["called_by"] and not fits:
        # A record calls for it: its fit need not be known. An emergency alone may speak for what the answers deny ("no
        # alcohol problem", and a seizure on cutting down), and only while it is present: then it is the indication.
        table, _, by = item["called_by"].partition(":")
        fits = option["fit"] == "needs_information" or (table == "emergency" and by in present)
    if verb in ("Change", *STAYS):
        # "Change" and "Verify" may be said of what is closed, and of a decision about a medicine in use; the decision to go
        # on with one keeps it.
        decided = option["seat"] == "change" and (verb in ("Change", "Verify") or item["id"] in GOES_ON)
        if not (option["in_place"] == "yes" or decided) or (closed and verb not in ("Change", "Verify")):
            yield f"{verb} {item['id']}, in place: {option['in_place']}, {option['safety']}"
    elif verb not in ("Offer", "Consider", "Check first", "After this"):
        yield f"{item['id']} stands as {verb}"
    elif not fits or closed:
        yield f"{verb} {item['id']}, which is {option['fit']}, {option['safety']}"
    elif verb == "After this" and not emergency:
        yield f"{item['id']} waits, and there is no emergency to act on now"
    elif (
        verb != "After this" and emergency and not item["called_by"] and item["seat"] not in ("moud", "harm_reduction")
    ):
        yield f"{verb} {item['id']} in an emergency that does not call for it"
    if bool(item["check_first"]) != (verb == "Check first") and verb not in ("After this", "Change", "Verify"):
        yield f"{item['verb']} {item['id']} with open checks {item['check_first']}"
    for other in item["instead"]:
        if options[other]["safety"] == "contraindicated" or options[other]["fit"] not in ("indicated", "consider"):
            yield f"{item['id']} may be exchanged for {other}, which is {options[other]['safety']}"
    if item["phase"] not in TOKENS["phase"] or item["seat"] not in TOKENS["seat"] or not item["owner"]:
        yield f"{item['id']}: phase {item['phase']}, seat {item['seat']}, owner {item['owner']}"


def _plan(plan: Json, needs: set[str]) -> Iterator[str]:
    if plan["needs"].keys() != needs or not set(plan["needs"].values()) <= TOKENS["need"]:
        yield f"needs are {dict(plan['needs'])}"
    new = [item for item in plan["items"] if item["verb"] not in ("Change", *STAYS)]
    started = Counter(item["seat"] for item in new if item["id"] not in WAYS)
    for seat, number in started.items():
        if (most := SEATS.get(seat)) is not None and number > most:
            yield f"{number} new items in seat {seat}, which has {most}"
    for conflict in plan["conflicts"]:
        verbs = {item["id"]: item["verb"] for item in plan["items"]}
        if conflict["severity"] == "stop" and not {verbs[conflict["a"]], verbs[conflict["b"]]} <= {"Change", *STAYS}:
            yield f"holds {conflict['a']} with {conflict['b']}: {conflict['effect']}"
    order = [PHASES.index(item["phase"]) for item in plan["items"]]
    if order != sorted(order):
        yield "items are not in the order of their phases"


# ---- running ------------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """What a batch of profiles showed: how many, what was reached, the digests of some, and what failed."""

    profiles: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    digests: dict[int, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.profiles += other.profiles
        self.reached.update(other.reached)
        self.failures += other.failures
        for seed, digest in other.digests.items():
            if self.digests.setdefault(seed, digest) != digest:
                self.failures.append(f"profile {seed}: another process gave other bytes")


def run_one(seed: int, content: Content, tally: Tally, *, digest: bool = False) -> Json | None:
    """One random profile through the chain and past the laws."""
    try:
        profile = Profile.from_dict(random_data(Random(seed), content), content)
        case = case_data(review(profile, content=content))
        text = json.dumps(case, allow_nan=False)
        problems = [*broken_laws(case), *_forbidden(case)]
    except Exception:
        place = " ".join(traceback.format_exc(limit=-2).split())
        tally.failures.append(f"profile {seed}: {place}")
        return None
    tally.failures += [f"profile {seed}: {problem}" for problem in problems]
    if digest:
        again = json.dumps(case_data(review(Profile.from_dict(case["profile"], content), content=content)))
        if again != text:
            tally.failures.append(f"profile {seed}: its own JSON, reviewed again, gives other bytes")
        tally.digests[seed] = hashlib.sha256(text.encode()).hexdigest()
    tally.reached.update({f"emergency {e['state']}" for e in case["emergencies"]})
    tally.reached.update({f"verb {o['verb']}" for o in case["options"]})
    tally.reached.update({f"need {status}" for plan in case["plans"] for status in plan["needs"].values()})
    tally.reached.update({f"plans {len(case['plans'])}", f"forks {len(case['forks'])}"})
    return case


def _forbidden(case: Json) -> list[str]:
    from tests.forbidden import violations

    return violations(case)


def _chunk(first: int, last: int, only_sample: bool) -> Tally:
    """Profiles ``first`` to ``last``; or, of another process's profiles, the sample that is reviewed twice."""
    content, tally = load_content(), Tally()
    for seed in range(first, last):
        sampled = seed % TWICE == 0
        if not only_sample:
            run_one(seed, content, tally, digest=sampled)
            tally.profiles += 1
        elif sampled:
            again = Tally()
            run_one(seed, content, again, digest=True)
            tally.digests |= again.digests
    return tally


def fuzz_profiles(number: int, seed: int) -> Tally:
    """Review ``number`` random profiles in two processes with different hash seeds; a sample of them in both."""
    total, start, shown = Tally(), time.monotonic(), 0.0
    with _workers() as workers:
        jobs: list[Future[Tally]] = []
        for n, first in enumerate(range(seed, seed + number, CHUNK)):
            last = min(first + CHUNK, seed + number)
            jobs.append(workers[n % 2].submit(_chunk, first, last, False))
            jobs.append(workers[(n + 1) % 2].submit(_chunk, first, last, True))
        for job in as_completed(jobs):
            found = job.result()
            total.add(found)
            for failure in found.failures:
                say(f"  {failure}")
            if time.monotonic() - start > shown + 10:
                shown = time.monotonic() - start
                rate = total.profiles / shown
                say(f"{total.profiles:,} profiles, {rate:.0f} a second, {len(total.failures)} failures")
    return total


@contextmanager
def _workers() -> Iterator[tuple[ProcessPoolExecutor, ProcessPoolExecutor]]:
    before = os.environ.get("PYTHONHASHSEED")
    made = []
    for hash_seed in ("1", "2"):
        os.environ["PYTHONHASHSEED"] = hash_seed  # it counts for the process that starts now
        pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        if pool.submit(os.getenv, "PYTHONHASHSEED").result() != hash_seed:
            raise RuntimeError("the process did not start with its own hash seed")
        made.append(pool)
    os.environ.pop("PYTHONHASHSEED")
    os.environ.update({"PYTHONHASHSEED": before} if before is not None else {})
    try:
        yield made[0], made[1]
    finally:
        for pool in made:
            pool.shutdown(cancel_futures=True)


def fuzz_conditions(verdicts: int, seed: int) -> brute_force.FuzzReport:
    """Hold the rule language to the oracle, half of the verdicts in each of two processes."""
    with _workers() as workers:
        halves = [
            pool.submit(brute_force.fuzz, verdicts // 2 + 1, seed * 2 + n, quiet=True) for n, pool in enumerate(workers)
        ]
        done = [half.result() for half in halves]
    return brute_force.FuzzReport(
        sum(d.verdicts for d in done), sum(d.rules for d in done), sum(d.unknown for d in done),
        [failure for d in done for failure in d.failures],
    )  # fmt: skip  # data, read across


def fuzz_fhir(number: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Change requests at random, two of three by value and one by byte, and import what comes of it."""
    from pathways.fhir import FhirError
    from pathways.fhir.reading import parse
    from tests.fhir.requests import mutated, mutated_bytes, records, seeds, survives

    dice, listed = Random(seed), [*seeds(), *records()]
    raw = [(json.dumps(data).encode(), as_of) for data, as_of in listed]
    reached: Counter[str] = Counter()
    failures: list[str] = []
    for n in range(number):
        try:
            if n % 3 == 2:
                text, as_of = dice.choice(raw)
                try:
                    data = parse(mutated_bytes(text, dice))
                except FhirError:
                    reached["no JSON"] += 1
                    continue
            else:
                whole, as_of = dice.choice(listed)
                data = mutated(whole, dice)
            reached["read" if survives(data, as_of) else "one clear error"] += 1
        except Exception:
            failures.append(f"request {n}: {' '.join(traceback.format_exc(limit=-2).split())}")
    return reached, failures


def fuzz_spoiled(number: int, seed: int) -> list[str]:
    """Make pieces of real records unreadable: what the whole one left open, the spoiled one leaves open (law 14)."""
    from tests.fhir.requests import records
    from tests.fhir.spoiled import made_surer

    dice, content = Random(seed), load_content()
    whole = [(data, as_of) for data, as_of in records() if "hook" not in data]
    return [f"record {n}: {told}" for n in range(number) for told in made_surer(*dice.choice(whole), content, dice)]


def say(text: str) -> None:
    print(text, flush=True)


def main(argv: list[str] | None = None) -> int:
    """Run all parts; 1 when anything failed."""
    parser = argparse.ArgumentParser(description="Random rules and random profiles against the laws.")
    parser.add_argument("--n", type=int, default=100_000, help="how many profiles (100,000)")
    parser.add_argument("--seed", type=int, default=1, help="the first profile's seed (1)")
    parser.add_argument("--verdicts", type=int, default=VERDICTS, help=f"how many verdicts of rules ({VERDICTS:,})")
    parser.add_argument("--fhir", type=int, default=20_000, help="how many changed requests (20,000)")
    parser.add_argument("--spoiled", type=int, default=5_000, help="how many records made unreadable in part (5,000)")
    parser.add_argument("--only", type=int, metavar="SEED", help="run the one profile with this seed and show it")
    args = parser.parse_args(argv)
    if args.only is not None:
        tally = Tally()
        run_one(args.only, load_content(), tally, digest=True)
        say(json.dumps(random_data(Random(args.only), load_content()), indent=1))
        say("\n".join(tally.failures) or "No failures.")
        return int(bool(tally.failures))
    rows, failures = [], []
    if args.verdicts > 0:
        start = time.monotonic()
        say(f"Conditions: {args.verdicts:,} verdicts against all completions ...")
        rules = fuzz_conditions(args.verdicts, args.seed)
        failures += rules.failures
        said = f"{rules.verdicts:,} verdicts on {rules.rules:,} rules, {rules.unknown:,} unknown"
        rows.append(("conditions", said, len(rules.failures), time.monotonic() - start))
    if args.n > 0:
        start = time.monotonic()
        say(f"Profiles: {args.n:,} through review and past the laws ...")
        tally = fuzz_profiles(args.n, args.seed)
        failures += tally.failures
        seconds = time.monotonic() - start
        rate = tally.profiles / seconds
        said = f"{tally.profiles:,} profiles, {rate:.0f} a second, {len(tally.digests):,} of them twice"
        rows.append(("profiles", said, len(tally.failures), seconds))
        say("\nReached: " + ", ".join(f"{name} {count:,}" for name, count in sorted(tally.reached.items())))
    if args.fhir > 0:
        start = time.monotonic()
        say(f"FHIR: {args.fhir:,} changed requests ...")
        reached, broken = fuzz_fhir(args.fhir, args.seed)
        failures += broken
        said = f"{args.fhir:,} requests: " + ", ".join(f"{count:,} {name}" for name, count in sorted(reached.items()))
        rows.append(("fhir", said, len(broken), time.monotonic() - start))
    if args.spoiled > 0:
        start = time.monotonic()
        say(f"Spoiled: {args.spoiled:,} records ...")
        broken = fuzz_spoiled(args.spoiled, args.seed)
        failures += broken
        rows.append(("spoiled", f"{args.spoiled:,} records", len(broken), time.monotonic() - start))
    say("\npart        failures  seconds  what")
    for part, said, failed, seconds in rows:
        say(f"{part:<10}  {failed:>8,}  {seconds:>7.0f}  {said}")
    if failures:
        say("\nFailures, by kind, the most frequent first:")
        kinds = Counter(failure.partition(": ")[2] or failure for failure in failures)
        first = {failure.partition(": ")[2] or failure: failure for failure in reversed(failures)}
        for kind, number in kinds.most_common(40):
            say(f"{number:6,} × {first[kind][:600]}")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
