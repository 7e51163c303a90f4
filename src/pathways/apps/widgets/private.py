"""`PrivateWidget`: a widget whose values travel as messages between the page and its engine, never as widget state.

Widget state is what JupyterLab (if told to), nbclient and nbconvert write into a notebook. Nothing of a case may stand there
unless somebody saves it. The browser's side is ``static/line.js``; the messages are

- ``{"do": "hello"}`` from a page that was just drawn: it is told everything from then on;
- ``{"do": "now", "values": {...}}`` to the page: values that changed, together;
- ``{"do": "set", "values": {...}}`` from the page, each answered by ``{"do": "taken"}`` when all that follows from it was told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import anywidget

STATE = frozenset(anywidget.AnyWidget.class_traits(sync=True))
"""The traits of every widget: its scripts, its place on the page. They are no part of a case."""


class PrivateWidget(anywidget.AnyWidget):
    """An anywidget that shows its own traits to a page that asks, and keeps them out of the widget state."""

    _heard = False

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.on_msg(self._line)

    def _own(self, key: str | Iterable[str] | None) -> list[str]:
        """Those of the traits asked for that are no widget state, what is shown last."""
        names = self.keys if key is None else [key] if isinstance(key, str) else list(key)
        return sorted((n for n in names if n not in STATE and not n.startswith("_")), key=lambda n: n == "view")

    def get_state(self, key: str | Iterable[str] | None = None, drop_defaults: bool = False) -> dict[str, Any]:
        """The widget state: without any value of ours."""
        state: dict[str, Any] = super().get_state(key, drop_defaults)
        return {name: value for name, value in state.items() if name in STATE or name.startswith("_")}

    def send_state(self, key: str | Iterable[str] | None = None) -> None:
        """Tell the page what changed, once one has asked."""
        names = [key] if isinstance(key, str) else key if key is None else list(key)
        super().send_state(names)
        values = {name: getattr(self, name) for name in self._own(names)}
        for name in values.keys() & self._property_lock.keys():
            self._property_lock[name] = values[name]  # what the page has now
        if values and self._heard:
            self.send({"do": "now", "values": values})

    def _line(self, _: Any, message: Mapping[str, Any], __: Any = None) -> None:
        if message.get("do") == "hello":
            self._heard = True
            self.send_state()
        elif message.get("do") == "set" and isinstance(message.get("values"), dict):
            try:
                self._take({name: value for name, value in message["values"].items() if name in self._own(None)})
            finally:
                self.send({"do": "taken"})

    def _take(self, values: dict[str, Any]) -> None:
        """Set what the page sent, all at once, without sending it back (as `set_state` does for widget state)."""
        with self._lock_property(**values), self.hold_trait_notifications():
            for name, value in values.items():
                self.set_trait(name, value)
