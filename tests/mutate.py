"""Changes small pure functions a little, one place at a time, and says which changes their nearest tests do not notice.

    python kit.py mutate --python                  every module below
    python kit.py mutate --python language.kleene  one of them, or several

Each change runs the tests of its module in a process of its own, forked from one that has everything imported, with the
code of the changed function put in place. So it needs a system that can fork. What survives is listed with its line;
those that stay on purpose stand in `KEPT` with the reason.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
MODULES: Mapping[str, tuple[str, ...]] = {
    "language.kleene": ("language/test_kleene.py",),
    "language.nearest": ("language/test_nearest.py",),
    "language.values": (
        "language/test_values.py",
        "language/test_grammar.py",
        "language/test_verdicts.py",
        "language/test_language_properties.py",
    ),
    "language.person": (
        "language/test_grammar.py",
        "language/test_verdicts.py",
        "language/test_language_properties.py",
    ),
    "facts.amounts": ("facts/test_mme.py", "facts/test_mme_properties.py"),
    "intake.lasting": ("intake/test_lasting.py",),
    "facts.observed": ("facts/test_observed.py", "facts/test_observed_edges.py", "facts/test_dated_observations.py"),
    "facts.organs": ("facts/test_organs.py",),
    "facts.readings": ("facts/test_readings.py",),
    "facts.scores": ("facts/test_scores.py",),
    "review.dated": ("review/test_dated.py",),
    "review.medicines": (
        "review/test_medicines.py",
        "review/test_pairs.py",
        "review/test_medicine_grounds.py",
        "review/test_a_pair_ends_with_its_partner.py",
        "review/test_obeyed_kinds.py",
        "review/test_dangers_obeyed.py",
        "review/test_in_use.py",
        "review/test_two_of_a_kind.py",
        "review/test_said_truly.py",
        "review/test_the_first_reason_is_the_strongest.py",
        "review/test_patch_comes_off.py",
        "review/test_moud_late_in_pregnancy.py",
        "review/test_drug_table.py",
    ),
    "review.meetings": ("review/test_meetings.py", "review/test_pairs.py", "review/test_plan_cautions.py"),
    "review.mitigations": (
        "review/test_mitigations.py",
        "review/test_what_if_belongs_to_its_option.py",
        "review/test_beside_what_goes_on.py",
        "review/test_obeyed_kinds.py",
        "review/test_dangers_obeyed.py",
    ),
    "review.plans.parts": ("review/test_parts.py",),
    "care.levels": ("care/test_levels.py",),
    "care.taper": ("care/test_taper.py",),
    "care.trends": ("care/test_trends.py",),
    "care.urine": ("care/test_urine.py",),
}
"""The modules, each with the tests that are nearest to it."""
KEPT: Mapping[tuple[str, str], str] = {
    (
        "language.person",
        "isinstance(leaf, Num) and isinstance(kind, Number)  →  isinstance(leaf, Num) or isinstance(kind, Number)",
    ): "a comparison is of a number: the content is checked before; the second half is for the type checker",
    ("facts.amounts", "6  →  7"): "how finely a sum of doses is rounded: far below any dose",
    ("language.nearest", "1  →  2"): "how many near names are looked for: the first is taken",
    ("care.trends", "6  →  7"): "how finely a difference of two scores is rounded before it is compared",
    ("care.trends", "after < before  →  after <= before"): "two equal values are told before",
    ("care.trends", "all(ends)  →  any(ends)"): "every score of the shipped instruments has its band",
    (
        "care.taper",
        "1  →  2",
    ): "a speed is found by shares of the first dose, and the number of steps only caps what ends by itself",
    ("review.medicines", "2  →  3"): "numbers that only put the ways out in order",
    (
        "review.medicines",
        (
            "any((content.limits_of(i) for i in ingredients_of(content, one.entry)))  →  "
            "all((content.limits_of(i) for i in ingredients_of(content, one.entry)))"
        ),
    ): "every product of two has a pair or a caution as well",
    (
        "review.medicines",
        "new and for_oud(here)  →  new or for_oud(here)",
    ): "no record has a medication for OUD in use give way to something else",
    ("review.dated", "last < today  →  last <= today"): "a day that is today is among those to come, which go first",
}
"""What may survive: the module and the changed line, and why."""
PATIENCE = 120
"""Seconds for the tests of one change: a loop that does not end is noticed too."""
COMPARE = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip  # each with its opposite, side by side
ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult}
CALLS = {"any": "all", "all": "any", "min": "max", "max": "min", "any_of": "all_of", "all_of": "any_of"}


class Mutant(NamedTuple):
    """One change: where, what the line was and what it became, and the code of the module with it."""

    module: str
    line: int
    was: str
    now: str
    code: CodeType

    def __str__(self) -> str:
        return f"{self.module}:{self.line}\n    - {self.was}\n    + {self.now}"


def changes(node: ast.AST) -> Iterator[Callable[[Any], Any]]:
    """Every small change of one node, as a function that makes it on a copy (and gives what stands in its place)."""

    def become(**fields: Any) -> Callable[[Any], Any]:
        def change(copied: Any) -> Any:
            for name, value in fields.items():
                setattr(copied, name, value)
            return copied

        return change

    match node:
        case ast.Compare(ops=ops):
            for n, op in enumerate(ops):
                if type(op) in COMPARE:
                    yield become(ops=[*ops[:n], COMPARE[type(op)](), *ops[n + 1 :]])
        case ast.BoolOp(op=op):
            yield become(op=ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield lambda copied: copied.operand
        case ast.BinOp(op=op) if type(op) in ARITHMETIC:
            yield become(op=ARITHMETIC[type(op)]())
        case ast.Constant(value=bool() as value):
            yield become(value=not value)
        case ast.Constant(value=int() | float() as value):
            yield become(value=value + 1)
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            yield become(func=ast.Name(CALLS[name], ast.Load()))


class _Put(ast.NodeTransformer):
    """Puts a change in the place of the node with this number."""

    def __init__(self, number: int, change: Callable[[Any], Any]) -> None:
        self.number, self.change, self.here = number, change, -1

    def visit(self, node: ast.AST) -> Any:
        self.here += 1
        if self.here == self.number:
            return self.change(node)
        return self.generic_visit(node)


def _in_functions(tree: ast.AST) -> Iterator[tuple[int, ast.AST]]:
    """The nodes of function bodies, numbered as `_Put` visits them; not of annotations, assertions and what is raised."""
    number = -1

    def walk(node: ast.AST, inside: bool) -> Iterator[tuple[int, ast.AST]]:
        nonlocal number
        number += 1
        if inside:
            yield number, node
        apart = isinstance(node, (ast.Assert, ast.Raise, ast.JoinedStr))
        for name, field in ast.iter_fields(node):
            body = isinstance(node, ast.FunctionDef) and name == "body" and node.name != "__repr__"
            for child in field if isinstance(field, list) else [field]:
                if isinstance(child, ast.AST):
                    yield from walk(child, (inside or body) and not apart and name not in ("annotation", "returns"))

    yield from walk(tree, False)


def mutants(name: str) -> list[Mutant]:
    """Every mutant of one module that is another program than it."""
    path = ROOT / "src/pathways" / f"{name.replace('.', '/')}.py"
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    lines, found = text.splitlines(), []
    for number, node in _in_functions(tree):
        for change in changes(node):
            changed = ast.fix_missing_locations(_Put(number, change).visit(copy.deepcopy(tree)))
            line = getattr(node, "lineno", 1)
            was, now = ast.unparse(node), ast.unparse(change(copy.deepcopy(node)))
            code = compile(changed, str(path), "exec")
            found.append(Mutant(name, line, lines[line - 1].strip(), f"{was}  →  {now}", code))
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            yield from _codes(inner)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    """The functions and methods that a module defines, out of whatever decorates them."""
    open_ones = [value for value in vars(module).values() if getattr(value, "__module__", None) == module.__name__]
    while open_ones:
        one = open_ones.pop()
        if isinstance(one, type):
            open_ones += [value for value in vars(one).values() if not isinstance(value, type)]
        elif isinstance(one, FunctionType) and not hasattr(one, "__wrapped__"):
            yield one
        else:
            inner = (getattr(one, name, None) for name in ("__wrapped__", "__func__", "fget", "func"))
            open_ones += [x for x in inner if x is not None]


def put_in_place(mutant: Mutant) -> None:
    """Give the functions of the module the code of the mutant; whoever imported them has it too."""
    code = {(c.co_qualname, c.co_firstlineno): c for c in _codes(mutant.code)}
    for function in _functions(importlib.import_module(f"pathways.{mutant.module}")):
        key = (function.__code__.co_qualname, function.__code__.co_firstlineno)
        if key in code:
            function.__code__ = code[key]


def noticed(mutant: Mutant | None, tests: Sequence[str]) -> bool:
    """Whether the tests fail, in a process of their own."""
    child = os.fork()
    if child == 0:
        signal.alarm(PATIENCE if mutant else 0)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        try:
            import pytest

            if mutant is not None:
                put_in_place(mutant)
            plain = ["-x", "-q", "-p", "no:cacheprovider"]
            os._exit(int(pytest.main([*plain, *(str(ROOT / "tests" / one) for one in tests)]) != 0))
        except BaseException:
            os._exit(1)
    return os.waitpid(child, 0)[1] != 0


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("module", nargs="*", help=f"which of: {', '.join(MODULES)}")
    parser.add_argument("--most", type=int, default=0, metavar="N", help="at most N changes a module, drawn by --seed")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args(argv)
    if not hasattr(os, "fork"):
        print("This needs a system that can fork a process.")
        return 2
    if unknown := set(args.module) - MODULES.keys():
        print(f"no module {', '.join(sorted(unknown))}: the modules are {', '.join(MODULES)}")
        return 2
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # a run of few tests needs none of them, and each costs a start
    for needed in ("pytest", "_pytest.assertion.rewrite", "hypothesis", "tests.conftest", "tests.reviews"):
        importlib.import_module(needed)
    importlib.import_module("pathways").load_content()
    survivors: list[Mutant] = []
    made = kept = 0
    for name in args.module or MODULES:
        start = time.monotonic()
        importlib.import_module(f"pathways.{name}")
        if noticed(None, MODULES[name]):
            print(f"{name}: its tests fail without any change")
            return 2
        every = mutants(name)
        drawn = random.Random(args.seed).sample(every, args.most) if 0 < args.most < len(every) else every
        alive = [one for one in drawn if not noticed(one, MODULES[name])]
        left = [one for one in alive if (one.module, one.now) not in KEPT]
        made, kept, survivors = made + len(drawn), kept + len(alive) - len(left), survivors + left
        spent = time.monotonic() - start
        print(f"{name}: {len(drawn)} changes of {len(every)}, {len(left)} not noticed ({spent:.0f} s)", flush=True)
        for one in left:
            print(f"  {one}", flush=True)
    print(f"{made} changes, {len(survivors)} not noticed, {kept} kept with a reason")
    return int(bool(survivors))


if __name__ == "__main__":
    sys.exit(main())
