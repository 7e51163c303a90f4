"""What the risk commands share: their options, reading data, showing tables."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .common import UserError, note, one_line, say, screen
from .targets import numbers_text, write_text

if TYPE_CHECKING:
    from ...risk.data import Data, Predict
    from ...risk.model import Model
    from ...risk.storage import OwnModel

ModelFile = Annotated[
    str, typer.Option("--model", metavar="MODEL", help="The name of a shipped model, or a file: ./ours, ours.json.")
]
DataFile = Annotated[
    Path, typer.Option("--data", metavar="FILE", help="A Parquet or CSV file with documented columns.")
]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write.")]
OutFolder = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="The folder to write the model into.")]
MaybeOut = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Also write the numbers as JSON.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="The same seed and data give the same result.")]
Bootstrap = Annotated[int, typer.Option("--bootstrap", min=20, help="Bootstrap draws for the intervals.")]
Sample = Annotated[int, typer.Option("--sample", min=0, help="Use this many rows, drawn by the seed; 0: all.")]
CohortName = Annotated[
    str | None, typer.Option("--cohort", metavar="NAME", help="A documented cohort: its columns, outcome and weight.")
]
Outcome = Annotated[str | None, typer.Option("--outcome", metavar="COLUMN", help="Your own data: the 0/1 outcome.")]
Inputs = Annotated[str | None, typer.Option("--inputs", metavar="A,B,C", help="The columns that the model may read.")]
Weight = Annotated[str, typer.Option("--weight", metavar="COLUMN", help="Your own data: a weight.")]
Kind = Annotated[str, typer.Option("--kind", help="logistic, ebm or boosting; left out: the cohort's own.")]


def told(command: Callable[..., None]) -> Callable[..., None]:
    """What a person can put right is one message, as for every other command."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        from ...risk import RiskError

        try:
            command(*args, **kwargs)
        except RiskError as error:
            raise UserError(str(error)) from None
        except ImportError as error:
            if (error.name or "").split(".")[0] not in ("interpret", "numpy", "pyarrow", "sklearn", "skops", "scipy"):
                raise
            raise UserError(f"{error.name} is not installed: pip install 'pathways-cds[risk]'") from None

    return run


def any_model(name: str) -> tuple[Model | OwnModel, Model | Predict]:
    """A model of tables, or a researcher's own `.skops`, and what estimates rows by it."""
    from ...risk.storage import find_model, load_model, load_own_model

    if find_model(name).suffix != ".skops":
        made = load_model(name)
        return made, made
    from ...risk.kinds import estimator_risks

    own = load_own_model(name)
    return own, lambda rows: estimator_risks(own, rows.columns)


def told_of(name: str) -> None:
    """Say which model was used: its digest, and where it came from. An error is one message alone: say this after all that
    may fail."""
    from ...risk.storage import origin_of

    note(f"Model {name}: {origin_of(name)}")


def model_files(path: Path) -> tuple[Path, ...]:
    """The three files of a model."""
    from ...risk.storage import beside

    return (path, *beside(path))


def data_for(path: Path, *models: Model | OwnModel) -> Data:
    """The rows of a file with what all the models read; outcome and weight are those of the first."""
    from dataclasses import replace

    from ...risk.cohorts import cohort_for
    from ...risk.data import load_extract

    inputs = {i.column: i for model in reversed(models) for i in model.inputs}
    return load_extract(path, replace(cohort_for(models[0]), inputs=tuple(inputs.values())))


def write_json(out: Path, found: Any) -> None:
    write_text(out, numbers_text(found))
    note(f"Written: {out}")


def show_validation(found: Any) -> None:
    from ...risk.validation import validation_tables

    say(screen(), f"{found['label']}: {found['people']:,} people, {found['events']:,} events")
    for name, heads, rows in validation_tables(found):
        show_table(name, heads, rows)


def show_table(name: str, heads: list[str], rows: list[list[str]]) -> None:
    from rich.table import Table

    table = Table(title=name, title_justify="left")
    for n, head in enumerate(heads):
        table.add_column(head, justify="left" if n == 0 else "right")
    for row in rows:
        table.add_row(*map(one_line, row))
    screen().print(table)
