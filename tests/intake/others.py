"""Names that a slip turns into the whole name of another medicine: nobody can tell them from what was meant.

`python -m tests.intake.others` writes the list that a reviewer reads, `docs/names_that_are_others.md`; a test holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase

from pathways.content import Content, load_content, once_per_content
from pathways.content.medicine_names import Sense, key_of, names_of
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "names_that_are_others.md"
CUTS = (10, 15, 20)
HEAD = """# Names that a slip turns into another medicine

Names that the kit knows and that one slip turns into the whole name of something else: one letter left out, put in, wrong or
swapped with the next, or the end cut off at {cuts} characters, as pharmacy systems do. Case, blanks, punctuation and the
order of ingredients change nothing and are left out. No reader of names can tell such a slip from what was meant, so these
are read as what is written; every other slip is known, known in part, or not recognized, and never surely another medicine
(`tests/intake/test_mutants.py`).

Made by `python -m tests.intake.others` from the names of the content; a test holds the page to them. Of two names of which
each is a slip of the other, the pair stands once.
"""


def meaning(sense: Sense) -> str:
    """What a name means, in words: its ingredients, or that no rule asks for it."""
    inside = " + ".join(sorted(sense.ingredients)).replace("_", " ")
    return inside or f"{sense.name}, which no rule asks for"


def slips(name: str) -> Iterator[str]:
    """A name with one letter left out, swapped with the next, wrong, or put in."""
    for n in range(len(name) + 1):
        if n < len(name):
            yield name[:n] + name[n + 1 :]
            yield name[:n] + name[n + 1 : n + 2] + name[n] + name[n + 2 :]
        for letter in ascii_lowercase:
            yield name[:n] + letter + name[n:]
            if n < len(name):
                yield name[:n] + letter + name[n + 1 :]


def cuts(name: str) -> Iterator[str]:
    """A name cut off where pharmacy systems cut."""
    for length in CUTS:
        if len(name) > length:
            yield name[:length].rstrip()


def whole(mutant: str, content: Content) -> str | None:
    """The key of the whole name that a text is, a salt or a form after it left out; None where it is none."""
    names = names_of(content)
    head, _, last = mutant.rpartition(" ")
    if (key := key_of(mutant)) in names.senses:
        return key
    return bare if (bare := key_of(head)) in names.senses and key_of(last) in names.words else None


@once_per_content
def others(content: Content) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Pairs of a name and another whole name that it becomes: by one letter, and by a cut. Each by its key."""
    senses = names_of(content).senses
    by_letter: set[tuple[str, str]] = set()
    by_cut: set[tuple[str, str]] = set()
    for key, sense in senses.items():
        for found, made_by in ((by_letter, slips), (by_cut, cuts)):
            for mutant in made_by(sense.name):
                other = whole(mutant, content) if made_by is cuts else key_of(mutant)
                if other != key and other in senses and _apart(senses[other], sense):
                    found.add((key, other))
    once = {pair for pair in by_letter if pair[::-1] not in by_letter or pair[0] < pair[1]}
    return sorted(once), sorted(by_cut)


def _apart(one: Sense, other: Sense) -> bool:
    """Whether two names mean different things for any rule."""
    return set(one.ingredients) != set(other.ingredients)


def page(content: Content) -> str:
    """The list as Markdown."""
    senses = names_of(content).senses
    by_letter, by_cut = others(content)
    lines = [HEAD.format(cuts=", ".join(map(str, CUTS[:-1])) + f" or {CUTS[-1]}")]
    for title, pairs in (("One letter apart", by_letter), ("Cut off", by_cut)):
        lines += [f"## {title}: {len(pairs)}", ""]
        lines += ["| name | means | becomes | means |", "| --- | --- | --- | --- |"] if pairs else ["None.", ""]
        for key, other in pairs:
            one, two = senses[key], senses[other]
            lines.append(f"| {one.name} | {meaning(one)} | {two.name} | {meaning(two)} |")
        lines += [""] if pairs else []
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(load_content()), "utf-8")
