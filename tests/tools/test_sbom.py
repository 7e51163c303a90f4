"""The list of `kit.py sbom`: valid, whole, the same each time, with every digest and the licence of what is installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools import sbom
from tools.pins import HASHED, Pin, read_pins

PINS = read_pins(HASHED.read_text("utf-8"))


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    return sbom.bill(PINS)


def faults(bill: dict[str, Any]) -> list[str]:
    return [
        str(one)
        for one in JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill), all_errors=True) or ()
    ]


def test_it_holds_to_the_schema(bill: dict[str, Any]) -> None:
    assert faults(bill) == []
    spoiled = sbom.bill(PINS[:3])
    assert faults(spoiled) == []
    spoiled["components"][0]["externalReferences"][0]["hashes"][0]["content"] = "none"
    assert faults(spoiled), "the validator would notice"


def test_every_pin_stands_in_it_with_its_digests(bill: dict[str, Any]) -> None:
    told = {
        (one["name"], one["version"]): [x["content"] for x in one["externalReferences"][0]["hashes"]]
        for one in bill["components"]
    }
    assert told == {(pin.name, pin.version): list(pin.hashes) for pin in PINS}


def test_the_core_is_required_an_extra_optional_and_a_tool_excluded(bill: dict[str, Any]) -> None:
    scopes = {one["name"]: one["scope"] for one in bill["components"]}
    assert [scopes[name] for name in ("pydantic", "jupyterlab", "pyphen", "pytest", "uv")] == [
        "required",
        "optional",
        "optional",
        "excluded",
        "excluded",
    ]


def test_what_is_installed_has_its_licence_and_its_needs(bill: dict[str, Any]) -> None:
    by_name = {one["name"]: one for one in bill["components"]}
    assert by_name["pydantic"]["licenses"] == [{"expression": "MIT"}]
    assert by_name["jinja2"]["licenses"] == [{"license": {"name": "BSD"}}], "it does not say which"
    links = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    own = bill["metadata"]["component"]["bom-ref"]
    assert by_name["pydantic"]["bom-ref"] in links[own]
    assert by_name["pydantic-core"]["bom-ref"] in links[by_name["pydantic"]["bom-ref"]]
    known = {one["bom-ref"] for one in bill["components"]}
    assert {to for tos in links.values() for to in tos} <= known
    assert links.keys() <= known | {own}


def test_what_is_for_another_system_says_that_it_was_not_read() -> None:
    elsewhere = Pin("no-such-package", "1.0", "sys_platform == 'none'", ("a" * 64,), frozenset({"core"}))
    told = sbom.component(elsewhere)
    assert "licenses" not in told
    assert {"name": "pathways:note", "value": sbom.NOT_HERE} in told["properties"]
    made = sbom.bill([elsewhere])
    assert faults(made) == []
    assert made["serialNumber"] != sbom.bill([])["serialNumber"]


def test_the_same_bytes_each_time_and_a_time_only_where_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    assert sbom.main(["--out", str(first)]) == sbom.main(["--out", str(second)]) == 0
    assert first.read_bytes() == second.read_bytes()
    assert "timestamp" not in json.loads(first.read_text("utf-8"))["metadata"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert sbom.main(["--out", str(first)]) == 0
    told = json.loads(first.read_text("utf-8"))
    assert told["metadata"]["timestamp"] == "1970-01-02T00:00:00Z"
    assert faults(sbom.bill(PINS[:3], "86400")) == []
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert sbom.main(["--out", str(first)]) == 2
    assert "SOURCE_DATE_EPOCH" in capsys.readouterr().out


def test_it_names_no_place_on_a_network(bill: dict[str, Any]) -> None:
    assert "://" not in json.dumps(bill)
