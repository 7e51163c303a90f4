"""`RiskView`: what the risk models say beside a case, with a slider for how common the outcome is at a place. A view."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from ...care.estimates import CaseEstimate, estimates, explain_case, risk_scores
from ...review.case import Case
from ...risk import Explained
from .view import View, asset

LEAST, MOST = 1, 90
"""The ends of the slider, in 100 people."""


class RiskView(View):
    """The models that fit the person of a case, one at a time, in words and a picture; why the others say nothing; and
    the risk scores that were filled in. Nothing of it goes back into the case.

    From Python, `choose` and `prevalence` do what the controls do; ``said`` is the estimate that is shown.
    """

    _esm = asset("line.js", "form.js", "dates.js", "risk.js")

    def __init__(self, case: Case) -> None:
        self.case = case
        found = estimates(case)
        self.found: dict[str, CaseEstimate] = {one.model: one for one in found if one.estimate is not None}
        self.closed = tuple(dict.fromkeys(one.closed for one in found if one.estimate is None))
        self.said: Explained | None = None
        models = [[one.model, one.title] for one in self.found.values()]
        spec = {"models": models, "lo": LEAST, "hi": MOST}
        super().__init__(spec=spec, state={"model": next(iter(self.found), ""), "in_100": None})

    @property
    def models(self) -> tuple[str, ...]:
        """The models that fit the person."""
        return tuple(self.found)

    def choose(self, model: str) -> None:
        """Show another model. Raises KeyError for one that does not fit the person."""
        if model not in self.found:
            raise KeyError(model)
        self.state = {"model": model, "in_100": None}

    def prevalence(self, in_100: float | None) -> None:
        """Say how common the outcome is at a place; None is as in the data. Raises ValueError outside 1 to 90."""
        if in_100 is not None and not LEAST <= in_100 <= MOST:
            raise ValueError(f"{in_100:g} in 100: from {LEAST} to {MOST}")
        self.state = {**self.state, "in_100": in_100}

    def _render(self, _: Any = None) -> None:
        found = self.found.get(str(self.state.get("model", "")))
        said, stated = self.state.get("in_100"), None
        if isinstance(said, int | float) and LEAST <= said <= MOST:
            stated = said / 100
        self.said = None if found is None else explain_case(found, prevalence=stated)
        fitted = 0.0 if self.said is None else 100 * float(self.said.model.about.get("prevalence", 0))
        self._show(
            page=str(self._page()),
            status="No model bears on this person." if self.said is None else self.said.sentence,
            fitted=round(fitted, 1),
        )

    def _page(self) -> Markup:
        shown = Markup("") if self.said is None else Markup(self.said._repr_html_())
        for title, lines in (
            ("Risk scores that were filled in", [f"{r.instrument.short}: {r.says}" for r in self._scores()]),
            ("Not computed", self.closed),
        ):
            if lines:
                items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
                shown += Markup("<h3>{}</h3><ul>{}</ul>").format(title, items)
        return shown

    def _scores(self) -> Any:
        return risk_scores(self.case)
