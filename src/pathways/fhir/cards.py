"""`cards`: a reviewed case as CDS Hooks 2.0 cards. Emergencies first, then each recommendation that applies, then what is open.

A card says what a source advises and why; it holds no order. The only thing that a suggestion creates is a draft Task to
look something up or to ask. What cannot be told stands in the extension of the response and in one last card, so that
missing data never look like "no".
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .. import __version__
from ..content import Content
from ..content import models as m
from ..facts.words import ask_label, label_of
from ..language.words import soft
from ..review.case import Case
from ..review.findings import Emergency, Finding, cites
from ..review.shapes import LEVEL_WORDS
from ..review.status import assumed, content_status
from ..review.themes import theme_of
from .outbound_parts import SYSTEM, UNCONFIRMED, Json, digest, markdown, page_of, plain, profile_text

Hook = Literal["patient-view", "order-select", "order-sign"]
HOOKS: Mapping[Hook, str] = {
    "patient-view": "All recommendations for this person",
    "order-select": "Recommendations that the medicines in use and being chosen bring up",
    "order-sign": "Recommendations that the medicines in use and being signed bring up",
}
MOST = 139
"""The most characters of a summary: the standard says fewer than 140."""
WARNING = 3
"""Recommendations up to this priority are a warning, the others information. Only an emergency is critical."""
EXTENSION = "example.pathways-cds"
"""The kit's key in extensions, in reverse-domain order as the standard wants it. ``.example`` is reserved."""
LISTS = ("conditions", "medicines", "observations")
MOST_SUGGESTIONS = 2

_REASONS = {
    "in-place": "Already in place or done elsewhere",
    "does-not-fit": "The record is incomplete or wrong: this does not fit the person",
    "person-decides": "Discussed; the person chose otherwise",
    "benefit": "Considered; benefit outweighs the risk for this person",
    "later": "Will be done at another visit",
}
_URGENT_REASONS = {
    "in-hand": "Already being acted on",
    "ruled-out": "Assessed now and ruled out",
    "does-not-fit": "The record is wrong: this does not fit the person",
}


class HookError(ValueError):
    """A hook that the kit does not answer. The message names those that it does."""


@dataclass(frozen=True)
class Standing:
    """Where one recommendation stands. ``asks`` are pairs of an askable input and its label. Made from a finding, or by the reading
    over orders, which then takes the place of the finding."""

    record: m.Recommendation
    status: str
    because: tuple[str, ...]
    asks: tuple[tuple[str, str], ...]
    assumes: tuple[str, ...]
    confirm: bool
    on_medicines: bool

    @classmethod
    def of(cls, finding: Finding, case: Case) -> Standing:
        """The standing of a finding of a case."""
        content = case.content
        origins = [str(path) for reason in finding.because for path in reason["origin"]]
        asks = tuple((ask, ask_label(content, ask)) for ask in finding.asks)
        if finding.status == "needs_information" and not asks:
            # What rests on a questionnaire that the kit does not ask for still says what it waits for.
            explained = content.explainer(finding.record.when)(case.facts.values)
            asks = tuple((fact, label_of(content, fact)) for fact in explained.matters)
        return cls(
            finding.record,
            finding.status,
            tuple(str(reason["says"]) for reason in finding.because),
            asks,
            finding.assumes,
            finding.confirm,
            any(path.startswith("medicines.") for path in origins),
        )


def cards(case: Case, hook: str, *, orders: Iterable[Standing] = (), patient: str = "") -> Json:
    """The cards of a case for a hook. ``orders`` are standings that a reading over orders gives: they replace the findings of the
    same recommendations. ``patient`` ("Patient/123") is for whom a Task would be; without it a suggestion creates nothing.

    What an earlier card says already, by another source, stands later, as information. At an order hook only what rests
    on medicines is shown, and the twelve recommendations of the CDC. Raises HookError.
    """
    if hook not in HOOKS:
        raise HookError(f"no hook '{plain(hook, 60)}'. There are {', '.join(HOOKS)}")
    made = _Cards(case, patient)
    over_orders = {standing.record.id: standing for standing in orders}
    found = [over_orders.get(f.record.id) or Standing.of(f, case) for f in case.findings.recommendations]
    known = {standing.record.id for standing in found}
    found += [standing for id, standing in over_orders.items() if id not in known]
    here = [s for s in found if hook == "patient-view" or s.on_medicines or s.record.series]
    present = [e for e in case.findings.emergencies if e.state == "present"]
    present.sort(key=lambda e: m.LEVELS.index(e.level or "this_visit"))
    applies = [s for s in here if s.status == "applies"]
    applies.sort(key=lambda s: (s.record.priority, not s.record.series))
    first: dict[str, str] = {}
    for standing in applies:
        first.setdefault(theme_of(standing.record.id), standing.record.id)
    applies.sort(key=lambda s: first[theme_of(s.record.id)] != s.record.id)
    open_ones = [s for s in here if s.status == "needs_information"]
    shown = [made.emergency(e) for e in present] + [made.recommendation(s, first) for s in applies]
    shown += [made.open_card(open_ones)] if open_ones else []
    return {"cards": shown, "extension": {EXTENSION: made.extension(hook, found, here)}}


class _Cards:
    def __init__(self, case: Case, patient: str) -> None:
        self.case, self.content, self.patient = case, case.content, plain(patient, 200) if patient else ""
        self.status = content_status(case)
        seed = digest(case.content.hash, profile_text(case), patient)
        self.space = uuid.uuid5(uuid.NAMESPACE_URL, f"{SYSTEM}/{seed}")

    # -- cards ---------------------------------------------------------------------------------------------

    def emergency(self, emergency: Emergency) -> Json:
        record, level = emergency.record, emergency.level or "this_visit"
        steps = "\n".join(f"{n}. {markdown(step)}" for n, step in enumerate(emergency.actions, 1))
        detail = [
            f"**{markdown(record.title)}**: {markdown('; '.join(emergency.labels))}",
            steps,
            markdown(record.why),
            self._who(record.owner),
            self._assumes(emergency.assumes),
            self._foot(record.source),
        ]
        return self._card(
            f"emergency.{record.id}",
            f"{LEVEL_WORDS[level]}: {record.title} – {soft('; '.join(emergency.labels))}",
            "critical",
            detail,
            record,
            _URGENT_REASONS,
            {
                "kind": "emergency",
                "id": record.id,
                "status": "present",
                "level": level,
                "because": [str(reason["says"]) for reason in emergency.because],
                "asks": list(emergency.asks),
                "assumes": list(emergency.assumes),
            },
        )

    def recommendation(self, standing: Standing, first: Mapping[str, str]) -> Json:
        record, theme = standing.record, theme_of(standing.record.id)
        # What an earlier card says already, by another source, never asks for attention a second time.
        repeats = first[theme] != record.id
        strength = record.strength
        grade = f"{strength.scheme}: {strength.category}" + (
            f", evidence {strength.evidence}" if strength.evidence else ""
        )
        needed = "; ".join(label for _, label in standing.asks)
        detail = [
            f"**{markdown(record.title)}**",
            markdown(record.why),
            f"Because: {markdown('; '.join(standing.because))}" if standing.because else "",
            f"It may be in place already. To settle: {markdown(needed)}" if standing.confirm and needed else "",
            self._ways(record),
            f"Strength: {markdown(grade)}",
            self._who(record.owner),
            self._assumes(standing.assumes),
            self._foot(record.source),
        ]
        card = self._card(
            record.id,
            record.action + (" (in place?)" if standing.confirm else ""),
            "warning" if record.priority <= WARNING and not repeats else "info",
            detail,
            record,
            _REASONS,
            {
                "kind": "recommendation",
                "theme": theme,
                "same_as": first[theme] if repeats else None,
                **self._said(standing),
            },
        )
        if suggestions := self._suggestions(standing):
            card |= {"suggestions": suggestions, "selectionBehavior": "any"}
        return card

    def open_card(self, standings: list[Standing]) -> Json:
        """One card for all that cannot be told: what to ask first is what settles most."""
        wanted: dict[str, list[Standing]] = {}
        labels: dict[str, str] = {}
        for standing in standings:
            for ask, label in standing.asks:
                wanted.setdefault(ask, []).append(standing)
                labels[ask] = label
        first = sorted(wanted, key=lambda ask: (-len(wanted[ask]), ask))
        lines = "\n".join(f"- {markdown(labels[ask])} (settles or narrows {len(wanted[ask])})" for ask in first[:8])
        more = f"and {len(first) - 8} more" if len(first) > 8 else ""
        n = len(standings)
        summary = f"Cannot tell on {n} recommendation{'s' if n > 1 else ''}; needs: " + "; ".join(
            soft(labels[ask]) for ask in first[:3]
        )
        own = self.content.sources["own"]
        return {
            "uuid": self._uuid("open"),
            "summary": shortened(summary),
            "indicator": "info",
            "source": {"label": "Pathways: what this record does not say"},
            "detail": _joined(
                [
                    "Not known is not no. What would settle most:",
                    lines,
                    more,
                    f"Each recommendation with what it needs stands in the extension {EXTENSION}.",
                    self._foot(()),
                ]
            ),
            "extension": {EXTENSION: {"kind": "cannot_tell", "source": own.id, "count": n, "asks": first}},
        }

    def extension(self, hook: str, found: list[Standing], here: list[Standing]) -> Json:
        """What cannot be told with what it needs, where everything else stands, and the content that was applied."""
        profile, content = self.case.profile, self.content
        shown = {s.record.id for s in here}
        unsettled = [e for e in self.case.findings.emergencies if e.state in ("possible", "not_asked")]
        return {
            "hook": hook,
            "kit": __version__,
            "content": content.hash,
            "content_status": self.status,
            "as_of": profile.as_of.isoformat() if profile.as_of else None,
            "assumes": assumed(self.case),
            "cannot_tell": [self._said(s) for s in here if s.status == "needs_information"],
            "met": [s.record.id for s in here if s.status == "met"],
            "not_shown_at_this_hook": [
                s.record.id for s in found if s.status == "applies" and s.record.id not in shown
            ],
            "urgent_signs_not_settled": [
                {"id": e.record.id, "state": e.state, "asks": self._asks((a, ask_label(content, a)) for a in e.asks)}
                for e in unsettled
            ],
        }

    # -- parts of a card -----------------------------------------------------------------------------------

    def _card(
        self,
        id: str,
        summary: str,
        indicator: str,
        detail: list[str],
        record: m.Recommendation | m.Emergency,
        reasons: Mapping[str, str],
        said: Json,
    ) -> Json:
        topic = {"system": f"{SYSTEM}/CodeSystem/topic", "code": id, "display": plain(record.title)}
        return {
            "uuid": self._uuid(id),
            "summary": shortened(summary),
            "indicator": indicator,
            "source": {**_source(self.content, record.source), "topic": topic},
            "detail": _joined(detail),
            "overrideReasons": [
                {"code": code, "system": f"{SYSTEM}/CodeSystem/override-reason", "display": words}
                for code, words in reasons.items()
            ],
            "extension": {
                EXTENSION: {**said, "confidence": m.lowest(record.source), "source": cites(record.source)},
            },
        }

    def _uuid(self, *name: str) -> str:
        return str(uuid.uuid5(self.space, "/".join(name)))

    def _said(self, standing: Standing) -> Json:
        needs = "; ".join(label for _, label in standing.asks)
        said: Json = {
            "id": standing.record.id,
            "title": standing.record.title,
            "status": standing.status,
            "because": list(standing.because),
            "asks": self._asks(standing.asks),
            "assumes": list(standing.assumes),
            "confirm": standing.confirm,
        }
        if standing.status == "needs_information":
            said["says"] = f"cannot tell, needs {soft(needs)}" if needs else "cannot tell"
        return said

    def _asks(self, asks: Iterable[tuple[str, str]]) -> list[Json]:
        return [{"ask": ask, "label": label} for ask, label in asks]

    def _ways(self, record: m.Recommendation) -> str:
        """The treatments that carry it out, each as the case finds it: an option that is closed says so."""
        options = {o.id: o for o in self.case.options}
        lines = [
            f"- {options[id].verb}: {markdown(options[id].record.title)}"
            for id in record.treatments
            if id in options and options[id].verb
        ]
        return "\n".join(["Ways:", "", *lines]) if lines else ""

    def _who(self, roles: Iterable[str]) -> str:
        return f"Who: {markdown(', '.join(self.content.roles[role].label for role in roles))}" if roles else ""

    def _assumes(self, paths: Iterable[str]) -> str:
        words = []
        for path in paths:
            rest = path.removeprefix("complete.").removeprefix("answers.")
            words.append(f"the list of {rest} is complete" if rest in LISTS else soft(ask_label(self.content, rest)))
        return f"Assumed, not asked: {markdown('; '.join(words))}" if words else ""

    def _foot(self, source: tuple[m.Cite, ...]) -> str:
        where = "; ".join(dict.fromkeys(f"{self.content.sources[c.id].title.split(' (')[0]}, {c.at}" for c in source))
        weak = f" ({UNCONFIRMED})" if source and m.lowest(source) == "recall" else ""
        day = self.case.profile.as_of
        held = f"{self.status}; kit {__version__}, content {self.content.hash[:8]}, as of {day or 'no date'}"
        said = f"Source: {markdown(where)}{weak}. " if where else ""
        return f"{said}Content: {held}. For the clinician to judge; not an order."

    def _suggestions(self, standing: Standing) -> list[Json]:
        """Only to look up or to ask, and only what may stand in anybody's task list: entries, measures, questionnaires. What a
        person is asked in private (safety at home, urgent signs) is never written down as a task."""
        found: list[Json] = []
        for ask, label in standing.asks:
            if not _may_be_a_task(self.content, ask) or len(found) == MOST_SUGGESTIONS:
                continue
            words = f"Look up or ask: {soft(label)}"
            suggestion: Json = {"label": shortened(words, 80), "uuid": self._uuid(standing.record.id, ask)}
            if self.patient:
                task = {
                    "resourceType": "Task",
                    "status": "draft",
                    "intent": "proposal",
                    "description": plain(f"{words}. A reminder from decision support, not an order."),
                    "for": {"reference": self.patient},
                }
                suggestion["actions"] = [
                    {"type": "create", "description": "Add a draft task: nothing is ordered", "resource": task}
                ]
            found.append(suggestion)
        return found


def _may_be_a_task(content: Content, ask: str) -> bool:
    which, _, id = ask.partition(".")
    listed = which == "medicines" and id in content.medicine_classes
    measured = which == "observations" and id in content.measures
    return listed or measured or (ask in content.instruments and not content.instruments[ask].risk)


def _source(content: Content, source: tuple[m.Cite, ...]) -> Json:
    """The first source that has an address, else the first."""
    known = [(c, content.sources[c.id]) for c in source]
    cite, record = next(((c, s) for c, s in known if page_of(s)), known[0])
    label = shortened(f"{record.title.split(' (')[0]}, {cite.at}", 200)
    page = page_of(record)
    return {"label": label, "url": page} if page else {"label": label}


def shortened(text: str, most: int = MOST) -> str:
    """Text on one line, cut at a word so that it fits."""
    words = plain(text)
    if len(words) <= most:
        return words
    return words[: most - 1].rpartition(" ")[0].rstrip(" ,;:–-(") + "…"


def _joined(parts: Iterable[Any]) -> str:
    return "\n\n".join(str(part) for part in parts if part)
