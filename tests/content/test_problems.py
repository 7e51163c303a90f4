"""What is wrong with data from outside is said with its place, what was given, and the nearest right field."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from pathways.content.problems import problem_lines


class Dose(BaseModel):
    model_config = ConfigDict(extra="forbid")
    amount: float
    unit: str = "mg"


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")
    doses: tuple[Dose, ...] = ()
    main: Dose | None = None


def lines(data: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as error:
        Order.model_validate(data)
    return list(problem_lines(error.value, Order))


def test_a_field_inside_a_list_is_named_with_its_entry_and_the_nearest_field_of_that_part() -> None:
    assert lines({"doses": [{"amount": 1}, {"amount": 1, "unti": "mg"}]}) == [
        "doses, entry 2, unti: there is no such field. Did you mean 'unit'?"
    ]
    assert lines({"main": {"amuont": 1, "amount": 2}}) == [
        "main, amuont: there is no such field. Did you mean 'amount'?"
    ]
    assert lines({"dose": []}) == ["dose: there is no such field. Did you mean 'doses'?"]


def test_what_is_missing_and_what_was_given_is_said() -> None:
    assert lines({"doses": [{}]}) == ["doses, entry 1, amount: is missing"]
    (line,) = lines({"doses": [{"amount": "many"}]})
    assert line.endswith("given was 'many'")
    assert line.startswith("doses, entry 1, amount: input should be")
