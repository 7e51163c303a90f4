"""Does the checker notice when the kit forgets? Records are deleted from the loaded content, one at a time.

    python -m tests.obedience.ablate [--people N] [--rows N] [pairs | cautions | demands | TABLE:ID ...]

For each deletion, people are reviewed again for whom what is deleted holds: some made of the rows of known.toml, and N made
from the record itself (targeted.py), in use, proposed and offered. It is noticed when the checker reports something new.
One that changes no review (others say the same) is counted apart, with the records that speak of the same medicine or
treatment. What survives is read by hand: at most one in ten of a group may. Without arguments every pair, every caution on
a medicine and every demand of an emergency or a recommendation is deleted in turn.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

from pathways.content import load_content
from pathways.pages.data import case_data
from pathways.pages.handout import handout_text
from pathways.profile import Profile
from pathways.review.case import review
from tests.ablation import without

from .checker import violations
from .generate import Vocabulary, profile
from .knowledge import Json, Knowledge, Row, load
from .reading import STANDING, Violation, listed
from .run import CUT, READ, cut
from .targeted import people as targeted_people

MOST = 6  # people of the rows who are reviewed again for one deletion
GROUPS = {
    "pairs": ("interaction",),
    "cautions": ("medicine_caution",),
    "demands": ("emergency", "recommendation"),
}


@dataclass(frozen=True)
class Deletion:
    """Something taken out of the content: its name, the record and, of one demand, its targets; the content without it."""

    name: str
    table: str
    id: str
    change: Callable[[Any], Any]
    targets: tuple[str, ...] = ()
    place: int = 0

    def holds(self, directives: Any, full: str) -> bool:
        """Whether what is taken out is in force in a review: one of its directives or of what is said of its medicines, or a
        pair or a caution that it names (of an option, or of what is only proposed, there is no directive)."""
        if self.table in ("interaction", "medicine_caution") and f'"{self.id}"' in full:
            return True
        return any(
            d.table == self.table and d.id == self.id and d.kind != "waits_for" and self.targets in ((), d.targets)
            for d in directives
        )


@dataclass(frozen=True)
class Outcome:
    """What came of a deletion: how many people were reviewed again, those of them whose review that changed (up to
    the first that was noticed), the first new violation, if there was one, and which other records say something of the
    same medicine or treatment in the first of them."""

    deletion: Deletion
    tried: int
    changed: list[str]
    noticed: tuple[str, Violation] | None
    also: tuple[str, ...] = ()


def record(reference: str) -> Deletion:
    """The deletion of one record, given as ``table:id``."""
    table, _, id = reference.partition(":")
    return Deletion(reference, table, id, lambda content: without(content, (reference,)).content)


def demand(table: str, id: str, n: int, content: Any) -> Deletion:
    """The deletion of one demand of an emergency or a recommendation: what it calls for, or speaks against."""
    demands = content.tables[table][id].demands
    what = demands[n]
    said = what.speaks_against or what.calls_for or what.one_of
    left = demands[:n] + demands[n + 1 :]

    def change(content: Any) -> Any:
        records = {**content.tables[table], id: content.tables[table][id].model_copy(update={"demands": left})}
        changed = without(content, ()).content  # a content of its own, with nothing remembered
        changed.tables[table] = records
        return changed

    return Deletion(
        f"{table}:{id} {'against' if what.speaks_against else 'for'} {', '.join(said)}", table, id, change, said, n
    )


def all_of(kind: str, content: Any) -> list[Deletion]:
    """Every pair, every caution on a medicine, or every demand, as deletions."""
    if kind == "demands":
        return [
            demand(table, id, n, content)
            for table in ("emergency", "recommendation")
            for id, held in content.tables[table].items()
            for n in range(len(held.demands))
        ]
    table = {"pairs": "interaction", "cautions": "medicine_caution"}[kind]
    return [record(f"{table}:{id}") for id in content.tables[table]]


def report(deletions: Iterable[Deletion], people: Iterable[Json], content: Any, targeted: int = 0) -> Iterator[Outcome]:
    """Each deletion with what the checker newly reports in the people whom it concerns: up to MOST of those given, and
    `targeted` people made for it."""
    known, deletions = load(), list(deletions)
    before: list[tuple[Before, list[bool]]] = []
    for person in people:
        line, directives, full = _line(person, content)
        holds = [deletion.holds(directives, full) for deletion in deletions]
        if any(holds):
            before.append((_before(person, line, known), holds))
    for n, deletion in enumerate(deletions):
        concerned = [person for person, holds in before if holds[n]][:MOST]
        made = _concerned(deletion, content, known, targeted)
        yield _outcome(deletion, chain(concerned, made), content, known)


def _also(deletion: Deletion, directives: Iterable[Any]) -> tuple[str, ...]:
    """The other records that say something of what this one is about."""
    directives = [d for d in directives if d.kind != "waits_for"]
    own = [d for d in directives if (d.table, d.id) == (deletion.table, deletion.id)]
    entries = {d.entry for d in own} - {None}
    targets = {t for d in own for t in d.targets}
    alike = (d for d in directives if d not in own and (d.entry in entries or targets & set(d.targets)))
    return tuple(dict.fromkeys(f"{d.table}:{d.id}" for d in alike))


def _concerned(deletion: Deletion, content: Any, known: Knowledge, targeted: int) -> Iterator[Before]:
    for person in targeted_people(deletion, content, targeted):
        line, directives, full = _line(person, content)
        if deletion.holds(directives, full):
            yield replace(_before(person, line, known), also=_also(deletion, directives))


@dataclass(frozen=True)
class Before:
    """A person, and with nothing deleted what stands in the review, what the checker reports, and which other records say
    something of the same medicine, or of the same treatment."""

    person: Json
    stands: str
    reported: frozenset[Violation]
    also: tuple[str, ...] = ()


def _before(person: Json, line: Json, known: Knowledge) -> Before:
    return Before(person, standing(line["review"]), frozenset(violations(line["review"], line["handout"], known=known)))


def _outcome(deletion: Deletion, concerned: Iterable[Before], content: Any, known: Knowledge) -> Outcome:
    without_it, tried = deletion.change(content), 0
    changed: list[str] = []
    also: tuple[str, ...] = ()
    for before in concerned:
        tried += 1
        also = also or before.also
        line = _after(before.person, without_it)
        if standing(line["review"]) == before.stands:
            continue
        changed.append(json.dumps(before.person, default=str))
        new = [v for v in violations(line["review"], line["handout"], known=known) if v not in before.reported]
        if new:
            return Outcome(deletion, tried, changed, (changed[-1], new[0]))
    return Outcome(deletion, tried, changed, None, also)


def standing(review: Json) -> str:
    """What stands in a review, to compare two by: the verbs of the options and, of those that stand, whether a rule speaks
    of them; the verdicts, with how a change is done and what a medicine stays or starts with; the items of core, plans and
    forks; what is not done. Not the reasons: which of several rules is named first is no part of a plan."""
    read = {
        "options": [
            (o["id"], o["verb"], o["verb"] in STANDING and (bool(o["precautions"]), bool(o["conflicts"])))
            for o in review["options"]
        ],
        "medicines": [
            (
                g.get("verdict"),
                str(g.get("how")),
                g.get("verdict") in ("keep_with", "start_with", "check") and sorted(listed(g.get("with"))),
            )
            for g in review["medicines"] or ()
        ],
        "items": [
            sorted(str((i["id"], i.get("verb"), i.get("phase"))) for i in (*plan["items"], *plan["beside"]))
            for plan in ({"items": review["core"], "beside": review["beside"]}, *review["plans"])
        ],
        "forks": [
            (f["id"], [sorted(listed(way["items"])) + sorted(listed(way["beside"])) for way in f["alternatives"]])
            for f in review["forks"]
        ],
        "not_done": sorted(str(line["target"]) for line in review["not_done"] or ()),
        "red": [e["id"] for e in review["emergencies"]],
    }
    return json.dumps(read, default=str)


def _alone(n: int, known: Knowledge) -> tuple[Row, ...] | None:
    """Of which row the n-th person is made: each in turn, for where many rules hold one more or less changes nothing; then
    people in whom several rows are true."""
    return (known.rows[n],) if n < len(known.rows) else None


def _line(person: Json, content: Any) -> tuple[dict[str, Any], Any, str]:
    """The line that the checker reads, the directives of the review, and all of the review as text."""
    case = review(Profile.from_dict(person, content), content=content)
    data = case_data(case)
    said = (*case.demands.all, *(ground for medicine in case.medicines for ground in medicine.grounds))
    return {"review": cut(data), "handout": handout_text(case)}, said, json.dumps(data, default=str)


def _after(person: Json, content: Any) -> dict[str, Any]:
    """The line that the checker reads."""
    case = review(Profile.from_dict(person, content), content=content)
    return {"review": cut(case_data(case, parts=(*READ, *CUT))), "handout": handout_text(case)}


def main() -> int:
    """Delete what is asked for, and print what was noticed; the status is 1 if over a tenth was not."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", nargs="*", default=["pairs", "cautions", "demands"])
    parser.add_argument("--people", type=int, default=12, help="people made for each record")
    parser.add_argument(
        "--rows", type=int, default=800, help="people made of one row of known.toml each, then of several"
    )
    parser.add_argument("--out", type=Path, help="write each outcome there as a JSON line")
    asked = parser.parse_args()
    content, known, vocabulary = load_content(), load(), Vocabulary.read()
    every = {d.name: d for kind in GROUPS for d in all_of(kind, content)}
    deletions = [d for w in asked.what for d in ([every.get(w) or record(w)] if ":" in w else all_of(w, content))]
    deletions = list({(d.name, d.place): d for d in deletions}.values())
    people = (profile(Random(f"ablate.{n}"), known, vocabulary, _alone(n, known)) for n in range(asked.rows))
    outcomes = []
    for o in report(deletions, people, content, asked.people):
        outcomes.append(o)
        word = "noticed " if o.noticed else "SURVIVES" if o.changed else "no change" if o.tried else "nobody"
        why = (*(o.noticed or ())[1:], *(() if o.changed else ("beside", *o.also)))
        print(f"{word} {o.deletion.name} ({len(o.changed)} of {o.tried} changed)", *why, flush=True)
        if asked.out:
            with asked.out.open("a", encoding="utf-8") as file:
                said = {
                    "name": o.deletion.name,
                    "tried": o.tried,
                    "changed": o.changed,
                    "noticed": o.noticed,
                    "also": o.also,
                }
                file.write(json.dumps(said, default=str) + "\n")
    missed = 0
    for group, table in GROUPS.items():
        of = [o for o in outcomes if o.deletion.table in table]
        telling = [o for o in of if o.changed]
        noticed = sum(o.noticed is not None for o in telling)
        missed += 10 * noticed < 9 * len(telling)
        print(f"{group}: {len(of)} deleted, {sum(not o.tried for o in of)} hold for nobody;", end=" ")
        print(f"{noticed} of {len(telling)} that change a review are noticed")
    return int(missed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
