"""Pathways: decision support for people who live with chronic pain and opioid use disorder at once.

It supports clinicians; it does not replace their judgement, and it gives no orders. The way through::

    from pathways import Profile, review, sheet_html

    case = review(Profile.load("sample_data/cases/back_pain_120_mme.toml"))
    html = sheet_html(case)

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

_HOMES = {
    "content": ("Content", "ContentError", "load_content"),
    "profile": ("Profile", "ProfileError"),
    "facts": ("Facts", "derive"),
    "review.findings": ("appraise",),
    "review.options": ("consider",),
    "review.plans": ("combine", "present"),
    "review.case": ("Case",),
    "review.explain": ("disagreements", "next_questions", "what_if", "why", "why_not"),
    "care.services": ("Site", "SiteError", "load_site"),
    "pages.data": ("case_data",),
    "pages": ("first_page", "first_page_html", "first_page_words", "form_html", "sheet_html", "sheet_markdown"),
}
_HOME_OF = {name: room for room, names in _HOMES.items() for name in names}
__all__ = sorted([*_HOME_OF, "review"])


import_module("pathways.review")  # the room is bound first, so that the function below keeps the name


def review(profile: Profile, *, content: Content | None = None, lens: str | None = None) -> Case:
    """Review one person: `pathways.review.case.review`, loaded when first called."""
    import_module("pathways.pages")  # so that a case shows itself in a notebook
    from .review.case import review as run

    return run(profile, content=content, lens=lens)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'pathways' has no name '{name}'")
    return getattr(import_module(f"pathways.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
