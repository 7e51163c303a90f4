"""A phase is worded in one place: what is changed there is changed in every medium, and no medium words it by itself."""

from __future__ import annotations

from typing import cast

import pytest

from benchmarks.words import on_terminal
from pathways.apps.cli.terminal import show_case
from pathways.apps.widgets.blocks import plans_html
from pathways.content import load_content
from pathways.content.models import PHASES
from pathways.pages import sheet_html, sheet_markdown
from pathways.pages.blocks import PHASE_WORDS
from pathways.pages.content_pages import pages
from tests.pages.drawn import sample

NAME = "back_pain_120_mme"
MEDIA = {
    "html": lambda: sheet_html(sample(NAME), full=True),
    "markdown": lambda: sheet_markdown(sample(NAME)),
    "terminal": lambda: on_terminal(show_case, sample(NAME)),
    "widget": lambda: plans_html(sample(NAME)),
}
WORDS = cast("dict[str, str]", PHASE_WORDS)
"""A mapping to its readers; a dict in truth, so that a test can reword it."""
REPHRASED = {phase: f"Phase {n}" for n, phase in enumerate(PHASES)}


@pytest.mark.parametrize("medium", MEDIA)
def test_a_new_wording_is_shown_in_every_medium(medium: str, monkeypatch: pytest.MonkeyPatch) -> None:
    old = (PHASE_WORDS["this_week"], PHASE_WORDS["weeks_1_4"])
    assert all(words in MEDIA[medium]() for words in old)
    for phase, words in REPHRASED.items():
        monkeypatch.setitem(WORDS, phase, words)
    told = MEDIA[medium]()
    assert REPHRASED["this_week"] in told
    assert [words for words in old if words in told] == []


def test_the_content_pages_read_the_same_wording(monkeypatch: pytest.MonkeyPatch) -> None:
    content = load_content()
    for phase, words in REPHRASED.items():
        monkeypatch.setitem(WORDS, phase, words)
    made = pages(content)
    told = {phase: words.lower() for phase, words in REPHRASED.items()}
    for pathway in content.pathways.values():
        assert all(f"({told[step.phase]}; " in made["care_pathways.md"] for step in pathway.steps)
    for caution in content.medicine_cautions.values():
        assert not caution.how or f"({told[caution.by]})" in made["medicines.md"]
    tokens = [phase.replace("_", " ") for phase in ("weeks_1_4", "months_2_3")]
    assert [(name, token) for name, page in made.items() for token in tokens if token in page] == []
