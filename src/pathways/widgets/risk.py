"""A risk estimate with a slider for how common the outcome is at a place. A view: the words come from `estimates`."""

from __future__ import annotations

from typing import Any

from ipywidgets import HTML, FloatSlider, VBox

from ..estimates import CaseEstimate, explain_case


def prevalence_view(found: CaseEstimate, *, start: float = 5.0) -> Any:
    """The explained estimate under a slider of the prevalence, in 100. Raises RiskError where nothing was computed."""
    slider = FloatSlider(value=start, min=1, max=30, step=1, description="in 100", continuous_update=False)
    page = HTML()

    def show(_: Any = None) -> None:
        page.value = explain_case(found, prevalence=slider.value / 100)._repr_html_()

    slider.observe(show, names="value")
    show()
    return VBox([slider, page])
