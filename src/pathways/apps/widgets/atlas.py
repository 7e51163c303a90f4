"""`RuleAtlas`: find a rule, read who says so, its cases and the disagreements; edit a copy and see what changes. A view."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ...content import Content, ContentError, load_content
from ...content import models as m
from ...pages.blocks import CONFIDENCE_WORDS
from ...profile import Profile
from ...review.atlas import Entry, WhatChanges, entries, find, search, what_changes
from ...review.case import Case, review
from .blocks import listed, status_rows
from .view import View, asset

MOST = 25
"""How many rules are listed at once."""
ROW = Markup("<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>")


class RuleAtlas(View):
    """Every rule of the content, with search. ``cases`` are tried with an edited copy of the rule that is open.

    From Python, `search`, `read` and `what_if` do what the controls do; `answer` is what an edited copy changes.
    """

    _esm = asset("line.js", "form.js", "dates.js", "atlas.js")

    def __init__(self, cases: Iterable[Profile | Path | str] = (), content: Content | None = None) -> None:
        self.content = content or load_content()
        profiles = [one if isinstance(one, Profile) else Profile.load(one, self.content) for one in cases]
        self.cases: Sequence[Case] = tuple(review(profile, content=self.content) for profile in profiles)
        self.answer: WhatChanges | None = None
        every = entries(self.content)
        tables = [
            [t, f"{t.replace('_', ' ')} ({sum(e.table == t for e in every)})"]
            for t in dict.fromkeys(e.table for e in every)
        ]
        oud = self.content.known("fact", "opioid use disorder")
        start = next((e for e in every if e.table == "recommendation" and e.when == oud), every[0])
        spec = {"tables": tables, "cases": len(self.cases)}
        super().__init__(spec=spec, state={"query": "", "table": "", "key": start.key, "when": start.when, "tried": ""})

    @property
    def entry(self) -> Entry:
        """The rule that is open."""
        return find(self.content, str(self.state["key"]))

    def search(self, words: str, table: str = "") -> list[str]:
        """Look for words in all rules, or in those of one table; gives the keys found."""
        self.state = {**self.state, "query": words, "table": table}
        return [e.key for e in search(self.content, words, [table] if table else ())]

    def read(self, id: str, rule: str | None = None) -> None:
        """Open a rule by its key, or by its record and name. Raises ContentError."""
        entry = find(self.content, id, rule)
        self.state = {**self.state, "key": entry.key, "when": entry.when, "tried": ""}

    def what_if(self, when: str) -> WhatChanges | None:
        """Hold the cases to a copy of the open rule that reads ``when``; None when it is no condition (`view` says why)."""
        self.state = {**self.state, "when": when, "tried": when}
        return self.answer

    def _render(self, _: Any = None) -> None:
        state = self.state
        found = search(self.content, str(state["query"]), [state["table"]] if state["table"] else ())
        try:
            entry, error = self.entry, ""
        except ContentError as wrong:
            entry, error = entries(self.content)[0], str(wrong)
        self.answer = None
        if state["tried"]:
            try:
                self.answer = what_changes(self.content, entry.key, str(state["tried"]), self.cases)
            except ContentError as wrong:
                error = wrong.problems[0]
        self._show(
            results=[[e.key, e.title, e.decides] for e in found[:MOST]],
            more=max(0, len(found) - MOST),
            status=f"{len(found)} rule{'s' * (len(found) != 1)} found."
            + (f" {_told(self.answer)}" if self.answer else ""),
            page=str(entry_html(self.content, entry)),
            when=entry.when,
            changes=str(changes_html(self.content, self.answer)) if self.answer else "",
            error=error,
        )


def _told(answer: WhatChanges) -> str:
    return f"The copy changes {len(answer.cases)} of {len(answer.cases) + len(answer.unchanged)} cases."


# ---- one rule as HTML -----------------------------------------------------------------------------------------


def entry_html(content: Content, entry: Entry) -> Markup:
    """A rule: what it decides, its condition, who says so, its worked cases, and where sources disagree about it."""
    sources = listed((_source(content, c) for c in entry.source), "It follows from the record that it stands in.")
    parts = [
        Markup("<h2>{}</h2><p>{}</p><p><code>{}</code></p>").format(entry.title, _capital(entry.decides), entry.when),
        Markup("<p class='cc-help'>{} · {}</p>").format(entry.key, entry.file),
        Markup("<h3>Who says so</h3>") + sources,
    ]
    for d in entry.disagreements:
        told = listed(Markup("{} {}").format(c.says or "", _who(c)) for c in d.positions)
        parts.append(Markup("<h3>The sources disagree: {}</h3>{}").format(d.title, told))
    parts.append(_cases(entry))
    return Markup("").join(parts)


def _source(content: Content, cite: m.Cite) -> Markup:
    source = content.sources[cite.id]
    return Markup("{}, {}: {} <span class='cc-help'>{}</span>").format(
        source.title, source.year, cite.at, f"{cite.id}; {CONFIDENCE_WORDS[cite.confidence]}"
    )


def _who(cite: m.Cite) -> Markup:
    told = f"{cite.id}, {cite.at} ({CONFIDENCE_WORDS[cite.confidence]})"
    return Markup("<span class='cc-help'>{}</span>").format(told)


def _cases(entry: Entry) -> Markup:
    if not entry.cases:
        return Markup("<h3>Worked cases</h3><p>{}</p>").format(
            "It names one fact: true when the fact is, false when it is not, unknown when it is unknown."
        )
    rows = Markup("").join(
        Markup("<tr><td>{}</td><td><code>{}</code></td><td>{}</td></tr>").format(
            case.base or "–",
            ", ".join(f"{k} = {str(v).lower() if isinstance(v, bool) else v}" for k, v in case.given.items()),
            case.expect.replace("_", " "),
        )
        for case in entry.cases
    )
    return Markup(
        "<details><summary>Worked cases: {}</summary><table><caption>What is not given is unknown</caption><thead><tr>"
        "<th scope='col'>Starts from</th><th scope='col'>Given</th><th scope='col'>Expected</th></tr></thead>"
        "<tbody>{}</tbody></table></details>"
    ).format(len(entry.cases), rows)


def changes_html(content: Content, answer: WhatChanges) -> Markup:
    """What an edited copy changes: for each case what differs, and the worked cases that no longer hold."""
    parts = [Markup("<h3>What the copy changes</h3><p>{}</p>").format(_told(answer))]
    for case in answer.cases:
        rows = Markup("").join((*status_rows(content, case.changed), *_plan_rows(content, case.changed)))
        n = rows.count("<tr>")
        parts.append(
            Markup(
                "<details><summary>{}: {}</summary><table class='cc-changes'><caption>{}</caption><thead><tr>"
                "<th scope='col'>What</th><th scope='col'>now</th><th scope='col'>with the copy</th></tr></thead>"
                "<tbody>{}</tbody></table></details>"
            ).format(case.title, f"{n} line{'s' * (n != 1)}", case.title, rows)
        )
    told = listed(answer.broken, "All of them still hold.")
    parts.append(Markup("<h3>Its own worked cases</h3>{}").format(told))
    return Markup("").join(parts)


def _plan_rows(content: Content, changed: Iterable[Mapping[str, Any]]) -> Iterator[Markup]:
    """What changes in the plans: what stands in every one, and the decisions."""
    for change in changed:
        words = [change[when] or "–" for when in ("before", "after")]
        if change["kind"] == "core":
            says = [("in every plan" if word == "core" else "not in every plan") for word in words]
            yield ROW.format(content.treatments[change["id"]].short, *says)
        elif change["kind"] == "fork":
            decision = content.decisions.get(change["id"])
            title = decision.title if decision else change["id"].removeprefix("seat.").replace("_", " ")
            yield ROW.format(f"Decision: {title}", *words)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
