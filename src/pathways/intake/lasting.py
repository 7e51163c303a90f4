"""Which medicines work for days after one dose: a depot, a patch, an implant."""

from __future__ import annotations

import re
from collections.abc import Collection

from ..content import Content, once_per_content
from ..content import models as m


@once_per_content
def _forms(content: Content) -> tuple[tuple[re.Pattern[str] | None, m.LastingForm], ...]:
    return tuple(
        (re.compile("|".join(form.words), re.IGNORECASE) if form.words else None, form)
        for form in content.lasting_forms.values()
    )


def lasting_form(medicines: Collection[str], route: str | None, words: str, content: Content) -> m.LastingForm | None:
    """The record of the form that a medicine is, by its ingredients, and its route or the words of its name; None where it
    is none, or may be one."""
    for named, form in _forms(content):
        if form.medicine is not None and form.medicine not in medicines:
            continue
        if form.routes and route not in form.routes:
            continue
        if named is None or named.search(words):
            return form
    return None
