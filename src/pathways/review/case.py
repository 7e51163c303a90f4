"""`review`: the whole way from a profile to one frozen case that can be shown, printed, saved and asked why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from ..content import Content, load_content
from ..disk.memory import no_collection
from ..facts import Facts, derive
from ..language.words import counted
from ..profile import Consent, Profile
from .allergies import of_allergies
from .closed import held_as_treatments
from .directives import Directives, directives
from .findings import Findings, appraise
from .ids import UnknownIdError
from .instead import open_advice, open_refusals, open_ways
from .medicines import Weighed, weigh
from .mitigations import Mitigation, beside_moud, calls, mitigations
from .options import Option, consider
from .plans import Frontier, Item, Presented, combine, present

Audience = Literal["team", "person", "pain_clinic", "partner"]
AUDIENCES: tuple[Audience, ...] = ("team", "person", "pain_clinic", "partner")


@dataclass(frozen=True)
class View:
    """Whom a case is shown to. ``restricted``: what is shared only with consent is left out, and nothing says whether
    there is any; ``closed``: nothing at all is shown. ``consents`` are those that the view rests on; ``notices`` go
    below every form of it."""

    audience: Audience
    restricted: bool = False
    closed: bool = False
    consents: tuple[Consent, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One reviewed person: everything found, with the content that was applied. Same profile and content,
    same bytes.

    ``facts`` are the named values, ``findings`` what the sources say, ``options`` every treatment judged, ``frontier``
    all plans that no other plan beats, ``shown`` the core, the decisions and the plans that a meeting looks at.

    >>> from pathways import Profile, review
    >>> case = review(Profile.from_dict({"answers": {"age_years": 58, "oud_status": "active"}}))
    >>> case.option("buprenorphine").fit
    'indicated'
    """

    profile: Profile
    facts: Facts
    findings: Findings
    options: tuple[Option, ...]
    frontier: Frontier
    shown: Presented
    content: Content
    lens: str | None = None
    view: View | None = None
    demands: Directives = field(default_factory=lambda: Directives(()))
    medicines: tuple[Weighed, ...] = ()

    def __repr__(self) -> str:
        return f"Case({self.profile!r}, {self.findings!r}, {counted(len(self.frontier.plans), 'plan')})"

    def _repr_html_(self) -> str:
        return _shown_by[-1](self) if _shown_by else f"<p>A reviewed case with {len(self.frontier.plans)} plans.</p>"

    @property
    def restricted(self) -> bool:
        """Whether this is a view that leaves out what is shared only with consent."""
        return self.view is not None and self.view.restricted

    def beside(self, items: Iterable[Item]) -> tuple[Mitigation, ...]:
        """The actions that stand beside the medicines of the list and what these items start."""
        return mitigations(self.medicines, items, self.content)

    def option(self, id: str) -> Option:
        """The option of a treatment. Raises UnknownIdError."""
        if id not in self._options:
            raise UnknownIdError("treatment", id, [option.id for option in self.options])
        return self._options[id]

    @cached_property
    def _options(self) -> Mapping[str, Option]:
        return {option.id: option for option in self.options}


def show_with(html: Callable[[Case], str]) -> None:
    """Tell cases how to show themselves in a notebook. The report room calls this; a case knows nothing of pages."""
    _shown_by.append(html)


_shown_by: list[Callable[[Case], str]] = []


@no_collection()
def review(profile: Profile, *, content: Content | None = None, lens: str | None = None) -> Case:
    """Hold a profile to the content: facts, findings, options, plans. Reads neither the clock nor the network.

    Raises UnknownIdError for a ``lens`` that the content does not have.
    """
    content = content or load_content()
    facts = derive(profile, content=content)
    findings = appraise(facts, content=content)
    demands = directives(facts, findings, content).also(of_allergies(facts, content))
    medicines = weigh(facts, demands, content=content)
    demands = demands.also(calls(medicines, content))
    # Medication for OUD is judged first: what it meets in use goes on with care, and the options are judged by that.
    for_oud = [t for t in content.treatments.values() if t.place.treats_oud]
    moud = consider(facts, demands, medicines, among=for_oud, content=content)
    if (judged := beside_moud(medicines, moud, demands, content)) != medicines:
        medicines, demands = judged, demands.also(calls(judged, content))
    options = consider(facts, demands, medicines, content=content)
    medicines = open_ways(held_as_treatments(medicines, options, facts, content), options, facts, content)
    findings = open_advice(findings, medicines, options, content)
    options = open_refusals(options, medicines, facts, content)
    frontier = combine(options, findings, facts, demands, content=content)
    shown = present(frontier, facts, content=content, lens=lens)
    return Case(profile, facts, findings, options, frontier, shown, content, lens, None, demands, medicines)
