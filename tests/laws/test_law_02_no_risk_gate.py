"""Law 2: a risk score is never a gate. Nothing from conditions to plans imports `risk`; no condition that lowers or closes
an option depends on a risk instrument; and a score of either extreme, added to any sample case, closes nothing."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import Any

import pytest

from pathways.content import Content, load_content
from pathways.content.loader import PACKAGED
from pathways.language import facts_of
from pathways.profile import Profile
from pathways.review.case import review
from pathways.review.check import check_content
from pathways.review.depends import risk_gates
from tests.laws.sources import imports, modules, room_of
from tests.reviews import NAMES, profile

RULES = ("language", "content", "intake", "profile", "facts", "review")
GAP = "risk score behind a condition that lowers an option (law 2)"


def test_no_rule_room_imports_the_risk_room() -> None:
    for name, tree in modules().items():
        if room_of(name) in RULES:
            assert not [t for t in imports(name, tree) if t.startswith("pathways.risk")], name


def test_there_is_a_risk_instrument_to_speak_of() -> None:
    assert {i.id for i in load_content().instruments.values() if i.risk} >= {"ort_oud"}


def risky_facts(content: Any) -> set[str]:
    """Every fact that a risk instrument reaches, through any chain of definitions: worked out here from the other end."""
    risky = {i.id for i in content.instruments.values() if i.risk}
    reached = {f.id for f in content.facts.values() if f.instrument in risky or risky & set(f.inputs)}
    while True:
        more = {
            f.id for f in content.facts.values() if f.when and facts_of(content.node(f.when)) & (reached | risky)
        } - reached
        if not more:
            return reached
        reached |= more


def lowering(content: Any) -> list[tuple[str, str]]:
    """The conditions that lower or close an option, with their place."""
    found = []
    for t in content.treatments.values():
        found += [(f"{t.id}, {c.id}", c.when) for c in (*t.contraindications, *t.precautions)]
    found += [(i.id, i.when) for i in content.interactions.values() if i.when]
    return found


def test_no_lowering_condition_depends_on_a_risk_score() -> None:
    content = load_content()
    reached = risky_facts(content)
    assert [where for where, text in lowering(content) if facts_of(content.node(text)) & reached] == []
    assert check_content(content).gaps[GAP] == []


def planted(folder: Path, *, indication: str = "pregnant", gate: str = "NOT pregnant") -> Content:
    """The content with one more fact, which a risk score makes true, and one more treatment."""
    shutil.copytree(PACKAGED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "vocabulary/planted.toml").write_text(
        '[[fact]]\nid = "planted_risk"\nlabel = "Planted"\nkind = "definition"\nwhen = "ort_oud >= 3"\n'
        '[[fact]]\nid = "planted_low"\nlabel = "Low"\nkind = "definition"\nwhen = "NOT planted_risk"\n',
        "utf-8",
    )
    (folder / "treatments/planted.toml").write_text(
        '[[treatment]]\nid = "planted"\nkind = "own"\ntitle = "Planted"\nshort = "Planted"\nseat = "support"\n'
        'what = "x"\nsay = "x"\nsource = { id = "practice", at = "x", confidence = "recall" }\n'
        f'indications = [{{ when = "{indication}", fit = "indicated", note = "x",'
        ' source = { id = "practice", at = "x", confidence = "recall" } }]\n'
        f'contraindications = [{{ id = "gate", when = "{gate}", label = "x", unknown = "quiet",'
        ' source = { id = "practice", at = "x", confidence = "recall" } }]\n'
        'burden = { score = 1, words = "x" }\nowner = ["primary_care"]\ndelivered_by = ["primary_care"]\nphase = "today"\n',
        "utf-8",
    )
    return load_content(folder)


@pytest.mark.parametrize("through", ["ort_oud >= 3", "planted_risk"])
def test_the_check_finds_one_that_does(tmp_path: Path, through: str) -> None:
    content = planted(tmp_path / "content", gate=through)
    assert any("planted, gate" in place for place in check_content(content).gaps[GAP])
    bad = [where for where, text in lowering(content) if facts_of(content.node(text)) & risky_facts(content)]
    assert bad == ["planted, gate"]


@pytest.mark.parametrize(
    ("indication", "lowers"),
    [
        ("pregnant OR ort_oud >= 3", False),
        ("pregnant AND ort_oud > 3", False),
        ("NOT pregnant AND planted_risk", False),
        ("NOT (pregnant OR NOT ort_oud_high)", False),
        ("NOT ort_oud < 3", False),
        ("NOT planted_low", False),
        ("pregnant AND ort_oud < 3", True),
        ("ort_oud <= 3", True),
        ("NOT ort_oud >= 3", True),
        ("ort_oud BETWEEN 1 AND 3", True),
        ("ort_oud = 3", True),
        ("pregnant AND NOT ort_oud_high", True),
        ("NOT (pregnant AND planted_risk)", True),
        ("planted_low", True),
    ],
)
def test_an_indication_may_be_raised_by_a_risk_score_and_never_lowered(
    tmp_path: Path, indication: str, lowers: bool
) -> None:
    content = planted(tmp_path / "content", indication=indication)
    assert [place for place in risk_gates(content) if "planted" in place] == (
        ["treatments/planted.toml, planted, indication"] if lowers else []
    )


def with_score(data: dict[str, Any], total: int) -> Profile:
    changed = copy.deepcopy(data)
    kept = [o for o in changed.get("observations", []) if o["measure"] != "ort_oud"]
    score = {"measure": "ort_oud", "value": total, "date": str(changed["as_of"])}
    return Profile.from_dict({**changed, "observations": [*kept, score]})


@pytest.mark.parametrize("name", NAMES)
def test_no_score_closes_or_lowers_anything(name: str) -> None:
    data = profile(name).to_dict()
    order = ("not_indicated", "needs_information", "consider", "indicated")
    low, high = (review(with_score(data, total)) for total in (0, 9))
    for a, b in zip(low.options, high.options, strict=True):
        assert a.safety == b.safety
        assert [c.id for c in a.closed_by] == [c.id for c in b.closed_by]
        assert [c.id for c in a.cautions] == [c.id for c in b.cautions]
        assert order.index(b.fit) >= order.index(a.fit), a.id
    offered = [{o.id for o in case.options if o.eligible} for case in (low, high)]
    assert offered[0] <= offered[1]
