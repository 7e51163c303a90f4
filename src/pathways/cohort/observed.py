"""`observed.Observed` for many people at once: which entries may be the newest, which comes next, what a partial date says.

Days are day numbers (`date.toordinal`), so that a mistaken year in a table cannot overflow a date.
"""

from __future__ import annotations

from functools import cached_property

import polars as pl

from .input import EVER, NEVER
from .lists import MAYBE, NO, YES


class ObservedTable:
    """The rows of an observations table (see `table_input.Listed`) with the first and last day that they may be from."""

    def __init__(self, rows: pl.DataFrame, today: int) -> None:
        self.today = today
        # One without a date may be from any day up to today.
        self.rows = rows.with_columns(
            first=pl.col("date_first").fill_null(EVER), last=pl.col("date_last").fill_null(NEVER)
        )

    def in_last(self, first: pl.Expr, last: pl.Expr, days: int) -> pl.Expr:
        """Whether a day that lies from ``first`` to ``last`` is one of the last ``days``: `NO`, `MAYBE` or `YES`."""
        oldest = self._earlier(days)
        within = pl.when((first > self.today) | (last < oldest)).then(NO).when(first >= oldest).then(YES)
        return within.otherwise(MAYBE).cast(pl.Int8)

    def _earlier(self, days: int) -> int:
        return max(self.today - days, EVER)

    @cached_property
    def _newest(self) -> pl.DataFrame:
        """The entries that may be the newest of their measure; none where one that cannot be read may be newer."""
        past = self.rows.filter(pl.col("first") <= self.today)
        past = past.with_columns(pl.col("last").clip(upper_bound=self.today))
        unread = past.filter(pl.col("measure") == "unrecognized").group_by("p").agg(unread=pl.col("last").max())
        past = past.join(unread, on="p", how="left").with_columns(newest=pl.col("first").max().over("p", "measure"))
        hidden = (pl.col("unread") >= pl.col("newest")).fill_null(False)
        return past.filter((pl.col("last") >= pl.col("newest")) & ~hidden)

    def valid(self, measure: str, days: int | None) -> pl.DataFrame:
        """The newest entries of a measure where they are surely no older than ``days``."""
        oldest = EVER if days is None else self._earlier(days)
        return self._newest.filter((pl.col("measure") == measure) & (pl.col("newest") >= oldest))

    def may_have(self, measure: str, days: int | None) -> pl.DataFrame:
        """``p`` and ``may`` (true) of the people who may have a valid entry of a measure, or one that cannot be read."""
        oldest = EVER if days is None else self._earlier(days)
        named = pl.col("measure").is_in([measure, "unrecognized"])
        rows = self.rows.filter(named & (pl.col("first") <= self.today) & (pl.col("last") >= oldest))
        return rows.select("p", may=True).unique()

    def last(self, measure: str) -> pl.DataFrame:
        """``p``, ``last_from`` and ``last_to``: when the newest entry of a measure was."""
        rows = self.valid(measure, None)
        return rows.group_by("p").agg(last_from=pl.col("first").max(), last_to=pl.col("last").max())

    def next(self, measure: str) -> pl.DataFrame:
        """``p``, ``next_from`` and ``next_to``: when the next planned event of a measure is."""
        rows = self.rows.filter(pl.col("last") >= self.today)
        dated = (pl.col("measure") == measure) & pl.col("date").is_not_null()
        sooner = pl.col("measure").is_in([measure, "unrecognized"]) & ~dated
        first = pl.when(sooner.any()).then(self.today).otherwise(pl.col("first").clip(self.today).filter(dated).min())
        found = rows.group_by("p").agg(next_from=first, next_to=pl.col("last").filter(dated).min())
        return found.filter(pl.col("next_to").is_not_null())
