"""The content without what is withheld: records that speak of it are left out, and so is every reference to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...content import Content, once_per_content
from ...content import models as m
from ...content.library import TABLES
from ...content.models.audience import VOCABULARY
from ..brought import brought_classes, inherited
from ..depends import depends_on
from .shield import Shield
from .walk import OWN, Walk

ASK_FIRST = "Restricted: ask the team that sent this"
WHOLE = frozenset(table for table, model in TABLES.items() if model.audience is VOCABULARY)
"""The tables of the vocabulary: no record of them goes, because conditions are read against them."""
Records = Mapping[str, Mapping[str, Any]]


@once_per_content
def _opened_before(_: Content) -> dict[Shield, Content]:
    """The views of a content that were made before."""
    return {}


def open_content(content: Content, shield: Shield) -> Content:
    """The records that say nothing withheld, in a content of their own. Worked out once for each shield."""
    known = _opened_before(content)
    if shield not in known:
        may_stand = {
            table: {id: r for id, r in records.items() if table in WHOLE or not shield.withholds(table, id)}
            for table, records in content.tables.items()
        }
        here = {table: {id for id in rs if not shield.withholds(table, id)} for table, rs in content.tables.items()}
        tables = _walked(may_stand, Walk(here, shield.hides))
        silent = shield.silent(content)
        gone = [x for x in content.interactions.values() if x.id not in tables["interaction"]]
        tables["treatment"] = {
            id: _asked_first(t, content, silent) if _may_bear(content.treatments[id], content, silent, gone) else t
            for id, t in tables["treatment"].items()
        }
        known[shield] = _mended(content, tables, silent)
    return known[shield]


def _may_bear(t: m.Treatment, content: Content, silent: frozenset[str], gone: list[m.Interaction]) -> bool:
    """Whether anything withheld could speak against a treatment, whoever the person is."""
    brought = brought_classes(t, content) | set(t.keeps)
    meets = any(brought & {*x.a, *x.b} for x in gone)
    texts = [c.when for c in (*t.contraindications, *t.precautions)] + [c.when for c in inherited(t, content)]
    return meets or any(depends_on(content, text) & silent for text in texts)


def _asked_first(t: m.Treatment, content: Content, silent: frozenset[str]) -> m.Treatment:
    """A treatment with one more check, which a view can never settle by itself. It stands there for everyone alike, so
    that it tells nothing, and nobody starts on a part of the record what the whole of it speaks against."""
    never_known = next(a.id for a in content.answers.values() if a.type == "yes_no" and a.id in silent)
    check = m.Closer(id="restricted", when=never_known, label=ASK_FIRST, unknown="check_first", source=(OWN,))
    return t.model_copy(update={"contraindications": (*t.contraindications, check)})


def nothing(content: Content) -> Content:
    """A content that says nothing of anything: only the vocabularies are left."""
    tables = {table: records if table in WHOLE else {} for table, records in content.tables.items()}
    return Content(tables, content.files, content.hash)


def _walked(tables: Records, walk: Walk) -> dict[str, Mapping[str, Any]]:
    """Every record as its marks let it be seen."""
    return {
        table: {id: seen for id, record in records.items() if (seen := walk.seen(record)) and not _untied(record, seen)}
        for table, records in tables.items()
    }


def _untied(record: m.Record, seen: m.Record) -> bool:
    """Whether all that a record was tied to is gone: without a treatment it would be told to everyone."""
    tied = isinstance(record, (m.Education, m.Pathway)) and bool(record.treatments)
    return tied and not getattr(seen, "treatments", ())


def _mended(content: Content, tables: Records, silent: frozenset[str]) -> Content:
    """The tables with every reference to what is not there taken out, until nothing changes."""
    while True:
        here = {table: frozenset(records) for table, records in tables.items()}
        tables = _walked(tables, Walk(here))
        if all(frozenset(records) == here[table] for table, records in tables.items()):
            break
    # The facts are the same, so the conditions that were read stay read.
    return Content(tables, content.files, content.hash, silent, content._nodes, content._tests, content._explainers)
