"""A software bill of materials (CycloneDX 1.6, JSON): every pinned release, its digests, licence, use and needs.

    python kit.py sbom --out pathways.cdx.json

Names, versions, digests and use come from requirements-hashed.txt; licences and needs from what is installed, so a release
for another system or Python stands there without them, and says so. No clock and no chance: the same lock file and the
same packages give the same bytes. SOURCE_DATE_EPOCH, where it is set, is the time in it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from pathways.apps.cli import licences
from pathways.disk import write_file
from tools.pins import CORE, HASHED, Pin, read_pins

SHARED = 0o644
NOT_HERE = "for another system or Python than the one this list was made on: its licence and needs were not read"


def installed(pin: Pin) -> Distribution | None:
    """The package of a pin, where just this release of it is installed here."""
    try:
        found = distribution(pin.name)
    except PackageNotFoundError:
        return None
    return found if found.version == pin.version else None


def reference(name: str, version: str) -> str:
    """The package URL, which is also the component's name inside the list."""
    return f"pkg:pypi/{name}@{version}"


def licence(name: str, declared: str) -> list[dict[str, Any]]:
    """The licence as CycloneDX writes it: an expression of SPDX names, or words where it is none."""
    text = licences.EXPLAINED[name][0] if name in licences.EXPLAINED else declared
    try:
        return [{"expression": str(canonicalize_license_expression(text))}]
    except InvalidLicenseExpression:
        return [{"license": {"name": text}}] if text else []


def component(pin: Pin) -> dict[str, Any]:
    """One release. `scope`: the core is required, an extra optional; what only tests and builds use is excluded."""
    found = installed(pin)
    scope = "required" if CORE in pin.sets else "optional" if pin.sets & {*licences.RUN_TIME} else "excluded"
    properties = {"pathways:needed-for": " ".join(sorted(pin.sets)), "pathways:marker": pin.marker}
    if found is None:
        properties["pathways:note"] = NOT_HERE
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": reference(pin.name, pin.version),
        "name": pin.name,
        "version": pin.version,
        "scope": scope,
        "licenses": licence(pin.name, licences.licence_of(found)) if found else [],
        "purl": reference(pin.name, pin.version),
        "externalReferences": [
            {
                "type": "distribution",
                "url": reference(pin.name, pin.version),
                "comment": "one digest for each file of the release, as in requirements-hashed.txt",
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in pin.hashes],
            }
        ],
        "properties": [{"name": name, "value": value} for name, value in properties.items() if value],
    }
    return {key: value for key, value in made.items() if value}


def needs(pins: Sequence[Pin], found: Mapping[Pin, Distribution]) -> dict[str, list[str]]:
    """For each installed release, the pinned releases that it asks for, whatever the extra of ours that brought it."""
    by_name: dict[str, list[str]] = {}
    for pin in (*found, *(pin for pin in pins if pin.name not in {other.name for other in found})):
        by_name.setdefault(pin.name, []).append(reference(pin.name, pin.version))
    return {
        reference(pin.name, pin.version): sorted(
            {one for name, _ in licences.needs_of(package) for one in by_name.get(name, ())}
        )
        for pin, package in found.items()
    }


def bill(pins: Sequence[Pin], epoch: str | None = None) -> dict[str, Any]:
    """The whole list. ``epoch``: seconds since 1970 as text, or None for no time. Raises ValueError for another text."""
    us = licences.ours()
    own = reference(licences.OURS, us.version)
    found = {pin: package for pin in pins if (package := installed(pin))}
    direct = {name for extra in ("", *licences.RUN_TIME) for name, _ in licences.needs_of(us, [extra])}
    links = {own: sorted(reference(pin.name, pin.version) for pin in pins if pin.name in direct), **needs(pins, found)}
    made: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": licences.OURS,
                "version": us.version,
                "licenses": licence(licences.OURS, licences.licence_of(us)),
                "purl": own,
            },
        },
        "components": [component(pin) for pin in pins],
        "dependencies": [{"ref": ref, "dependsOn": to} for ref, to in sorted(links.items())],
    }
    if epoch is not None:
        moment = datetime.fromtimestamp(int(epoch), UTC)
        made["metadata"] = {"timestamp": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), **made["metadata"]}
    # The serial number of a list is that of its contents: another list has another, the same list the same.
    digest = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).digest()
    return {"bomFormat": "CycloneDX", "serialNumber": f"urn:uuid:{uuid.UUID(bytes=digest[:16], version=4)}", **made}


def main(argv: Iterable[str]) -> int:
    parser = argparse.ArgumentParser(prog="kit.py sbom", description="Write a CycloneDX list of every pinned release.")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    args = parser.parse_args([*argv])
    try:
        made = bill(read_pins(HASHED.read_text("utf-8")), os.environ.get("SOURCE_DATE_EPOCH"))
    except ValueError as error:
        print(f"SOURCE_DATE_EPOCH is no number of seconds: {error}")
        return 2
    write_file(args.out, (json.dumps(made, indent=1, ensure_ascii=True) + "\n").encode(), SHARED)
    bare = sum("licenses" not in one for one in made["components"])
    print(f"Written: {args.out}: {len(made['components'])} releases, {bare} of them without a licence")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
