"""The content without what is withheld: records that speak of it are left out, and so is every reference to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ...content import Content
from ...content import models as m
from ..check import depends_on
from ..options import brought_classes
from .shield import Shield

RESTRICTED = "Restricted."
TELLING = (
    "recommendation", "emergency", "treatment", "interaction", "need", "lens", "pathway", "decision", "disagreement",
    "contradiction", "education", "myth", "assessment",
)  # fmt: skip
"""The tables whose records speak to a reader and are looked through one by one."""
VOCABULARY = (
    "source", "base", "answer", "condition", "condition_group", "medicine", "medicine_class", "measure", "fact",
    "instrument", "role", "mme_edition", "privacy",
)  # fmt: skip
"""The tables that stay whole: conditions are read against them. A table in neither list is left out altogether."""
NOT_SHOWN = frozenset({
    "id", "row", "kind", "reviewed", "cases", "when", "done", "raised_when", "met_when", "in_place", "in_every_plan_when",
    "entry", "unsettles", "a", "b", "side", "seat", "group", "classes", "medicines", "keeps", "ends", "phase", "level",
})  # fmt: skip
NAMES = ("title", "short", "label")
WHOLE_OR_NOTHING = (m.Monitoring, m.Effect, m.Closer, m.Caution, m.Indication, m.Dose, m.Trigger, m.Part)
"""Small records that make no sense with a text taken out of them."""
ASK_FIRST = "Restricted: ask the team that sent this"
ASK_THE_TEAM = "Ask the person, and call the team that sent this."
OWN = m.Cite(id="own", at="restricted view", confidence="recall")


def open_content(content: Content, shield: Shield) -> Content:
    """The records that say nothing withheld, in a content of their own. Worked out once for each shield."""
    known: dict[Shield, Content] = content.memo.setdefault("open_content", {})
    if shield not in known:
        tables: dict[str, Mapping[str, Any]] = _vocabulary(content)
        for table in TELLING:
            made = ((id, _opened(table, record, content, shield)) for id, record in content.tables[table].items())
            tables[table] = {id: record for id, record in made if record is not None}
        tables["mme_edition"] = {
            id: edition.model_copy(update={"source": _cites(edition.source, content, shield)})
            for id, edition in content.mme_editions.items()
        }
        tables["instrument"] = {
            id: _quiet(instrument, content, shield) for id, instrument in content.instruments.items()
        }
        silent = shield.silent(content)
        gone = [x for x in content.interactions.values() if x.id not in tables["interaction"]]
        tables["treatment"] = {
            id: _asked_first(t, content, silent) if _may_bear(content.treatments[id], content, silent, gone) else t
            for id, t in tables["treatment"].items()
        }
        known[shield] = _mended(content, tables, silent, shield)
    return known[shield]


def _may_bear(t: m.Treatment, content: Content, silent: frozenset[str], gone: list[m.Interaction]) -> bool:
    """Whether anything withheld could speak against a treatment, whoever the person is."""
    brought = brought_classes(t, content) | set(t.keeps)
    meets = any(brought & {*x.a, *x.b} for x in gone)
    return meets or any(depends_on(content, c.when) & silent for c in (*t.contraindications, *t.precautions))


def _asked_first(t: m.Treatment, content: Content, silent: frozenset[str]) -> m.Treatment:
    """A treatment with one more check, which a view can never settle by itself. It stands there for everyone alike, so
    that it tells nothing, and nobody starts on a part of the record what the whole of it speaks against."""
    never_known = next(a.id for a in content.answers.values() if a.type == "yes_no" and a.id in silent)
    check = m.Closer(id="restricted", when=never_known, label=ASK_FIRST, unknown="check_first", source=(OWN,))
    return t.model_copy(update={"contraindications": (*t.contraindications, check)})


def nothing(content: Content) -> Content:
    """A content that says nothing of anything: only the vocabularies are left."""
    return Content(_vocabulary(content), content.files, content.hash)


def _vocabulary(content: Content) -> dict[str, Mapping[str, Any]]:
    return {table: records if table in VOCABULARY else {} for table, records in content.tables.items()}


def without(content: Content, treatments: Collection[str], shield: Shield) -> Content:
    """The content with some treatments left out."""
    tables = dict(content.tables)
    tables["treatment"] = {id: t for id, t in content.treatments.items() if id not in treatments}
    return _mended(content, tables, content.silent, shield)


# ---- one record ---------------------------------------------------------------------------------------------


def _opened(table: str, record: Any, content: Content, shield: Shield) -> Any | None:
    if (table, record.id) in shield.records or shield.hides(record.id):
        return None
    if table == "treatment" and record.seat in shield.seats:
        return None
    if getattr(record, "side", None) in shield.purposes:
        return None
    if table == "interaction" and any(_withheld(side, content, shield) for side in (record.a, record.b)):
        return None
    if table == "lens" and record.role in shield.roles:
        return None
    if isinstance(record, m.Emergency):
        return _emergency(record, content, shield)
    return _clean(record, content, shield)


def _withheld(side: tuple[str, ...], content: Content, shield: Shield) -> bool:
    """Whether one side of an interaction is nothing but withheld medicines."""

    def whole(id: str) -> bool:
        medicine_class = content.medicine_classes.get(id)
        if medicine_class is None:
            return id in shield.ingredients
        only = set(medicine_class.purpose or ())
        return content.class_members(id) <= shield.ingredients or (bool(only) and only <= shield.purposes)

    return all(whole(id) for id in side)


def _clean(record: m.Record, content: Content, shield: Shield) -> Any | None:
    """A record with its withheld texts taken out; None when its name, its strength or the source of a part is."""
    if isinstance(record, m.Cite):
        source = content.sources.get(record.id)
        return None if shield.hides(record.id, record.at, record.says, source.title if source else None) else record
    if isinstance(record, m.Strength) and shield.hides(record.scheme, record.category, record.evidence):
        return None
    if isinstance(record, WHOLE_OR_NOTHING) and any(shield.hides(text) for text in _texts(record)):
        return None
    change: dict[str, Any] = {}
    names = {n: getattr(record, n) for n in NAMES if n in type(record).model_fields}
    tried = [text for name in reversed(names.values()) if name for text in (name, name.partition(":")[0])]
    good = [text for text in tried if not shield.hides(text)]
    if any(names.values()) and not good:
        return None
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name in NOT_SHOWN:
            continue
        if name in names:
            change[name] = good[0] if shield.hides(value) else value
        elif isinstance(value, str):
            change[name] = "" if shield.hides(name) else RESTRICTED if shield.hides(value) else value
        elif isinstance(value, tuple):
            change[name] = tuple(one for one in (_part(v, content, shield) for v in value) if one is not None)
        elif isinstance(value, m.Record):
            change[name] = _clean(value, content, shield)
    if change.get("strength", True) is None:
        return None
    if change.get("source", True) == ():
        if not isinstance(record, m.Clinical):
            return None
        change["source"] = (OWN,)  # what is said may be told, where it stands may not
    return record.model_copy(update=change)


def _quiet(record: Any, content: Content, shield: Shield) -> Any:
    """A record that is reckoned with, whole in its shape, and only its withheld words taken out."""
    change: dict[str, Any] = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name in NOT_SHOWN or name == "valid_when":
            continue
        if name == "source":
            change[name] = _cites(value, content, shield)
        elif isinstance(value, str) and " " in value:  # a text, and not the name of something
            change[name] = RESTRICTED if shield.hides(value) else value
        elif isinstance(value, tuple):
            change[name] = tuple(_quiet(v, content, shield) if isinstance(v, m.Record) else v for v in value)
        elif isinstance(value, m.Record):
            change[name] = _quiet(value, content, shield)
    return record.model_copy(update=change)


def _texts(record: m.Record) -> Iterator[str]:
    shown = (name for name in type(record).model_fields if name not in NOT_SHOWN or isinstance(record, m.Monitoring))
    yield from (value for name in shown if isinstance(value := getattr(record, name), str))


def _part(value: Any, content: Content, shield: Shield) -> Any | None:
    if isinstance(value, m.Record):
        return _clean(value, content, shield)
    return None if isinstance(value, str) and shield.hides(value) else value


def _emergency(record: m.Emergency, content: Content, shield: Shield) -> m.Emergency | None:
    """A danger that may be told stays told, in words that may be told: only triggers that speak of it go."""
    triggers = tuple(t for t in record.triggers if not shield.hides(t.label))
    if not triggers:
        return None
    actions = tuple(action for action in record.actions if not shield.hides(action))
    return record.model_copy(
        update={
            "title": triggers[0].label if shield.hides(record.title) else record.title,
            "triggers": triggers,
            "actions": actions or (ASK_THE_TEAM,),
            "why": RESTRICTED if shield.hides(record.why) else record.why,
            "owner": tuple(id for id in record.owner if id not in shield.roles),
            "source": _cites(record.source, content, shield),
        }
    )


def _cites(source: tuple[m.Cite, ...], content: Content, shield: Shield) -> tuple[m.Cite, ...]:
    return tuple(c for c in source if _clean(c, content, shield)) or (OWN,)


# ---- what records say of each other -------------------------------------------------------------------------


def _mended(content: Content, tables: dict[str, Mapping[str, Any]], silent: frozenset[str], shield: Shield) -> Content:
    """The tables with every reference to what is not there taken out, until nothing changes."""
    while True:
        here = {table: frozenset(records) for table, records in tables.items()}
        for table in TELLING:
            made = ((id, _referring(record, here, shield)) for id, record in tables[table].items())
            tables[table] = {id: record for id, record in made if record is not None}
        if all(frozenset(records) == here[table] for table, records in tables.items()):
            break
    # The facts are the same, so the conditions that were read stay read.
    return Content(tables, content.files, content.hash, silent, content._nodes, content._tests, content._explainers)


def _referring(record: Any, here: Mapping[str, frozenset[str]], shield: Shield) -> Any | None:
    change: dict[str, Any] = {}
    for name, table in (
        ("treatments", "treatment"), ("raises", "need"), ("requires", "treatment"), ("alternatives", "treatment"),
    ):  # fmt: skip
        if value := getattr(record, name, ()):
            change[name] = tuple(id for id in value if id in here[table])
    for name in ("owner", "delivered_by"):
        if value := getattr(record, name, ()):
            change[name] = tuple(id for id in value if id not in shield.roles)
    if isinstance(record, m.Treatment):
        change["pathway"] = record.pathway if record.pathway in here["pathway"] else None
        change["decision"] = record.decision if record.decision in here["decision"] else None
        change["addresses"] = tuple(a for a in record.addresses if a.need in here["need"])
    if isinstance(record, m.Pathway):
        change["steps"] = tuple(
            step.model_copy(update={"owner": tuple(id for id in step.owner if id not in shield.roles)})
            for step in record.steps
        )
    if isinstance(record, m.Lens):
        change["order"] = tuple(key for key in record.order if _known_key(key, here))
    if isinstance(record, m.Decision) and len(change.get("alternatives", ())) < 2:
        return None
    if isinstance(record, m.Disagreement) and len(record.positions) < 2:
        return None
    if isinstance(record, m.Treatment) and not record.indications:
        return None
    if isinstance(record, (m.Education, m.Myth, m.Pathway)) and record.treatments and not change["treatments"]:
        return None
    return record.model_copy(update=change) if change else record


def _known_key(key: str, here: Mapping[str, frozenset[str]]) -> bool:
    kind, _, id = key.partition(":")
    return {"need": id in here["need"], "item": id in here["treatment"]}.get(kind, True)
