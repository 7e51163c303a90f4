"""A progress bar for a notebook or a terminal, by what is installed: ipywidgets, else plain lines."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Bar:
    """Call it with a line of text for each step done: ``tune(..., progress=Bar(10))``."""

    def __init__(self, steps: int) -> None:
        self.steps, self.done = steps, 0
        self._widget: Any = None
        try:
            from IPython import get_ipython
            from ipywidgets import HTML, IntProgress, VBox
        except ImportError:
            return
        if get_ipython() is not None:
            self._bar, self._text = IntProgress(min=0, max=steps), HTML()
            self._widget = VBox([self._bar, self._text])

    def __call__(self, text: str) -> None:
        """One step done."""
        self.done += 1
        if self._widget is None:
            print(f"{self.done} of {self.steps}: {text}")
            return
        if self.done == 1:
            display: Any = import_module("IPython.display").display

            display(self._widget)
        from html import escape

        self._bar.value, self._text.value = self.done, escape(text)
