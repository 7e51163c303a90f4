"""`pathways --licences`: the packages that run with this one, and on what terms, read from what is installed here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from .common import UserError, print_json, say, screen

OURS = "pathways-cds"
CORE = "core"
RUN_TIME = ("notebooks", "app", "risk", "tune", "cohort", "check")
"""The extras that add something to run; `dev` is for those who change the kit."""

PERMISSIVE = frozenset(
    (
        "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU",
        "PSF-2.0", "Unlicense", "Zlib",
    )
)  # fmt: skip  # a list reads better in rows than one below the other
"""Terms that ask for no more than the notice: SPDX names, and BSD where a package does not say which."""

EXPLAINED: Mapping[str, tuple[str, str]] = {
    "certifi": ("MPL-2.0", "a list of certificates, used as it comes; a changed file of it would stay open"),
    "fqdn": ("MPL-2.0", "used as it comes; a changed file of it would stay open"),
    "interpret-core": ("MIT", "its metadata names no licence; its source files do"),
    "pyphen": (
        "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
        "needed only by `pathways check`, to measure reading grades; used as it comes, under MPL-1.1",
    ),
    "skops": ("MIT", "its metadata names no licence; the licence file in the package does"),
    "tqdm": ("MPL-2.0 AND MIT", "used as it comes; a changed file of it would stay open"),
}
"""Packages with other terms, or whose metadata leaves them open: what holds, and why that is all right."""

# What packages write where an SPDX name belongs; the longer beginning comes first.
_WRITTEN = (
    ("apache", "Apache-2.0"), ("2-clause bsd", "BSD-2-Clause"), ("bsd 2-clause", "BSD-2-Clause"),
    ("bsd-2-clause", "BSD-2-Clause"), ("3-clause bsd", "BSD-3-Clause"), ("bsd 3-clause", "BSD-3-Clause"),
    ("bsd-3-clause", "BSD-3-Clause"), ("isc", "ISC"), ("mit license", "MIT"), ("psfl", "PSF-2.0"),
)  # fmt: skip  # pairs read better in rows
_CLASSIFIED = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_SPDX = re.compile(r"(?:\(?[A-Za-z0-9][A-Za-z0-9.+-]*\)?)(?: (?:AND|OR|WITH) \(?[A-Za-z0-9][A-Za-z0-9.+-]*\)?)*")
_NEED = re.compile(r"\s*(?P<name>[A-Za-z0-9._-]+)\s*(?:\[(?P<extras>[^]]*)\])?[^;]*(?:;(?P<marker>.*))?")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]""")


@dataclass(frozen=True)
class Package:
    """An installed package: its normalized name, its version, its licence ("" where nobody says), who needs it."""

    name: str
    version: str
    licence: str
    needed_for: tuple[str, ...]
    remark: str = ""


def normal(name: str) -> str:
    """One spelling of a package's name: small letters, hyphens."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(found: Distribution) -> str:
    """The licence that a package declares, as an SPDX name or expression where it can be told; "" if it says none."""
    said = found.metadata
    expression, text = (str((said.get_all(key) or [""])[0]).strip() for key in ("License-Expression", "License"))
    if expression:
        return expression
    if text and text != "UNKNOWN":
        short = next((spdx for start, spdx in _WRITTEN if text.lower().startswith(start)), "")
        if short or (_SPDX.fullmatch(text) and "\n" not in text and text != "BSD"):
            return short or text
    classes = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier") or () if one.startswith("License :: ")]
    named = [_CLASSIFIED.get(one, one) for one in classes if one != "OSI Approved"]
    if named == ["BSD"] and "neither the name" in " ".join(text.lower().split()):
        return "BSD-3-Clause"  # the third clause itself
    return ", ".join(named)


def needs_of(found: Distribution, extras: Iterable[str] = ()) -> list[tuple[str, frozenset[str]]]:
    """What a package asks for: names, each with the extras of it that are wanted.

    Whether a marker other than an extra holds here is not asked: what it leaves out is not installed, or is for another
    reason, and then it is rather listed once too often.
    """
    wanted = {normal(extra) for extra in extras}
    found_needs = []
    for line in found.requires or ():
        if not (row := _NEED.fullmatch(line)):
            continue
        asked = {normal(extra) for extra in _EXTRA.findall(row["marker"] or "")}
        if not asked or asked & wanted:
            further = frozenset(part.strip() for part in (row["extras"] or "").split(",") if part.strip())
            found_needs.append((normal(row["name"]), further))
    return found_needs


def closure(found: Distribution, extra: str = "") -> dict[str, Distribution]:
    """Every installed package that a package needs, by name, with one of its extras or without; not itself."""
    own = normal(found.name)
    seen: set[tuple[str, frozenset[str]]] = set()
    packages: dict[str, Distribution] = {}
    todo = needs_of(found, [extra] if extra else ())
    while todo:
        need = todo.pop()
        if need in seen or need[0] == own:
            continue
        seen.add(need)
        try:
            packages[need[0]] = distribution(need[0])
        except PackageNotFoundError:
            continue
        todo += needs_of(packages[need[0]], need[1])
    return packages


def ours() -> Distribution:
    """This project as it is installed. Raises UserError where it is not."""
    try:
        return distribution(OURS)
    except PackageNotFoundError:
        raise UserError(f"{OURS} runs here without being installed, so nothing says what it needs") from None


def run_time(sets: Sequence[str] = RUN_TIME) -> tuple[Package, ...]:
    """What runs with the core and with each extra, by name. Raises UserError where this project is not installed."""
    us = ours()
    parts = {CORE: closure(us), **{extra: closure(us, extra) for extra in sets}}
    packages = []
    for name in sorted({name for part in parts.values() for name in part}):
        found = next(part[name] for part in parts.values() if name in part)
        users = (CORE,) if name in parts[CORE] else tuple(part for part, names in parts.items() if name in names)
        licence, remark = EXPLAINED.get(name, (licence_of(found), ""))
        packages.append(Package(name, found.version, licence, users, remark))
    return tuple(packages)


def missing(sets: Sequence[str] = RUN_TIME) -> tuple[str, ...]:
    """The extras of which something is not installed here, so that the list says less than all of them."""
    us = ours()
    core = {name for name, _ in needs_of(us)}
    return tuple(
        extra for extra in sets if not {name for name, _ in needs_of(us, [extra])} - core <= closure(us, extra).keys()
    )


def names_in(licence: str) -> set[str]:
    """The single licences of an expression."""
    return {word for word in re.split(r"[\s(),]+|\b(?:AND|OR|WITH)\b", licence) if word}


def is_plain(package: Package) -> bool:
    """Whether its terms are permissive throughout, or were looked at and explained."""
    names = names_in(package.licence)
    return bool(package.remark) or (bool(names) and names <= PERMISSIVE)


def show(as_json: bool) -> None:
    """Print the table, or the same as JSON; then what is to be known of single packages."""
    packages, absent = run_time(), missing()
    if as_json:
        rows = [
            {
                "name": one.name,
                "version": one.version,
                "licence": one.licence,
                "needed_for": list(one.needed_for),
                "remark": one.remark,
            }
            for one in packages
        ]
        print_json({"licence": licence_of(ours()), "packages": rows, "not_installed": list(absent)})
        return
    from rich.table import Table

    console = screen()
    say(console, f"{OURS} itself: {licence_of(ours())}. What runs with it here:")
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("Package", no_wrap=True, overflow="fold")
    for head in ("Version", "Licence", "For"):
        table.add_column(head)
    for one in packages:
        licence = one.licence or "not said"
        table.add_row(one.name + ("*" if one.remark else ""), one.version, licence, ", ".join(one.needed_for))
    console.print(table)
    for one in packages:
        if one.remark:
            say(console, f"* {one.name}: {one.remark}.")
    if other := [one.name for one in packages if not is_plain(one)]:
        say(console, f"Nobody has looked at the terms of: {', '.join(other)}.")
    if absent:
        say(console, f"Not installed here, or not whole, and so not listed in full: {', '.join(absent)}.")
