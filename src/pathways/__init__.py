"""Pathways: decision support for people who live with chronic pain and opioid use disorder at once.

It supports clinicians; it does not replace their judgement, and it gives no orders. The way through:

>>> from pathways import Profile, next_questions, review, sheet_html
>>> case = review(Profile.from_dict({"answers": {"age_years": 58, "oud_status": "active"}}))
>>> case.option("buprenorphine").verb
'Offer'
>>> html = sheet_html(case)

``__all__`` names what is meant for daily use: ten names, the types that they return, and the errors that they raise.
Names are loaded when first used, so that the command line starts fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .content import Content
    from .profile import Profile
    from .review.case import Case

__version__ = "0.1.0"

_PUBLIC = {
    "content": ("Content", "ContentError", "load_content"),
    "profile": ("Profile", "ProfileError"),
    "facts": ("Facts",),
    "review.findings": ("Emergency", "Finding", "Findings", "RaisedNeed"),
    "review.options": ("Option",),
    "review.plans": ("Fork", "Frontier", "Item", "Plan", "Presented"),
    "review.case": ("Case",),
    "review.ids": ("UnknownIdError",),
    "review.explain": ("Change", "Why", "what_if", "why", "why_not"),
    "review.questions": ("Question", "next_questions"),
    "pages": ("sheet_html",),
}
_ALSO = {
    "facts": ("derive",),
    "review.findings": ("appraise",),
    "review.options": ("consider",),
    "review.plans": ("combine", "present"),
    "review.explain": ("disagreements",),
    "care.services": ("Site", "SiteError", "load_site"),
    "pages.data": ("case_data",),
    "pages": ("first_page", "first_page_html", "first_page_words", "form_html", "sheet_markdown"),
}
"""Used less often: each is at home in its room, and can be had from here as well."""
_HOME_OF = {name: room for homes in (_PUBLIC, _ALSO) for room, names in homes.items() for name in names}
__all__ = sorted([*(name for names in _PUBLIC.values() for name in names), "review"])


import_module("pathways.review")  # the room is bound first, so that the function below keeps the name


def review(profile: Profile, *, content: Content | None = None, lens: str | None = None) -> Case:
    """Review one person: what is known, what the sources say of it, each treatment judged, and the plans.

    ``content`` holds the records that are applied (default: the packaged ones); ``lens`` names whose order of plans
    comes first. The same profile and content give the same case: neither the clock nor the network is read. Raises
    UnknownIdError for a lens that the content does not have.

    >>> from pathways import Profile, review
    >>> review(Profile.from_dict({"answers": {"age_years": 58}}), lens="pian")
    Traceback (most recent call last):
    pathways.review.ids.UnknownIdError: no lens 'pian'. Did you mean 'pain'?
    """
    import_module("pathways.pages")  # so that a case shows itself in a notebook
    from .review.case import review as run

    return run(profile, content=content, lens=lens)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'pathways' has no name '{name}'")
    return getattr(import_module(f"pathways.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
