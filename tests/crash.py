"""Kills and crowds: is a file ever lost, torn or left behind? `python tests/crash.py --kills 300 --writers 8 --rows 50`.

(a) A process writes one file again and again and is killed (SIGKILL) at a random moment: the file must be a whole one, not
    older than the last that was said to be written, and after the next start nothing else may lie in the folder.
(b) Many processes sign rows of one site file at once: every row must be in it at the end.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, suppress
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pyarrow.parquet as pq

from pathways.apps.cli import main as pathways
from pathways.apps.cli.risk import _write_risks
from pathways.care.services import Signoff, load_site, write_signoff
from pathways.content import load_content
from pathways.disk import locks
from pathways.profile import Profile

CONTENT = load_content()
LONG = "x" * 3_900
ROWS = 4_000
LONGEST = 0.4  # seconds from the first write to the kill, at most


@dataclass
class Tally:
    """What a number of kills did."""

    kills: int = 0
    writes: int = 0
    left: int = 0
    """Drafts that lay there after a kill: how many hit the middle of a write."""
    lost: int = 0
    torn: int = 0
    left_over: int = 0

    @property
    def bad(self) -> int:
        return self.lost + self.torn + self.left_over


@dataclass(frozen=True)
class Output:
    """A file that a child writes, numbered; how its number is read off it again; and what the next start is."""

    name: str
    write: Callable[[Path, int], None]
    number: Callable[[Path], int]
    """The number of the file that is there. Raises for anything but a whole one."""
    start: Callable[[Path], object]


# ---- what is written ------------------------------------------------------------------------------------------


def _save(path: Path, n: int) -> None:
    Profile.from_dict({"title": f"case {n}", "notes": LONG + str(n)}, CONTENT).save(path)


def _saved(path: Path) -> int:
    profile = Profile.load(path, CONTENT)
    n = int(profile.title.removeprefix("case "))
    assert profile.notes == LONG + str(n)
    return n


def _entry(edition: str) -> Signoff:
    row = next(iter(CONTENT.signoff_rows))
    data = {"row": row, "role": "r", "date": date(2026, 11, 20), "edition": edition}
    return Signoff.model_validate(data, context={"content": CONTENT})


def _sign(path: Path, n: int) -> None:
    write_signoff(path, _entry(str(n)), CONTENT)


def _signed(path: Path) -> int:
    editions = [int(entry.edition) for entry in load_site(path, CONTENT).signoff]
    assert editions == [*range(1, len(editions) + 1)]
    return len(editions)


def _score(path: Path, n: int) -> None:
    _write_risks(path, [n / 2**20] * ROWS)


def _scored(path: Path) -> int:
    if path.suffix == ".csv":
        head, *rows = path.read_text("utf-8").splitlines()
        assert head == "risk"
        found = [float(row) for row in rows]
    else:
        found = pq.ParquetFile(path).read(use_threads=False).column("risk").to_pylist()
    assert len(found) == ROWS
    assert len(set(found)) == 1
    return round(found[0] * 2**20)


def _command(path: Path) -> None:
    """Any command that names a file of the folder, whether that works or not."""
    with redirect_stderr(StringIO()):
        pathways(["cite", "--as-of", str(path)])


OUTPUTS = (
    Output("case.toml", _save, _saved, lambda path: Profile.load(path, CONTENT)),
    Output("case.json", _save, _saved, _command),
    Output("site.toml", _sign, _signed, lambda path: load_site(path, CONTENT)),
    Output("risks.csv", _score, _scored, _command),
    Output("risks.parquet", _score, _scored, _command),
)


# ---- kills ----------------------------------------------------------------------------------------------------


def _write_on(output: Output, path: Path, done: int, say: int) -> None:
    """In the child: write the next number, and say so, until killed."""
    try:
        while True:
            done += 1
            output.write(path, done)
            os.write(say, b"%d\n" % done)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def killed(output: Output, folder: Path, kills: int, dice: Random) -> Tally:
    """Kill the writer of one file so many times."""
    path, tally, done = folder / output.name, Tally(), 0
    for _ in range(kills):
        hear, say = os.pipe()
        child = os.fork()
        if child == 0:
            _write_on(output, path, done, say)
        os.close(say)
        time.sleep(dice.uniform(0, LONGEST))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the writer ended by itself: its fault is above"
        with os.fdopen(hear) as said:
            told = [int(line) for line in said.read().split()]
        last = told[-1] if told else done
        tally.kills += 1
        tally.left += len([*folder.iterdir()]) - path.exists()
        output_there = path.exists()
        if output_there:
            with suppress(Exception):
                output.start(path)
        else:
            _command(path)
        tally.left_over += len([*folder.iterdir()]) - path.exists()
        if not output_there:
            tally.lost += last > 0
            continue
        try:
            found = output.number(path)
        except Exception:  # whatever a torn file makes of its reader
            tally.torn += 1
            path.unlink()
            done = 0
            continue
        tally.lost += not last <= found <= last + 1
        tally.writes += found - done
        done = found
        if output.name == "site.toml" and done > 200:  # a file that grows for ever takes ever longer
            path.unlink()
            done = 0
    return tally


# ---- crowds ---------------------------------------------------------------------------------------------------


def crowd(path: Path, writers: int, rows: int) -> int:
    """How many rows are in one site file after so many processes have each signed so many."""
    children = []
    for k in range(writers):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                for n in range(rows):
                    write_signoff(path, _entry(f"{k}-{n}"), CONTENT)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    return len({entry.edition for entry in load_site(path, CONTENT).signoff})


def without_flock() -> None:
    """From now on as on a system that cannot lock a folder."""
    locks.fcntl = None


# ---- the command ------------------------------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> int:
    """Run all of it; 1 when anything was lost, torn or left over."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--rows", type=int, default=50)
    parser.add_argument("--seed", type=int, default=20)
    args = parser.parse_args(argv)
    if not hasattr(os, "fork"):
        print("This needs a system that can fork: nothing was tried.")
        return 2
    bad, dice, total = 0, Random(args.seed), 0
    print("file           kills  writes  hit in the middle  lost  torn  left over  seconds", flush=True)
    for n, output in enumerate(OUTPUTS):
        with tempfile.TemporaryDirectory() as folder:
            output.write(Path(folder) / output.name, 1)  # what is imported late is imported now, not in each child
        start = time.monotonic()
        share = (args.kills * (n + 1)) // len(OUTPUTS) - (args.kills * n) // len(OUTPUTS)
        with tempfile.TemporaryDirectory() as folder:
            t = killed(output, Path(folder), share, dice)
        bad, total = bad + t.bad, total + t.kills
        print(
            f"{output.name:<14} {t.kills:>5}  {t.writes:>6}  {t.left:>17}  {t.lost:>4}  {t.torn:>4}  {t.left_over:>9}"
            f"  {time.monotonic() - start:>7.1f}",
            flush=True,
        )
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        kept = crowd(Path(folder) / "site.toml", args.writers, args.rows)
        bad += len([*Path(folder).iterdir()]) - 1
    wanted = args.writers * args.rows
    print(f"{args.writers} writers × {args.rows} rows: kept {kept} of {wanted}, {time.monotonic() - start:.1f} s")
    print(f"{total} kills: {'all is whole' if not bad else f'{bad} faults'}")
    return int(bool(bad) or kept != wanted)


if __name__ == "__main__":
    sys.exit(main())
