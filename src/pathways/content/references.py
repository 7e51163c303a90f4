"""What the records name: one walk over the marked fields finds every misspelt reference and every bad condition."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from ..language import Choice, ConditionError, Number
from ..language.nearest import did_you_mean
from .library import Content
from .models.base import Named, Record
from .models.marks import Predicate, Ref

Path = tuple[str | int, ...]
PLAN_ORDER = ("required", "works", "others", "cautions", "burden", "certainty", "matters")
"""The keys of a lens that name no record."""
MOST_LISTED = 8


class Mention(NamedTuple):
    """One marked text of a record: where it stands, and ``owner``, whose item, part or option it names."""

    mark: Ref | Predicate
    text: str
    path: Path
    owner: str

    @property
    def place(self) -> str:
        """The path for people: "addresses, entry 2, part"."""
        return ", ".join(f"entry {part + 1}" if isinstance(part, int) else part for part in self.path)


Known = dict[tuple[str, str], Collection[str] | None]
"""The names of a kind, of one owner, as far as they were asked for."""


def reference_problems(content: Content) -> Iterator[str]:
    """One line for each text that names nothing and each condition that does not parse, with its file, id and field."""
    known: Known = {}
    for table, records in content.tables.items():
        for id, record in records.items():
            where = f"{content.files[table, id]}, {id}"
            yield from (f"{where}, {line}" for line in record_problems(content, table, record, known))


def record_problems(content: Content, table: str, record: Named, known: Known) -> Iterator[str]:
    """The same of one record, from the field on."""
    for mention in mentions(record):
        mark, text, _, owner = mention
        if isinstance(mark, Predicate):
            problem = _does_not_parse(content, text)
        else:
            problem = _names_nothing(
                content, mark, text, f"{table}:{record.id}" if mark.of == "record" else owner, known
            )
        if problem:
            yield f"{mention.place}: {problem}"


def _does_not_parse(content: Content, text: str) -> str | None:
    try:
        content.node(text)
    except ConditionError as error:
        return str(error)
    return None


def _names_nothing(content: Content, mark: Ref, text: str, owner: str, known: Known) -> str | None:
    found: list[str] = []
    for kind in mark.kinds:
        if (kind, owner) not in known:
            listed = names(content, kind, owner)
            known[kind, owner] = dict.fromkeys(listed) if isinstance(listed, list) else listed  # looked up quickly
        one = known[kind, owner]
        if one is None or text in one:
            return None
        found += one
    choice = f" There may stand {', '.join(found)}." if 0 < len(found) <= MOST_LISTED else ""
    return f"no {' or '.join(mark.kinds)} '{text}'.{did_you_mean(text, found) or choice}"


# ---- what there is to name -----------------------------------------------------------------------------------


def names(content: Content, kind: str, owner: str) -> Collection[str] | None:
    """Everything that a reference of a kind may name; None where that is not for the content to say.

    ``owner`` is an id, or ``table:id`` where the mark says "of the record"."""
    return NAMES[kind](content, owner) if kind in NAMES else content.tables[kind].keys()


def _options(content: Content, fact: str) -> Collection[str] | None:
    kind = content.schema.get(fact)
    return kind.options if isinstance(kind, Choice) else None


def _parts(content: Content, need: str) -> Collection[str] | None:
    return [part.id for part in content.needs[need].parts] if need in content.needs else None


def _items(content: Content, instrument: str) -> Collection[str] | None:
    found = content.instruments.get(instrument.removeprefix("instrument:"))
    return [item.id for item in found.items] if found else None


def _questions(content: Content, _: str) -> Collection[str]:
    entries = {"conditions": content.condition_groups, "medicines": content.medicine_classes}
    listed = [f"{name}.{id}" for name, ids in {**entries, "observations": content.measures}.items() for id in ids]
    return {*content.schema, *content.instruments, *listed}


def _meanings(content: Content, means: str) -> Collection[str] | None:
    """What a code may stand for. Substances and findings are the importer's words."""
    if means in ("event", "number"):
        return [id for id, measure in content.measures.items() if measure.type == means]
    if means == "item":
        return [f"{i.id}.{item.id}" for i in content.instruments.values() for item in i.items]
    if means == "answer":
        return [a.id for a in content.answers.values() if a.type == "yes_no"]
    if means == "condition":
        return {*content.conditions, *content.condition_groups}
    return content.instruments.keys() if means == "instrument" else None


def _rules(content: Content, record: str) -> Collection[str]:
    """The rules of a record as its cases call them."""
    table, _, id = record.partition(":")
    found = [rule.name for rule in content.rules_of.get((table, id), ())]
    if table == "treatment":
        return ["fit", *found, *(f"{a.need}.{a.part}" for a in content.treatments[id].addresses if a.when)]
    return found


NAMES: Mapping[str, Callable[[Content, str], Collection[str] | None]] = {
    "fact": lambda content, _: content.schema.keys(),
    "number": lambda content, _: [id for id, kind in content.schema.items() if isinstance(kind, Number)],
    "latest number": lambda content, _: [
        f.id for f in content.facts.values() if f.kind in ("latest", "code") and f.type == "number"
    ],
    "measured number": lambda content, _: [
        f.id for f in content.facts.values() if f.kind in ("latest", "code", "days_since") and f.type == "number"
    ],
    "measured fact": lambda content, _: [
        f.id
        for f in content.facts.values()
        if f.kind in ("latest", "code", "days_since") and f.type in ("number", "choice")
    ],
    "choice": lambda content, _: [a.id for a in content.answers.values() if a.type == "choice"],
    "yes/no answer": lambda content, _: [a.id for a in content.answers.values() if a.type == "yes_no"],
    "question": _questions,
    "option": _options,
    "part": _parts,
    "item": _items,
    "band": lambda content, record: [b.id for b in content.instruments[record.partition(":")[2]].bands],
    "rule": _rules,
    "meaning": _meanings,
    "class in use": lambda content, _: [f"in_use:{id}" for id in (*content.medicine_classes, *content.medicines)],
    "medicine:purpose": lambda content, _: [f"{id}:{p}" for id in content.medicines for p in ("pain", "oud", "other")],
    "order key": lambda content, _: [
        *PLAN_ORDER,
        *(f"need:{id}" for id in content.needs),
        *(f"item:{id}" for id in content.treatments),
    ],
    "record": lambda content, _: [f"{table}:{id}" for table, ids in content.tables.items() for id in ids],
}
"""The names that are not just the ids of one table, by the kind that a mark gives."""


# ---- the walk ------------------------------------------------------------------------------------------------

Scope = tuple[Mapping[str, Any], ...]
"""The fields of the records around a text, outermost first, and ``key`` inside a mapping."""
Visit = Callable[[Any, Path, Scope, list[Mention]], None]


def mentions(record: Record) -> list[Mention]:
    """Every marked text of a record, however deep."""
    found: list[Mention] = []
    if visit := _of_record(type(record)):
        visit(record, (), (), found)
    return found


@cache
def _of_record(model: type[Record]) -> Visit | None:
    hints = get_type_hints(model, include_extras=True)
    visits = {name: visit for name in model.model_fields if (visit := _visit(hints[name]))}

    def visit_record(record: Any, path: Path, scope: Scope, found: list[Mention]) -> None:
        fields = vars(record)
        scope = (*scope, fields)
        for name, visit in visits.items():
            if fields[name] is not None:
                visit(fields[name], (*path, name), scope, found)

    return visit_record if visits else None


def _visit(hint: Any) -> Visit | None:
    """How to find the marked texts in a value of this type; None when it can hold none."""
    origin, inner = get_origin(hint), get_args(hint)
    if isinstance(hint, type) and issubclass(hint, Record):
        return _of_record(hint)
    if origin is Annotated:
        mark = next((x for x in hint.__metadata__ if isinstance(x, (Ref, Predicate))), None)
        return _texts(mark) if mark else _visit(inner[0])
    if origin in (Union, UnionType):
        return next(filter(None, map(_visit, inner)), None)
    if origin is tuple:
        return _each(_visit(inner[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _entries(*map(_visit, inner))
    return None


def _texts(mark: Ref | Predicate) -> Visit:
    of = mark.of if isinstance(mark, Ref) else ""

    def visit(value: Any, path: Path, scope: Scope, found: list[Mention]) -> None:
        owner = next((fields[of] for fields in reversed(scope) if of in fields), None) if of else None
        for text in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(text, str):
                found.append(Mention(mark, text, path, owner or ""))

    return visit


def _each(visit_one: Visit | None) -> Visit | None:
    if visit_one is None:
        return None

    def visit(value: Any, path: Path, scope: Scope, found: list[Mention]) -> None:
        for n, one in enumerate(value):
            visit_one(one, (*path, n), scope, found)

    return visit


def _entries(visit_key: Visit | None, visit_value: Visit | None) -> Visit | None:
    def visit(value: Any, path: Path, scope: Scope, found: list[Mention]) -> None:
        for key, one in value.items():
            if visit_key:
                visit_key(key, path, scope, found)
            if visit_value:
                visit_value(one, (*path, key), (*scope, {"key": key}), found)

    return visit if visit_key or visit_value else None
