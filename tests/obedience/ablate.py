"""Does the checker notice when the kit forgets? Records are deleted from the loaded content, one at a time.

    python -m tests.obedience.ablate [TABLE:ID ...]

`report(deletions, people)` reviews again, with each deletion, the people whose review named what is deleted, and says which
deletions made the checker report something new. What survives is read by hand: at most one in ten may. Without arguments
every pair of the kit is deleted in turn; directives are passed as further deletions, each a name and a change of content.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.ablation import without

from .checker import violations
from .generate import Vocabulary, profile
from .knowledge import Json, load
from .reading import Violation
from .run import cut

MOST = 25


@dataclass(frozen=True)
class Deletion:
    """Something taken out of the content: its name, the ids by which a review names it, and the content without it."""

    name: str
    ids: tuple[str, ...]
    change: Callable[[Any], Any]


@dataclass(frozen=True)
class Outcome:
    """What came of a deletion: how many people were reviewed again, and the first new violation, if there was one."""

    deletion: Deletion
    tried: int
    noticed: tuple[str, Violation] | None


def record(reference: str) -> Deletion:
    """The deletion of one record, given as ``table:id``."""
    return Deletion(reference, (reference.partition(":")[2],), lambda content: without(content, (reference,)).content)


def report(deletions: Iterable[Deletion], people: Iterable[Json], content: Any) -> list[Outcome]:
    """Each deletion with what the checker newly reports in up to MOST of the people whom it concerns."""
    known = load()
    before: list[tuple[Json, str, set[Violation]]] = []
    for person in people:
        line, full = _line(person, content)
        before.append((person, full, set(violations(line["review"], known=known))))
    found = []
    for deletion in deletions:
        changed = deletion.change(content)
        concerned = [(p, old) for p, full, old in before if any(f'"{id}"' in full for id in deletion.ids)][:MOST]
        noticed = None
        for person, old in concerned:
            new = [v for v in violations(_line(person, changed)[0]["review"], known=known) if v not in old]
            if new:
                noticed = (json.dumps(person, default=str), new[0])
                break
        found.append(Outcome(deletion, len(concerned), noticed))
    return found


def _line(person: Json, content: Any) -> tuple[dict[str, Any], str]:
    """The line that the checker reads, and the whole review as text, which names every record that was used."""
    from pathways.pages.data import case_data
    from pathways.profile import Profile
    from pathways.review.case import review

    data = case_data(review(Profile.from_dict(person, content), content=content))
    return {"review": cut(data)}, json.dumps(data)


def main() -> int:
    """Delete the named records, or every pair, and print what was noticed; the status is 1 if over a tenth was not."""
    from pathways.content import load_content

    content, known, vocabulary = load_content(), load(), Vocabulary.read()
    names = sys.argv[1:] or [f"interaction:{id}" for id in content.tables["interaction"]]
    people = [profile(Random(f"ablate.{n}"), known, vocabulary) for n in range(300)]
    outcomes = report(map(record, names), people, content)
    for o in outcomes:
        print(f"{'noticed ' if o.noticed else 'SURVIVES'} {o.deletion.name} ({o.tried} people)", *(o.noticed or ())[1:])
    return int(10 * sum(o.noticed is None for o in outcomes) > len(outcomes))


if __name__ == "__main__":
    raise SystemExit(main())
