"""`pathways risk …`: fit, tune, validate, compare, recalibrate, score, and read the card of a risk model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ...disk import replacing
from .common import UserError, content_at_hand, note, one_line, say, screen
from .risk_common import (
    Bootstrap,
    DataFile,
    MaybeOut,
    ModelFile,
    Out,
    OutFolder,
    Seed,
    any_model,
    data_for,
    model_files,
    show_table,
    show_validation,
    told,
    told_of,
    write_json,
)
from .risk_fit import fit, tune
from .targets import NUMBERS, Force, check_model_target, check_target, write_text

app = typer.Typer(
    rich_markup_mode=None,
    help="Risk models beside the plan: they describe groups of people and decide nothing.",
    no_args_is_help=True,
)


@app.command(short_help="Estimate every row of a file.")
@told
def score(model: ModelFile, data: DataFile, out: Out, force: Force = False) -> None:
    """Write one column, `risk`, in the order of the rows. Outcome, weight and leak columns are ignored and named.

    \b
    Example: pathways risk score --model misuse_adults --data people.parquet --out risk.parquet
    """
    from ...risk.data import columns_for
    from ...risk.storage import find_model

    path = find_model(model)
    check_target(out, (data, *model_files(path)), force=force)
    if path.suffix == ".skops":
        risks, remarks = _own_risks(path, data)
    else:
        from ...risk.storage import load_model
        from ...risk.table import risk_table

        made = load_model(path)
        columns, remarks = columns_for(made.inputs, data)
        risks = risk_table(made, columns)
        remarks = [
            f"{made.title}: a high estimate means that a person {made.outcome['says']}, no more than that",
            *remarks,
        ]
    _write_risks(out, risks)
    told_of(model)
    for remark in remarks:
        note(remark)
    note(f"Written: {out}, {len(risks):,} rows")


def _own_risks(path: Path, data: Path) -> tuple[Any, list[str]]:
    from ...risk.data import columns_for
    from ...risk.kinds import estimator_risks
    from ...risk.storage import load_own_model

    own = load_own_model(path)
    columns, remarks = columns_for(own.inputs, data)
    return estimator_risks(own, columns), remarks


def _write_risks(out: Path, risks: Any) -> None:
    if out.suffix.lower() == ".csv":
        write_text(out, "risk\n" + "".join(f"{r:.17g}\n" for r in risks))
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"risk": risks}).replace_schema_metadata({"made_by": NUMBERS})
    with replacing(out) as file:
        pq.write_table(table, file, compression="zstd")


app.command(short_help="Fit a model; write it with card and validation.")(fit)
app.command(short_help="Search the options of a kind of model.")(tune)


@app.command(short_help="All measures of a model on data.")
@told
def validate(
    model: ModelFile,
    data: DataFile,
    out: MaybeOut = None,
    seed: Seed = 0,
    bootstrap: Bootstrap = 200,
    force: Force = False,
) -> None:
    """Discrimination, calibration, net benefit and groups together, weighted, with bootstrap intervals.

    \b
    Example: pathways risk validate --model misuse_adults --data nsduh.parquet
    """
    from ...risk.storage import find_model
    from ...risk.validation import validate as measure

    if out is not None:
        check_target(out, (data, *model_files(find_model(model))), force=force)
    made, estimates = any_model(model)
    rows = data_for(data, made)
    found = measure(estimates, rows, bootstrap=bootstrap, seed=seed, label=f"{made.name} on {data.name}")
    told_of(model)
    show_validation(found)
    if out is not None:
        write_json(out, found)


@app.command(short_help="Two or more models on the same rows.")
@told
def compare(
    model: Annotated[list[str], typer.Option("--model", metavar="MODEL", help="Give it twice or more.")],
    data: DataFile,
    out: MaybeOut = None,
    seed: Seed = 0,
    bootstrap: Bootstrap = 200,
    force: Force = False,
) -> None:
    """Paired differences to the first model, on the same draws of the same rows.

    \b
    Example: pathways risk compare --model misuse_adults --model own.json --data nsduh.parquet
    """
    from ...risk.comparison import compare as measure
    from ...risk.comparison import comparison_table
    from ...risk.storage import find_model

    if out is not None:
        read = [file for one in model for file in model_files(find_model(one))]
        check_target(out, (data, *read), force=force)
    made = {one_line(name): any_model(name) for name in model}
    if len(made) < 2:
        raise UserError("--model: name two different models or more")
    rows = data_for(data, *(one for one, _ in made.values()))
    found = measure({name: estimates for name, (_, estimates) in made.items()}, rows, bootstrap=bootstrap, seed=seed)
    for name in dict.fromkeys(model):
        told_of(name)
    show_table(*comparison_table(found))
    if out is not None:
        write_json(out, found)


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
    force: Force = False,
) -> None:
    """Move the intercept (and slope) to a site's own data or to a stated prevalence; the order of people stays.

    \b
    Example: pathways risk recalibrate --model misuse_adults --prevalence 0.08 --name ours --out models
    """
    from ...risk.calibration import recalibrate as move
    from ...risk.cards import card
    from ...risk.storage import find_model, load_model, save_model, validation_of
    from ...risk.validation import validate as measure

    if not out.is_dir():
        raise UserError(f"--out: there is no folder {out}")
    made = load_model(model)
    rows = None if data is None else data_for(data, made)
    moved = move(made, rows, prevalence=prevalence, slope=slope, name=name)
    read = [*model_files(find_model(model)), *([] if data is None else [data])]
    check_model_target(out, moved.name, ".json", read, force=force)
    before = dict(validation_of(model))
    try:
        earlier = [{**v, "label": f"Before recalibration: {v['label']}"} for v in before.get("validations", [])]
    except (KeyError, TypeError, AttributeError):
        raise UserError(f"{model}: its validation does not hold the numbers that a card needs") from None
    found = earlier
    if rows is not None:
        label = "On the rows that it was recalibrated to (flatters calibration)"
        found = [measure(moved, rows, bootstrap=bootstrap, seed=seed, label=label), *earlier]
    try:
        text = card(moved, found)
    except (KeyError, TypeError, ValueError, AttributeError, LookupError):
        raise UserError(f"{model}: its validation does not hold the numbers that a card needs") from None
    path = save_model(moved, out, card=text, validation={"validations": found})
    told_of(model)
    note(f"Written: {path}, with card and validation beside it")


@app.command("card", short_help="The card of a model.")
@told
def show_card(
    model: ModelFile,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it: .md or .html.")] = None,
    force: Force = False,
) -> None:
    """What a model is, how good it is, for whom, and what it is not for.

    \b
    Example: pathways risk card --model misuse_adults
    Example: pathways risk card --model misuse_adults --out card.html
    """
    from ...risk.cards import card_html
    from ...risk.storage import card_of, find_model

    text = card_of(model)
    if out is None:
        told_of(model)
        typer.echo(text)
        return
    check_target(out, model_files(find_model(model)), force=force)
    write_text(out, card_html(text) if out.suffix.lower() in (".html", ".htm") else text)
    told_of(model)
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
    from ...care.estimates import estimates, explain_case, origin, risk_scores
    from .review import reviewed_cases

    (reviewed,) = reviewed_cases([case], as_of, content_at_hand())
    console = screen()
    # What was worked out first, then why the rest was not.
    for found in sorted(estimates(reviewed), key=lambda found: found.estimate is None):
        if found.estimate is None:
            say(console, found.closed)
            continue
        shown = explain_case(found)
        say(console, f"{found.title} ({found.model}: {origin(found.model)})", style="bold")
        for n, (title, lines) in enumerate(shown.parts):
            if title:
                say(console, title, start="  ")
            for line in lines:
                say(console, line, start="    - " if title else "  ")
            if n == 0:
                for row in shown.icons_text.splitlines():
                    console.print("  " + row)
    for reading in risk_scores(reviewed):
        say(console, f"{reading.instrument.short}: {reading.says}")


@app.command(short_help="A made-up cohort, seeded.")
@told
def synthetic(
    model: ModelFile,
    out: Out,
    rows: Annotated[int, typer.Option("--rows", min=1, help="How many rows.")] = 2000,
    seed: Seed = 0,
    force: Force = False,
) -> None:
    """Rows drawn from what a model knows of its population; every row says that it is synthetic.

    \b
    Example: pathways risk synthetic --model misuse_adults --rows 2000 --seed 7 --out synthetic.csv
    """
    from ...risk.storage import find_model, load_model
    from ...risk.synthesis import synthetic as draw
    from ...risk.synthesis import write_csv

    check_target(out, model_files(find_model(model)), force=force)
    write_csv(draw(load_model(model), rows, seed=seed), out)
    note(f"Written: {out}, {rows:,} made-up rows")
