"""Pathways: decision support for people who live with chronic pain and opioid use disorder at once.

It supports clinicians; it does not replace their judgement, and it gives no orders. The way through::

    from pathways import Profile, review, sheet_html

    case = review(Profile.load("sample_data/cases/back_pain_120_mme.toml"))
    html = sheet_html(case)

Names are loaded when first used, so that the command line starts fast.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "content": ("Content", "ContentError", "load_content"),
    "profile": ("Profile", "ProfileError"),
    "facts": ("Facts", "derive"),
    "findings": ("appraise",),
    "options": ("consider",),
    "plans": ("combine", "present"),
    "case": ("Case", "review"),
    "explain": ("disagreements", "next_questions", "what_if", "why", "why_not"),
    "site": ("Site", "SiteError", "load_site"),
    "case_data": ("case_data",),
    "report": ("first_page", "first_page_html", "first_page_words", "form_html", "sheet_html", "sheet_markdown"),
}
_HOME_OF = {name: room for room, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'pathways' has no name '{name}'")
    if name == "review":
        import_module("pathways.report")  # so that a case shows itself in a notebook
    return getattr(import_module(f"pathways.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
