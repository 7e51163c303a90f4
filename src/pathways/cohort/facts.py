"""The fact columns of many people, one kind of fact at a time: what `derive` does for one person, in Polars."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from typing import Any

import polars as pl

from ..content import Content
from ..content import models as m
from ..facts import code, organs, scores
from ..language import Choice, FactType, Number, Range, facts_of
from ..profile import AskedNone
from . import lists as entry
from .input import LISTS, Listed
from .lists import MAYBE, NO, YES
from .observed import ObservedTable
from .rules import compile_table, verdicts


def columns_of(fact: str, kind: FactType) -> tuple[str, ...]:
    """The names of a fact's columns."""
    if isinstance(kind, Number):
        return f"{fact}__lo", f"{fact}__hi"
    return (f"{fact}__may",) if isinstance(kind, Choice) else (fact,)


class FactColumns:
    """One pass over the kinds of facts. ``frame`` grows by columns, its rows stay in the order of ``base``."""

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
        kinds: Mapping[str, Callable[[m.Fact], pl.DataFrame]] = {
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
        self.made_by = kinds
        self._groups()
        self._classes("current", "takes_")
        self._classes("proposed", "proposed_")
        for fact in content.facts.values():
            if fact.kind != "definition":
                self._add(fact.id, kinds[fact.kind](fact))
        self._narrow()
        self._definitions()
        self._limit_scores()
        order = [column for name, kind in content.schema.items() for column in columns_of(name, kind)]
        self.frame = self.frame.select("p", "person_id", *order)

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

    def _within(self, fact: m.Fact) -> pl.DataFrame:
        days = fact.days or 0
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
        told = self._listed(pl.col("code"), which, none)
        if fact.no_when:
            no = pl.col(fact.no_when).eq(False).fill_null(False)
            told = pl.when(no & (pl.col("code").fill_null(NO) != YES)).then(False).otherwise(told)
        return self._people(found, [flag]).select(yes=told)

    def _days_since(self, fact: m.Fact) -> pl.DataFrame:
        found = self._people(self.observed.last(fact.measure or ""))
        return found.select(lo=self.today - pl.col("last_to"), hi=self.today - pl.col("last_from"))

    def _days_until(self, fact: m.Fact) -> pl.DataFrame:
        found = self._people(self.observed.next(fact.measure or ""))
        return found.select(lo=pl.col("next_from") - self.today, hi=pl.col("next_to") - self.today)

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
