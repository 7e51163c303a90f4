"""`pathways risk fit` and `tune`: make a model from a documented cohort or from a site's own file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .common import UserError, note, say, screen
from .risk_common import (
    Bootstrap,
    CohortName,
    DataFile,
    Inputs,
    Kind,
    MaybeOut,
    Outcome,
    OutFolder,
    Sample,
    Seed,
    Weight,
    show_validation,
    told,
    write_json,
)
from .targets import Force, check_model_target, check_target

if TYPE_CHECKING:
    from ...risk.data import Data


def _data(
    path: Path, cohort: str | None, outcome: str | None, inputs: str | None, weight: str, sample: int, seed: int
) -> Data:
    from ...risk.cohorts import COHORTS
    from ...risk.data import load_extract, load_own

    wanted = [c.strip() for c in inputs.split(",") if c.strip()] if inputs else []
    if (cohort is None) == (outcome is None):
        raise UserError("name a documented --cohort, or your own --outcome with --inputs, one of the two")
    if cohort == "nsduh_official":
        from ...risk.official import load_official

        found = load_official(path)
    elif cohort is not None:
        if cohort not in COHORTS:
            raise UserError(f"--cohort: no '{cohort}'; there are {', '.join(COHORTS)}, nsduh_official")
        chosen = COHORTS[cohort]
        found = load_extract(path, chosen.with_inputs(wanted) if wanted else chosen)
    else:
        if not wanted:
            raise UserError("--inputs: name the columns that the model may read")
        found = load_own(path, outcome=str(outcome), inputs=wanted, weight=weight)
    return found.sample(sample, seed) if sample else found


def _progress(text: str) -> None:
    note(text)


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
    force: Force = False,
) -> None:
    """Fit, test on the last survey year or across 5 folds, refit to all rows, and write model, card and validation.

    logistic and ebm are written as JSON tables; boosting as .skops. Leak and outcome columns are refused by name.

    \b
    Example: pathways risk fit --data people.csv --outcome misuse --inputs age,sex,k6 --kind logistic --out models
    """
    from dataclasses import replace

    from ...risk.cards import card
    from ...risk.fitting import fit as fit_model
    from ...risk.fitting import held_out
    from ...risk.storage import OwnModel, save_model, save_own_model

    if not out.is_dir():
        raise UserError(f"--out: there is no folder {out}")
    rows = _data(data, cohort, outcome, inputs, weight, sample, seed)
    chosen = _options_of(options)
    name = name or f"own_{rows.cohort.name}"
    ending = ".skops" if (kind or rows.cohort.kind) == "boosting" else ".json"
    check_model_target(out, name, ending, [data, *([] if options is None else [options])], force=force)
    found = held_out(rows, kind, seed=seed, bootstrap=bootstrap, progress=_progress, **chosen)
    made = fit_model(rows, kind, seed=seed, replicates=replicates, progress=_progress, **chosen)
    numbers = {"validations": [found]}
    if made.model is not None:
        model = replace(made.model, name=name)
        path = save_model(model, out, card=card(model, [found]), validation=numbers)
    else:
        own = OwnModel(name, rows.cohort.title, made.kind, rows.cohort.inputs, made.estimator, made.about)
        path = save_own_model(own, out, card=card(None, [found], about=made.about), validation=numbers)
    show_validation(found)
    note(f"Written: {path}, with card and validation beside it")


def _options_of(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    from ...disk.incoming import InputError, from_json, read_file, text_of
    from ...disk.limits import OPTIONS_BYTES

    try:
        found = from_json(text_of(read_file(path, OPTIONS_BYTES)))
    except (OSError, InputError) as error:
        raise UserError(f"--options: {path}: {error}") from None
    found = found.get("options", found) if isinstance(found, dict) else found
    if not isinstance(found, dict):
        raise UserError(f"--options: {path} is not a JSON file of options")
    return found


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
    force: Force = False,
) -> None:
    """Cross-validated search for the lowest weighted log loss, with progress and a seed.

    \b
    Example: pathways risk tune --data people.csv --outcome misuse --inputs age,sex,k6 --trials 10 --out best.json
    """
    from ...risk.tuning import Search
    from ...risk.tuning import tune as search

    rows = _data(data, cohort, outcome, inputs, weight, sample, seed)
    if out is not None:
        check_target(out, (data,), force=force)
    found = search(rows, kind, Search(trials, seed, optuna=optuna), progress=_progress)
    console = screen()
    say(console, f"Best options of {found.kind}: {json.dumps(dict(found.options))}")
    if out is not None:
        write_json(out, {"kind": found.kind, "options": dict(found.options), "trials": [dict(t) for t in found.trials]})
