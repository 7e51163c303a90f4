"""Tables of people, conditions, medicines and observations, checked as strictly as a case file, ready to be derived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from ..content import Content
from ..facts.allergies import answered_by
from ..language import Choice, Number, YesNo
from ..language.nearest import did_you_mean
from ..profile import AskedNone, Condition, Observation, Profile, span
from . import lists as entry

ITEMS = pl.List(pl.Struct({"item": pl.String, "value": pl.Int64}))
DOSE = pl.List(pl.Struct({"ingredient": pl.String, "amount": pl.Float64}))
IDS = pl.List(pl.String)
LISTS = ("conditions", "medicines", "observations")
COLUMNS: Mapping[str, Mapping[str, Any]] = {
    "conditions": {
        "id": pl.String,
        "name": pl.String,
        "status": pl.String,
        "certainty": pl.String,
        "none_of": IDS,
        "since": pl.String,
        "until": pl.String,
    },
    "medicines": {
        "name": pl.String,
        "ingredients": IDS,
        "class": pl.String,
        "none_of": IDS,
        "route": pl.String,
        "release": pl.String,
        "dose": DOSE,
        "unit": pl.String,
        "per_day_min": pl.Float64,
        "per_day_max": pl.Float64,
        "as_needed": pl.Boolean,
        "use_unknown": pl.Boolean,
        "purpose": pl.String,
        "source": pl.String,
        "state": pl.String,
        "start": pl.String,
        "stop": pl.String,
        "supply_days": pl.Float64,
        "prescriber": pl.String,
        "written": pl.String,
        "setting": pl.String,
        "as_prescribed": pl.Boolean,
    },
    "observations": {
        "measure": pl.String,
        "value": pl.Float64,
        "choice": pl.String,
        "items": ITEMS,
        "date": pl.String,
        "source": pl.String,
        "note": pl.String,
    },
}
# Columns that tell entries of one kind apart: what stands in them is worked out once for each combination. Dates and
# prescribers differ from row to row and are kept out.
KIND = {
    "conditions": ("id", "name", "status", "certainty", "none_of"),
    "medicines": (*tuple(COLUMNS["medicines"])[:14], "setting"),
    "observations": ("measure", "value", "choice", "items"),
}
DATES = {"conditions": ("since", "until"), "medicines": ("start", "stop", "written"), "observations": ("date",)}
EVER, NEVER = date.min.toordinal(), date.max.toordinal()


def tables_from_profiles(profiles: Mapping[str, Profile], content: Content) -> tuple[pl.DataFrame, ...]:
    """Profiles by person id as the four tables that `derive_table` takes: people, conditions, medicines, observations.

    What the tables have no place for (titles, notes, teaching, each profile's own ``as_of``) is left out.
    """
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in ("people", *LISTS)}
    for id, profile in profiles.items():
        row: dict[str, Any] = {"person_id": id}
        allergic = answered_by(profile, content)
        for answer in content.answers.values():
            given = profile.answers.get(answer.id, True if answer.id in allergic else None)
            if answer.type == "number":
                pair = given if isinstance(given, tuple) else (given, given)
                row |= {f"{answer.id}__lo": pair[0], f"{answer.id}__hi": pair[1]}
            elif answer.type == "yes_no":
                row[answer.id] = given
            elif answer.type == "choice":
                row[answer.id] = None if given is None else list(given) if isinstance(given, tuple) else [given]
        for name in LISTS:
            row[f"complete_{name}"] = getattr(profile.complete, name)
            row[f"asked_none_{name}"] = list(getattr(profile.asked_none, name))
            for one in getattr(profile, name):
                rows[name].append({"person_id": id, **_row_of(one.model_dump(by_alias=True))})
        rows["people"].append(row)
    types = {name: dict(_people_columns(content)) if name == "people" else dict(COLUMNS[name]) for name in rows}
    for answer in content.answers.values():
        types["people"].pop(answer.id, None) if answer.type == "number" else None
    return tuple(
        pl.DataFrame(found, schema={"person_id": pl.String, **types[name]}, infer_schema_length=None)
        for name, found in rows.items()
    )


def _row_of(data: dict[str, Any]) -> dict[str, Any]:
    if "dose" in data:
        data["dose"] = [{"ingredient": name, "amount": mg} for name, mg in data["dose"].items()]
    if "items" in data:
        data["items"] = [{"item": name, "value": value} for name, value in data["items"].items()]
    if isinstance(data.get("value"), str):
        data |= {"value": None, "choice": data["value"]}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in data.items()}


def _people_columns(content: Content) -> Iterable[tuple[str, Any]]:
    for answer in content.answers.values():
        if answer.type == "number":
            yield from ((name, pl.Float64) for name in (answer.id, f"{answer.id}__lo", f"{answer.id}__hi"))
        elif answer.type in ("yes_no", "choice"):
            yield answer.id, pl.Boolean if answer.type == "yes_no" else IDS
    for name in LISTS:
        yield f"complete_{name}", pl.String
        yield f"asked_none_{name}", IDS


def _cast(frame: pl.DataFrame, where: str, types: Mapping[str, Any]) -> pl.DataFrame:
    """The frame with exactly these columns, in order; one that is not given is null. Raises ValueError."""
    problems = []
    if "person_id" not in frame.columns:
        problems.append(f"{where}: has no column 'person_id'")
    for name in frame.columns:
        if name not in types and name != "person_id":
            problems.append(f"{where}: nothing is called '{name}'.{did_you_mean(name, types) or ' Take it out first.'}")
    made = [pl.col("person_id")]
    for name, kind in types.items():
        if name not in frame.columns:
            made.append(pl.lit(None, dtype=kind).alias(name))
            continue
        column = pl.col(name)
        if kind == IDS and frame.schema[name] == pl.String:
            column = pl.when(column.is_not_null()).then(pl.concat_list(column))
        made.append(column.cast(kind).alias(name))
    if problems:
        raise ValueError("\n".join(problems))
    try:
        return frame.select(made)
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"{where}: {str(error).splitlines()[0]}") from None


def people_in(content: Content, people: pl.DataFrame, complete: str) -> tuple[pl.DataFrame, list[AskedNone]]:
    """One row a person: ``p`` (its place), the answers as fact columns, completeness, and which "asked, none"."""
    frame = _cast(people, "people", dict(_people_columns(content))).with_row_index("p")
    if frame["person_id"].null_count() or frame["person_id"].n_unique() < frame.height:
        raise ValueError("people: every row needs a person_id of its own")
    problems: list[str] = []
    columns: list[pl.Expr] = []
    for answer in content.answers.values():
        kind = content.schema.get(answer.id)
        if isinstance(kind, Number):
            ends = [pl.coalesce(f"{answer.id}__{end}", answer.id).alias(f"{answer.id}__{end}") for end in ("lo", "hi")]
            lo, hi = (pl.coalesce(end, pl.lit(other)) for end, other in zip(ends, (kind.lo, kind.hi), strict=True))
            wrong = (lo < kind.lo) | (hi > kind.hi) | (lo > hi) | lo.is_nan() | hi.is_nan()
            wrong |= (lo.round(kind.decimals) != lo) | (hi.round(kind.decimals) != hi)
            _refuse(
                problems, frame, answer.id, wrong, f"not a number from {kind.lo:g} to {kind.hi:g} that fits", ends[0]
            )
            columns += ends
        elif isinstance(kind, Choice):
            known = pl.col(answer.id).list.eval(pl.element().is_in(list(kind.options))).list.all()
            wrong = ~known | (pl.col(answer.id).list.len() == 0)
            _refuse(problems, frame, answer.id, wrong, f"none of {', '.join(kind.options)}", pl.col(answer.id))
            bits = [
                pl.when(pl.col(answer.id).list.contains(option)).then(pl.lit(1 << n, pl.UInt32)).otherwise(0)
                for n, option in enumerate(kind.options)
            ]
            may = pl.when(pl.col(answer.id).is_not_null()).then(pl.sum_horizontal(bits)).cast(pl.UInt32)
            columns.append(may.alias(f"{answer.id}__may"))
        elif isinstance(kind, YesNo):
            columns.append(pl.col(answer.id))
    for name in LISTS:
        wrong = ~pl.col(f"complete_{name}").is_in(["yes", "no", "assumed"])
        _refuse(problems, frame, f"complete_{name}", wrong, "none of yes, no, assumed", pl.col(f"complete_{name}"))
        columns.append(pl.col(f"complete_{name}").fill_null(complete))
    if problems:
        raise ValueError("\n".join(problems))
    keys = [f"asked_none_{name}" for name in LISTS]
    kinds = frame.select(keys).unique(maintain_order=True).with_row_index("asked")
    rows = [{key.removeprefix("asked_none_"): row[key] for key in keys} for row in kinds.iter_rows(named=True)]
    asked = entry.entries_of(AskedNone, rows, "people, asked_none", content)
    frame = frame.join(kinds, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return frame.select("p", "person_id", "asked", *columns), asked


def _refuse(problems: list[str], frame: pl.DataFrame, name: str, wrong: pl.Expr, text: str, shown: pl.Expr) -> None:
    bad = frame.filter(wrong.fill_null(False)).select("person_id", shown.alias("given"))
    if bad.height:
        problems.append(
            f"people, {name}: {bad['given'][0]!s} is {text} ({bad.height} rows, first {bad['person_id'][0]})"
        )


class Listed:
    """One long table: ``rows`` with the person's place ``p``, the kind of entry ``k``, and dates as day numbers;
    ``kinds`` are the different entries, as of a profile."""

    def __init__(self, content: Content, name: str, given: pl.DataFrame, people: pl.DataFrame) -> None:
        frame = _cast(given, name, COLUMNS[name])
        frame = frame.join(people.select("p", "person_id"), on="person_id", how="left", maintain_order="left")
        lost = frame.filter(pl.col("p").is_null())
        if lost.height:
            raise ValueError(
                f"{name}: {lost.height} rows of people who are not in people, such as {lost['person_id'][0]!r}"
            )
        if name == "medicines":
            wrong = frame.filter(~pl.col("state").is_in(["current", "proposed", "stopped"]).fill_null(False))
            if wrong.height:
                raise ValueError(f"medicines, state: {wrong['state'][0]!r} is none of current, proposed, stopped")
        keys = list(KIND[name])
        different = frame.select(keys).unique(maintain_order=True).with_row_index("k")
        rows = list(different.drop("k").iter_rows(named=True))
        self.kinds: Any
        self.columns: dict[str, list[int]] = {}  # for each group or class, whether each kind of entry is in it
        if name == "medicines":
            now = [{**row, "state": "current"} for row in rows]
            self.kinds, places = entry.medicines_of(now, name, content)
            self.columns = entry.class_columns(content, self.kinds)
            # A row whose name makes several entries stands once for each.
            of_row = pl.DataFrame(places, schema={"row": pl.UInt32, "k": pl.UInt32}, orient="row")
            different = different.rename({"k": "row"}).join(of_row, on="row", maintain_order="left").drop("row")
        elif name == "conditions":
            self.kinds = entry.entries_of(Condition, rows, name, content)
            self.columns = entry.group_columns(content, self.kinds)
        else:
            self.kinds = entry.entries_of(Observation, rows, name, content)
        self.rows = frame.join(different, on=keys, how="left", nulls_equal=True, maintain_order="left")
        for column in DATES[name]:
            self.rows = self._with_days(self.rows, name, column)

    def _with_days(self, frame: pl.DataFrame, name: str, column: str) -> pl.DataFrame:
        texts = frame[column].unique().drop_nulls().to_list()
        try:
            days = [tuple(day.toordinal() for day in span(text)) for text in texts]
        except ValueError as error:
            raise ValueError(f"{name}, {column}: {error}") from None
        spans = {f"{column}_first": [d[0] for d in days], f"{column}_last": [d[1] for d in days]}
        types = {column: pl.String, **dict.fromkeys(spans, pl.Int64)}
        lookup = pl.DataFrame({column: texts, **spans}, schema=types)
        return frame.join(lookup, on=column, how="left", maintain_order="left")

    def with_kinds(self, rows: pl.DataFrame, columns: Mapping[str, Sequence[Any]], types: Any) -> pl.DataFrame:
        """Some of the rows with what is known of their kinds, one value a kind. ``types``: of all, or of each column."""
        schema = {"k": pl.UInt32, **(types if isinstance(types, dict) else dict.fromkeys(columns, types))}
        lookup = pl.DataFrame({"k": range(len(self.kinds)), **columns}, schema=schema)
        return rows.join(lookup, on="k", how="left", maintain_order="left")
