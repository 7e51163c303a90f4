"""Law 5: no content id is written in Python. What a module needs to know of a record, the record says in a field.

Every string constant of every module is looked up in every table of the content. Left aside are the words of the format
itself (the values that a model allows in a field, the names of the tables) and what an importer is told to look for (a
code set of the kind ``finding``). What then remains is listed below, each with its reason.
"""

from __future__ import annotations

import ast
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

import pathways
from pathways.content import ContentError, load_content
from pathways.content import models as m
from pathways.content.library import TABLES
from pathways.content.loader import PACKAGED
from pathways.profile import Profile

SOURCES = Path(pathways.__file__).parent

APART = ("risk/",)
"""Rooms that import nothing of ours: the content names their models, they do not name the content's records."""

WORDS: Mapping[str, str] = {
    "ask": "what a line does, and the field of that name in JSON",
    "confirm": "a field in JSON: whether it is to be confirmed",
    "coverage": "a list of the case file",
    "medication": "an element of FHIR resources",
    "people": "a list of the case file; a count of them in tables",
    "outpatient": "a code of FHIR for the setting",
    "loinc": "the name of a code system",
    "rxnorm": "the name of a code system",
}
"""Ordinary words that some record happens to be called by."""

PLACES: Mapping[tuple[str, str], str] = {
    ("apps/cli/taper.py", "mme_per_day"): "a column of the table that is written",
    ("care/taper.py", "mme"): "a field in JSON: the dose of a step",
    ("apps/cli/settling.py", "setting"): "a field of a medicine: where an order was written",
    ("cohort/input.py", "setting"): "a column: where an order was written, as in the case file",
    ("content/cache.py", "body"): "a field of the cached file",
    ("content/models/__init__.py", "lowest"): "a function",
    ("content/models/vocabulary.py", "function"): "a field of a fact",
    ("fhir/allergies.py", "environment"): "a category of FHIR: an allergy to the surroundings",
    ("fhir/findings.py", "mme_per_day"): "a field in JSON",
    ("fhir/findings.py", "mme_per_day_min"): "a field in JSON",
    ("fhir/products.py", "headache"): "a beginning of a text that speaks of pain",
    ("fhir/products.py", "migraine"): "a beginning of a text that speaks of pain",
    ("pages/content_pages.py", "signs"): "a place on a page",
    ("pages/data.py", "not_done"): "a field in JSON",
    ("pages/html.py", "reasons"): "a function that the templates call",
}
"""A word in one module that is not the record of that name there."""


NO_OTHER_WORD = ("moud", "harm_reduction")
"""Seats whose names mean nothing else in any module."""


def values_of(annotation: Any) -> Iterator[str]:
    """The strings that a type allows: ``Literal["pain", "oud"] | None``."""
    if get_origin(annotation) is Literal:
        yield from (value for value in get_args(annotation) if isinstance(value, str))
    for part in get_args(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield from words_of(part)
        elif not isinstance(part, str):
            yield from values_of(part)


def words_of(model: type[BaseModel], seen: set[type[BaseModel]] | None = None) -> Iterator[str]:
    """The strings that the fields of a model and of its parts allow."""
    for field in model.model_fields.values():
        yield from values_of(field.annotation)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from words_of(field.annotation)


def docstrings(tree: ast.AST) -> set[int]:
    """The constants that are statements of their own: documentation."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


@pytest.fixture(scope="module")
def ids() -> Mapping[str, set[str]]:
    """Each id, and each fact made from one, with its tables; the words of the format left out."""
    content = load_content()
    found: defaultdict[str, set[str]] = defaultdict(set)
    for table, records in content.tables.items():
        for one in records:
            found[one].add(table)
    for fact in content.schema:
        found[fact].add("fact")
    of_format: set[str] = {word for model in (*TABLES.values(), Profile) for word in words_of(model)} | TABLES.keys()
    # A setting of the site is a parameter of the hook, which computes with it under its name.
    of_format |= content.order_settings.keys()
    # What the orders of a request tell is put down under the name of the fact, as a function is.
    of_format |= content.order_inputs.keys()
    looked_for = {s.gives for s in content.code_sets.values() if s.means == "finding"}
    return {one: tables for one, tables in found.items() if one not in of_format | looked_for}


def written(ids: Mapping[str, set[str]]) -> Iterator[tuple[str, str, int]]:
    """Every id in a string constant: word, module, line."""
    for path in sorted(SOURCES.rglob("*.py")):
        module = path.relative_to(SOURCES).as_posix()
        if module.startswith(APART):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        documentation = docstrings(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in documentation:
                continue
            for word in {node.value, *re.split(r"[.:]", node.value)}:
                if word in ids:
                    yield word, module, node.lineno


def test_no_module_names_a_record(ids: Mapping[str, set[str]]) -> None:
    found = [
        f"{module}:{line}: '{word}' is the id of a {' and a '.join(sorted(ids[word]))}"
        for word, module, line in written(ids)
        if word not in WORDS and (module, word) not in PLACES
    ]
    assert not found, "\n".join(["say it in a field of the record (or see known_as):", *found])


def test_no_module_compares_the_name_of_a_seat() -> None:
    """Seats belong to the format; what a module has to know of one is a field in `content.models.seats`."""
    found = []
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
            named = any(isinstance(x, ast.Attribute) and x.attr == "seat" for side in sides for x in ast.walk(side))
            words = {x.value for side in sides for x in ast.walk(side) if isinstance(x, ast.Constant)}
            if named and words & m.SEATS.keys():
                found.append(f"{path.relative_to(SOURCES)}:{node.lineno}")
            if isinstance(node, ast.Constant) and node.value in NO_OTHER_WORD and path.stem != "seats":
                found.append(f"{path.relative_to(SOURCES)}:{node.lineno}: '{node.value}'")
    assert not found


def test_the_list_holds_nothing_that_is_no_longer_needed(ids: Mapping[str, set[str]]) -> None:
    found = {(module, word) for word, module, _ in written(ids)}
    assert PLACES.keys() <= found
    assert WORDS.keys() <= {word for _, word in found}


def test_a_name_that_python_knows_a_record_by_is_no_id() -> None:
    content = load_content()
    names = {
        record.known_as
        for table in content.tables.values()
        for record in table.values()
        if getattr(record, "known_as", None)
    }
    assert names
    assert not names & {one for records in content.tables.values() for one in records}
    assert isinstance(content.answers[content.known("answer", "what matters most")], m.Answer)


def test_a_name_belongs_to_one_record(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(PACKAGED, folder)
    (folder / "second.toml").write_text(
        '[[measure]]\nid = "visit"\nlabel = "Visit"\ntype = "event"\nknown_as = "any drug test"\n', "utf-8"
    )
    with pytest.raises(ContentError, match="'any drug test' stands in 2 records, and belongs to one"):
        load_content(folder)
