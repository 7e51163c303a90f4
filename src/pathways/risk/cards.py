"""The card of a model, filled from its numbers in the order of TRIPOD+AI; Markdown, and the same as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from .model import Model

MISUSE_LIMITS = (
    (
        "Misuse is not OUD: in the 2015 survey 63 % of adults with misuse gave pain as the main reason (Han, Ann Intern Med "
        "2017;167:293), and in 2021 62 % of those with a prescription OUD reported no misuse (Han, J Clin Psychiatry "
        "2024;85:24m15258)."
    ),
    "The survey asks about misuse itself; nobody was examined, and people may not report it.",
    "It is a cross-section: what a person answered about the year before, nothing about the year after.",
    "It covers all adults in households, not people who are prescribed opioids, and has no item on chronic pain.",
    "Fentanyl had not yet replaced other supplies everywhere, and survey wording and the opioid supply have changed since.",
    "A don't-know or a refusal counts as no in the source, so low values mean no or unknown.",
    "The weights restore age and sex, not the survey's design: intervals treat people as drawn one by one.",
)
RETURN_LIMITS = (
    "A missed urine test counts as use, so the outcome also measures who stayed in the trial.",
    (
        "The trials recruited between 2006 and 2016, when heroin and prescription opioids were the supply; nothing here has "
        "been tested where fentanyl is."
    ),
    "Fitted to three trials; a fourth place is different. What happens when one trial is left out is in the tables.",
    "Baseline pain is validated as a group and not a predictor: it added nothing to prediction. It matters for care.",
    "Medicine and trial are not predictors: the score must not be used to choose between medicines.",
)


def table_text(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    cells = [[re.sub(r"[|\n]", " ", str(c)) for c in row] for row in (heads, ["---"] * len(heads), *rows)]
    return "\n".join("| " + " | ".join(row) + " |" for row in cells)


def card(
    model: Model | None,
    validations: Sequence[Mapping[str, Any]],
    *,
    about: Mapping[str, Any] | None = None,
    comparison: Mapping[str, Any] | None = None,
    limits: Sequence[str] = (),
    arms: Sequence[Mapping[str, Any]] = (),
    notes: Sequence[str] = (),
) -> str:
    """The card as Markdown. `validations`: the ones to print in full, each with its label."""
    from .comparison import comparison_table
    from .validation import shown, validation_tables

    about = dict(about or (model.about if model else {}))
    outcome = dict(model.outcome if model else about.get("outcome", {}))
    title = model.title if model else about.get("title", "Own model")
    lines = [f"# {title}", ""]
    if validations:
        first = validations[0]
        m = first["measures"]
        lines += [
            (
                f"**In short.** {first['label'] or 'Validation'}: AUROC {shown(m['auroc'])}, "
                f"calibration slope {shown(m['calibration_slope'], 2)}, observed / expected {shown(m['observed_expected'], 2)}, "
                f"in {first['people']:,} people of whom {first['events']:,} {outcome.get('words', 'had the outcome')}."
            ),
            "",
        ]
    lines += [
        "## What it says and what it is not for",
        "",
        (
            f"A high estimate means that a person {outcome.get('says', 'resembles people with the outcome')}. It never says "
            "what somebody will do. It is shown beside a plan, after it, and no plan depends on it."
        ),
        "",
        str(outcome.get("not_for", "")),
        "",
        "## Source of data and participants",
        "",
        (
            f"{about.get('people', 'Own data')}. {about.get('rows', 0):,} people, {about.get('events', 0):,} with the outcome "
            f"({100 * about.get('prevalence', 0):.1f} in 100 after weighting)."
        ),
        "",
        str(about.get("source", "")),
        "",
        "## Outcome",
        "",
        f"`{outcome.get('column', '')}`: people who {outcome.get('words', 'had the outcome')}.",
        "",
        "## Predictors",
        "",
    ]
    if model:
        rows = [[f"`{i.column}`", i.label, ", ".join(i.levels) or f"{i.lo:g} to {i.hi:g}"] for i in model.inputs]
        lines += [table_text(["column", "meaning", "values"], rows), ""]
    lines += [
        (
            "Race, ethnicity, insurance and place of living are not predictors. Columns that hold the outcome, or follow "
            "from it, are refused by name when a model is fitted."
        ),
        "",
        "## Sample size and missing data",
        "",
        (
            f"{about.get('events', 0):,} events for {len(model.inputs) if model else 'the'} predictors. A missing answer in the "
            "data is a value of its own where the data had any. For one person an unknown answer is never filled in as if "
            "known: the estimate becomes a range over people who are alike in what is known."
        ),
        "",
        "## How the model was made",
        "",
        (
            f"Kind: {_kind(about)}. Options: {_options(about.get('options', {}))}. Seed {about.get('seed', 0)}. "
            f"Made with {', '.join(f'{k} {v}' for k, v in sorted(about.get('versions', {}).items()))}."
        ),
        "",
    ]
    if model:
        lines += [
            (
                f"Fitted to people without weights or rebalancing; then intercept and slope (×{model.slope:.3f}) were set to "
                f"the weighted data from estimates made out of fold. {len(model.terms)} tables add up on the logit scale; "
                f"{len(model.replicates)} bootstrap refits give the interval of one person."
            ),
            "",
        ]
        if moved := about.get("recalibrated"):
            lines += [
                f"Recalibrated by {moved['by']}: intercept {moved['intercept']:+.3f}, slope {moved['slope']:.3f}.",
                "",
            ]
    lines += [f"SHA-256 of the training file: `{about.get('data_sha256', '')}`.", "", "## Performance", ""]
    for found in validations:
        lines += [f"### {found['label'] or 'Validation'}", ""]
        by = {"row": "people", "site": "whole sites"}[found["bootstrap"]["by"]]
        lines += [
            (
                f"{found['people']:,} people, {found['events']:,} events; {100 * found['observed']:.2f} in 100 observed, "
                f"{100 * found['expected']:.2f} expected{', weighted' if found['weighted'] else ''}. Intervals: 95 %, "
                f"{found['bootstrap']['draws']} bootstrap draws of {by}."
            ),
            "",
        ]
        for name, heads, rows in validation_tables(found):
            lines += [f"**{name}**", "", table_text(heads, rows), ""]
    if comparison:
        name, heads, rows = comparison_table(comparison)
        lines += [f"### {name}", "", table_text(heads, rows), ""]
    if arms:
        from .arms import CAUTION, arm_lines

        lines += ["### Arm by arm, as observed", "", CAUTION, "", table_text(*arm_lines(arms)), ""]
    lines += ["## Fairness", ""]
    lines += [
        (
            "Groups are listed with their counts and intervals above; a group with fewer than 20 events is counted and not "
            "measured. Where a group's interval of observed / expected does not reach 0.9 to 1.1, read its estimates as order "
            "only."
        ),
        "",
        "## Limits",
        "",
        *(f"- {line}" for line in limits or ("Tested on no other place or time than the tables say.",)),
        *(f"- {line}" for line in far_off(validations)),
        "",
    ]
    if notes:
        lines += ["## Notes", "", *(f"- {line}" for line in notes), ""]
    lines += [
        "## Use",
        "",
        (
            "For conversation and closer support. Ask the person; an estimate is no finding about them. Recalibrate to your "
            "own data before reading an estimate as a number. Reviewed by a clinician: not yet."
        ),
        "",
    ]
    return "\n".join(lines)


def far_off(validations: Sequence[Mapping[str, Any]]) -> list[str]:
    """Where the expected number was clearly wrong (the interval of observed / expected does not meet 0.9 to 1.1)."""
    said = []
    for found in validations:
        cell = found["measures"]["observed_expected"]
        if cell["lo"] is None or (cell["lo"] <= 1.1 and cell["hi"] >= 0.9):
            continue
        value, lo, hi = (f"{100 * cell[k]:.0f}" for k in ("value", "lo", "hi"))
        ends = (
            "it does not transport there"
            if found["label"].endswith("left out")
            else "recalibrate before reading a number"
        )
        said.append(f"{found['label']}: for 100 expected, {value} ({lo} to {hi}) were observed: {ends}.")
    return said


def _kind(about: Mapping[str, Any]) -> str:
    names = {
        "ebm": "explainable boosting machine, exported as tables",
        "logistic": "penalized logistic regression with splines, exported as tables",
        "boosting": "gradient boosting",
    }
    return names.get(str(about.get("kind", "")), str(about.get("kind", "not stated")))


def _options(options: Mapping[str, Any]) -> str:
    return ", ".join(f"{k} {v}" for k, v in sorted(options.items())) or "none"


def card_html(markdown: str) -> str:
    """The card as one HTML page; the text is escaped, nothing is fetched."""
    out, in_table, in_list = [], False, False
    for line in [*markdown.split("\n"), ""]:
        if in_table and not line.startswith("|"):
            out.append("</table>")
            in_table = False
        if in_list and not line.startswith("- "):
            out.append("</ul>")
            in_list = False
        if line.startswith("| "):
            cells = [_inline(c.strip()) for c in line.strip("|").split(" | ")]
            if set(line) <= set("| -"):
                continue
            tag = "td" if in_table else "th"
            if not in_table:
                out.append("<table>")
                in_table = True
            out.append("<tr>" + "".join(f"<{tag}>{c}</{tag}>" for c in cells) + "</tr>")
        elif found := re.match(r"(#{1,3}) (.*)", line):
            level = len(found[1])
            out.append(f"<h{level}>{_inline(found[2])}</h{level}>")
        elif line.startswith("- "):
            if not in_list:
                out.append("<ul>")
                in_list = True
            out.append(f"<li>{_inline(line[2:])}</li>")
        elif line.strip():
            out.append(f"<p>{_inline(line)}</p>")
    title = html.escape(markdown.split("\n", 1)[0].lstrip("# "))
    return _PAGE.format(title=title, body="\n".join(out))


def _inline(text: str) -> str:
    escaped = html.escape(text)
    escaped = re.sub(r"`([^`]*)`", r"<code>\1</code>", escaped)
    return re.sub(r"\*\*([^*]*)\*\*", r"<strong>\1</strong>", escaped)


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b }}
table {{ border-collapse: collapse; margin: 0 0 1rem }} th, td {{ border: 1px solid #767676; padding: .2rem .5rem; text-align: left }}
th {{ background: #f0f0f0 }} code {{ overflow-wrap: anywhere }}
</style></head><body>
{body}
</body></html>
"""
