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


@dataclass(frozen=True)
class Explained:
    """An estimate with all that must be said beside it."""

    model: Model
    estimate: Estimate
    validation: Mapping[str, Any]
    answers: Mapping[str, Any]
    """The answers that went in, by column: a value, or a list of those still possible."""
    remarks: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """About n in 100 people with answers like these …"""
        return f"About {self.estimate.in_100} in 100 people with answers like these {self.model.outcome['words']}."

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything as plain sentences, the picture included."""
        e, said = self.estimate, [self.sentence]
        average = in_100(float(self.model.about.get("prevalence", 0)))
        said.append(f"Among all people that the model learned from it was about {average} in 100.")
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
        said += [f"{label}: {words}." for label, words, _ in self.rows[:5] if words != "makes no difference"]
        said += self.goodness
        said += self.remarks
        said.append(f"High means that a person {self.model.outcome['says']}, no more than that.")
        if limit := self.model.outcome.get("not_for"):
            said.append(limit)
        return tuple(said)

    @property
    def rows(self) -> tuple[tuple[str, str, float], ...]:
        """What each term adds to the logit, largest first: label, words, number. They and the base sum to the logit
        exactly when every answer is known."""
        found = [
            (" with ".join(self._label(c) for c in columns), _words(value), value)
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
            answer = self.answers.get(group["column"])
            answer = answer[0] if isinstance(answer, list | tuple) and len(answer) == 1 else answer
            same = (
                answer is not None and (f"{answer:g}" if isinstance(answer, int | float) else answer) == group["value"]
            )
            if same and group["auroc"]["value"] is not None:
                said.append(
                    f"{self._label(group['column'])} {self._value(group)}: {100 * group['auroc']['value']:.0f} times in 100; "
                    f"for 100 expected, {100 * group['observed_expected']['value']:.0f} observed "
                    f"({group['events']} of {group['people']} people)."
                )
        return tuple(said)

    def _value(self, group: Mapping[str, Any]) -> str:
        i = self.model.by_column.get(group["column"])
        flag = i is not None and not i.levels and (i.lo, i.hi) == (0, 1)
        return {"0": "(no)", "1": "(yes)"}[group["value"]] if flag else str(group["value"])

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
        head, *rest = self.lines
        body = "".join(f"<li>{html.escape(line)}</li>" for line in rest)
        title = html.escape(self.model.title)
        return (
            f'<section style="max-width:46rem"><h3>{title}</h3><p><strong>{html.escape(head)}</strong></p>'
            f"{icons_svg(self.estimate.in_100, head)}<ul>{body}</ul>{bars_svg(self.rows[:8])}{_table(self.rows[:8])}</section>"
        )


def explain(
    model: Model,
    estimate: Estimate,
    *,
    validation: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
    remarks: Sequence[str] = (),
) -> Explained:
    """Put an estimate into words and pictures; it shows itself in a notebook and prints as text."""
    return Explained(model, estimate, validation or {}, answers or {}, tuple(remarks))


def _words(value: float) -> str:
    size = abs(value)
    if size < 0.05:
        return "makes no difference"
    much = "a little" if size < 0.25 else "clearly" if size < 0.8 else "much"
    return f"{much} {'more' if value > 0 else 'less'} common with this answer than on average"


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
        y, width = 8 + 24 * n, 120 * abs(value) / most
        x = 420 if value >= 0 else 420 - width
        short = label if len(label) <= 40 else label[:39] + "…"
        parts.append(f'<text x="290" y="{y + 12}" text-anchor="end" font-size="12">{html.escape(short)}</text>')
        colour = "#7a3e00" if value >= 0 else "#1f5a8a"
        parts.append(f'<rect x="{x:.1f}" y="{y}" width="{max(width, 0.5):.1f}" height="15" fill="{colour}"/>')
    height = 24 * len(rows) + 12
    return (
        f'<svg role="img" aria-label="What each answer adds, as in the table below" width="560" height="{height}" '
        f'viewBox="0 0 560 {height}"><line x1="420" y1="0" x2="420" y2="{height}" stroke="#595959"/>{"".join(parts)}</svg>'
    )


def _table(rows: Sequence[tuple[str, str, float]]) -> str:
    cells = "".join(
        f"<tr><td>{html.escape(label)}</td><td>{html.escape(words)}</td><td>{value:+.2f}</td></tr>"
        for label, words, value in rows
    )
    return f"<table><tr><th>answer</th><th>in words</th><th>log odds</th></tr>{cells}</table>"
