"""`View`: what every widget is: a fixed ``spec``, a ``state`` that the browser and Python change, and the ``view`` of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import traitlets

# On anywidget where it is installed; a page that runs Python itself has none, and `PlainWidget` has what is used of it.
if TYPE_CHECKING:
    from .plain import PlainWidget as Widget
else:
    try:
        from .private import PrivateWidget as Widget
    except ImportError:
        from .plain import PlainWidget as Widget


@cache
def asset(*names: str) -> str:
    """The widgets' own scripts or styles, put together in the order given."""
    folder = files(__package__).joinpath("static")
    return "\n".join(folder.joinpath(name).read_text("utf-8") for name in names)


class View(Widget):
    """A widget that is drawn anew at each change of its state (and of the traits ``also``).

    One of these has its scripts in ``_esm``, and says in ``_render`` what is shown, by `_show`.
    """

    _css = asset("style.css")
    spec = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, spec: Mapping[str, Any], state: Mapping[str, Any], also: tuple[str, ...] = ()) -> None:
        self._renders = 0
        super().__init__(spec=dict(spec), state=dict(state))
        self._render()
        self.observe(self._render, names=["state", *also])

    @property
    def page(self) -> str:
        """What it shows, as HTML."""
        return str(self.view["page"])

    def _render(self, change: Any = None) -> None:
        """Show the state as it is. ``change`` is what changed; None where it is drawn without a change."""
        raise NotImplementedError  # each widget says its own; an ABC cannot stand beside the metaclass of traitlets

    def _show(self, **view: Any) -> None:
        """Send the browser what to show. It is counted, so that it is sent even where it is the same as before."""
        self._renders += 1
        self.view = {"renders": self._renders, **view}
