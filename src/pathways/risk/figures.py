"""Figures of a validation by matplotlib (the notebooks extra). Every number in them also stands in a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

INK, PALE = "#1f4e79", "#595959"


def validation_figure(found: Mapping[str, Any]) -> Any:
    """Calibration with the counts behind it, and net benefit with acting for all and for no one."""
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4), layout="constrained")
    curve = found["curve"]
    most = 1.05 * max(max(r["expected"], r["observed"]) for r in curve)
    left.plot([0, most], [0, most], color=PALE, linewidth=1, linestyle="--", label="as expected")
    left.plot([r["expected"] for r in curve], [r["observed"] for r in curve], "o-", color=INK, label="observed")
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
    top = max(r["model"]["value"] for r in rows)
    right.set(xlabel="threshold", ylabel="net benefit", ylim=(-0.3 * top, 1.25 * top))
    right.set_title("Net benefit of acting", fontsize=11)
    right.legend(frameon=False)
    for axis in (left, right):
        axis.spines[["top", "right"]].set_visible(False)
    return figure


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
