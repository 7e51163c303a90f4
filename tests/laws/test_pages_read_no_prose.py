"""No page is made from the words of another: what it has to know it reads from the record, not out of English.

In the rooms that speak of a case every call is looked at that takes a text apart or looks into it. Ids and paths may be
("medicines.3", "takes_opioid"); every other one is listed with what it reads.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from tests.laws.sources import PACKAGE

ROOMS = ("review", "care", "pages")
READS = {"split", "rsplit", "partition", "rpartition", "startswith", "endswith", "removeprefix", "removesuffix", "find"}
SEARCHES = {"search", "match", "fullmatch", "finditer", "findall", "sub", "split", "compile"}
OF_IDS = {".", "_", "/", "*"}
"""What separates the parts of an id, a path or a name of a rule."""

LISTED: Mapping[tuple[str, str], str] = {
    ("review/atlas.py", "a name"): "the name of a rule: precaution_2",
    ("review/atlas.py", "rules_out."): "the name of a rule",
    ("review/atlas.py", "demand_"): "the name of a rule",
    ("review/atlas.py", "action_"): "the name of a rule",
    ("review/atlas.py", "orders."): "the name of a rule",
    ("review/atlas.py", ".done"): "the name of a rule",
    ("review/atlas.py", "met."): "the name of a rule",
    ("review/audience/shield.py", "a pattern"): "free text: whether it names what is withheld",
    (
        "review/audience/walk.py",
        ":",
    ): "an id of a rule; and a title, of which the words after the colon may be withheld",
    ("review/brought.py", "takes_"): "the name of a fact",
    ("review/check.py", "a pattern"): "the texts of the records themselves: whether they say what they may not",
    ("review/check.py", ","): "the file at the beginning of a line of the report",
    ("review/check.py", "indication_"): "the name of a rule: indication_2",
    ("review/medicines.py", "in_use:"): "the target of a directive",
    ("review/in_use.py", "in_use:"): "the target of a directive",
    ("review/plans/present.py", ":"): "a key of the order of a lens: need:pain_relief",
    ("review/questions.py", "medicines."): "a path of the profile",
    ("review/special.py", "medicines."): "a path of the profile",
    ("review/shapes.py", "a pattern"): "counts the words of a page",
    ("care/services/signoff.py", ":"): "a name of a record: treatment:duloxetine",
    ("pages/content_words.py", "a pattern"): "signs that Markdown would read",
    ("pages/html.py", "a name"): "the words of a text that its own record gives as the link",
    ("pages/markdown.py", "a pattern"): "signs that Markdown would read",
    ("pages/outs.py", "a pattern"): "the style and the policy of our own pages",
    ("pages/picture_sections.py", "observations."): "a path of the profile",
    ("pages/pictures/draw.py", "a pattern"): "letters that no XML may hold",
    ("pages/page.py", "complete."): "a path of the profile",
    ("pages/page.py", "answers."): "a path of the profile",
}
"""Module and what is looked for, each with what it reads."""


def looked_for() -> Iterator[tuple[str, str, int]]:
    """Every text that a call of these rooms looks for in another: module, text, line."""
    for room in ROOMS:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            module = path.relative_to(PACKAGE).as_posix()
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
                    left = node.left
                    if isinstance(left, ast.Constant) and isinstance(left.value, str) and " " in left.value:
                        yield module, left.value, node.lineno
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                of_module = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
                if of_module and node.func.attr in SEARCHES:
                    yield module, "a pattern", node.lineno
                elif node.func.attr in READS and node.args:
                    first = node.args[0]
                    text = first.value if isinstance(first, ast.Constant) else "a name"
                    if isinstance(text, str) and text not in OF_IDS:
                        yield module, text, node.lineno


def test_no_page_takes_apart_what_another_says() -> None:
    found = {(module, text): line for module, text, line in looked_for()}
    new = [f"{module}:{line}: '{text}'" for (module, text), line in found.items() if (module, text) not in LISTED]
    assert not new, "\n".join(["carry the record, or list what it reads:", *new])


def test_the_list_holds_nothing_that_is_no_longer_there() -> None:
    assert LISTED.keys() <= {(module, text) for module, text, _ in looked_for()}
