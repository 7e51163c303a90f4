"""`ComparePlans`: up to three plans of a case side by side, and what would change them. A view, with no logic of its own."""

from __future__ import annotations

from typing import Any

from ...facts.words import ask_label
from ...review.case import Case
from ...review.explain import differences, what_if
from ...review.questions import next_questions
from . import blocks
from .spec import YES_NO, rows_for
from .view import View, asset

MOST_QUESTIONS = 5
NO_LONGER = [["stopped", "No longer taken"]]


class ComparePlans(View):
    """Needs, items by phase, cautions and burden of up to three plans, with "what if" for open questions and medicines.

    ``what_if`` tries one of ``toggles`` from Python; ``case`` is the case as tried, ``before`` the case as it is.
    """

    _esm = asset("line.js", "form.js", "dates.js", "compare.js")

    def __init__(self, case: Case) -> None:
        self.before = self.case = case
        super().__init__(spec={"toggles": toggles_of(case)}, state={"rows": {}})

    @property
    def toggles(self) -> list[str]:
        """The keys of what may be tried."""
        return [toggle["key"] for toggle in self.spec["toggles"]]

    def what_if(self, key: str, value: Any) -> None:
        """Try one toggle; None leaves it as it is. Raises KeyError for a key that is not offered, ValueError for a value."""
        toggle = next((t for t in self.spec["toggles"] if t["key"] == key), None)
        if toggle is None:
            raise KeyError(key)
        if value is not None and value not in (choice for choice, _ in toggle["choices"]):
            raise ValueError(f"{key}: {value!r} is not offered")
        rows = {k: v for k, v in self.state["rows"].items() if k != key}
        self.state = {"rows": rows if value is None else {**rows, key: value}}

    def _render(self, _: Any = None) -> None:
        offered = {t["key"]: [choice for choice, _ in t["choices"]] for t in self.spec["toggles"]}
        tried = {k: v for k, v in self.state.get("rows", {}).items() if v in offered.get(k, ())}
        self.case = self.before
        for key, value in tried.items():
            path, said = edit(self.case, key, value)
            self.case = what_if(self.case, {path: said}).after
        changed = list(differences(self.before, self.case))
        n = len(self.case.shown.plans)
        self._show(
            page=str(blocks.plans_html(self.case)),
            changes=str(blocks.changes_html(self.case, changed)) if tried else "",
            status=f"{n} plan{'s' * (n != 1)} shown{f', {len(tried)} what-if tried' if tried else ''}.",
        )


def toggles_of(case: Case) -> list[dict[str, Any]]:
    """What may be tried: the weightiest open questions that take a short answer, then each medicine in use."""
    content, found = case.content, []
    choices = [a.id for a in content.answers.values() if a.first_page and a.type == "choice"]
    open_ = [id for id in choices if id not in case.profile.answers]
    asked = [key for q in next_questions(case) for key in rows_for(content, q.ask)]
    for key in dict.fromkeys([*open_, *asked]):
        which = key.partition(".")[0]
        answer = content.answers.get(key)
        if answer and answer.type == "yes_no":
            found.append({"key": key, "label": answer.label, "choices": YES_NO})
        elif answer and answer.type == "choice" and len(answer.choices) <= 3:
            found.append({"key": key, "label": answer.label, "choices": [[k, v] for k, v in answer.choices.items()]})
        elif which in ("medicines", "conditions"):
            found.append({"key": key, "label": ask_label(content, key), "choices": YES_NO})
    found = found[:MOST_QUESTIONS]
    for n, entry in enumerate(case.profile.medicines):
        if entry.state == "current":
            label = blocks.entry_words(case, entry)
            found.append({"key": f"medicines.{n}.state", "label": label, "choices": NO_LONGER})
    return found


def edit(case: Case, key: str, value: Any) -> tuple[str, Any]:
    """A toggle as a path and value for `what_if`."""
    which, _, id = key.partition(".")
    if which not in ("medicines", "conditions"):
        return f"answers.{key}", value
    if id.endswith(".state"):
        return key, value
    if value is False:
        return f"asked_none.{which}", [*getattr(case.profile.asked_none, which), id]
    return f"{which}.+", {"class": id, "state": "current"} if which == "medicines" else {"id": id}
