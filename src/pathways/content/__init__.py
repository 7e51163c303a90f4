"""What the kit knows: cited records in TOML, their shapes, and the loader that names every mistake."""

from .library import Content, ContentError, once_per_content, remembered
from .loader import load_content
from .rules import Rule

__all__ = ["Content", "ContentError", "Rule", "load_content", "once_per_content", "remembered"]
