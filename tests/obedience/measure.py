"""How often each row of known.toml is true in the generated people: `python -m tests.obedience.measure --n 2000`."""

from __future__ import annotations

import argparse
from collections import Counter
from random import Random

from .generate import Vocabulary, profile
from .knowledge import Person, load

LEAST = 20


def counts(n: int, seed: int = 1) -> Counter[str]:
    """In how many of `n` people each row is true."""
    known, vocabulary = load(), Vocabulary.read()
    found: Counter[str] = Counter({row.id: 0 for row in known.rows})
    for number in range(n):
        person = Person(profile(Random(f"{seed}.{number}"), known, vocabulary), known)
        found.update(row.id for row in known.rows if person.true_of(row))
    return found


def main() -> int:
    """Print the rows, the rarest first; the status is 1 if one is true in fewer than 20 of 2,000."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    found = counts(given.n, given.seed)
    for id, number in sorted(found.items(), key=lambda pair: pair[1]):
        print(f"{number:6} {id}")
    few = [id for id, number in found.items() if number * 2000 < LEAST * given.n]
    print(f"{len(found)} rows; {len(few)} true in fewer than {LEAST} of 2,000")
    return 1 if few else 0


if __name__ == "__main__":
    raise SystemExit(main())
