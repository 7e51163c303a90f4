"""The columns that the lists of many people tell: groups, classes, counts, doses, and the newest observations, in Polars.

The first half of `FactColumns`, which adds what is reckoned and defined from them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from ..content import Content
from ..content import models as m
from ..facts.membership import diagnosed_events
from ..language import Choice, FactType, Number
from ..profile import AskedNone
from . import lists as entry
from .input import LISTS, Listed
from .lists import MAYBE, NO, YES
from .observed import ObservedTable


class ListedColumns(ABC):
    """What the lists tell of each person. ``frame`` grows by columns, its rows stay in the order of ``base``."""

    def __init__(
        self,
        content: Content,
        base: pl.DataFrame,
        asked: list[AskedNone],
        lists: Mapping[str, Listed],
        as_of: date,
    ) -> None:
        self.content = content
        self.base = base
        self.frame = base.drop("asked", *(f"complete_{name}" for name in LISTS))
        self.asked = asked
        self.lists = lists
        self.today = as_of.toordinal()
        self.rows = {name: one.rows.join(base.select("p"), on="p", how="semi") for name, one in lists.items()}
        self.observed = ObservedTable(self.rows["observations"], self.today)
        self.asked_flags = pl.DataFrame({"asked": range(len(asked)), **entry.asked_columns(content, asked)}).cast(
            {"asked": base.schema["asked"]}
        )
        self.fill()

    @property
    @abstractmethod
    def made_by(self) -> Mapping[str, Callable[[m.Fact], pl.DataFrame]]:
        """What makes the columns of each kind of fact."""

    @abstractmethod
    def fill(self) -> None:
        """Make every column of ``frame``."""

    # -- helpers -------------------------------------------------------------------------------------------

    def _people(self, found: pl.DataFrame, flags: Sequence[str] = ()) -> pl.DataFrame:
        """Everyone, in order, with what was found for some of them, and "asked, none" for the ids named."""
        people = self.base.join(found, on="p", how="left", maintain_order="left")
        return people.join(self.asked_flags.select("asked", *flags), on="asked", how="left", maintain_order="left")

    def _add(self, fact: str, found: pl.DataFrame) -> None:
        """Take up the columns of a fact: ``yes``, or ``lo`` and ``hi``, or ``may``. Whatever says nothing is null."""
        kind = self.content.schema[fact]
        if isinstance(kind, Number):
            lo, hi = pl.col("lo").cast(pl.Float64), pl.col("hi").cast(pl.Float64)
            lo, hi = lo.fill_null(kind.lo).clip(kind.lo, kind.hi), hi.fill_null(kind.hi).clip(kind.lo, kind.hi)
            known = (lo > kind.lo) | (hi < kind.hi)
            columns = [pl.when(known).then(end).alias(f"{fact}__{name}") for end, name in ((lo, "lo"), (hi, "hi"))]
        elif isinstance(kind, Choice):
            may = pl.col("may").cast(pl.UInt32)
            columns = [pl.when(may != (1 << len(kind.options)) - 1).then(may).alias(f"{fact}__may")]
        else:
            columns = [pl.col("yes").alias(fact)]
        self.frame = self.frame.hstack(found.select(columns))

    def _listed(self, code: pl.Expr, which: str, none: pl.Expr) -> pl.Expr:
        """Yes, no or null from the strongest verdict of any entry; absence is "no" only where that may be said."""
        code = code.fill_null(NO)
        absent = none.fill_null(False) | (pl.col(f"complete_{which}") != "no")
        return pl.when(code == YES).then(True).when((code == NO) & absent).then(False)

    # -- conditions and medicines --------------------------------------------------------------------------

    def _groups(self) -> None:
        listed = self.lists["conditions"]
        codes = listed.columns
        found = listed.with_kinds(self.rows["conditions"], codes, pl.Int8).group_by("p").agg(pl.col(*codes).max())
        flags = [f"conditions.{group}" for group in codes]
        made = []
        for group in codes:
            record = self.content.condition_groups[group]
            told = self._listed(pl.col(group), "conditions", pl.col(f"conditions.{group}"))
            may_be, is_it = pl.lit(False), pl.lit(False)
            for means in record.implied_from:
                fact = self.content.facts[means.fact]
                surely, perhaps = self._meant(means, self.made_by[fact.kind](fact))
                is_it = is_it | pl.lit(surely) if means.sure else is_it
                may_be = may_be | pl.lit(perhaps)
            told = pl.when(may_be & (pl.col(group).fill_null(NO) != YES)).then(None).otherwise(told)
            for number, least in record.ruled_out_from.items():
                fact = self.content.facts[number]
                enough = (self.made_by[fact.kind](fact)["lo"] >= least).fill_null(False)
                said = pl.col(group).fill_null(NO) == YES
                told = pl.when(pl.lit(enough) & ~said).then(False).otherwise(told)
            told = pl.when(is_it).then(True).otherwise(told)
            for answer, options in reversed(list(record.ruled_out_by.items())):
                told = pl.when(self._only(answer, options)).then(False).otherwise(told)
            for answer, option in reversed(list(record.implied_by.items())):
                told = pl.when(self._only(answer, (option,))).then(True).otherwise(told)
            made.append(told.alias(f"has_{group}"))
        self.frame = self.frame.hstack(self._people(found, flags).select(made))

    def _meant(self, means: m.Implied, found: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
        """Whether what is measured surely is what a group is implied from, and whether it may be; not known is neither."""
        if means.options:
            kind = self.content.schema[means.fact]
            assert isinstance(kind, Choice)
            may, meant = found["may"], entry.bits(kind, set(means.options))
            others = entry.bits(kind, set(kind.options) - set(means.options))
            some = (may & meant) != 0
            return (some & ((may & others) == 0)).fill_null(False), some.fill_null(False)
        lo, hi = found["lo"], found["hi"]
        reached = (
            (lo >= means.least, hi >= means.least) if means.least is not None else (hi <= means.most, lo <= means.most)
        )
        return reached[0].fill_null(False), reached[1].fill_null(False)

    def _only(self, answer: str, options: Sequence[str]) -> pl.Expr:
        """Whether a choice was answered, with nothing but these options."""
        kind = self.content.schema[answer]
        assert isinstance(kind, Choice)
        return ((pl.col(f"{answer}__may") & ~pl.lit(entry.bits(kind, set(options)), pl.UInt32)) == 0).fill_null(False)

    @cached_property
    def _members(self) -> pl.DataFrame:
        """The rows of the medicines list with a column for each class."""
        listed = self.lists["medicines"]
        return listed.with_kinds(self.rows["medicines"], listed.columns, pl.Int8)

    def _classes(self, state: str, prefix: str) -> None:
        classes = list(self.content.medicine_classes)
        found = self._members.filter(pl.col("state") == state).group_by("p").agg(pl.col(*classes).max())
        people = self._people(found, [f"medicines.{cls}" for cls in classes])
        self.frame = self.frame.hstack(
            people.select(
                self._listed(pl.col(cls), "medicines", pl.col(f"medicines.{cls}")).alias(f"{prefix}{cls}")
                for cls in classes
            )
        )

    def _count(self, fact: m.Fact) -> pl.DataFrame:
        listed = self.lists["medicines"]
        counted = entry.counted(self.content, fact, listed.kinds)
        labels: dict[str, list[Any]] = {
            "k": [k for k, c in enumerate(counted) for _ in (*c.surely, *c.perhaps)],
            "label": [label for c in counted for label in (*sorted(c.surely), *sorted(c.perhaps))],
            "sure": [sure for c in counted for sure in (True,) * len(c.surely) + (False,) * len(c.perhaps)],
        }
        lookup = pl.DataFrame(labels, schema={"k": pl.UInt32, "label": pl.String, "sure": pl.Boolean})
        more: dict[str, list[Any]] = {"nameless": [c.nameless for c in counted], "least": [c.least for c in counted]}
        types = {"nameless": pl.Float64, "least": pl.Int64}
        rows = listed.with_kinds(self.rows["medicines"].filter(pl.col("state") == "current"), more, types)
        named = rows.join(lookup, on="k")
        if fact.distinct == "prescriber":
            said = pl.col("prescriber").fill_null("") != ""
            rows = named.with_columns(nameless=(~said).cast(pl.Float64), least=0)
            named = named.filter(said).with_columns(label="prescriber")
        label = pl.col("label")
        named = named.group_by("p").agg(surely=label.filter("sure").n_unique(), all=label.n_unique())
        found = rows.group_by("p").agg(pl.col("nameless").sum(), pl.col("least").max()).join(named, on="p", how="left")
        classes = fact.of or (fact.medicine or "",)
        flags = [f"medicines.{cls}" for cls in classes]
        whole = pl.all_horizontal(flags) | (pl.col("complete_medicines") != "no")
        surely, least = pl.col("surely").fill_null(0), pl.col("least").fill_null(0)
        return self._people(found, flags).select(
            lo=pl.max_horizontal(surely, least),
            hi=pl.when(whole).then(pl.col("all").fill_null(0) + pl.col("nameless").fill_null(0)),
        )

    def _amount(self, fact: m.Fact) -> pl.DataFrame:
        """The slower path: dose sums by the arithmetic for one person, once for each different list of medicines."""
        listed = self.lists["medicines"]
        matters = {"matters": entry.may_matter(self.content, fact, listed.kinds)}
        states = ("current", "proposed") if fact.kind == "code" else ("current",)
        rows = listed.with_kinds(self.rows["medicines"].filter(pl.col("state").is_in(states)), matters, pl.Boolean)
        found = rows.filter("matters").group_by("p").agg(pl.col("k").sort().cast(pl.String).str.join(" ").alias("ks"))
        people = self._people(found).select("ks", "complete_medicines", "asked")
        different = people.unique(maintain_order=True)
        spans = [
            entry.amount(
                self.content, fact, [listed.kinds[int(k)] for k in (ks or "").split()], complete, self.asked[asked]
            )
            for ks, complete, asked in different.iter_rows()
        ]
        lookup = different.with_columns(
            pl.Series("lo", [s[0] for s in spans], pl.Float64), pl.Series("hi", [s[1] for s in spans], pl.Float64)
        )
        return people.join(lookup, on=people.columns, how="left", nulls_equal=True, maintain_order="left")

    # -- observations --------------------------------------------------------------------------------------

    def _read(self, measure: str, days: int | None, read: Any, kind: FactType) -> pl.DataFrame:
        """The newest values of a measure, together: lowest and highest, or every option; unknown if one is."""
        listed = self.lists["observations"]
        places = [k for k, one in enumerate(listed.kinds) if one.measure == measure]
        values = read([listed.kinds[k] for k in places])
        k = pl.Series("k", places, pl.UInt32)
        rows = self.observed.valid(measure, days)
        if isinstance(kind, Choice):
            lookup = pl.DataFrame([k, pl.Series("may", values, pl.UInt32)])
            agg = pl.when((pl.col("may") != 0).all()).then(pl.col("may").bitwise_or()).alias("may")
            return self._people(rows.join(lookup, on="k").group_by("p").agg(agg))
        ends = [
            pl.Series(name, [None if v is None else v[n] for v in values], pl.Float64)
            for n, name in enumerate(("lo", "hi"))
        ]
        whole = pl.col("lo").is_not_null().all()
        found = (
            rows.join(pl.DataFrame([k, *ends]), on="k")
            .group_by("p")
            .agg(
                pl.when(whole).then(pl.col("lo").min()).alias("lo"), pl.when(whole).then(pl.col("hi").max()).alias("hi")
            )
        )
        return self._people(found)

    def _latest(self, fact: m.Fact) -> pl.DataFrame:
        kind = self.content.schema[fact.id]
        return self._read(
            fact.measure or "", fact.valid_days, lambda e: entry.latest_values(self.content, fact, e), kind
        )

    def _score(self, fact: m.Fact) -> pl.DataFrame:
        instrument = self.content.instruments[fact.instrument or ""]
        kind = self.content.schema[fact.id]
        return self._read(
            instrument.id, instrument.valid_days, lambda e: entry.score_spans(self.content, fact, e), kind
        )

    def _on_record(self, fact: m.Fact) -> pl.DataFrame:
        instrument, least = self.content.instruments[fact.instrument or ""], fact.least
        may = self._people(self.observed.may_have(instrument.id, instrument.valid_days))["may"]
        lo, none = pl.col("lo"), pl.lit(may).is_null()
        reached = pl.when(lo >= least).then(True).when((pl.col("hi") < least) | (lo.is_null() & none)).then(False)
        return self._score(fact).select(yes=reached)

    def _unread(self, days: int) -> pl.DataFrame:
        """Of whom a diagnosis that nobody could read may be of an event in the last days."""
        listed = self.lists["conditions"]
        unread = {"unread": entry.unread_column(self.content, listed.kinds)}
        rows = listed.with_kinds(self.rows["conditions"], unread, pl.Boolean).filter("unread")
        code = self.observed.in_last(pl.col("since_first"), pl.col("since_last"), days)
        return rows.group_by("p").agg(unread=pl.min_horizontal(code, pl.lit(MAYBE, pl.Int8)).max())

    def _within(self, fact: m.Fact) -> pl.DataFrame:
        days, code_of = fact.days or 0, pl.col("code")
        if fact.medicine:
            stop, start = pl.col("stop_first"), pl.col("start_first")
            supply = pl.col("supply_days").cast(pl.Int64)
            ends = [(pl.col(f"start_{end}") + supply).clip(upper_bound=self.today) for end in ("first", "last")]
            taken = (
                pl.when(pl.col("state") == "proposed")
                .then(NO)
                .when(pl.col("state") == "current")
                .then(YES)
                .when(stop > self.today)
                .then(MAYBE)
                .when(stop.is_not_null())
                .then(self.observed.in_last(stop, pl.col("stop_last"), days))
                .when(start.is_not_null() & supply.is_not_null())
                .then(self.observed.in_last(ends[0], ends[1], days))
                .otherwise(MAYBE)
            )
            found = self._members.group_by("p").agg(
                code=pl.min_horizontal(fact.medicine, taken).max(), member=pl.col(fact.medicine).max()
            )
            flag, which = f"medicines.{fact.medicine}", "medicines"
            none = pl.col(flag) & (pl.col("member").fill_null(NO) != YES)
        else:
            code = self.observed.in_last(pl.col("first"), pl.col("last"), days)
            unread = pl.col("measure") == "unrecognized"
            rows = self.observed.rows.filter(pl.col("measure").is_in([fact.measure, *fact.or_measures]) | unread)
            code = pl.when(unread).then(pl.min_horizontal(code, pl.lit(MAYBE, pl.Int8))).otherwise(code)
            found = rows.group_by("p").agg(code=code.max())
            flag, which = f"observations.{fact.measure}", "observations"
            none = pl.col(flag)
            if fact.measure in diagnosed_events(self.content):
                found = found.join(self._unread(days), on="p", how="full", coalesce=True)
                unread_too = pl.max_horizontal("code", "unread")
                code_of = pl.when(none.fill_null(False)).then("code").otherwise(unread_too)
        told = self._listed(code_of, which, none)
        if fact.no_when:
            no = pl.col(fact.no_when).eq(False).fill_null(False)
            told = pl.when(no & (code_of.fill_null(NO) != YES)).then(False).otherwise(told)
        return self._people(found, [flag]).select(yes=told)

    def _days_since(self, fact: m.Fact) -> pl.DataFrame:
        found = self._people(self.observed.last(fact.measure or ""))
        return found.select(lo=self.today - pl.col("last_to"), hi=self.today - pl.col("last_from"))

    def _days_until(self, fact: m.Fact) -> pl.DataFrame:
        found = self._people(self.observed.next(fact.measure or ""))
        return found.select(lo=pl.col("next_from") - self.today, hi=pl.col("next_to") - self.today)
