"""What the kit knows: cited records in TOML, their shapes, and the loader that names every mistake."""

from .library import Content, ContentError, Rule
from .loader import load_content

__all__ = ["Content", "ContentError", "Rule", "load_content"]
