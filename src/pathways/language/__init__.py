"""The rule language: conditions over facts that may be only partly known.

`compile_table` and its companions live in `pathways.cohort.rules`, because only they need Polars.
"""

from .compare import TooManyCellsError, distinguish, equivalent
from .explain import Explanation, compile_explainer, explain
from .grammar import ConditionError, check, parse
from .mutants import mutants
from .nodes import And, In, Is, Node, Not, Num, Or, facts_in_order, facts_of, negate, to_text
from .person import compile_person
from .values import Choice, FactType, Number, Range, Value, YesNo

__all__ = [
    "And",
    "Choice",
    "ConditionError",
    "Explanation",
    "FactType",
    "In",
    "Is",
    "Node",
    "Not",
    "Num",
    "Number",
    "Or",
    "Range",
    "TooManyCellsError",
    "Value",
    "YesNo",
    "check",
    "compile_explainer",
    "compile_person",
    "distinguish",
    "equivalent",
    "explain",
    "facts_in_order",
    "facts_of",
    "mutants",
    "negate",
    "parse",
    "to_text",
]
