"""The engine of the page: the case conference in the browser's own Python, in a worker, spoken to in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable

from ...content import load_content
from ...pages.data import case_data
from ...profile import parse_profile
from ...review.case import review
from ..widgets.conference import CaseConference


class Engine:
    """A blank case conference. ``post`` is called with each message for the page, the first one with all there is to show.

    The messages of both sides are those of `PlainWidget`, as JSON. Needs a Python without anywidget.
    """

    def __init__(self, post: Callable[[str], object]) -> None:
        self._conference = CaseConference()
        self._conference.connect(lambda message: post(json.dumps(message)))

    def receive(self, text: str) -> None:
        """Take a message of the page."""
        self._conference.receive(json.loads(text))

    def review_json(self, name: str, text: str) -> str:
        """A case file reviewed, as ``pathways review FILE --json`` prints it. Raises ProfileError."""
        profile = parse_profile(text, "json" if name.endswith(".json") else "toml", load_content(), where=name)
        return json.dumps(case_data(review(profile)), indent=2, ensure_ascii=True) + "\n"
