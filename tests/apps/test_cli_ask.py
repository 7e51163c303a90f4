"""`pathways explain` and `pathways cite` tell all that a record says: its reason and its details, of every recommendation."""

from __future__ import annotations

import json

import pytest

from pathways.apps.cli import main
from pathways.content import load_content
from pathways.review.actions import further
from tests.apps.test_cli import SAMPLE, run, words_of

RECOMMENDATIONS = load_content().recommendations


@pytest.mark.parametrize("id", RECOMMENDATIONS)
def test_explain_and_cite_tell_the_reason_and_the_details(id: str, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = further(RECOMMENDATIONS[id])
    assert wanted[0]
    [cited] = [one for one in json.loads(run(capsys, "cite", id, "--json")[0]) if one["table"] == "recommendation"]
    assert cited["says"] == list(wanted)
    code = main(["explain", id, str(SAMPLE), "--json"])
    out, err = capsys.readouterr()
    if code:
        assert "not in force" in err
    else:
        assert json.loads(out)["says"] == list(wanted)


def test_they_print_them(capsys: pytest.CaptureFixture[str]) -> None:
    record = next(r for r in RECOMMENDATIONS.values() if len(r.details) > 1)
    for out in (run(capsys, "cite", record.id)[0], run(capsys, "explain", record.id, SAMPLE)[0]):
        for text in further(record):
            assert words_of(text) in words_of(out)


def test_every_recommendation_has_a_reason_and_many_have_details() -> None:
    assert all(r.why for r in RECOMMENDATIONS.values())
    assert sum(bool(r.details) for r in RECOMMENDATIONS.values()) > 50
