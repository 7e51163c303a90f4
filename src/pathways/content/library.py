"""`Content`: every record of one content folder, by table and id, with the fact schema that they make together."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeVar, TypeVarTuple

from ..language import (
    Choice,
    Explanation,
    FactType,
    Node,
    Number,
    Or,
    Value,
    YesNo,
    compile_explainer,
    compile_person,
    facts_of,
    parse,
)
from ..language.words import counted
from . import models as m
from .rules import Rule, rules_in
from .tables import TABLES, Tables

__all__ = ["TABLES", "Content", "ContentError", "Rule", "once_per_content", "remembered"]

T = TypeVar("T")
Ks = TypeVarTuple("Ks")


class ContentError(ValueError):
    """One or more mistakes in the content, each with file, id and how to mend it. ``more``: there are others."""

    def __init__(self, problems: list[str], *, more: bool = False) -> None:
        self.problems = problems
        self.more = more
        super().__init__("\n".join(problems))

    @property
    def count(self) -> str:
        """How many there are, for people: "1 mistake"."""
        return ("more than " if self.more else "") + counted(len(self.problems), "mistake")


@dataclass(frozen=True)
class Content(Tables):
    """The records of one content folder. Make one with `load_content`; it never changes afterwards.

    >>> from pathways import load_content
    >>> load_content().sources["cdc2022"].year
    2022

    ``tables[table][id]`` is a record; ``files[table, id]`` the file it came from; ``hash`` a digest of all files.
    ``silent`` names facts and questions that are never told or asked: those of a view for others (see `audience`).
    """

    tables: Mapping[str, Mapping[str, Any]]
    files: Mapping[tuple[str, str], str]
    hash: str
    silent: frozenset[str] = frozenset()
    _nodes: dict[str, Node] = field(default_factory=dict, repr=False, compare=False)
    _tests: dict[str, Callable[[Mapping[str, Value]], bool | None]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _explainers: dict[str, Callable[[Mapping[str, Value]], Explanation]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _made: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"Content({counted(sum(map(len, self.tables.values())), 'record')}, hash {self.hash[:12]})"

    @cached_property
    def pathways_of_situations(self) -> tuple[m.Pathway, ...]:
        """The care pathways that a situation enters: no treatment names them, and they are no other way of one."""
        named = {t.pathway for t in self.treatments.values()}
        ways = {p.id for t in self.treatments.values() for p in self.ways_of(t)}
        return tuple(p for p in self.pathways.values() if p.id not in named | ways)

    @cached_property
    def mme_edition(self) -> m.MmeEdition:
        """The MME edition that is used: the default one."""
        editions = self.mme_editions.values()
        return next((edition for edition in editions if edition.default), next(iter(editions)))

    def ways_of(self, treatment: m.Treatment) -> tuple[m.Pathway, ...]:
        """The course that a treatment names, and the other ways that lead to this treatment alone."""
        if treatment.pathway is None:
            return ()
        others = (p for p in self.pathways.values() if p.treatments == (treatment.id,) and p.id != treatment.pathway)
        return (self.pathways[treatment.pathway], *others)

    # -- the fact schema -----------------------------------------------------------------------------------
    @cached_property
    def schema(self) -> Mapping[str, FactType]:
        """Every fact by name with its type: answers, ``has_``, ``takes_``, ``proposed_`` and the declared ones."""
        schema: dict[str, FactType] = {}
        for answer in self.answers.values():
            if answer.type == "yes_no":
                schema[answer.id] = YesNo()
            elif answer.type == "number":
                assert answer.lo is not None and answer.hi is not None
                schema[answer.id] = Number(answer.lo, answer.hi, answer.decimals)
            elif answer.type == "choice":
                schema[answer.id] = Choice(tuple(answer.choices))
        schema.update((f"has_{group}", YesNo()) for group in self.condition_groups)
        for cls in self.medicine_classes:
            schema[f"takes_{cls}"] = YesNo()
            schema[f"proposed_{cls}"] = YesNo()
        for fact in self.facts.values():
            if fact.type == "number" and fact.lo is not None and fact.hi is not None:
                schema[fact.id] = Number(fact.lo, fact.hi, fact.decimals)
            elif fact.type == "choice":
                schema[fact.id] = Choice(fact.choices)
            else:
                schema[fact.id] = YesNo()
        return schema

    @cached_property
    def unknown(self) -> Mapping[str, Value]:
        """Of every fact, what its value is while nothing is known of it."""
        return {name: kind.unknown() for name, kind in self.schema.items()}

    @cached_property
    def definitions(self) -> tuple[str, ...]:
        """The ids of the definition facts, each after the definitions it uses. Raises ContentError on a circle."""
        texts = {f.id: f.when for f in self.facts.values() if f.kind == "definition" and f.when is not None}
        graph = {id: facts_of(self.node(text)) & texts.keys() for id, text in texts.items()}
        try:
            return tuple(TopologicalSorter({k: sorted(v) for k, v in sorted(graph.items())}).static_order())
        except CycleError as error:
            raise ContentError([f"facts define each other in a circle: {' -> '.join(error.args[1])}"]) from None

    @cached_property
    def limited_scores(self) -> Mapping[str, str]:
        """The score facts of instruments that are not valid in everyone, each with the condition of its instrument."""
        found = {f.id: self.instruments[f.instrument].valid_when for f in self.facts.values() if f.instrument}
        return {id: valid for id, valid in found.items() if valid}

    def known(self, table: str, name: str) -> str:
        """The id of the record that Python knows by this name (``known_as``). Ids themselves stand in no module."""
        return self._known[table, name]

    @cached_property
    def _known(self) -> Mapping[tuple[str, str], str]:
        return {
            (table, record.known_as): id
            for table, model in TABLES.items()
            if "known_as" in model.model_fields
            for id, record in self.tables[table].items()
            if record.known_as
        }

    def asks_for(self, ask: str) -> bool:
        """Whether the kit asks for this by itself, and not only uses it when somebody filled it in."""
        return ask not in self.instruments or self.instruments[ask].asked

    @cached_property
    def read_over_orders(self) -> tuple[m.Recommendation, ...]:
        """The recommendations that are read over orders too, in the order of the guideline."""
        return tuple(r for r in self.recommendations.values() if r.orders)

    @cached_property
    def order_definitions(self) -> tuple[str, ...]:
        """The definitions behind the recommendations over orders, each after those it uses; what orders tell is given."""
        found: set[str] = set()
        waiting = [text for record in self.read_over_orders for text in record.over_orders if text]
        while waiting:
            names = facts_of(self.node(waiting.pop())) - found - self.order_inputs.keys()
            defined = {name for name in names if name in self.facts and self.facts[name].when}
            found |= defined
            waiting += [when for name in defined if (when := self.facts[name].when)]
        return tuple(id for id in self.definitions if id in found)

    # -- conditions ----------------------------------------------------------------------------------------
    def node(self, text: str) -> Node:
        """The parsed condition. Raises ConditionError, which says what is wrong and how to mend it."""
        if text not in self._nodes:
            self._nodes[text] = parse(text, self.schema)
        return self._nodes[text]

    def any_of(self, texts: Iterable[str]) -> str:
        """One condition that holds where any of these does; what is parsed already is not parsed again."""
        texts = tuple(texts)
        joined = " OR ".join(f"({text})" for text in texts)
        if joined not in self._nodes:
            nodes = tuple(self.node(text) for text in texts)
            self._nodes[joined] = nodes[0] if len(nodes) == 1 else Or(nodes)
        return joined

    def test(self, text: str) -> Callable[[Mapping[str, Value]], bool | None]:
        """The condition as a function of facts: True, False, or None for unknown."""
        test = self._tests.get(text)
        if test is None:
            test = self._tests[text] = compile_person(self.node(text), self.schema)
        return test

    def explainer(self, text: str) -> Callable[[Mapping[str, Value]], Explanation]:
        """The condition as a function of facts that also says which facts are responsible."""
        explainer = self._explainers.get(text)
        if explainer is None:
            explainer = self._explainers[text] = compile_explainer(self.node(text), self.schema)
        return explainer

    # -- vocabularies --------------------------------------------------------------------------------------
    @cached_property
    def _members(self) -> Mapping[str, frozenset[str]]:
        direct: dict[str, set[str]] = {cls: set() for cls in self.medicine_classes}
        for medicine in self.medicines.values():
            for cls in medicine.classes:
                direct[cls].add(medicine.id)
        order = TopologicalSorter({c.id: sorted(c.children) for c in self.medicine_classes.values()})
        try:
            for cls in order.static_order():
                for child in self.medicine_classes[cls].children:
                    direct[cls] |= direct[child]
        except CycleError as error:
            raise ContentError([f"medicine classes contain each other: {' -> '.join(error.args[1])}"]) from None
        return {cls: frozenset(members) for cls, members in direct.items()}

    def class_members(self, medicine_class: str) -> frozenset[str]:
        """The ingredients that may belong to a class (purpose, route and release may still narrow an entry)."""
        return self._members[medicine_class]

    @cached_property
    def _classes_of(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {medicine: set() for medicine in self.medicines}
        for cls, members in self._members.items():
            for medicine in members:
                found[medicine].add(cls)
        return {medicine: frozenset(classes) for medicine, classes in found.items()}

    def classes_of(self, ingredient: str) -> frozenset[str]:
        """The classes that an ingredient may belong to."""
        return self._classes_of.get(ingredient, frozenset())

    @cached_property
    def wider_classes(self) -> Mapping[str, tuple[str, ...]]:
        """The classes that contain a class whole, whatever the purpose, route or release of an entry."""
        plain = [c for c in self.medicine_classes.values() if not (c.purpose or c.route or c.release or c.alone)]
        return {id: tuple(c.id for c in plain if id in c.children) for id in self.medicine_classes}

    @cached_property
    def classes_with_own_members(self) -> frozenset[str]:
        """The classes that some ingredient names itself."""
        return frozenset(cls for medicine in self.medicines.values() for cls in medicine.classes)

    @cached_property
    def spellings(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """Patterns that recognise an ingredient in a text, with its id."""
        return tuple(
            (re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE), medicine.id)
            for medicine in self.medicines.values()
            for name in (medicine.id.replace("_", " "), *medicine.names)
        )

    @cached_property
    def _groups_of(self) -> Mapping[str, frozenset[str]]:
        def up(group: str, seen: frozenset[str]) -> frozenset[str]:
            if group in seen:
                raise ContentError([f"condition groups contain each other: {' -> '.join([*seen, group])}"])
            seen |= {group}
            parents = [up(parent, seen) for parent in self.condition_groups[group].parents]
            return frozenset({group}).union(*parents)

        found = {group: up(group, frozenset()) for group in self.condition_groups}
        for condition in self.conditions.values():
            found[condition.id] = frozenset().union(*(found[group] for group in condition.groups))
        return found

    def groups_of(self, condition: str) -> frozenset[str]:
        """The groups that an entry of the conditions list belongs to (a group belongs to itself and its parents)."""
        return self._groups_of.get(condition, frozenset())

    def condition_label(self, id: str) -> str:
        """The label of a condition or a group of conditions; its id where it has none."""
        record = self.conditions.get(id) or self.condition_groups.get(id)
        return record.label if record else id

    # -- what speaks of a medicine ---------------------------------------------------------------------------
    @cached_property
    def _cautions_by_name(self) -> Mapping[str, tuple[m.MedicineCaution, ...]]:
        found: dict[str, list[m.MedicineCaution]] = {}
        for caution in self.medicine_cautions.values():
            for name in caution.of:
                found.setdefault(name, []).append(caution)
        return {name: tuple(cautions) for name, cautions in found.items()}

    def cautions_about(self, names: Iterable[str]) -> tuple[m.MedicineCaution, ...]:
        """The cautions of any of these ingredients and classes, each once, in the order of the content."""
        found = {c.id for name in names for c in self._cautions_by_name.get(name, ())}
        return tuple(c for id, c in self.medicine_cautions.items() if id in found) if found else ()

    @cached_property
    def _limits_by_ingredient(self) -> Mapping[str, tuple[m.DoseLimit, ...]]:
        found: dict[str, list[m.DoseLimit]] = {}
        for limit in self.dose_limits.values():
            found.setdefault(limit.of, []).append(limit)
        return {name: tuple(limits) for name, limits in found.items()}

    def limits_of(self, ingredient: str) -> tuple[m.DoseLimit, ...]:
        """The dose limits of an ingredient, in the order of the content."""
        return self._limits_by_ingredient.get(ingredient, ())

    def believed_of(self, ingredient: str, route: str | None) -> m.BelievedDose | None:
        """How much of an ingredient by a route is believed, where a record says so; the first that fits."""
        fits = (b for b in self.believed_doses.values() if b.of == ingredient and (not b.route or route in b.route))
        return next(fits, None)

    # -- rules ---------------------------------------------------------------------------------------------
    @cached_property
    def rules_of(self) -> Mapping[tuple[str, str], tuple[Rule, ...]]:
        """The rules of each record that has some, by table and id."""
        found: dict[tuple[str, str], tuple[Rule, ...]] = {}
        for rule in self.rules():
            found[rule.table, rule.id] = (*found.get((rule.table, rule.id), ()), rule)
        return found

    def rules(self) -> Iterator[Rule]:
        """Every condition in the content, with the cases that speak about it."""
        return rules_in(self)


def once_per_content(make: Callable[[Content], T]) -> Callable[[Content], T]:
    """``make``, called once for each content; what it made is kept as long as the content is.

    For what follows from the records alone, never from anything about a person.
    """

    @wraps(make)
    def made(content: Content) -> T:
        if make not in content._made:
            content._made[make] = make(content)
        found: T = content._made[make]
        return found

    return made


def remembered(
    most: int, by: Callable[..., Hashable] | None = None
) -> Callable[[Callable[[Content, *Ks], T]], Callable[[Content, *Ks], T]]:
    """For a function of a content and something else: what it gave is kept as long as the content is, and given again for
    the same thing. Once more than ``most`` would be kept, it forgets all of them.

    ``by`` gives what stands for a thing that cannot be hashed, or of which only a part is read.
    """

    def of(make: Callable[[Content, *Ks], T]) -> Callable[[Content, *Ks], T]:
        @wraps(make)
        def found(content: Content, *given: *Ks) -> T:
            key = given if by is None else by(*given)
            kept: dict[Hashable, T] = content._made.setdefault(make, {})
            if key in kept:
                return kept[key]
            made = make(content, *given)
            if len(kept) >= most:
                kept.clear()
            kept[key] = made
            return made

        return found

    return of
