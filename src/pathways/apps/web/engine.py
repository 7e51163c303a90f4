"""The engine of the page: the case conference in the browser's own Python, in a worker, spoken to in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable

from ..widgets.conference import CaseConference


def start(post: Callable[[str], object]) -> Callable[[str], None]:
    """Make a blank case conference, send the page all of it, and give the function that takes the page's messages.

    The messages of both sides are those of `PlainWidget`, as JSON. Needs a Python without anywidget.
    """
    conference = CaseConference()
    conference.connect(lambda message: post(json.dumps(message)))
    return lambda text: conference.receive(json.loads(text))
