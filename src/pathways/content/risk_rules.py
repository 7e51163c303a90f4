"""What must hold of the records that tell a risk model about a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..language import ConditionError, Number
from .library import Content


def risk_problems(
    content: Content,
    at: Callable[[str, str], str],
    missing: Callable[[str, str, Iterable[str], str], Iterator[str]],
) -> Iterator[str]:
    """Models and conditions of the risk inputs. Whether a model has such a column is the risk room's to say."""
    models = content.tables["risk_model"]
    texts = [("risk_model", m.id, text) for m in models.values() for text in (m.for_when, m.not_when)]
    for model in models.values():
        yield from missing(at("risk_model", model.id), "like", [model.like] if model.like else [], "risk_model")
        if model.course:
            yield from missing(at("risk_model", model.id), "course", [model.course.medicine], "medicine_class")
    for i in content.tables["risk_input"].values():
        where = at("risk_input", i.id)
        yield from missing(where, "model", [i.model], "risk_model")
        if i.urine:
            yield from missing(where, "urine", (*i.urine.found_by, *i.urine.absent_by), "urine_test")
        texts += [("risk_input", i.id, value.when) for value in i.values]
        if i.fact and not isinstance(content.schema.get(i.fact), Number):
            yield f"{where}, fact: no number '{i.fact}'"
    for table, id, text in texts:
        try:
            content.node(text)
        except ConditionError as error:
            yield f"{at(table, id)}: {error}"
