"""Report: what a case looks like on a page, in HTML and in Markdown, the page for the person, and the blank form to begin with."""

from ..review.case import show_with
from ..review.shapes import FirstPage, Said
from .form import form_html
from .handout import handout_html, handout_markdown, handout_text
from .html import first_page_html, sheet_html
from .markdown import sheet_markdown
from .page import first_page, first_page_words

__all__ = [
    "FirstPage",
    "Said",
    "first_page",
    "first_page_html",
    "first_page_words",
    "form_html",
    "handout_html",
    "handout_markdown",
    "handout_text",
    "sheet_html",
    "sheet_markdown",
]

show_with(first_page_html)  # a case knows nothing of pages; here it learns to show itself in a notebook
