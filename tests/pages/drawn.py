"""What the tests of the report share: the sample cases, small people, and a plain reader of HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from pathways.profile import Profile
from pathways.review.case import Case, review

CASES = sorted((Path(__file__).resolve().parents[2] / "sample_data" / "cases").glob("*.toml"))
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NAMED = ("data-source", "data-origin", "data-calc", "data-count")


@cache
def sample(name: str) -> Case:
    """A sample case by the name of its file, reviewed."""
    return review(Profile.load(next(path for path in CASES if path.stem == name)))


def reviewed(answers: dict[str, Any] | None = None, **more: Any) -> Case:
    """A small person, reviewed."""
    return review(Profile.from_dict({"as_of": date(2026, 11, 2), "answers": answers or {}, **more}))


# -- a plain reader of HTML -----------------------------------------------------------------------------------


@dataclass
class Node:
    """One element: tag, attributes, and its children (elements and texts) in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def all(self, tag: str | None = None) -> Iterator[Node]:
        """This element and every one inside it, in document order; only those of a tag when one is given."""
        if tag in (None, self.tag):
            yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.all(tag)

    def text(self) -> str:
        """All text inside, as written."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("#document")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice on {self.get_starttag_text()}"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def tree(html: str) -> Node:
    """An HTML document as a tree. Fails on tags that do not nest."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"never closed: {[node.tag for node in reader.open[1:]]}"
    return reader.root


def unnamed_numbers(node: Node, named: bool = False) -> list[str]:
    """The texts with a digit that stand under no element naming a source, an answer, a calculation or a count."""
    if node.tag in ("style", "script"):
        return []
    named = named or any(node.attributes.get(name) for name in NAMED)
    found = []
    for child in node.children:
        if isinstance(child, Node):
            found += unnamed_numbers(child, named)
        elif not named and re.search(r"\d", child):
            found.append(" ".join(child.split()))
    return found


def seen(node: Node) -> str:
    """The text that a reader sees on the screen: nothing hidden, nothing folded."""
    if node.tag in ("style", "script", "head") or "pw-sr" in node.classes():
        return ""
    if node.attributes.get("aria-hidden") == "true":
        return ""
    folded = node.tag == "details" and "open" not in node.attributes
    parts = []
    for child in node.children:
        if isinstance(child, str):
            parts.append("" if folded else child)
        elif not folded or child.tag == "summary":
            parts.append(seen(child))
    inline = node.tag in ("span", "strong", "b", "em", "text", "a")
    return "".join(parts) if inline else f" {''.join(parts)} "
