"""`PlainWidget`: what our widgets use of anywidget's class, over traitlets alone, for a page that runs Python itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import traitlets

Message = dict[str, Any]
"""What goes to the page: ``traits`` that changed, or ``custom``, a message to the widget's script."""
Heard = Callable[[Any, Any, Any], object]
"""What is called with the widget, the page's message and None (no buffers come here)."""


class PlainWidget(traitlets.HasTraits):
    """A widget whose page is told of every change of the traits that are marked ``sync``, and changes them by `receive`.

    There are no comms, no kernel and no ipywidgets here: `connect` names the function that takes what goes to the page. What
    the page itself set is not sent back to it.
    """

    def __init__(self, **traits: Any) -> None:
        self._post: Callable[[Message], object] | None = None
        self._held = 0
        self._changed: dict[str, None] = {}  # in the order in which they changed
        self._came: Mapping[str, Any] = {}
        self._listening: list[Heard] = []
        super().__init__(**traits)
        self.observe(self._note, names=self._shared())

    # -- as anywidget has it --------------------------------------------------------------------------------

    def send(self, content: Any) -> None:
        """Send a message to the widget's script, which hears it as ``msg:custom``."""
        if self._post is not None:
            self._post({"custom": content})

    def on_msg(self, heard: Heard) -> None:
        """Call a function with every message of the widget's script."""
        self._listening.append(heard)

    @contextmanager
    def hold_sync(self) -> Iterator[None]:
        """Within it changes are collected; after it they are sent as one."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            self._flush()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """What a notebook shows in place of the widget."""
        return {"text/plain": "Widgets need anywidget: pip install 'pathways-cds[notebooks]'"}

    # -- the page's side ------------------------------------------------------------------------------------

    def connect(self, post: Callable[[Message], object]) -> None:
        """Tell a page all that is there, and from now on every change."""
        self._post = post
        self._changed = dict.fromkeys(self._shared())
        self._flush()

    def receive(self, message: Mapping[str, Any]) -> None:
        """Take what the page sends: ``traits`` that it set, and a ``custom`` message. The answer goes out as one.

        Names of no shared trait are ignored; raises TraitError for a value that a trait cannot have.
        """
        shared = self._shared()
        traits = {name: value for name, value in message.get("traits", {}).items() if name in shared}
        with self.hold_sync():
            self._came = traits
            try:
                with self.hold_trait_notifications():  # all are set before any is acted on
                    for name, value in traits.items():
                        setattr(self, name, value)
            finally:
                self._came = {}
            if "custom" in message:
                for heard in self._listening:
                    heard(self, message["custom"], None)

    def _shared(self) -> list[str]:
        return sorted(self.traits(sync=True))

    def _note(self, change: Mapping[str, Any]) -> None:
        name = change["name"]
        if name in self._came and self._came[name] == change["new"]:
            return
        self._changed[name] = None
        self._flush()

    def _flush(self) -> None:
        if self._held or self._post is None or not self._changed:
            return
        traits = {name: getattr(self, name) for name in self._changed}
        self._changed = {}
        self._post({"traits": traits})
