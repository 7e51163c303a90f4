"""The fact columns of many people, one kind of fact at a time: what `derive` does for one person, in Polars.

What the lists tell is in `listed`; here is what is reckoned and defined from it, and the order of it all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import polars as pl

from ..content import models as m
from ..facts import code, organs, scores
from ..language import Choice, FactType, Number, Range, facts_of
from . import lists as entry
from .listed import ListedColumns
from .lists import MAYBE, NO, YES
from .rules import compile_table, verdicts


def columns_of(fact: str, kind: FactType) -> tuple[str, ...]:
    """The names of a fact's columns."""
    if isinstance(kind, Number):
        return f"{fact}__lo", f"{fact}__hi"
    return (f"{fact}__may",) if isinstance(kind, Choice) else (fact,)


class FactColumns(ListedColumns):
    """One pass over the kinds of facts: what the lists tell, then what is reckoned and defined from it."""

    @property
    def made_by(self) -> Mapping[str, Callable[[m.Fact], pl.DataFrame]]:
        """What makes the columns of each kind of fact."""
        return {
            "latest": self._latest,
            "on_record": self._on_record,
            "score": self._score,
            "within": self._within,
            "days_since": self._days_since,
            "days_until": self._days_until,
            "count": self._count,
            "dose": self._amount,
            "code": self._code,
            "order": self._nothing,
        }

    def fill(self) -> None:
        """What the lists tell, then what is reckoned from it; definitions last."""
        self._groups()
        self._classes("current", "takes_")
        self._classes("proposed", "proposed_")
        for fact in self.content.facts.values():
            if fact.kind != "definition":
                self._add(fact.id, self.made_by[fact.kind](fact))
        self._narrow()
        self._definitions()
        self._limit_scores()
        order = [column for name, kind in self.content.schema.items() for column in columns_of(name, kind)]
        self.frame = self.frame.select("p", "person_id", *order)

    # -- code and definitions ------------------------------------------------------------------------------

    def _nothing(self, _: m.Fact) -> pl.DataFrame:
        """What only the orders of a request can tell is not known of a table."""
        return self.base.select(yes=pl.repeat(None, pl.len(), dtype=pl.Boolean))

    def _code(self, fact: m.Fact) -> pl.DataFrame:
        return CODE[fact.function or ""](self, fact)

    def _measured(self, *measures: str) -> pl.DataFrame:
        """The newest values of some measures, as ``<measure>__lo``, ``<measure>__hi`` or ``<measure>__may``, one row a
        person."""
        columns = []
        for name in measures:
            measure = self.content.measures[name]
            kind = Choice(tuple(measure.choices)) if measure.type == "choice" else Number()
            found = self._read(name, measure.valid_days, lambda e, k=kind: entry.values_of(k, e), kind)
            columns += [found[end].alias(f"{name}__{end}") for end in (("may",) if measure.choices else ("lo", "hi"))]
        return pl.DataFrame(columns)

    def _reckoned(self, reckon: Callable[[dict[str, Any]], Any], given: pl.DataFrame, kind: FactType) -> pl.DataFrame:
        """A formula of organ function, once for each different row without a null: ``lo`` and ``hi``, or ``may``."""
        different = given.drop_nulls().unique(maintain_order=True)
        values = [reckon(row) for row in different.iter_rows(named=True)]
        if isinstance(kind, Choice):
            made = [pl.Series("may", [entry.bits(kind, v) for v in values], pl.UInt32)]
        else:
            made = [pl.Series(end, [v and getattr(v, end) for v in values], pl.Float64) for end in ("lo", "hi")]
        return given.join(different.with_columns(made), on=given.columns, how="left", maintain_order="left")

    def _adult(self, *measures: str) -> pl.DataFrame:
        """The age, the sex where it is female or male, and some measures of everybody."""
        age, sex = (self.content.known("answer", name) for name in ("age in years", "sex of the person"))
        which = pl.when(self._only(sex, ("female",))).then(pl.lit("female")).when(self._only(sex, ("male",)))
        person = self.frame.select(
            age__lo=f"{age}__lo", age__hi=f"{age}__hi", which=which.then(pl.lit("male")).otherwise(None)
        )
        return person.hstack(self._measured(*measures))

    def _filtration(self, fact: m.Fact) -> pl.DataFrame:
        reported, creatinine = code.measures_read(fact)[:2]
        other = self._reckoned(
            lambda row: organs.egfr_of(_range(row, "age"), _range(row, creatinine), row["which"]),
            self._adult(creatinine),
            self.content.schema[fact.id],
        )
        return _first_known(self._measured(reported).select(lo=f"{reported}__lo", hi=f"{reported}__hi"), other)

    def _kidney_clearance(self, fact: m.Fact) -> pl.DataFrame:
        creatinine, weight = code.measures_read(fact)[1:3]
        clearance = self._reckoned(
            lambda row: organs.clearance_of(
                _range(row, "age"), _range(row, weight), _range(row, creatinine), row["which"]
            ),
            self._adult(weight, creatinine),
            self.content.schema[fact.id],
        )
        return _first_known(clearance, self._filtration(fact))

    def _liver_class(self, fact: m.Fact) -> pl.DataFrame:
        reported, *parts = code.measures_read(fact)
        signs = {name: tuple(self.content.measures[name].choices) for name in parts[3:]}

        def reckon(row: dict[str, Any]) -> frozenset[str]:
            bilirubin, albumin, inr = (_range(row, name) for name in parts[:3])
            ascites, encephalopathy = (
                frozenset(o for n, o in enumerate(options) if row[f"{id}__may"] >> n & 1)
                for id, options in signs.items()
            )
            return organs.child_pugh_of(bilirubin, albumin, inr, ascites, encephalopathy)

        other = self._reckoned(reckon, self._measured(*parts), self.content.schema[fact.id])
        return self._measured(reported).select(may=pl.coalesce(f"{reported}__may", other["may"]))

    def _body_mass(self, fact: m.Fact) -> pl.DataFrame:
        reported, *parts = code.measures_read(fact)

        def reckon(row: dict[str, Any]) -> Range:
            return organs.bmi_of(_range(row, parts[0]), _range(row, parts[1]))

        other = self._reckoned(reckon, self._measured(*parts), self.content.schema[fact.id])
        measured = self._measured(reported)
        return _first_known(measured.rename({f"{reported}__{end}": end for end in ("lo", "hi")}), other)

    def _days_between(self, fact: m.Fact) -> pl.DataFrame:
        found = self.observed.last(fact.measure or "").join(self.observed.next(fact.until or ""), on="p")
        return self._people(found).select(
            lo=pl.col("next_from") - pl.col("last_to"), hi=pl.col("next_to") - pl.col("last_from")
        )

    def _suicide_risk(self, fact: m.Fact) -> pl.DataFrame:
        kind, instrument = self.content.schema[fact.id], self.content.instruments[fact.instrument or ""]
        assert isinstance(kind, Choice)
        bits = partial(entry.suicide_risk_bits, instrument, kind)
        return self._read(instrument.id, instrument.valid_days, bits, kind)

    def _criteria(self, fact: m.Fact) -> pl.DataFrame:
        """OUD criteria counted, or their severity; what counts depends on how the opioid is taken."""
        kind, listed = self.content.schema[fact.id], self.lists["observations"]
        instrument = self.content.instruments[fact.instrument or ""]
        beyond = [answer.id for answer in self.content.answers.values() if answer.beyond_prescription]
        names = [name for name in beyond if name in self.frame.columns]
        yes = pl.any_horizontal(pl.col(name).fill_null(False) for name in names)
        no = pl.all_horizontal(~pl.col(name).fill_null(True) for name in names) if names == beyond else pl.lit(False)
        taken = pl.when(yes).then(NO).when(no).then(YES).otherwise(MAYBE).cast(pl.Int8).alias("as_prescribed")
        lookup: dict[str, list[Any]] = {"k": [], "as_prescribed": [], "lo": [], "hi": [], "may": []}
        places = [k for k, one in enumerate(listed.kinds) if one.measure == instrument.id]
        for verdict in (True, False, None):
            for k, met in zip(
                places, entry.criteria_spans(instrument, [listed.kinds[k] for k in places], verdict), strict=True
            ):
                may = entry.bits(kind, scores.severity(instrument, met)) if isinstance(kind, Choice) else 0
                for name, value in zip(lookup, (k, entry.number_of(verdict), met.lo, met.hi, may), strict=True):
                    lookup[name].append(value)
        types = {"k": pl.UInt32, "as_prescribed": pl.Int8, "lo": pl.Float64, "hi": pl.Float64, "may": pl.UInt32}
        rows = self.observed.valid(instrument.id, instrument.valid_days)
        rows = rows.join(self.frame.select("p", taken), on="p")
        found = (
            rows.join(pl.DataFrame(lookup, schema=types), on=["k", "as_prescribed"])
            .group_by("p")
            .agg(pl.col("lo").min(), pl.col("hi").max(), pl.col("may").bitwise_or())
        )
        # "Assessed, none" and "in remission" are statements about the criteria: at most one is met now.
        said = self._only(self.content.known("answer", "assessment of OUD"), ("none", "remission"))
        one = {"lo": 0.0, "hi": 1.0, "may": entry.bits(kind, {"none"}) if isinstance(kind, Choice) else 0}
        return self._people(found).select(
            pl.when(pl.col("lo").is_null() & said).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
            for name, value in one.items()
        )

    def _narrow(self) -> None:
        """Choices that nobody answered, without the options that a declared fact rules out."""
        schema = self.content.schema
        for answer in (a for a in self.content.answers.values() if a.rules_out):
            kind, column = schema[answer.id], f"{answer.id}__may"
            assert isinstance(kind, Choice)
            compiled = {option: compile_table(self.content.node(w), schema) for option, w in answer.rules_out.items()}
            out = verdicts(self.frame, compiled)
            left = pl.lit(entry.bits(kind, set(kind.options)), pl.UInt32)
            for option in compiled:
                gone = pl.lit(out[option]).fill_null(False)
                left = pl.when(gone).then(left & ~pl.lit(entry.bits(kind, {option}), pl.UInt32)).otherwise(left)
            whole = left == entry.bits(kind, set(kind.options))
            self.frame = self.frame.with_columns(
                pl.when(pl.col(column).is_null() & ~whole).then(left).otherwise(column).alias(column)
            )

    def _limit_scores(self) -> None:
        """Take scores away where their instrument is surely not valid, and define again what rested on them."""
        limited = self.content.limited_scores
        columns = {name: columns_of(name, self.content.schema[name]) for name in limited}
        recorded = {n for n, made in columns.items() if self.frame[made[0]].null_count() < self.frame.height}
        if not recorded:
            return
        node, schema = self.content.node, self.content.schema
        valid = verdicts(self.frame, {name: compile_table(node(limited[name]), schema) for name in sorted(recorded)})
        # What is only looked up on record stays a no; a yes counts only where the instrument is surely valid.
        looked_up = {f.id for f in self.content.facts.values() if f.kind == "on_record"}
        kept = [
            pl.when(valid[name].fill_null(False) | ~pl.col(column)).then(pl.col(column)).alias(column)
            if name in looked_up
            else pl.when(valid[name].fill_null(True)).then(pl.col(column)).alias(column)
            for name in valid.columns
            for column in columns[name]
        ]
        self.frame = self.frame.with_columns(kept).drop(self.content.definitions)
        self._definitions()

    def _definitions(self) -> None:
        """Every definition after the definitions that it uses, all of one level at once."""
        content, level = self.content, dict[str, int]()
        texts = {id: content.facts[id].when or "" for id in content.definitions}
        for id, text in texts.items():
            level[id] = 1 + max((level[f] for f in facts_of(content.node(text)) if f in level), default=0)
        for n in sorted(set(level.values())):
            compiled = {id: compile_table(content.node(texts[id]), content.schema) for id in texts if level[id] == n}
            self.frame = self.frame.hstack(verdicts(self.frame, compiled))


def _range(row: Mapping[str, Any], name: str) -> Range:
    return Range(row[f"{name}__lo"], row[f"{name}__hi"])


def _first_known(first: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """``lo`` and ``hi`` of the first where it is known, of the other elsewhere."""
    return first.select(pl.coalesce(end, other[end]).alias(end) for end in ("lo", "hi"))


CODE: Mapping[str, Callable[[FactColumns, m.Fact], pl.DataFrame]] = {
    "mme_upper": FactColumns._amount,
    "mme_lower": FactColumns._amount,
    "criteria_met": FactColumns._criteria,
    "severity_by_criteria": FactColumns._criteria,
    "suicide_risk_level": FactColumns._suicide_risk,
    "days_between": FactColumns._days_between,
    "kidney_filtration": FactColumns._filtration,
    "kidney_clearance": FactColumns._kidney_clearance,
    "liver_class": FactColumns._liver_class,
    "body_mass_index": FactColumns._body_mass,
}
"""How the functions of `facts.code` are worked out for a table."""
