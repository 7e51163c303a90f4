"""Tables in: the extracts, the official public-use file, and a site's own CSV or Parquet. Needs the `risk` extra."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..disk import open_ordinary
from .cohorts import Cohort, refuse, why_never
from .model import Input, RiskError

Column = NDArray[Any]
Floats = NDArray[Any]
Texts = ("", "NA", "NaN", "nan", "null", "None")


@dataclass(frozen=True)
class Data:
    """Rows of a cohort. `columns`: text columns hold str or None, number columns float with NaN for missing."""

    cohort: Cohort
    columns: Mapping[str, Column]
    hash: str
    path: str = ""

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    @property
    def y(self) -> Floats:
        """The outcome, 0 or 1."""
        if self.cohort.outcome not in self.columns:
            raise RiskError(f"{self.path or 'the data'}: no outcome column {self.cohort.outcome}")
        y = np.asarray(self.columns[self.cohort.outcome], float)
        if not np.isin(y, (0, 1)).all():
            raise RiskError(f"{self.cohort.outcome}: must be 0 or 1 in every row")
        return y

    @property
    def weight(self) -> Floats:
        """Weights with mean 1; all 1 where the cohort has none."""
        if not self.cohort.weight or self.cohort.weight not in self.columns:
            return np.ones(len(self))
        w = np.asarray(self.columns[self.cohort.weight], float)
        if not (np.isfinite(w).all() and (w >= 0).all() and w.sum() > 0):
            raise RiskError(f"{self.cohort.weight}: weights must be numbers, 0 or more")
        return np.asarray(w / w.mean())

    @property
    def clusters(self) -> Column | None:
        """What a bootstrap draws together: sites, trials; None for people one by one."""
        names = [n for n in (self.cohort.fold, self.cohort.cluster) if n in self.columns]
        if not names:
            return None
        return np.array(["/".join(map(str, row)) for row in zip(*(self.columns[n] for n in names), strict=True)])

    def where(self, rows: Any) -> Data:
        """Some of the rows: a mask or a list of numbers."""
        return replace(self, columns={name: column[rows] for name, column in self.columns.items()})

    def sample(self, count: int, seed: int) -> Data:
        """A seeded random part, in the order of the file; all of it when there are no more rows."""
        if count >= len(self):
            return self
        return self.where(np.sort(np.random.default_rng(seed).choice(len(self), count, replace=False)))

    def split(self, **held: object) -> tuple[Data, Data]:
        """Rows without and with one value of a column: `data.split(year=2016)`."""
        ((name, value),) = held.items()
        mask = np.array([text(v) == text(value) for v in self.columns[name]])
        if mask.all() or not mask.any():
            raise RiskError(f"{name} = {value}: {'every' if mask.all() else 'no'} row")
        return self.where(~mask), self.where(mask)

    def rows(self, numbers: Iterable[int]) -> list[dict[str, Any]]:
        """Rows as plain dicts of the inputs, None for missing."""
        names = [i.column for i in self.cohort.inputs]
        return [{n: plain(self.columns[n][k]) for n in names} for k in numbers]


def text(value: Any) -> str:
    """A cell as a word: 27.0 and "27" are the same; missing is empty."""
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
        return ""
    if isinstance(value, str):
        return value
    return f"{float(value):g}"


def plain(value: Any) -> str | float | None:
    """A cell as text, float or None."""
    if value is None or isinstance(value, str):
        return value
    number = float(value)
    return None if np.isnan(number) else number


def load_extract(path: str | Path, cohort: Cohort, *, outcome: bool = True) -> Data:
    """Read an extract with the documented columns of a cohort. Raises RiskError for what is missing or impossible."""
    refuse(i.column for i in cohort.inputs)
    table = read_table(path)
    needed = [i.column for i in cohort.inputs] + ([cohort.outcome] if outcome else [])
    missing = [c for c in needed if c not in table]
    if missing:
        raise RiskError(f"{path}: no column {', '.join(missing)}")
    kept = {}
    for i in cohort.inputs:
        kept[i.column] = clean_column(i, table[i.column])
    extra = (cohort.outcome, cohort.weight, cohort.year, cohort.fold, cohort.cluster, "arm", *cohort.groups)
    for name in extra:
        if name and name in table and name not in kept:
            kept[name] = natural(table[name])
    return Data(cohort, kept, file_hash(path), Path(path).name)


def load_own(path: str | Path, *, outcome: str, inputs: Sequence[str], weight: str = "", name: str = "own") -> Data:
    """A site's own file as a cohort: text columns become categories, numbers keep their range. Leaks are refused."""
    refuse(inputs)
    if outcome in inputs or weight in inputs:
        raise RiskError(f"may not be a model input: {outcome if outcome in inputs else weight} (outcome or weight)")
    table = read_table(path)
    if missing := [c for c in (outcome, *inputs, *([weight] if weight else [])) if c not in table]:
        raise RiskError(f"{path}: no column {', '.join(missing)}")
    made = []
    for column in inputs:
        values = natural(table[column])
        label = column.replace("_", " ")
        if values.dtype == object:
            levels = tuple(sorted({v for v in values if v is not None}))
            if len(levels) > 50:
                raise RiskError(f"{column}: {len(levels)} different texts; a category has at most 50")
            made.append(Input(column, label, levels))
        else:
            known = values[~np.isnan(values)]
            if not len(known):
                raise RiskError(f"{column}: empty")
            made.append(Input(column, label, lo=float(known.min()), hi=float(known.max())))
    cohort = Cohort(
        name=name,
        title=f"{outcome} in {Path(path).name}",
        file=Path(path).name,
        outcome=outcome,
        weight=weight,
        outcome_words=f"have {outcome}",
        says=f"resembles people with {outcome}",
        inputs=tuple(made),
    )
    return load_extract(path, cohort)


def columns_for(inputs: Sequence[Input], path: str | Path) -> tuple[dict[str, Column], list[str]]:
    """The inputs of a model out of any file, and remarks: what was ignored, what is missing or unknown.

    Outcome, weight and leak columns that happen to be there are ignored and named.
    """
    table = read_table(path)
    remarks = [f"ignored {name} ({why_never(name)})" for name in table if why_never(name)]
    if absent := [i.column for i in inputs if i.column not in table]:
        raise RiskError(f"{path}: no column {', '.join(absent)}")
    found = {}
    for i in inputs:
        strange: list[str] = []
        found[i.column] = clean_column(i, table[i.column], strange.append)
        if strange:
            kinds = ", ".join(sorted(set(strange))[:3])
            remarks.append(f"{i.column}: {len(strange)} cells taken as missing ({kinds})")
    return found, remarks


def clean_column(i: Input, values: Sequence[Any] | Column, strange: Callable[[str], None] | None = None) -> Column:
    """A column as its input describes it. What cannot be is an error, or is given to `strange` and taken as missing."""

    def cannot(value: Any) -> None:
        if strange is None:
            what = f"not one of {', '.join(i.levels)}" if i.levels else f"not a number from {i.lo:g} to {i.hi:g}"
            raise RiskError(f"{i.column}: '{str(value)[:40]}' is {what}")
        strange(str(value)[:40])

    found = natural(values)
    if i.levels:
        # A file may hold a category's levels as numbers (0/1): they are compared as text.
        texts = found if found.dtype == object else np.array([None if np.isnan(v) else f"{v:g}" for v in found], object)
        known = set(i.levels)
        out = texts.copy()
        for n in [n for n, v in enumerate(texts) if v is not None and v not in known]:
            cannot(texts[n])
            out[n] = None
        return out
    if found.dtype == object:
        out = np.full(len(found), np.nan)
        for n, v in enumerate(found):
            try:
                out[n] = np.nan if v is None else float(v)
            except ValueError:
                cannot(v)
        found = out
    bad = ~np.isnan(found) & ~((found >= i.lo) & (found <= i.hi))
    for v in found[bad]:
        cannot(f"{v:g}")
    return np.where(bad, np.nan, found)


def natural(values: Sequence[Any] | Column) -> Column:
    """Numbers as float with NaN; anything else as text or None."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiub":
        return values.astype(float)
    cells = [None if v is None or (isinstance(v, float) and np.isnan(v)) else v for v in values]
    cells = [None if isinstance(v, str) and v.strip() in Texts else v for v in cells]
    if all(v is None or isinstance(v, int | float | np.number) for v in cells):
        return np.array([np.nan if v is None else float(v) for v in cells])
    try:
        return np.array([np.nan if v is None else float(v) for v in cells])
    except ValueError:
        out = np.empty(len(cells), object)
        out[:] = [None if v is None else str(v).strip() for v in cells]
        return out


def read_table(path: str | Path) -> dict[str, Any]:
    """All columns of a Parquet, CSV or TSV file. Raises RiskError."""
    path = Path(path)
    if not path.exists():
        raise RiskError(f"{path}: no such file")
    try:
        opened = open_ordinary(path)
    except OSError as error:
        raise RiskError(f"{path}: {error.strerror or error}") from None
    with opened as raw:
        return _table(path, raw)


def _table(path: Path, raw: BufferedReader) -> dict[str, Any]:
    if path.suffix.lower() in (".csv", ".tsv"):
        try:
            with io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
                rows = list(csv.reader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",", strict=True))
        except UnicodeDecodeError:
            raise RiskError(f"{path}: this is not a text file in UTF-8. Save the table as CSV UTF-8") from None
        except csv.Error as error:
            raise RiskError(f"{path}: not a table of comma-separated values ({error})") from None
        if not rows:
            raise RiskError(f"{path}: empty")
        if any(len(row) != len(rows[0]) for row in rows):
            raise RiskError(f"{path}: rows of different length")
        if twice := sorted(name for name, n in Counter(rows[0]).items() if n > 1):
            raise RiskError(f"{path}: more than one column is called '{twice[0]}'. Rename one, or take it out")
        return {name: [row[n] for row in rows[1:]] for n, name in enumerate(rows[0])}
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pq.read_table(raw)
    except ImportError:
        raise RiskError("reading Parquet needs the risk extra: pip install 'pathways-cds[risk]'") from None
    except (pa.ArrowInvalid, OSError) as error:
        raise RiskError(f"{path}: not a Parquet file ({str(error)[:80]})") from None
    return {name: arrow_column(table.column(name)) for name in table.column_names}


def arrow_column(column: Any) -> Any:
    """A pyarrow column: numbers as floats, everything else as a list."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind):
        return np.array(column.cast(pa.float64()).fill_null(float("nan")).to_numpy(), float)
    return column.to_pylist()


def file_hash(path: str | Path) -> str:
    """SHA-256 of a file."""
    with open_ordinary(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


Predict = Callable[[Data], Floats]
