"""Every number on a page stands under an element that names its source, its answer, its calculation or its count."""

from __future__ import annotations

import re

import pytest

from pathways.content import load_content
from pathways.pages import first_page_html, form_html, sheet_html
from tests.pages.drawn import CASES, reviewed, sample, tree, unnamed_numbers

NAMES = [path.stem for path in CASES]


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_a_sheet_is_named(name: str) -> None:
    assert unnamed_numbers(tree(sheet_html(sample(name)))) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_a_fragment_is_named(name: str) -> None:
    assert unnamed_numbers(tree(first_page_html(sample(name)))) == []


def test_every_number_of_a_blank_sheet_and_of_the_form_is_named() -> None:
    assert unnamed_numbers(tree(sheet_html(reviewed()))) == []
    assert unnamed_numbers(tree(form_html(load_content()))) == []


def test_the_walk_finds_a_number_without_a_name() -> None:
    assert unnamed_numbers(tree("<p>take 3 <b>or 4</b></p>")) == ["take 3", "or 4"]
    assert unnamed_numbers(tree('<p data-source="">take 3</p>')) == ["take 3"]
    assert unnamed_numbers(tree('<p data-calc="1 + 2">take <b>3</b></p>')) == []
    assert unnamed_numbers(tree("<style>p { margin: 3px }</style>")) == []


def test_the_walk_fails_a_sheet_whose_names_are_taken_away() -> None:
    html = sheet_html(sample("back_pain_120_mme"))
    for name in ("data-source", "data-origin", "data-calc", "data-count"):
        without = re.sub(rf' {name}="[^"]*"', "", html)
        assert without != html
        assert unnamed_numbers(tree(without)), f"{name} names no number by itself"
