"""The package as text: its modules parsed once, for the laws that are read off the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/pathways"


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by its dotted name ("pathways.facts.mme")."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text("utf-8"), filename=str(path))
    return found


def is_package(name: str) -> bool:
    return (PACKAGE.parent / Path(*name.split("."))).is_dir()


def imports(name: str, tree: ast.Module) -> Iterator[str]:
    """The dotted names that a module imports, relative ones resolved; also those inside functions."""
    package = name if is_package(name) else name.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def room_of(name: str) -> str:
    """The room of a dotted name of ours: its second part."""
    return name.split(".")[1] if "." in name else ""
