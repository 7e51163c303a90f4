"""Names with a slip: never surely another medicine, but for those that are the whole name of one, which are listed."""

from __future__ import annotations

from random import Random

from pathways.content import load_content
from pathways.content.medicine_names import names_of
from pathways.intake.names import read_name
from tests.intake.others import PAGE, cuts, others, page, slips, whole

CONTENT = load_content()
SENSES = names_of(CONTENT).senses


def wrong(mutants: list[tuple[str, str]]) -> list[str]:
    """The mutants that are no whole name and are read, wholly and surely, as something else than the name they come from."""
    found = []
    for name, mutant in mutants:
        read, meant = read_name(mutant, CONTENT), set(read_name(name, CONTENT).ingredients)
        if whole(mutant, CONTENT) is None and read.whole and not set(read.ingredients) <= meant:
            found.append(f"{name} → {mutant}: {', '.join(read.ingredients)}")
    return found


def test_the_page_names_what_the_content_has_now() -> None:
    assert PAGE.read_text("utf-8") == page(CONTENT), "renew it: python -m tests.intake.others"


def test_the_page_counts_each_pair_once_and_only_real_names() -> None:
    by_letter, by_cut = others(CONTENT)
    text = PAGE.read_text("utf-8")
    assert f"## One letter apart: {len(by_letter)}" in text
    assert f"## Cut off: {len(by_cut)}" in text
    for key, other in (*by_letter, *by_cut):
        assert set(SENSES[key].ingredients) != set(SENSES[other].ingredients)
    assert ("dilantin", "dolantin") in by_letter


def test_a_cut_name_is_never_surely_another_medicine() -> None:
    assert wrong([(sense.name, cut) for sense in SENSES.values() for cut in cuts(sense.name)]) == []


def test_a_slip_is_never_surely_another_medicine() -> None:
    draw = Random(7)
    names = draw.sample(sorted(sense.name for sense in SENSES.values()), 150)
    assert wrong([(name, mutant) for name in names for mutant in draw.sample([*slips(name)], 8)]) == []
