"""What a condition depends on, through any definition or input; and where a risk score would close an option (law 2)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..content.library import Content
from ..language import Node, Num, facts_of, negate
from ..language.nodes import leaves_of

UPWARDS = (">=", ">")
DOWNWARDS = ("<=", "<")


def depends_on(content: Content, text: str) -> frozenset[str]:
    """Every fact and instrument that a condition depends on, through any definition or input."""
    return _reached(content, content.node(text))


def _reached(content: Content, node: Node) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(facts_of(node))
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        fact = content.facts.get(name)
        if fact is not None:
            if fact.when:
                waiting.extend(facts_of(content.node(fact.when)))
            found.update(fact.inputs)
            if fact.instrument:
                found.add(fact.instrument)
    return frozenset(found)


def lowered_by(content: Content, node: Node, scores: Collection[str]) -> bool:
    """Whether a higher one of these scores could make a condition less true: it stands under a NOT, below a limit, or in a
    comparison that has two sides. A definition is read as if it stood in the place of its name."""
    for leaf, positive in leaves_of(node):
        if _reached(content, leaf).isdisjoint(scores):
            continue
        fact = content.facts.get(leaf.fact)
        if fact is not None and fact.when:
            meant = content.node(fact.when)
            if lowered_by(content, meant if positive else negate(meant), scores):
                return True
        elif isinstance(leaf, Num):
            if leaf.op not in (UPWARDS if positive else DOWNWARDS):
                return True
        elif not positive:
            return True
    return False


def risk_gates(content: Content) -> Iterator[str]:
    """The places at which a risk score would lower or close an option. An indication may be raised by one."""
    risky = {i.id for i in content.instruments.values() if i.risk}
    for t in content.treatments.values():
        lowering = [(c.id, c.when) for c in (*t.contraindications, *t.precautions)]
        for name, text in lowering:
            if depends_on(content, text) & risky:
                yield f"{content.files['treatment', t.id]}, {t.id}, {name}"
        for indication in t.indications:
            if lowered_by(content, content.node(indication.when), risky):
                yield f"{content.files['treatment', t.id]}, {t.id}, indication"
    for table in ("medicine_caution", "dose_limit"):
        for id, record in content.tables[table].items():
            if record.when and depends_on(content, record.when) & risky:
                yield f"{content.files[table, id]}, {id}"
    for table in ("emergency", "recommendation"):
        for id, record in content.tables[table].items():
            for demand in record.demands:
                if demand.speaks_against and demand.when and depends_on(content, demand.when) & risky:
                    yield f"{content.files[table, id]}, {id}, demands"
    for rule in content.taper_rules.values():
        if rule.level == "not_advised" and rule.when and depends_on(content, rule.when) & risky:
            yield f"{content.files['taper_rule', rule.id]}, {rule.id}"
    for interaction in content.interactions.values():
        if interaction.when and depends_on(content, interaction.when) & risky:
            yield f"{content.files['interaction', interaction.id]}, {interaction.id}"
