"""One estimate in plain words and a picture, each number of the picture also as text. Pure Python.

The words are about people who gave such answers, never about what somebody is going to do.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .model import Model
from .person import Estimate, in_100

ACROSS = 10
NO_DIFFERENCE = "makes no difference"
LIMITS = "What it is for, and what it is not for"
MOVES = "What moves it, against the average person"
NEAR = "Answers that stand only near the question"


@dataclass(frozen=True)
class Explained:
    """An estimate with all that must be said beside it."""

    model: Model
    estimate: Estimate
    validation: Mapping[str, Any]
    answers: Mapping[str, Any]
    """The answers that went in, by column: a value, or a list of those still possible."""
    remarks: tuple[str, ...] = ()
    approximate: tuple[str, ...] = ()
    """The answers that stand only near the question of the data, and how they differ."""

    @property
    def sentence(self) -> str:
        """About n in 100 people with answers like these …"""
        return f"About {self.estimate.in_100} in 100 people with answers like these {self.model.outcome['words']}."

    @property
    def parts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Everything as plain sentences under a few headings, the picture included; the first part has none."""
        average = in_100(float(self.model.about.get("prevalence", 0)))
        lead = (self.sentence, f"Among all people that the model learned from it was about {average} in 100.")
        limit = self.model.outcome.get("not_for")
        limits = (
            f"High means that a person {self.model.outcome['says']}, no more than that.",
            *((limit,) if limit else ()),
        )
        moves = tuple(f"{label}: {words}." for label, words, _ in self.rows[:5] if words != NO_DIFFERENCE)
        found = (
            ("", (*lead, *self.remarks)),
            (LIMITS, limits),
            ("What is open, and how sure the rest is", self._uncertain()),
            (MOVES, moves),
            ("How good the model is", self.goodness),
            (NEAR, self.approximate),
        )
        return tuple((title, lines) for title, lines in found if lines)

    def _uncertain(self) -> tuple[str, ...]:
        e, said = self.estimate, []
        if e.range:
            lo, hi = (in_100(x) for x in e.range)
            said.append(
                f"{len(e.unknown)} of {len(self.model.inputs)} answers are open or only partly known: eight in ten people "
                f"like this lie between {lo} and {hi} in 100."
            )
            if e.narrows:
                names = "; ".join(self._label(c) for c, _ in e.narrows)
                said.append(f"Knowing these would narrow it most: {names}.")
        if e.interval:
            low, high = (f"{100 * x:.1f}" for x in e.interval)
            said.append(
                f"Apart from that, another sample of people might have given {low} to {high} in 100 (95 % interval)."
            )
        return tuple(said)

    @property
    def lines(self) -> tuple[str, ...]:
        """The sentences of all parts."""
        return tuple(line for _, lines in self.parts for line in lines)

    @property
    def rows(self) -> tuple[tuple[str, str, float], ...]:
        """What each term adds to the logit, largest first: label, words, number. They and the base sum to the logit
        exactly when every answer is known."""
        found = [
            (" with ".join(self._answered(c) for c in columns), _words(value, self._open(columns)), value)
            for columns, value in self.estimate.contributions.items()
        ]
        return tuple(sorted(found, key=lambda r: (-abs(r[2]), r[0])))

    @property
    def goodness(self) -> tuple[str, ...]:
        """How good the model is, overall and for people like this one where that is known."""
        found = self.validation.get("validations") or []
        if not found:
            return ("How good the model is was not measured.",)
        m = found[0]["measures"]
        said = [
            (
                f"{found[0]['label']}: of two people, one with and one without the outcome, the one with it had the higher "
                f"estimate {100 * m['auroc']['value']:.0f} times in 100; for 100 expected, "
                f"{100 * m['observed_expected']['value']:.0f} were observed."
            )
        ]
        for group in found[0]["groups"]:
            answer = self._answer(group["column"])
            same = (f"{answer:g}" if isinstance(answer, int | float) else answer) == group["value"]
            if same and group["auroc"]["value"] is not None:
                who = f"With the same answer, {self._label(group['column'])} ({self._value(group['column'], group['value'])})"
                said.append(
                    f"{who}: {100 * group['auroc']['value']:.0f} times in 100; for 100 expected, "
                    f"{100 * group['observed_expected']['value']:.0f} observed ({group['events']} of {group['people']} people)."
                )
        return tuple(said)

    def _value(self, column: str, value: Any) -> str:
        i = self.model.by_column.get(column)
        shown = f"{value:g}" if isinstance(value, int | float) else str(value)
        if i is not None and not i.levels and (i.lo, i.hi) == (0, 1):
            return {"0": "no", "1": "yes"}.get(shown, shown)
        return shown.replace("_", " ")

    def _answer(self, column: str) -> Any:
        """The one answer that went in; None where it is open or only narrowed."""
        answer = self.answers.get(column)
        if isinstance(answer, list | tuple):
            return answer[0] if len(answer) == 1 else None
        return answer

    def _open(self, columns: Sequence[str]) -> bool:
        return any(self._answer(c) is None for c in columns)

    def _answered(self, column: str) -> str:
        answer = self._answer(column)
        return f"{self._label(column)} ({'open' if answer is None else self._value(column, answer)})"

    def _label(self, column: str) -> str:
        i = self.model.by_column.get(column)
        return i.label if i else column.replace("_", " ")

    def __str__(self) -> str:
        return "\n".join((*self.lines, "", self.icons_text))

    @property
    def icons_text(self) -> str:
        """The icon array as text: one sign a person."""
        signs = "●" * self.estimate.in_100 + "○" * (100 - self.estimate.in_100)
        return "\n".join(" ".join(signs[n : n + ACROSS]) for n in range(0, 100, ACROSS))

    def _repr_html_(self) -> str:
        (_, (head, *rest)), *parts = self.parts
        shown = [
            f"<h3>{html.escape(self.model.title)}</h3><p><strong>{html.escape(head)}</strong></p>",
            icons_svg(self.estimate.in_100, head),
            *(f"<p>{html.escape(line)}</p>" for line in rest),
        ]
        for title, lines in parts:
            if title == MOVES:
                shown.append(f"<h4>{MOVES}</h4>{bars_svg(self.rows[:8])}{_table(self.rows[:8])}")
                continue
            items = f"<ul>{''.join(f'<li>{html.escape(line)}</li>' for line in lines)}</ul>"
            folded = f"<details><summary>{title}</summary>{items}</details>"
            shown.append(folded if title == NEAR else f"<h4>{title}</h4>{items}")
        return f'<section style="max-width:46rem">{"".join(shown)}</section>'


def explain(
    model: Model,
    estimate: Estimate,
    *,
    validation: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
    remarks: Sequence[str] = (),
    approximate: Sequence[str] = (),
) -> Explained:
    """Put an estimate into words and pictures; it shows itself in a notebook and prints as text."""
    return Explained(model, estimate, validation or {}, answers or {}, tuple(remarks), tuple(approximate))


def _words(value: float, is_open: bool) -> str:
    size = abs(value)
    if size < 0.05:
        return NO_DIFFERENCE
    much = "a little" if size < 0.25 else "clearly" if size < 0.8 else "much"
    among = "among people like this" if is_open else "with this answer"
    return f"{much} {'more' if value > 0 else 'less'} common {among} than on average"


def icons_svg(count: int, alt: str) -> str:
    """A hundred people, so many of them filled; the count stands in the text beside it."""
    marks = []
    for n in range(100):
        x, y = 9 + 18 * (n % ACROSS), 9 + 18 * (n // ACROSS)
        fill = "#7a3e00" if n < count else "none"
        marks.append(f'<circle cx="{x}" cy="{y}" r="6.5" fill="{fill}" stroke="#595959" stroke-width="1.2"/>')
    label = html.escape(alt, quote=True)
    return f'<svg role="img" aria-label="{label}" width="182" height="182" viewBox="0 0 182 182">{"".join(marks)}</svg>'


def bars_svg(rows: Sequence[tuple[str, str, float]]) -> str:
    """Contributions as bars to either side of the average; the same numbers stand in the table below it."""
    if not rows:
        return ""
    most = max(abs(r[2]) for r in rows) or 1.0
    parts = []
    for n, (label, _, value) in enumerate(rows):
        y, width = 8 + 24 * n, 90 * abs(value) / most
        x = 550 if value >= 0 else 550 - width
        short = label if len(label) <= 66 else label[:65] + "…"
        parts.append(f'<text x="445" y="{y + 12}" text-anchor="end" font-size="12">{html.escape(short)}</text>')
        colour = "#7a3e00" if value >= 0 else "#1f5a8a"
        parts.append(f'<rect x="{x:.1f}" y="{y}" width="{max(width, 0.5):.1f}" height="15" fill="{colour}"/>')
    height = 24 * len(rows) + 12
    return (
        f'<svg role="img" aria-label="What each answer adds, as in the table below" width="650" height="{height}" '
        f'viewBox="0 0 650 {height}" style="max-width:100%"><line x1="550" y1="0" x2="550" y2="{height}" stroke="#595959"/>'
        f"{''.join(parts)}</svg>"
    )


def _table(rows: Sequence[tuple[str, str, float]]) -> str:
    cells = "".join(
        f"<tr><td>{html.escape(label)}</td><td>{html.escape(words)}</td><td>{value:+.2f}</td></tr>"
        for label, words, value in rows
    )
    return f"<table><tr><th>answer</th><th>in words</th><th>log odds</th></tr>{cells}</table>"
