"""The second reading: an independent reader wrote from the rows of the facts sheet what they demand; the content is held
to it. Where the two differ, one has misread the row. A difference in which the second reading is wrong, or the row can be
read either way, is settled in `second_reading_settled.toml` with the reason; any other difference fails."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pathways.content import Content, load_content
from pathways.facts.given import as_value, complete
from pathways.facts.membership import in_class, ingredients_of
from pathways.facts.verdicts import emergency_state, fit_of
from pathways.profile import Medicine
from pathways.review.brought import brought_classes, inherited
from pathways.review.meetings import meet

HERE = Path(__file__).parent
SEVEREST = ("stop", "major", "moderate", "timing", "note")
Values = Mapping[str, Any]


@cache
def reading() -> dict[str, Any]:
    return tomllib.loads((HERE / "second_reading.toml").read_text("utf-8"))


@cache
def settled() -> list[dict[str, Any]]:
    path = HERE / "second_reading_settled.toml"
    return tomllib.loads(path.read_text("utf-8"))["settled"] if path.exists() else []


# ---- what the content says about plain facts ----------------------------------------------------------------


def values_of(content: Content, record: Mapping[str, Any]) -> Values:
    """The facts of a reading: its bases laid one over the other, then what it gives ("unknown" blanks), then definitions.

    "Nothing wrong" holds for condition groups and medicine classes too that the content has gained since.
    """
    bases = {b["id"]: b["given"] for b in reading()["base"]}
    plain: dict[str, Any] = {}
    for base in record.get("base", ()):
        # What the content has let go of since (a score that no rule used) says nothing any more.
        plain |= {name: value for name, value in bases[base].items() if name in content.schema}
    plain |= record.get("given", {})
    if "nothing_wrong" in record.get("base", ()):
        for name in content.schema:
            lists = name.startswith(("has_", "takes_", "proposed_")) and name not in content.facts
            if lists and name not in plain:
                plain[name] = False
    plain = {name: value for name, value in plain.items() if value != "unknown"}
    return complete(content, {name: as_value(content, name, value) for name, value in plain.items()})


def emergency(content: Content, record: Mapping[str, Any]) -> dict[str, Any]:
    """State and level of the emergency of a row."""
    found = [e for e in content.emergencies.values() if record["row"] in _rows(e)]
    assert len(found) == 1, f"{record['row']}: {[e.id for e in found]}"
    state, level = emergency_state(content, found[0], values_of(content, record))
    return {"status": state, "level": level}


def option(content: Content, record: Mapping[str, Any]) -> dict[str, Any]:
    """Fit and safety of a treatment, as `consider` tells them, from plain facts: the medicines in use are classes only."""
    values = values_of(content, record)
    treatment = content.treatments[record["id"]]
    in_place = bool(treatment.in_place and content.test(treatment.in_place)(values))
    of_medicines = [c for c in inherited(treatment, content) if not (c.start_only and in_place)]
    stops = [c for c in of_medicines if c.strength == "stop"]
    own = [c for c in treatment.contraindications if not (c.start_only and in_place)]
    closers = [(c, content.test(c.when)(values)) for c in (*own, *stops)]
    others = [c for c in of_medicines if c.strength != "stop"]
    cautions = [(c, content.test(c.when)(values)) for c in (*treatment.precautions, *others)]
    in_use = frozenset(cls for cls in content.medicine_classes if values.get(f"takes_{cls}") is True)
    brought = brought_classes(treatment, content)
    facts: Any = SimpleNamespace(values=values)
    met = [*meet(content, brought, in_use, facts), *meet(content, in_use, brought, facts)] if not in_place else []
    severities = {record.severity for record in met}
    open_checks = [c for c, v in (*closers, *cautions) if v is None and c.unknown == "check_first"]
    if any(v for _, v in closers) or "stop" in severities:
        safety = "contraindicated"
    elif open_checks and not in_place:
        safety = "check_first"
    elif any(v for _, v in cautions) or "major" in severities:
        safety = "precaution"
    else:
        safety = "clear"
    return {"fit": fit_of(content, treatment, values)[0], "safety": safety}


def pair(content: Content, record: Mapping[str, Any]) -> dict[str, Any]:
    """The severest rule that two medicines meet, the first being the newcomer."""
    given = record.get("given", {})
    values = complete(content, {name: as_value(content, name, value) for name, value in given.items()})
    facts: Any = SimpleNamespace(values=values)
    a, b = _classes(content, record, "a"), _classes(content, record, "b")
    met = [r.severity for r in meet(content, a, b, facts)]
    met += [r.severity for r in meet(content, b, a, facts) if r.severity != "timing"]
    return {"severity": next((s for s in SEVEREST if s in met), "none")}


def _classes(content: Content, record: Mapping[str, Any], side: str) -> frozenset[str]:
    entry = Medicine.model_construct(
        ingredients=(record[side],), state="current", purpose=record.get(f"{side}_purpose"), dose={}, none_of=(),
        route=record.get(f"{side}_route"), name="", medicine_class=None, source=None, release=None,
    )  # fmt: skip  # data, read across
    classes = {cls for cls in content.medicine_classes if in_class(content, entry, cls) is True}
    return frozenset(classes | set(ingredients_of(content, entry)))


def _rows(record: Any) -> tuple[str, ...]:
    return (record.row,) if isinstance(record.row, str) else tuple(record.row or ())


# ---- where the two differ -----------------------------------------------------------------------------------

WAYS = {"emergency": emergency, "option": option, "pair": pair}


def entries() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every reading and every pair, with its kind."""
    for record in reading()["reading"]:
        yield record["kind"], record
    for record in reading()["pair"]:
        yield "pair", {**record, "expect": {"severity": record["severity"]}}


def key_of(kind: str, record: Mapping[str, Any]) -> str:
    """A name for a reading that its place in the file does not change."""
    what = {"emergency": "", "option": f" {record.get('id')}", "pair": f" {record.get('a')} {record.get('b')}"}[kind]
    bases = "+".join(record.get("base", ()))
    given = ", ".join(f"{k}={v}" for k, v in record.get("given", {}).items())
    purpose = record.get("a_purpose", "") + record.get("b_purpose", "")
    return " | ".join(part for part in (f"{record['row']}{what}", bases, given, purpose) if part)


def differences() -> dict[str, str]:
    """Every reading that the content does not agree with: its key, and what was expected and found."""
    content = load_content()
    found = {}
    for kind, record in entries():
        got = WAYS[kind](content, record)
        for name, wanted in record["expect"].items():
            if got[name] not in (wanted if isinstance(wanted, list) else [wanted]):
                found[key_of(kind, record)] = f"{name} is {got[name]}, read as {wanted} ({record['why']})"
    return found


def test_the_reading_is_there_and_its_keys_are_its_own() -> None:
    keys = [key_of(kind, record) for kind, record in entries()]
    assert len(keys) >= 300
    assert len(set(keys)) == len(keys), sorted(k for k in keys if keys.count(k) > 1)


def test_every_fact_that_a_reading_turns_on_exists() -> None:
    schema = load_content().schema
    named = {name for _, record in entries() for name in record.get("given", {})}
    assert named <= set(schema), named - set(schema)
    in_bases = {name for b in reading()["base"] for name in b["given"]}
    assert len(in_bases - set(schema)) <= 10, in_bases - set(schema)


def test_content_and_second_reading_agree_or_the_difference_is_settled() -> None:
    reasons = {s["key"]: s["reason"] for s in settled()}
    open_ones = {key: text for key, text in differences().items() if key not in reasons}
    assert not open_ones, "\n" + "\n".join(f"{key}: {text}" for key, text in open_ones.items())


def test_what_is_settled_is_a_difference_and_has_a_reason() -> None:
    found = differences()
    for entry in settled():
        assert set(entry) == {"key", "reason"}
        assert entry["key"] in found, f"no longer a difference: {entry['key']}"
        assert len(entry["reason"]) > 30


@pytest.mark.parametrize("kind", ["emergency", "option", "pair"])
def test_a_wrong_record_would_be_noticed(kind: str) -> None:
    """Each way of reading gives more than one answer over the file: none of them is constant."""
    content = load_content()
    got = {str(WAYS[kind](content, record)) for k, record in entries() if k == kind}
    assert len(got) >= 4
