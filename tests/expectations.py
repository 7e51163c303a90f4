"""What a case expects of its review: a path into the JSON, a value and why, and whether it is found there.

A path is keys joined by dots, as in ``single_sided`` or ``facts.mme_per_day.value``. After a key may stand
  ``[id=naltrexone_xr]``  those entries of a list whose ``id`` is that text (another key may be named instead of ``id``),
  ``[*]``                 every entry: one that fits is enough,
  ``[every]``             every entry: each of them must hold one that fits, and the list may not be empty.
So ``plans[every].items[*].id`` with ``naloxone_kit``: every plan has naloxone. An id may hold dots.

A value is equal to what is found; a list of values: to one of them; a text that starts with ``~`` stands inside the text
that is found. A must holds when something found fits (and so fails when the path leads nowhere). A must_not holds when
nothing found fits, but its path must lead somewhere unless it goes through ``[*]``: a misspelt path is no success.
"""

from __future__ import annotations

import re
from typing import Any

from pathways.profile.teaching import Expectation, Teaches

STEP = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)((?:\[[^\]]+\])*)(?:\.|$)")


def steps_of(path: str) -> list[str]:
    """A path in steps: keys as they are, selectors in brackets. Raises ValueError for what is no path."""
    steps: list[str] = []
    at = 0
    while at < len(path):
        found = STEP.match(path, at)
        if not found:
            raise ValueError(f"no path: '{path}' from '{path[at:]}'")
        steps += [found.group(1), *re.findall(r"\[[^\]]+\]", found.group(2))]
        at = found.end()
    return steps


def fits(value: Any, wanted: Any) -> bool:
    """Whether a value that was found is the wanted one, one of a list of wanted ones, or holds the text after a ~."""
    if isinstance(wanted, (list, tuple)):
        return any(fits(value, w) for w in wanted)
    if isinstance(wanted, str) and wanted.startswith("~"):
        return isinstance(value, str) and wanted[1:] in value
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return bool(value == wanted)


def found_at(value: Any, steps: list[str], wanted: Any) -> bool | None:
    """Whether something that fits stands at the end of the steps; None when they lead nowhere."""
    if not steps:
        return fits(value, wanted)
    step, rest = steps[0], steps[1:]
    if not step.startswith("["):
        return found_at(value[step], rest, wanted) if isinstance(value, dict) and step in value else None
    if not isinstance(value, list):
        return None
    if step == "[every]":
        return bool(value) and all(found_at(entry, rest, wanted) for entry in value)
    key, _, text = step[1:-1].partition("=")
    entries = value if key == "*" else [e for e in value if str(e.get(key)) == text]
    if not entries:
        return False if key == "*" else None
    results = [found_at(entry, rest, wanted) for entry in entries]
    return True if True in results else False if False in results else None


def broken(teaches: Teaches, review_data: dict[str, Any]) -> list[str]:
    """The expectations that a review does not meet, in words."""
    said = []
    for kind, wanted, expectations in (("must", True, teaches.musts), ("must not", False, teaches.must_nots)):
        for e in expectations:
            got = found_at(review_data, steps_of(e.path), e.value)
            if got is not wanted:
                nowhere = " (the path leads nowhere)" if got is None else ""
                said.append(f"{kind}: {e.path} = {e.value!r}{nowhere}; {e.why}")
    return said


def planted(e: Expectation) -> Any:
    """The smallest data in which what an expectation names does stand."""
    value = e.value[0] if isinstance(e.value, (list, tuple)) else e.value
    for step in reversed(steps_of(e.path)):
        if step in ("[*]", "[every]"):
            value = [value]
        elif step.startswith("["):
            key, _, text = step[1:-1].partition("=")
            value = [{**value, key: text}]
        else:
            value = {step: value}
    return value
