"""Law 7: no abrupt stop, no discharge as a consequence, no medication withheld for other drug use, and person-first words.

A lint of our own over every text that a person may read: content, templates, docs, notebooks, samples, and the strings of
the code. Titles of publications are quotations and are left out.
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from pathways.content import load_content
from pathways.content.loader import cites_of
from pathways.pages.content_words import text as as_markdown
from tests.laws.sources import PACKAGE, ROOT, modules

LABELS = re.compile(
    r"\b(addicts?|addicted|alcoholics?|(?:drug|substance|opioid|alcohol) abus\w+|abusers?|junk(?:ie|y)s?|druggies?"
    r"|users? of illicit|clean (?:urine|drug|and sober|time)|(?:dirty|clean) (?:urine|screen|test)s?|drug[- ]seek\w+"
    r"|non-?complian\w+|opioid substitution|habit-forming person|suffers from|frequent fl[iy]er\w*)\b",
    re.IGNORECASE,
)
NEVER_ALONE = {
    "abrupt stop": re.compile(
        r"\b(?:stop|discontinue|cease|withdraw|quit)\w*(?: \w+){0,4}? (?:abruptly|at once|immediately|cold turkey)"
        r"|\b(?:abrupt|sudden|rapid)(?:ly)? (?:stop|taper|discontinu)\w*",
        re.IGNORECASE,
    ),
    "discharge": re.compile(
        r"\b(?:discharg|dismiss|expel|fire)\w* (?:the |this |a |any )?(?:person|patient|client)s?\b|\bterminate (?:care|treatment)\b",
        re.IGNORECASE,
    ),
    "withholding": re.compile(
        r"\b(?:withhold|deny|refuse|suspend)\w* (?:of )?(?:the )?(?:MOUD|medication for|buprenorphine|methadone|OUD medication|opioids)",
        re.IGNORECASE,
    ),
    "abstinence": re.compile(
        r"\b(?:must|has to|have to|required? to) be (?:abstinent|drug-free|sober)\b|\bonly if (?:abstinent|drug-free)\b",
        re.IGNORECASE,
    ),
}
"""What a text may speak of only to speak against it, or of what must then be done about it."""
AGAINST = re.compile(
    r"\b(?:never|nothing|not|no|nor|neither|without|avoid\w*|against|reason to|harm\w*|risk\w*|rather than|instead of|prevent\w*|unsafe"
    r"|danger\w*|brings|mean\w*|refuses?|forbid\w*|beware|block|bar\w*|after|before|cannot|unless|warn\w*|death\w*|lethal|may be fatal)\b"
    r"|n't\b|≠|✗",
    re.IGNORECASE,
)

# Where the words themselves are the matter: lints and their tests, and code that tells our words from others'.
LINTS = {"src/pathways/review/check.py"}


def problems(text: str) -> list[str]:
    """The wrong words of a text, sentence by sentence."""
    found = []
    for sentence in re.split(r"(?<=[.;:!?])\s+|\n", text):
        found += [f"'{m.group()}'" for m in LABELS.finditer(sentence)]
        for kind, pattern in NEVER_ALONE.items():
            if (hit := pattern.search(sentence)) and not AGAINST.search(sentence):
                found.append(f"{kind}: '{hit.group()}'")
    return found


# ---- all texts ----------------------------------------------------------------------------------------------


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            # The place in a source in the words of its headings; titles of a classification, which are read and never shown.
            if key not in ("at", "icd10_titles"):
                yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def content_texts() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"))
        data.pop("source", None)  # titles of publications
        data.pop("dose_words", None)  # what stands on labels of others: read, and never shown
        yield from ((path.name, text) for text in strings(data))


def template_texts() -> Iterator[tuple[str, str]]:
    for path in sorted([*PACKAGE.rglob("*.j2"), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.js")]):
        if "node_modules" not in path.parts:
            yield path.name, re.sub(r"<[^>]+>|\{[#%].*?[#%]\}", " ", path.read_text("utf-8"))


def quotations() -> re.Pattern[str]:
    """Titles of publications, and places in them, as the generated pages write them."""
    content = load_content()
    said = {source.title for source in content.sources.values()}
    said |= {c.at for records in content.tables.values() for r in records.values() for c in cites_of(r)}
    return re.compile("|".join(re.escape(as_markdown(one)) for one in sorted(said, key=len, reverse=True)))


def document_texts() -> Iterator[tuple[str, str]]:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "sample_data").rglob("*.md")]
    documents += [*(ROOT / "models").rglob("*.md")]
    made = ROOT / "docs/content"
    quoted = quotations() if made.is_dir() else re.compile("$^")
    for path in sorted(documents):
        if path.is_relative_to(made):  # one record's text a line, with the sources named in it
            yield from ((path.name, quoted.sub(" ", line)) for line in path.read_text("utf-8").splitlines() if line)
        else:
            yield path.name, path.read_text("utf-8").replace("\n", " ")
    for path in sorted((ROOT / "sample_data").rglob("*.toml")):
        yield from ((path.name, text) for text in strings(tomllib.loads(path.read_text("utf-8"))))


def notebook_texts() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            yield path.name, "".join(cell["source"]).replace("\n", " ")


def code_texts() -> Iterator[tuple[str, str]]:
    for name, tree in modules().items():
        place = "src/" + name.replace(".", "/") + ".py"
        if place not in LINTS:
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield name, " ".join(node.value.split())


PLACES = {
    "content": content_texts, "templates": template_texts, "documents": document_texts, "notebooks": notebook_texts,
    "code": code_texts,
}  # fmt: skip  # data, read across
LEAST = {"content": 5000, "templates": 3, "documents": 20, "notebooks": 5, "code": 500}


@pytest.mark.parametrize("place", list(PLACES))
def test_no_wrong_word_anywhere(place: str) -> None:
    texts = list(PLACES[place]())
    assert len(texts) >= LEAST[place]
    found = [f"{where}: {problem} in “{text[:160]}”" for where, text in texts for problem in problems(text)]
    assert not found, "\n" + "\n".join(found)


# ---- the lint sees ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The addict asks for more.",
        "A history of substance abuse.",
        "She is non-compliant.",
        "Another dirty urine.",
        "Drug-seeking behavior.",
        "Stop the opioid at once.",
        "Discontinue methadone immediately.",
        "Start a rapid taper.",
        "Discharge the patient.",
        "Withhold buprenorphine until the screen is negative.",
        "The person must be abstinent first.",
        "Never mind. Stop the opioid at once.",
    ],
)
def test_a_wrong_text_is_found(text: str) -> None:
    assert problems(text)


@pytest.mark.parametrize(
    "text",
    [
        "Never stop the opioid abruptly.",
        "No abrupt stop, no abandonment.",
        "A result is no reason to discharge a person or to withhold methadone.",
        "A person with OUD; unexpected result.",
        "Treatment at an addiction clinic, with addiction medicine.",
    ],
)
def test_a_fair_text_passes(text: str) -> None:
    assert problems(text) == []
