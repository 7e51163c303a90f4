"""The command line. Views only: every clinical statement comes from the rooms above.

``main`` gives an exit code: 0; 1 when `check` finds gaps or a pipe was closed; 2 for input that cannot be used;
3 for a fault of the kit itself; 130 after Ctrl-C. What a person can put right is one message on stderr, no traceback.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

# No plug-in of another package gets between us and our records; looking for them takes a tenth of the start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

import typer

from ... import __version__
from ...disk import clear_drafts, real_path
from ...language.nearest import did_you_mean
from . import (
    app,
    ask,
    check,
    conference,
    export,
    hook,
    lab,
    licences,
    papers,
    review,
    risk,
    signoff,
    taper,
    teach,
    understood,
)
from .common import UserError, one_line, say_error

COMMANDS: Mapping[str, tuple[Callable[..., int | None], str]] = {
    "review": (review.review, "Review cases: the first page, sheets, or JSON."),
    "understood": (understood.understood, "What was read, beside its own words; one key settles each."),
    "explain": (ask.explain, "Why does a line stand as it does?"),
    "what-if": (ask.what_if, "What would a change of the case change?"),
    "hook": (hook.hook, "Answer a CDS Hooks request with cards."),
    "cite": (ask.cite, "Who says so, where, and how well is it checked?"),
    "taper": (taper.taper, "A slow taper as a table to talk over; unsafe speeds are refused."),
    "conference": (conference.conference, "The list of a conference: decided before, then each case."),
    "decide": (conference.decide, "Record what was decided in the case file, by role."),
    "handout": (papers.handout, "One page for the person, in plain words."),
    "check": (check.check, "Is the content whole? Gaps by kind."),
    "docs": (papers.docs, "The content as Markdown pages to read."),
    "signoff": (signoff.signoff, "Confirm or amend rows for your site."),
    "export": (export.export, "A reviewed case as FHIR R4."),
    "form": (papers.form, "The blank intake sheet as HTML."),
    "app": (app.app, "Open the case conference in the browser, without code."),
    "lab": (lab.lab, "Open the case conference in JupyterLab."),
    "schema": (papers.schema, "The JSON Schema of a case file."),
}
GROUPS: Mapping[str, tuple[typer.Typer, str]] = {
    "risk": (risk.app, "Risk models beside the plan: fit, test, score."),
    "teach": (teach.app, "Teaching cases: write, check, run; a class."),
}

# Newer typer brings its own copy of click: the class of "wrong words on the command line" is taken from where it is.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


def _about(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and end.")] = False,
    licences_: Annotated[
        bool, typer.Option("--licences", help="Show the packages that run with it, and on what terms.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --licences: as JSON.")] = False,
) -> None:
    """Decision support for people who live with chronic pain and opioid use disorder.

    It shows clinicians options, reasons and what is still unknown; it gives no orders.

    \b
    Example: pathways review sample_data/cases/back_pain_120_mme.toml
    """
    if version:
        typer.echo(f"pathways {__version__}")
        raise typer.Exit
    if licences_:
        licences.show(as_json)
        raise typer.Exit
    if as_json:
        context.fail("--json before a command goes with --licences; else it stands behind the command.")
    if context.invoked_subcommand is None:
        context.fail("Missing command.")


def _command_line(word: str) -> typer.Typer:
    """The command or group called ``word`` alone, or all of them: typer works out the options of each that it gets."""
    made = typer.Typer(
        name="pathways",
        add_completion=False,
        rich_markup_mode=None,  # plain help, the same on a screen and in a pipe
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    made.callback(invoke_without_command=True)(_about)
    alone = word in COMMANDS or word in GROUPS
    for name, (command, short) in COMMANDS.items():
        if name == word or not alone:
            made.command(name, short_help=short)(command)
    for name, (group, short) in GROUPS.items():
        if name == word or not alone:
            made.add_typer(group, name=name, short_help=short)
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code and never raises for what a person can put right."""
    if argv is not None:
        return _run(argv)
    # This process is the command's own: it is short, and nearly all that it makes stays to its end.
    gc.set_threshold(200_000, 10, 10)
    try:
        return _run(sys.argv[1:])
    finally:
        gc.freeze()  # the system takes it all back at once: walking through it first takes a quarter of the time


def _run(argv: Sequence[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows "?"
    words = list(argv) or ["--help"]
    try:
        _tidy(words)
        code = _command_line(words[0])(words, prog_name="pathways", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except _UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # a group without a command: its help is the answer
            print(getattr(error, "ctx").get_help())  # noqa: B009  # the class is click's own, or typer's copy of it
            return 0
        return say_error([_in_words(error)], hint=_help_hint(error))
    except UserError as error:
        return say_error(error.problems)
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:
        return _pipe_closed()
    except SystemExit as end:  # rich and typer end the process when the reader has gone; JupyterLab ends it itself
        _pipe_closed()
        return end.code if isinstance(end.code, int) else 1
    except OSError as error:
        return say_error([f"{error.filename}: {error.strerror}" if error.filename else str(error)])
    except Exception as error:
        return _fault(error)


def _tidy(words: Sequence[str]) -> None:
    """Take away what a killed run left unfinished in this folder and in those of the files that are named."""
    places = {Path()}
    for word in words:
        with contextlib.suppress(OSError, ValueError):
            named = Path(word.rpartition("=")[2])
            places |= {named, named.parent, real_path(named).parent}
    for place in places:
        clear_drafts(place)


def _in_words(error: Exception) -> str:
    message = str(getattr(error, "format_message", lambda: str(error))())
    if message.startswith("No such command '") and "Did you mean" not in message:  # newer typer says it itself
        message += did_you_mean(message.split("'")[1], COMMANDS)
    return message


def _help_hint(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    return f"See '{context.command_path if context else 'pathways'} --help'."


def _pipe_closed() -> int:
    # What is still buffered has no reader: without this, Python complains about it when it ends.
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _fault(error: Exception) -> int:
    if os.environ.get("PATHWAYS_TRACEBACK"):
        raise error
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(place.filename)}, line {place.lineno}"  # noqa: PTH119  # a traceback holds plain text
    say_error(
        [f"a fault of the kit, not of your input: {type(error).__name__} in {where}: {one_line(error)[:200]}"],
        hint="Set PATHWAYS_TRACEBACK=1 for the whole report.",
    )
    return 3
