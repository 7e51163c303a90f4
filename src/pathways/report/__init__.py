"""Report: what a case looks like on a page."""

from .page import first_page, first_page_words
from .shapes import FirstPage, Said

__all__ = ["FirstPage", "Said", "first_page", "first_page_words"]
