"""Check the content beyond its shape: worked cases, mutants, and the gaps by kind. ``python -m
pathways.review.check``."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..content import models as m
from ..content.library import Content, ContentError
from ..content.loader import PACKAGED, all_cites, load_content
from ..content.readability import MOST_GRADE, NOT_MEASURED, measurable, reading_grade
from ..content.rules import Rule, cases_of
from ..facts.given import case_values
from ..facts.verdicts import asks, emergency_state, finding_status, fit_of
from ..language import Is, Node, TooManyCellsError, Value, compile_person, distinguish, facts_of, mutants, to_text
from .depends import risk_gates

# Conditions, places and codes; code sets also name words that charts use and this kit does not.
NOT_WORDS = frozenset(
    {"id", "at", "when", "done", "in_place", "in_every_plan_when", "way_when", "words", "words_not", "holds"}
    | {"leaves_out"}
)
_WORDS_OF: Mapping[bool | None, str] = {
    True: "true applies raised",
    False: "false does_not_apply not_raised",
    None: "unknown cannot_tell needs_information",
}
VERDICTS = {word: verdict for verdict, words in _WORDS_OF.items() for word in words.split()}
WRONG_WORDS = re.compile(
    r"\b(addicts?\b|addicted\b|abusers?\b|abuse\b|junkies?\b|dirty\b|clean (?:urine|time)|non-?complian\w+|drug.seek\w+"
    r"|detox\b|discharge the (?:person|patient)|stop (?:it |the \w+ )?(?:abruptly|at once)|withhold MOUD)",
    re.IGNORECASE,
)
ALLOWED_WORDS = re.compile(
    r"never (?:stop|withhold)|not (?:stop|withhold)|reason to (?:withhold|discharge)|alcohol.abuse", re.I
)


@dataclass
class FileReport:
    """What one file holds: records, worked cases, the sources that it cites or defines, its citations by flag, its gaps."""

    records: int = 0
    cases: int = 0
    sources: set[str] = field(default_factory=set)
    flags: Counter[str] = field(default_factory=Counter)
    gaps: int = 0


@dataclass
class Report:
    """What `check_content` found. ``gaps`` maps each kind that it looks for to the places found (empty is good).

    ``left_out`` says what it could not look for here, and how it could.
    """

    gaps: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    confidence: Counter[str] = field(default_factory=Counter)
    review: Counter[str] = field(default_factory=Counter)
    rules: int = 0
    cases: int = 0
    implied: int = 0
    mutants: int = 0
    survivors: list[str] = field(default_factory=list)
    files: dict[str, FileReport] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(map(len, self.gaps.values()))


def check_content(content: Content, *, mutate: bool = False, suggest: bool = False) -> Report:
    """Run every worked case and look for gaps; with ``mutate`` also every mutant of every rule.

    ``suggest`` adds to a surviving mutant one set of inputs that would catch it, never the expectation.
    """
    report = Report()
    report.counts = {table: len(records) for table, records in content.tables.items()}
    rules = list(content.rules())
    report.rules = len(rules)
    report.gaps = {
        "worked case that fails": list(_failing(content, report)),
        "rule without a true, a false and a cannot-tell case": [],
        "fact that no rule uses": list(_unused_facts(content, rules)),
        "source that nothing cites": list(_unused_sources(content)),
        "part of a need that no treatment answers": list(_unanswered(content)),
        "recommendation without a treatment or own action": [
            f"{content.files['recommendation', r.id]}, {r.id}"
            for r in content.recommendations.values()
            if not r.treatments and not r.action
        ],
        "risk score behind a condition that lowers an option (law 2)": list(risk_gates(content)),
        "words that are not person-first, or that advise a stop": list(_words(content)),
        "way in place of a medicine that does not say what it names": list(_unnamed_ways(content)),
        "line to watch by an instrument that it does not name": list(_unnamed_instruments(content)),
        "regulation without a date to recheck": [
            f"{content.files['recommendation', r.id]}, {r.id}"
            for r in content.recommendations.values()
            if r.strength.scheme == "regulation" and not (r.recheck_by or r.until)
        ],
    }
    if measurable():
        report.gaps["text for the person that is hard to read"] = list(_hard_to_read(content))
    else:
        report.left_out = (NOT_MEASURED,)
    _check_rules(content, rules, report, mutate, suggest)
    if mutate:
        report.gaps["mutant of a rule that no case catches"] = report.survivors
    for records in content.tables.values():
        for record in records.values():
            if isinstance(record, m.Clinical):
                report.review[record.reviewed.status] += 1
    report.confidence.update(cite.confidence for cites in all_cites(content).values() for cite in cites)
    report.files = _by_file(content, report.gaps)
    return report


def _check_rules(content: Content, rules: list[Rule], report: Report, mutate: bool, suggest: bool) -> None:
    """Whether each rule has its three kinds of cases, and with ``mutate`` whether they catch every mutant."""
    for rule in rules:
        node = content.node(rule.text)
        if isinstance(node, Is):
            report.implied += 3
            continue
        seen = {_verdict(content, rule.text, case) for case in rule.cases}
        if seen != {True, False, None}:
            lacking = [name for name, v in (("true", True), ("false", False), ("unknown", None)) if v not in seen]
            kind = "rule without a true, a false and a cannot-tell case"
            report.gaps[kind].append(
                f"{content.files[rule.table, rule.id]}, {rule.id}, {rule.name}: no case is {' or '.join(lacking)}{_written(rule)}"
            )
        if mutate:
            _mutate(content, rule, node, report, suggest)


def _written(rule: Rule) -> str:
    """How the cases of a treatment's rule are named, where that is not the name of the rule."""
    if rule.table != "treatment" or not rule.name.startswith("indication_"):
        return ""
    return '; the indications share theirs, written with rule = "fit"'


def _by_file(content: Content, gaps: Mapping[str, list[str]]) -> dict[str, FileReport]:
    files = {name: FileReport() for name in sorted(set(content.files.values()))}
    for (table, id), name in content.files.items():
        record, file = content.tables[table][id], files[name]
        cites = all_cites(content)[table, id]
        file.records += 1
        file.cases += len(cases_of(record))
        file.sources.update([id] if table == "source" else (cite.id for cite in cites))
        file.flags.update(cite.confidence for cite in cites)
    for place in (place for places in gaps.values() for place in places):
        files[place.partition(",")[0]].gaps += 1
    return files


def _verdict(content: Content, text: str, case: m.Case) -> bool | None:
    return content.test(text)(case_values(content, case))


# ---- worked cases -------------------------------------------------------------------------------------------


def _failing(content: Content, report: Report) -> Iterator[str]:
    for table, records in content.tables.items():
        for id, record in records.items():
            for n, case in enumerate(cases_of(record), 1):
                report.cases += 1
                try:
                    problem = case_problem(content, table, record, case)
                except (ValueError, KeyError) as error:
                    problem = str(error)
                if problem:
                    yield f"{content.files[table, id]}, {id}, case {n}: {problem}"


def case_problem(content: Content, table: str, record: m.Named, case: m.Case) -> str | None:
    """What a worked case of a record gives instead of what it expects; None when it holds."""
    values = case_values(content, case)
    if isinstance(record, m.Recommendation) and case.rule is None:
        when, ends = (record.when, record.done) if case in record.cases else record.over_orders
        done = content.test(ends)(values) if ends else False
        got = finding_status(content.test(when)(values), done)
        if got == case.expect and case.asks is not None:
            asked = asks(content, when, values)
            if set(asked) != set(case.asks):
                return f"asks {list(asked)}, the case expects {list(case.asks)}"
    elif isinstance(record, m.Emergency) and case.rule is None:
        got, level = emergency_state(content, record, values)
        if case.level is not None and level != case.level:
            return f"level {level}, the case expects {case.level}"
    elif isinstance(record, m.Treatment) and case.rule == "fit":
        got = fit_of(content, record, values)[0]
    else:
        texts = {rule.name: rule.text for rule in content.rules_of.get((table, record.id), ())}
        name = case.rule or next(iter(texts), "")
        if isinstance(record, m.Treatment) and "." in name:
            name = next(
                (f"addresses_{n}" for n, a in enumerate(record.addresses, 1) if f"{a.need}.{a.part}" == name),
                name,
            )
        if name not in texts:
            return "there is no condition here that a case could speak about"
        if case.expect not in VERDICTS:
            return f"expect is '{case.expect}'; allowed are {', '.join(VERDICTS)}"
        verdict = content.test(texts[name])(values)
        return None if verdict is VERDICTS[case.expect] else f"{name} is {verdict}, the case expects {case.expect}"
    return None if got == case.expect else f"{got}, the case expects {case.expect}"


# ---- mutants ------------------------------------------------------------------------------------------------


def _mutate(content: Content, rule: Rule, node: Node, report: Report, suggest: bool) -> None:
    situations = [case_values(content, case) for case in rule.cases]
    test = content.test(rule.text)
    before = [test(values) for values in situations]
    for mutant in mutants(node, content.schema):
        changed = compile_person(mutant, content.schema)
        report.mutants += 1
        if any(changed(values) is not was for values, was in zip(situations, before, strict=True)):
            continue
        try:
            witness = distinguish(node, mutant, content.schema)
        except TooManyCellsError:
            witness = {}
        if witness is None:
            report.mutants -= 1  # equivalent: not a mutant at all
            continue
        where = f"{content.files[rule.table, rule.id]}, {rule.id}, {rule.name}"
        hint = f"  try given = {{ {_shown(witness)} }}" if suggest and witness else ""
        report.survivors.append(f"{where}: not caught: {to_text(mutant)}{hint}")


def _shown(witness: Mapping[str, Value]) -> str:
    def plain(value: Value) -> str:
        if isinstance(value, frozenset):
            return "'" + "' or '".join(sorted(value)) + "'"
        return str(value).lower() if isinstance(value, bool) else f"{value.lo:g}" if value else "unknown"

    return ", ".join(f"{name} = {plain(value)}" for name, value in witness.items())


# ---- gaps ---------------------------------------------------------------------------------------------------


def _unused_facts(content: Content, rules: list[Rule]) -> Iterator[str]:
    used = {fact for rule in rules for fact in facts_of(content.node(rule.text))}
    for fact in content.facts.values():
        if fact.id not in used and not fact.shown:
            yield f"{content.files['fact', fact.id]}, {fact.id}"


def _unused_sources(content: Content) -> Iterator[str]:
    cited = {cite.id for cites in all_cites(content).values() for cite in cites}
    yield from (f"{content.files['source', id]}, {id}" for id in content.sources if id not in cited)


def _unanswered(content: Content) -> Iterator[str]:
    answered = {(a.need, a.part) for t in content.treatments.values() for a in t.addresses}
    for need in content.needs.values():
        for part in need.parts:
            if (need.id, part.id) not in answered:
                yield f"{content.files['need', need.id]}, {need.id}, {part.id}"


def _words(content: Content) -> Iterator[str]:
    def texts(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, m.Source):
            return
        elif isinstance(value, m.Record):
            for name in type(value).model_fields:
                if name not in NOT_WORDS:
                    yield from texts(getattr(value, name))
        elif isinstance(value, tuple):
            for item in value:
                yield from texts(item)

    for table, records in content.tables.items():
        for id, record in records.items():
            for text in texts(record):
                for found in WRONG_WORDS.finditer(text):
                    around = text[max(0, found.start() - 12) : found.end() + 12]
                    if not ALLOWED_WORDS.search(around):
                        yield f"{content.files[table, id]}, {id}: '{found.group()}' in “{around}”"


def _unnamed_ways(content: Content) -> Iterator[str]:
    """The ways (`content.models.ways`) that name a medicine in words only: it would be told to whom it is closed."""
    named = [t.short for t in content.treatments.values() if t.medicines]
    named += [*(r.label for r in content.medicines.values()), *(r.label for r in content.medicine_classes.values())]
    names = re.compile("|".join(rf"\b{re.escape(n)}s?\b" for n in sorted(named, key=len, reverse=True)), re.IGNORECASE)

    def ways(value: object) -> Iterator[m.Way]:
        if isinstance(value, m.Way):
            yield value
        parts = value if isinstance(value, tuple) else ()
        if isinstance(value, m.Record):
            parts = tuple(getattr(value, name) for name in type(value).model_fields)
        for part in parts:
            yield from ways(part)

    for table, records in content.tables.items():
        for id, record in records.items():
            for way in ways(record):
                if way.of is None and (found := names.search(way.say)):
                    yield f"{content.files[table, id]}, {id}: '{way.say}' names {found[0]}: of = its id, or [] for no way"


def _unnamed_instruments(content: Content) -> Iterator[str]:
    """The lines of what to watch that name an instrument in words only: nobody would be asked for a start value."""
    for t in content.treatments.values():
        for line in t.monitoring:
            for id, instrument in content.instruments.items():
                if id not in line.instruments and re.search(rf"\b{re.escape(instrument.short)}\b", line.what):
                    yield f"{content.files['treatment', t.id]}, {t.id}: '{line.what}' is read by instruments = {id}"


def _hard_to_read(content: Content) -> Iterator[str]:
    texts = [("education", e.id, [e.text, *e.ask, *e.ask_at_start]) for e in content.education.values()]
    texts += [("emergency", e.id, [e.say]) for e in content.emergencies.values() if e.say]
    texts += [("myth", y.id, [y.claim, y.correction]) for y in content.myths.values()]
    texts += [("contact", c.id, [c.text]) for c in content.contacts.values()]
    texts += [("treatment", t.id, [t.say]) for t in content.treatments.values()]
    texts += [("interaction", r.id, [r.say]) for r in content.interactions.values()]
    texts += [("medicine_caution", c.id, [c.say]) for c in content.medicine_cautions.values()]
    texts += [("decision", d.id, [d.declined_say]) for d in content.decisions.values()]
    for table, id, lines in texts:
        if (grade := reading_grade("\n".join(lines))) > MOST_GRADE:
            yield f"{content.files[table, id]}, {id}: grade {grade:.1f}, allowed is {MOST_GRADE:g}"


def main() -> int:
    """Print every mistake, gap and surviving mutant of the packaged content; 0 when there is none."""
    try:
        content = load_content(PACKAGED)
    except ContentError as error:
        print(error, f"\n{error.count}", sep="")
        return 1
    only = sys.argv[1:]
    report = check_content(content, mutate=True, suggest=True)
    for kind, places in report.gaps.items():
        places = [p for p in places if not only or any(word in p for word in only)]
        print(f"{len(places):4}  {kind}")
        for place in places:
            print(f"        {place}")
    print(f"{report.rules} rules, {report.cases} cases (+{report.implied} implied), {report.mutants} mutants")
    return 1 if report.total else 0


if __name__ == "__main__":
    raise SystemExit(main())
