"""Which statements say the same thing, so that a first page says each once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Theme:
    """Statements that say the same thing: first the one whose words are used. ``only_with`` must be among them."""

    id: str
    same: tuple[str, ...]
    only_with: str = ""


@cache
def themes() -> Mapping[str, Theme]:
    """The themes of themes.toml by id."""
    data = tomllib.loads(files(__package__).joinpath("themes.toml").read_text(encoding="utf-8"))
    return {t["id"]: Theme(t["id"], tuple(t["same"]), t.get("only_with", "")) for t in data["theme"]}


def theme_of(id: str) -> str:
    """The theme of a recommendation or treatment: its own id where it stands in none."""
    return next((theme.id for theme in themes().values() if id in theme.same), id)
