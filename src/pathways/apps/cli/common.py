"""What the commands share: reading cases, printing, and errors that say how to mend them."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...disk.limits import not_reckoned_from

if TYPE_CHECKING:
    from rich.console import Console

    from ...care.services import Site
    from ...content import Content
    from ...profile import Profile
    from .records import Opened

MOST_PROBLEMS = 20
WIDEST = 120


class UserError(Exception):
    """Something a person can put right. ``problems``: one line each, where, what was given, what is allowed."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


# ---- words --------------------------------------------------------------------------------------------------


def one_line(value: object) -> str:
    """Text from outside as one line for a terminal: no control characters, no change of writing direction."""
    text = " ".join(str(value).split())
    return "".join(c if c in "\u200c\u200d" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") else "�" for c in text)


def note(text: str) -> None:
    """A remark on stderr, so that stdout holds nothing but the answer."""
    print(one_line(text), file=sys.stderr)


def say_error(problems: Sequence[str], hint: str = "") -> int:
    """Print what is wrong on stderr, one line each; gives exit code 2."""
    for problem in problems[:MOST_PROBLEMS]:
        print(f"pathways: {one_line(problem)[:600]}", file=sys.stderr)
    if len(problems) > MOST_PROBLEMS:
        print(f"pathways: and {len(problems) - MOST_PROBLEMS} more", file=sys.stderr)
    if hint:
        print(hint, file=sys.stderr)
    return 2


def screen() -> Console:
    """The console on stdout. Markup, emoji codes and highlighting are off: text is shown as it is."""
    from rich.console import Console

    made = Console(markup=False, emoji=False, highlight=False)
    made.width = max(60, min(made.width, WIDEST))
    return made


def say(console: Console, line: str, style: str = "", start: str = "") -> None:
    """One line of text after ``start``, wrapped at spaces under its own beginning."""
    from rich.text import Text

    for part in Text(one_line(line)).wrap(console, console.width - len(start)):
        console.print(Text(start + part.plain.rstrip(), style=style))
        start = " " * len(start)


def bullet(console: Console, line: str, indent: int = 2) -> None:
    """A line of a list."""
    say(console, line, start=" " * indent + "- ")


def print_json(data: Any) -> None:
    """JSON on stdout, in ASCII: the same bytes whatever the terminal's encoding."""
    import json

    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=True) + "\n")


# ---- cases in -----------------------------------------------------------------------------------------------


def today() -> date:
    """The day on the wall where the person sits. Only this edge reads it."""
    return date.today()  # noqa: DTZ011  # the local day is meant, not that of UTC


def day(text: str | None, option: str = "--as-of") -> date | None:
    """A day as YYYY-MM-DD. Raises UserError."""
    if text is None:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        given = date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{option}: '{text[:40]}' is not a day; write it like 2026-11-02") from None
    if why := not_reckoned_from(given):
        raise UserError(f"{option}: {why}")
    return given


def content_at_hand() -> Content:
    """The packaged content. Raises UserError when it has mistakes, naming the first of them."""
    from ...content import ContentError, load_content

    try:
        return load_content()
    except ContentError as error:
        raise UserError(
            *(f"content: {problem}" for problem in error.problems), "see 'pathways check' for all of it"
        ) from None


def read_cases(
    paths: Sequence[Path], as_of: str | None, content: Content, opened: list[Opened] | None = None
) -> list[Profile]:
    """Read all cases, or none; a FHIR record is one too. A case without a day is reckoned from today, which is said.

    ``opened`` is filled with what each file was read as. Raises UserError with every problem of every file.
    """
    from .records import open_file

    given = day(as_of)
    found: list[Opened] = []
    problems: list[str] = []
    for path in paths:
        try:
            found.append(open_file(path, given, content))
        except UserError as error:
            problems += error.problems
    if problems:
        raise UserError(*problems)
    dated = []
    for path, one in zip(paths, found, strict=True):
        profile = one.profile
        if given is not None:
            profile = profile.model_copy(update={"as_of": given})
        elif profile.as_of is None:
            note(f"{path.name}: no as_of in the case; reckoned from today, {today()}")
            profile = profile.model_copy(update={"as_of": today()})
        dated.append(profile)
    if opened is not None:
        opened += found
    return dated


SITE_FILE = "site.toml"


def site_beside(case: Path) -> Path | None:
    """The site file that lies beside a case, or in the current folder."""
    places = (case.parent / SITE_FILE, Path(SITE_FILE))
    return next((path for path in places if path.is_file()), None)


def read_site(path: Path, content: Content) -> Site:
    """A site file. Raises UserError with every mistake."""
    from ...care.services import SiteError, load_site

    try:
        return load_site(path, content)
    except SiteError as error:
        raise UserError(*error.problems) from None
