"""`for_audience`: the case as an audience may see it. What consent does not open never enters what is shown.

The view is reviewed afresh from what may be seen, so that nothing withheld is behind any line of it: two people who
differ only in what is withheld have the same view, to the byte. What something withheld might speak against is never
offered outright: it says for everyone "ask the team first". What the whole record says of something in use changes no
line: a medicine that went out of a view because of something withheld would tell of it.
"""

from __future__ import annotations

from dataclasses import replace

from ...content import Content
from ...profile import Consent, Profile
from ..case import Audience, Case, View, review
from .person import open_profile
from .records import nothing, open_content
from .shield import Shield
from .walk import bare

RESTRICTED = "Restricted"
PART_ONLY = (
    "Restricted: a part of the record. Some kinds of health data are shared only with the person's written consent, and "
    "nothing here says whether there are any. What is missing is not ruled out: ask the person, or the team that sent "
    "this, before a medicine is started, changed, stopped or simply goes on."
)
CLOSED = "Restricted: nothing is shown to others unless the person agrees."
KEEP_IT = "Shown with the person's consent. Please do not pass it on."
OWN_RECORD = "This is the person's own record. They decide whom they show it to."


def for_audience(case: Case, audience: Audience) -> Case:
    """The case as ``audience`` may see it, with a `View`. The team's is the case itself; the person sees all of it."""
    if audience == "team":
        return replace(case, view=View("team"))
    if audience == "person":
        return replace(case, view=View("person", notices=(OWN_RECORD,)))
    consents = tuple(c for c in case.profile.consents if c.who == audience and c.in_force(case.profile.as_of))
    granted: set[str] = {scope for consent in consents for scope in consent.scope}
    if audience == "partner" and not ("health" in granted and safe_with_partner(case.profile, case.content)):
        return _closed(case, audience)
    shield = Shield.of(case.content, audience, granted)
    if shield is not None:  # what a consent is for was written freely, and free text may give away anything
        consents = tuple(bare(c) for c in consents)
    notices = _notices(case, audience, consents)
    if shield is None:
        shared = case.profile.model_copy(update={"consents": consents})
        return replace(case, profile=shared, view=View(audience, consents=consents, notices=notices))
    shown = _reviewed(case, shield)
    view = View(audience, restricted=True, consents=consents, notices=(PART_ONLY, *notices))
    return replace(shown, view=view)


def safe_with_partner(profile: Profile, content: Content) -> bool:
    """Whether the person was asked in private about violence and control, and there is none. Unknown is not safe."""
    told = ("private safety screen", "violence or control at home")
    screened, violence = (profile.answers.get(content.known("answer", name)) for name in told)
    return screened is True and violence is not True


def _reviewed(case: Case, shield: Shield) -> Case:
    content = open_content(case.content, shield)
    profile = open_profile(case.profile, case.content, shield)
    lens = case.lens if case.lens in content.lenses else None
    shown = review(profile, content=content, lens=lens)
    frontier = replace(shown.frontier, lacking=())  # it names the side on which nothing stands
    return replace(shown, frontier=frontier)


def _closed(case: Case, audience: Audience) -> Case:
    """A case that says nothing but that it is closed."""
    blank = review(Profile(as_of=case.profile.as_of), content=nothing(case.content))
    frontier = replace(blank.frontier, lacking=())
    facts = replace(blank.facts, values={}, origin={}, assumes={})
    shown = replace(blank.shown, plans=(), more=0)
    view = View(audience, restricted=True, closed=True, notices=(CLOSED,))
    return replace(blank, facts=facts, frontier=frontier, shown=shown, view=view)


def _notices(case: Case, audience: Audience, consents: tuple[Consent, ...]) -> tuple[str, ...]:
    """What a consent opened, for what and until when, and that it may not simply be passed on."""
    lines = []
    for consent in consents:
        opened = [_scope_words(case, scope) for scope in consent.scope]
        purpose = consent.purpose or "the purpose named in it"
        lines.append(
            f"Shared with the person's written consent of {consent.date}: {', '.join(opened)}; for {purpose}; "
            f"until {consent.until}."
        )
    granted = {scope for consent in consents for scope in consent.scope}
    lines += [p.notice for p in case.content.privacy.values() if p.scope in granted and p.notice]
    return (*lines, KEEP_IT) if audience == "partner" else tuple(lines)


def _scope_words(case: Case, scope: str) -> str:
    title = next((p.title for p in case.content.privacy.values() if p.scope == scope), "the rest of the health record")
    return title[:1].lower() + title[1:]
