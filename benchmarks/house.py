"""Counts the house for docs/house.md: rooms, files, lines, imports between rooms, long modules and many parameters.

.venv/bin/python benchmarks/house.py
"""

from __future__ import annotations

import ast
from pathlib import Path

import grimp

PACKAGE = Path(__file__).parents[1] / "src/pathways"
LONG, MANY = 400, 7


def main() -> None:
    texts = {path.relative_to(PACKAGE): path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
    lines = {path: len(text.splitlines()) for path, text in texts.items()}
    graph = grimp.build_graph("pathways")
    room = {name: (name.split(".")[1:2] or [""])[0] for name in graph.modules}
    arrows = [(room[a], room[b]) for a in graph.modules for b in graph.find_modules_directly_imported_by(a)]
    between = [(a, b) for a, b in arrows if a != b and (PACKAGE / a).is_dir() and (PACKAGE / b).is_dir() and a and b]
    print(f"{len(lines)} files, {sum(lines.values())} lines")
    print(f"{len(set(between))} pairs of rooms, {len(between)} imports from room to room, {len(arrows)} in all")
    print(f"{sum((b, a) in between for a, b in set(between))} pairs of rooms that import each other")
    for name in sorted({path.parts[0] for path in lines if len(path.parts) > 1}):
        own = [n for path, n in lines.items() if path.parts[0] == name]
        print(f"| `{name}/` | {len(own)} | {sum(own):,} |")
    for path, n in lines.items():
        if n > LONG:
            print(f"{path}: {n} lines")
    for path, text in texts.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                given = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
                if len(given) - (given[:1] == ["self"]) > MANY:
                    print(f"{path}: {node.name} takes {len(given)}, {len(node.args.kwonlyargs)} by name only")
    print(f"{sum(text.count('# fmt: skip') for text in texts.values())} places that the formatter leaves alone")


if __name__ == "__main__":
    main()
