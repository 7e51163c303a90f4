"""The daily opioid dose in words: what was counted, what was not, and "no opioid listed" only where nothing tells of one."""

from __future__ import annotations

from ..facts.membership import in_class
from ..language import Range
from ..review.case import Case


def mme_words(case: Case) -> str:
    """The daily dose in words, with what was not counted; empty when no opioid is taken."""
    facts, mme, known = case.facts, case.facts.mme, case.content.known
    apart = [line.label for line in (*mme.not_counted, *mme.not_calculable)]
    if _unlisted_opioids(case):
        apart.append("opioids that were not prescribed")
    if not mme.counted and not apart and _told_of(case):
        apart.append("opioids that are not in the list")
    if not mme.counted and not apart:
        return (
            ""
            if facts.values.get(f"takes_{known('medicine_class', 'any opioid')}") is False
            else "MME: no opioid listed"
        )
    value = facts.values.get(known("fact", "opioid dose, upper bound"))
    low = mme.lo or 0
    if not mme.counted and mme.hi is not None:
        return f"MME not counted: {', '.join(apart)}"
    if apart and not low and (mme.hi is None or not isinstance(value, Range)):
        return f"MME not counted: {', '.join(apart)}"
    if mme.hi is None or not isinstance(value, Range):
        text = f"at least {low:g} MME/day"
    else:
        text = f"{mme.hi:g} MME/day" if low == mme.hi else f"{low:g} to {mme.hi:g} MME/day"
    proposed = {line.label for line in mme.counted} & {e.label for e in case.profile.medicines if e.state == "proposed"}
    text += f" with {', '.join(sorted(proposed))} as proposed" if proposed else ""
    return f"{text}, not counted: {', '.join(apart)}" if apart else text


def has_sum(case: Case) -> bool:
    """Whether something of the dose could be reckoned: then a section of the sheet holds the working."""
    mme = case.facts.mme
    return mme.edition in case.content.mme_editions and bool(mme.counted or any(x.lo for x in mme.not_calculable))


def _unlisted_opioids(case: Case) -> bool:
    """Whether an answer says that opioids are taken which were not prescribed, and none of them stands in the list."""
    told = (a.id for a in case.content.answers.values() if a.unlisted_opioid)
    listed = any(e.source == "nonprescribed" and e.state != "stopped" for e in case.profile.medicines)
    return not listed and any(case.profile.answers.get(id) is True for id in told)


def _told_of(case: Case) -> bool:
    """Whether an answer or a urine test tells of an opioid while the list, with what was stopped, holds none."""
    known = case.content.known
    listed = any(in_class(case.content, e, known("medicine_class", "any opioid")) for e in case.profile.medicines)
    return not listed and case.facts.values.get(known("fact", "an opioid told of beside the list")) is True
