"""Writes constraints.txt and requirements-hashed.txt: what was tested, and the digests of its files.

    python kit.py lock            the same versions, with every file that the registry has of them
    python kit.py lock --upgrade  the newest versions that pyproject.toml allows
    python kit.py lock --check    change nothing, and fail where a row would change

The same versions and the same registry give the same bytes. uv asks the registry that this machine is set up for;
its name is written nowhere.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tools.pins import BUILD, CONSTRAINTS, CORE, HASHED, PYPROJECT, ROOT, Pin, read_pins

# What makes the environment and builds the project and the one release (autograd-gamma) that has no wheel.
BUILDERS = ("editables", "hatchling", "setuptools", "uv")
OLDEST = "3.11"
HEAD = """\
# What constraints.txt pins, with the SHA-256 digest of every file of each release. Made by: python3 kit.py lock
# "for" names the parts of the project that need a row: kit.py installs the rows of the parts that it is asked for.
"""


def compile_pins(extras: Sequence[str] | None, versions: Path | None) -> tuple[Pin, ...]:
    """The releases that some extras need on every system and Python; ``None`` asks for the builders.

    ``versions``: a file of constraints, or None for the newest. Raises SystemExit with uv's own words where it fails.
    """
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", OLDEST]
    command += ["--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--constraint", str(versions)] if versions else []
    command += [] if extras is None else [str(PYPROJECT), *(f"--extra={name}" for name in extras)]
    words = "\n".join(BUILDERS) if extras is None or len(extras) > 1 else ""
    done = subprocess.run([*command, "-"], input=words, capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    if done.returncode:
        raise SystemExit(done.stderr.strip())
    return read_pins(done.stdout)


def lock(versions: Path | None) -> tuple[Pin, ...]:
    """Every pin, with the parts of the project that need it."""
    with PYPROJECT.open("rb") as file:
        extras = sorted(tomllib.load(file)["project"]["optional-dependencies"])
    everything = compile_pins(extras, versions)
    settled = ROOT / ".kit/settled.txt"
    settled.parent.mkdir(exist_ok=True)
    settled.write_text("".join(pin.plain() + "\n" for pin in everything), "utf-8")
    parts: dict[str, Sequence[str] | None] = {CORE: [], BUILD: None, **{name: [name] for name in extras}}
    needs = {part: {pin.name for pin in compile_pins(asked, settled)} for part, asked in parts.items()}
    for name in extras:
        needs[name] -= needs[CORE]  # every extra stands on the core: said once
    return tuple(
        replace(pin, sets=frozenset(part for part, names in needs.items() if pin.name in names)) for pin in everything
    )


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="kit.py lock", description="Renew constraints.txt and requirements-hashed.txt."
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--upgrade", action="store_true", help="to the newest versions that pyproject.toml allows")
    how.add_argument("--check", action="store_true", help="only say which rows would change")
    args = parser.parse_args(argv)
    pins = lock(None if args.upgrade else CONSTRAINTS)
    texts = {
        CONSTRAINTS: "".join(pin.plain() + "\n" for pin in pins),
        HASHED: HEAD + "".join(pin.hashed() for pin in pins),
    }
    changed = 0
    for path, text in texts.items():
        before = path.read_text("utf-8") if path.exists() else ""
        if text == before:
            continue
        changed = 1
        print(f"{path.name} {'would change' if args.check else 'changed'}:")
        old, new = before.splitlines(), text.splitlines()
        print("\n".join(sorted({f"  {line}" for line in {*old} ^ {*new} if "==" in line})) or "  digests only")
        if not args.check:
            path.write_text(text, "utf-8", newline="\n")
    print(f"{len(pins)} pins" + ("" if changed else ", nothing to change"))
    return changed if args.check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
