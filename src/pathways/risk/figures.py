"""Figures of a validation by matplotlib (the notebooks extra). Every number in them also stands in a table."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

INK, PALE = "#1f4e79", "#595959"


class Picture:
    """A matplotlib figure with its words: shows itself in a notebook as an image with an alternative text."""

    def __init__(self, figure: Any, words: str) -> None:
        import matplotlib.pyplot as plt

        self.figure, self.words = figure, words
        plt.close(figure)  # else the notebook shows it a second time, without the words

    def save(self, path: str | Path, **options: Any) -> None:
        """Write it for a paper: the ending of the path is the format (.pdf, .svg, .png)."""
        self.figure.savefig(path, **{"dpi": 300, **options})

    def _repr_html_(self) -> str:
        page = BytesIO()
        self.figure.savefig(page, format="png", dpi=110)
        data = b64encode(page.getvalue()).decode("ascii")
        return f'<img alt="{escape(self.words)}" style="max-width:100%" src="data:image/png;base64,{data}">'

    def __repr__(self) -> str:
        return f"Picture: {self.words}"


def validation_figure(found: Mapping[str, Any]) -> Picture:
    """Calibration in groups of equal weight with 95 % intervals, and net benefit with acting for all and for no one."""
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4), layout="constrained")
    curve = found["curve"]
    most = 1.05 * max(max(r["expected"], r["hi"]) for r in curve)
    left.plot([0, most], [0, most], color=PALE, linewidth=1, linestyle="--", label="as expected")
    left.errorbar(
        [r["expected"] for r in curve],
        [r["observed"] for r in curve],
        [[r["observed"] - r["lo"] for r in curve], [r["hi"] - r["observed"] for r in curve]],
        fmt="o-",
        color=INK,
        capsize=2,
        linewidth=1.2,
        label="observed",
    )
    slope, large = found["measures"]["calibration_slope"], found["measures"]["calibration_intercept"]
    left.set_title(f"Calibration: slope {slope['value']:.2f}, intercept {large['value']:+.2f}", fontsize=11)
    left.set(xlabel="expected share", ylabel="observed share", xlim=(0, most), ylim=(0, most))
    left.legend(frameon=False)
    rows = found["net_benefit"]
    at = [r["threshold"] for r in rows]
    right.fill_between(
        at, *([r["model"][end] or r["model"]["value"] for r in rows] for end in ("lo", "hi")), color=INK, alpha=0.15
    )
    right.plot(at, [r["model"]["value"] for r in rows], "o-", color=INK, label="by the model")
    right.plot(at, [r["treat_all"] for r in rows], color=PALE, linestyle="--", label="for all")
    right.axhline(0, color=PALE, linewidth=1, label="for no one")
    top = max(r["model"]["hi"] or r["model"]["value"] for r in rows)
    right.set(xlabel="threshold", ylabel="net benefit", ylim=(-0.3 * top, 1.1 * top))
    right.set_title("Net benefit of acting", fontsize=11)
    right.legend(frameon=False)
    for axis in (left, right):
        axis.spines[["top", "right"]].set_visible(False)
    words = (
        f"Left: observed against expected share in {len(curve)} groups of people, slope {slope['value']:.2f}. Right: net "
        f"benefit at {len(rows)} thresholds, by the model, for all and for no one. The numbers stand in the tables."
    )
    return Picture(figure, words)


class Tables:
    """Titled tables of text that show themselves in a notebook and print as text."""

    def __init__(self, *tables: tuple[str, list[str], list[list[str]]]) -> None:
        self.tables = tables

    def _repr_html_(self) -> str:
        from .cards import card_html, table_text

        text = "\n\n".join(f"### {name}\n\n{table_text(heads, rows)}\n" for name, heads, rows in self.tables)
        page = card_html(text)
        return page[page.index("<body>") + 6 : page.index("</body>")]

    def __repr__(self) -> str:
        lines = []
        for name, heads, rows in self.tables:
            lines += [name, " | ".join(heads), *(" | ".join(row) for row in rows), ""]
        return "\n".join(lines)


def tables_of(found: Mapping[str, Any]) -> Tables:
    """All tables of a validation or of a comparison."""
    from .comparison import comparison_table
    from .validation import validation_tables

    return Tables(comparison_table(found)) if "against" in found else Tables(*validation_tables(found))


def arms_figure(rows: Sequence[Mapping[str, Any]]) -> Picture:
    """Each arm of each trial with its interval: return to use, and the share without one opioid-negative week, in which
    an induction that never happened shows."""
    import matplotlib.pyplot as plt

    shown = {"return_to_use_wk12": "returned to use by week 12", "no_negative_week": "no opioid-negative week at all"}
    figure, axes = plt.subplots(1, 2, figsize=(9.5, 0.42 * len(rows) + 1.2), sharey=True, layout="constrained")
    names = [f"CTN-00{r['trial']}, {r['arm']} ({r['people']})" for r in rows]
    for axis, (key, title) in zip(axes, shown.items(), strict=True):
        for y, row in enumerate(rows):
            cell = row[key]
            axis.plot([100 * cell["lo"], 100 * cell["hi"]], [y, y], color=INK, linewidth=2)
            axis.plot(100 * cell["value"], y, "o", color=INK)
        axis.set_title(title, fontsize=11)
        axis.set(xlabel="in 100 people, 95 % interval", xlim=(0, 100))
        axis.grid(axis="x", color="#d9d9d9", linewidth=0.6)
        axis.spines[["top", "right", "left"]].set_visible(False)
    axes[0].set_yticks(range(len(rows)), names)
    axes[0].invert_yaxis()
    words = (
        f"For {len(rows)} arms of three trials, in 100 people with 95 % intervals: who returned to use by week 12, and who "
        "had no opioid-negative week at all. The numbers stand in the table."
    )
    return Picture(figure, words)


def arms_table(rows: Sequence[Mapping[str, Any]]) -> Tables:
    """The numbers of `arms_figure` and the other outcomes."""
    from .arms import arm_lines

    return Tables(("Arm by arm, as observed", *arm_lines(rows)))
