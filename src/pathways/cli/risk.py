"""`pathways risk …`: fit, tune, validate, compare, recalibrate, score, and read the card of a risk model."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .common import UserError, check_target, content_at_hand, note, one_line, read_cases, say, screen

if TYPE_CHECKING:
    from ..risk.data import Data
    from ..risk.model import Model

app = typer.Typer(
    rich_markup_mode=None,
    help="Risk models beside the plan: they describe groups of people and decide nothing.",
    no_args_is_help=True,
)

ModelFile = Annotated[
    str, typer.Option("--model", metavar="MODEL", help="A model file, or the name of a shipped model.")
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
        from ..risk import RiskError

        try:
            command(*args, **kwargs)
        except RiskError as error:
            raise UserError(str(error)) from None
        except ImportError as error:
            if (error.name or "").split(".")[0] not in ("interpret", "numpy", "pyarrow", "sklearn", "skops", "scipy"):
                raise
            raise UserError(f"{error.name} is not installed: pip install 'pathways-cds[risk]'") from None

    return run


@app.command(short_help="Estimate every row of a file.")
@told
def score(model: ModelFile, data: DataFile, out: Out) -> None:
    """Write one column, `risk`, in the order of the rows. Outcome, weight and leak columns are ignored and named.

    \b
    Example: pathways risk score --model misuse_adults --data people.parquet --out risk.parquet
    """
    from ..risk.data import columns_for
    from ..risk.storage import find_model

    check_target(out, (data,))
    path = find_model(model)
    if path.suffix == ".skops":
        risks, remarks = _own_risks(path, data)
    else:
        from ..risk.storage import load_model
        from ..risk.table import risk_table

        made = load_model(path)
        columns, remarks = columns_for(made.inputs, data)
        risks = risk_table(made, columns)
        note(f"{made.title}: a high estimate means that a person {made.outcome['says']}, no more than that")
    for remark in remarks:
        note(remark)
    _write_risks(out, risks)
    note(f"Written: {out}, {len(risks):,} rows")


def _own_risks(path: Path, data: Path) -> tuple[Any, list[str]]:
    from ..risk.data import columns_for
    from ..risk.kinds import estimator_risks
    from ..risk.storage import load_own_model

    own = load_own_model(path)
    columns, remarks = columns_for(own.inputs, data)
    return estimator_risks(own, columns), remarks


def _write_risks(out: Path, risks: Any) -> None:
    if out.suffix.lower() == ".csv":
        out.write_text("risk\n" + "".join(f"{r:.17g}\n" for r in risks), "utf-8")
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"risk": risks}), out, compression="zstd")


def _data(
    path: Path, cohort: str | None, outcome: str | None, inputs: str | None, weight: str, sample: int, seed: int
) -> Data:
    from ..risk.cohorts import COHORTS
    from ..risk.data import load_extract, load_own

    wanted = [c.strip() for c in inputs.split(",") if c.strip()] if inputs else []
    if (cohort is None) == (outcome is None):
        raise UserError("name a documented --cohort, or your own --outcome with --inputs, one of the two")
    if cohort is not None:
        if cohort not in COHORTS:
            raise UserError(f"--cohort: no '{cohort}'; there are {', '.join(COHORTS)}")
        chosen = COHORTS[cohort]
        found = load_extract(path, chosen.with_inputs(wanted) if wanted else chosen)
    else:
        if not wanted:
            raise UserError("--inputs: name the columns that the model may read")
        found = load_own(path, outcome=str(outcome), inputs=wanted, weight=weight)
    return found.sample(sample, seed) if sample else found


def _progress(text: str) -> None:
    note(text)


@app.command(short_help="Fit a model; write it with card and validation.")
@told
def fit(
    data: DataFile,
    out: OutFolder,
    cohort: CohortName = None,
    outcome: Outcome = None,
    inputs: Inputs = None,
    weight: Weight = "",
    kind: Kind = "",
    name: Annotated[str, typer.Option("--name", help="The name of the model; left out: own_ and the cohort's.")] = "",
    options: Annotated[Path | None, typer.Option("--options", help="Options as JSON, as `tune --out` writes.")] = None,
    replicates: Annotated[int, typer.Option("--replicates", min=0, help="Bootstrap refits kept in the model.")] = 20,
    seed: Seed = 0,
    bootstrap: Bootstrap = 200,
    sample: Sample = 0,
) -> None:
    """Fit, test on the last survey year or across 5 folds, refit to all rows, and write model, card and validation.

    logistic and ebm are written as JSON tables; boosting as .skops. Leak and outcome columns are refused by name.

    \b
    Example: pathways risk fit --data people.csv --outcome misuse --inputs age,sex,k6 --kind logistic --out models
    """
    from dataclasses import replace

    from ..risk.cards import card
    from ..risk.fitting import fit as fit_model
    from ..risk.fitting import held_out
    from ..risk.storage import save_model, save_own_model

    if not out.is_dir():
        raise UserError(f"--out: there is no folder {out}")
    rows = _data(data, cohort, outcome, inputs, weight, sample, seed)
    chosen = _options_of(options)
    found = held_out(rows, kind, seed=seed, bootstrap=bootstrap, progress=_progress, **chosen)
    made = fit_model(rows, kind, seed=seed, replicates=replicates, progress=_progress, **chosen)
    name = name or f"own_{rows.cohort.name}"
    numbers = {"validations": [found]}
    if made.model is not None:
        model = replace(made.model, name=name)
        path = save_model(model, out, card=card(model, [found]), validation=numbers)
    else:
        about = made.about
        path = save_own_model(
            made.estimator, out / f"{name}.skops", kind=made.kind, inputs=rows.cohort.inputs, title=rows.cohort.title,
            card=card(None, [found], about=about), validation=numbers, about=about,
        )  # fmt: skip
    _show_validation(found)
    note(f"Written: {path}, with card and validation beside it")


def _options_of(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text("utf-8"))
        return dict(found.get("options", found))
    except (OSError, ValueError, AttributeError):
        raise UserError(f"--options: {path} is not a JSON file of options") from None


@app.command(short_help="Search the options of a kind of model.")
@told
def tune(
    data: DataFile,
    cohort: CohortName = None,
    outcome: Outcome = None,
    inputs: Inputs = None,
    weight: Weight = "",
    kind: Kind = "",
    trials: Annotated[int, typer.Option("--trials", min=1, help="How many settings to try.")] = 10,
    optuna: Annotated[bool, typer.Option("--optuna", help="Search with Optuna (the tune extra).")] = False,
    out: MaybeOut = None,
    seed: Seed = 0,
    sample: Sample = 0,
) -> None:
    """Cross-validated search for the lowest weighted log loss, with progress and a seed.

    \b
    Example: pathways risk tune --data people.csv --outcome misuse --inputs age,sex,k6 --trials 10 --out best.json
    """
    from ..risk.tuning import tune as search

    rows = _data(data, cohort, outcome, inputs, weight, sample, seed)
    if out is not None:
        check_target(out, (data,))
    found = search(rows, kind, trials=trials, seed=seed, optuna=optuna, progress=_progress)
    console = screen()
    say(console, f"Best options of {found.kind}: {json.dumps(dict(found.options))}")
    if out is not None:
        _write_json(
            out, {"kind": found.kind, "options": dict(found.options), "trials": [dict(t) for t in found.trials]}
        )


@app.command(short_help="All measures of a model on data.")
@told
def validate(
    model: ModelFile, data: DataFile, out: MaybeOut = None, seed: Seed = 0, bootstrap: Bootstrap = 200
) -> None:
    """Discrimination, calibration, net benefit and groups together, weighted, with bootstrap intervals.

    \b
    Example: pathways risk validate --model misuse_adults --data nsduh.parquet
    """
    from ..risk.storage import load_model
    from ..risk.validation import validate as measure

    if out is not None:
        check_target(out, (data,))
    made = load_model(model)
    found = measure(made, _data_for(made, data), bootstrap=bootstrap, seed=seed, label=f"{made.name} on {data.name}")
    _show_validation(found)
    if out is not None:
        _write_json(out, found)


def _data_for(model: Model, path: Path) -> Data:
    from ..risk.cohorts import cohort_for
    from ..risk.data import load_extract

    return load_extract(path, cohort_for(model))


@app.command(short_help="Two or more models on the same rows.")
@told
def compare(
    model: Annotated[list[str], typer.Option("--model", metavar="MODEL", help="Give it twice or more.")],
    data: DataFile,
    out: MaybeOut = None,
    seed: Seed = 0,
    bootstrap: Bootstrap = 200,
) -> None:
    """Paired differences to the first model, on the same draws of the same rows.

    \b
    Example: pathways risk compare --model misuse_adults --model own.json --data nsduh.parquet
    """
    from ..risk.comparison import compare as measure
    from ..risk.comparison import comparison_table
    from ..risk.storage import load_model

    if out is not None:
        check_target(out, (data,))
    made = {one_line(name): load_model(name) for name in model}
    if len(made) < 2:
        raise UserError("--model: name two different models or more")
    rows = _data_for(next(iter(made.values())), data)
    found = measure(made, rows, bootstrap=bootstrap, seed=seed)
    _show_table(*comparison_table(found))
    if out is not None:
        _write_json(out, found)


@app.command(short_help="Fit a model to a place.")
@told
def recalibrate(
    model: ModelFile,
    out: OutFolder,
    data: Annotated[Path | None, typer.Option("--data", metavar="FILE", help="The site's own rows.")] = None,
    prevalence: Annotated[float | None, typer.Option("--prevalence", help="A stated prevalence, 0 to 1.")] = None,
    slope: Annotated[bool, typer.Option("--slope", help="Move the slope too (with --data).")] = False,
    name: Annotated[str, typer.Option("--name", help="The name of the new model.")] = "",
    seed: Seed = 0,
    bootstrap: Bootstrap = 200,
) -> None:
    """Move the intercept (and slope) to a site's own data or to a stated prevalence; the order of people stays.

    \b
    Example: pathways risk recalibrate --model misuse_adults --prevalence 0.08 --name ours --out models
    """
    from ..risk.calibration import recalibrate as move
    from ..risk.cards import card
    from ..risk.storage import load_model, save_model, validation_of
    from ..risk.validation import validate as measure

    if not out.is_dir():
        raise UserError(f"--out: there is no folder {out}")
    made = load_model(model)
    rows = None if data is None else _data_for(made, data)
    moved = move(made, rows, prevalence=prevalence, slope=slope, name=name)
    before = dict(validation_of(model))
    earlier = [{**v, "label": f"Before recalibration: {v['label']}"} for v in before.get("validations", [])]
    found = earlier
    if rows is not None:
        label = "On the rows that it was recalibrated to (flatters calibration)"
        found = [measure(moved, rows, bootstrap=bootstrap, seed=seed, label=label), *earlier]
    path = save_model(moved, out, card=card(moved, found), validation={"validations": found})
    note(f"Written: {path}, with card and validation beside it")


@app.command("card", short_help="The card of a model.")
@told
def show_card(
    model: ModelFile,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it: .md or .html.")] = None,
) -> None:
    """What a model is, how good it is, for whom, and what it is not for.

    \b
    Example: pathways risk card --model misuse_adults
    Example: pathways risk card --model misuse_adults --out card.html
    """
    from ..risk.cards import card_html
    from ..risk.storage import card_of

    text = card_of(model)
    if out is None:
        typer.echo(text)
        return
    check_target(out)
    out.write_text(card_html(text) if out.suffix.lower() in (".html", ".htm") else text, "utf-8")
    note(f"Written: {out}")


@app.command(short_help="What the models say beside a case.")
@told
def person(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="A case file, TOML or JSON.", show_default=False)],
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Reckon from this day.")] = None,
) -> None:
    """In words, with what is open and what the model is not for. No plan reads it; see `pathways review` for those.

    \b
    Example: pathways risk person sample_data/cases/low_risk.toml
    """
    from ..estimates import estimates
    from ..facts import derive
    from ..risk import explain
    from ..risk.storage import load_model, validation_of

    content = content_at_hand()
    (profile,) = read_cases([case], as_of, content)
    console = screen()
    for found in estimates(derive(profile, content=content), content=content):
        if found.estimate is None:
            say(console, f"{found.model}: {found.closed}")
            continue
        answers = {i.column: list(i.values) for i in found.inputs if i.values}
        remarks = [f"{i.label}, approximate: {i.note}" for i in found.approximate]
        shown = explain(
            load_model(found.model), found.estimate, validation=validation_of(found.model), answers=answers,
            remarks=[*([f"Remark: {found.remark}."] if found.remark else []), *remarks],
        )  # fmt: skip
        say(console, f"{found.title} ({found.model})", style="bold")
        for line in shown.lines:
            say(console, line, start="  ")
        for row in shown.icons_text.splitlines():
            console.print("  " + row)


@app.command(short_help="A made-up cohort, seeded.")
@told
def synthetic(
    model: ModelFile,
    out: Out,
    rows: Annotated[int, typer.Option("--rows", min=1, help="How many rows.")] = 2000,
    seed: Seed = 0,
) -> None:
    """Rows drawn from what a model knows of its population; every row says that it is synthetic.

    \b
    Example: pathways risk synthetic --model misuse_adults --rows 2000 --seed 7 --out synthetic.csv
    """
    from ..risk.storage import load_model
    from ..risk.synthesis import synthetic as draw
    from ..risk.synthesis import write_csv

    check_target(out)
    write_csv(draw(load_model(model), rows, seed=seed), out)
    note(f"Written: {out}, {rows:,} made-up rows")


def _write_json(out: Path, found: Any) -> None:
    out.write_text(json.dumps(found, indent=1, sort_keys=True, allow_nan=False) + "\n", "utf-8")
    note(f"Written: {out}")


def _show_validation(found: Any) -> None:
    from ..risk.validation import validation_tables

    say(screen(), f"{found['label']}: {found['people']:,} people, {found['events']:,} events")
    for name, heads, rows in validation_tables(found):
        _show_table(name, heads, rows)


def _show_table(name: str, heads: list[str], rows: list[list[str]]) -> None:
    from rich.table import Table

    table = Table(title=name, title_justify="left")
    for n, head in enumerate(heads):
        table.add_column(head, justify="left" if n == 0 else "right")
    for row in rows:
        table.add_row(*map(one_line, row))
    screen().print(table)
