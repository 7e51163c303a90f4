"""Whether a list entry belongs to a class or group: yes, no, or it cannot be told.

Set-valued knowledge stays scalar: ``takes_<class>`` is true when a current entry is surely in the class, false when nothing
could be, and otherwise unknown. Absence is "no" only when the list is complete, or the class was asked and none was found.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import inf
from typing import Literal, NamedTuple

from ..content import Content, once_per_content, remembered
from ..content import models as m
from ..intake.names import on_skin, read_name
from ..intake.problems import entries, read_problem
from ..language.kleene import all_of, any_of
from ..profile import Condition, Medicine, Profile

Purpose = Literal["pain", "oud", "other"]


def ingredients_of(content: Content, entry: Medicine) -> tuple[str, ...]:
    """The known ingredients of an entry: as listed, from its dose, or by its name, if all of it is understood.

    A profile makes several entries of a name that is understood in part, or that names several medicines.
    """
    return entry.ingredients or tuple(entry.dose) or _recognised(content, entry)


def _recognised(content: Content, entry: Medicine) -> tuple[str, ...]:
    if not entry.name or entry.medicine_class is not None:
        return ()
    product = read_name(entry.name, content)
    return product.ingredients if product.whole and not product.none_of else ()


def beyond(content: Content, entry: Medicine) -> tuple[str, ...]:
    """What the name of an entry surely holds beyond the ingredients, the dose or the class that stand beside it: the two
    disagree, and what either of them holds may be taken."""
    if not entry.name or not (entry.ingredients or entry.dose or entry.medicine_class):
        return ()
    named = read_name(own_name(entry), content).ingredients
    held: Collection[str] = entry.ingredients or tuple(entry.dose)
    if not held and entry.medicine_class is not None:
        held = content.class_members(entry.medicine_class)
        if held.intersection(named):
            return ()  # one of the class, and a name says which
    skin = on_skin(content)
    same = {id for plain, id in skin.items() if plain in held} | {plain for plain, id in skin.items() if id in held}
    return tuple(i for i in named if i not in held and i not in same and i in content.medicines)


def own_name(entry: Medicine) -> str:
    """The name of an entry without the text that it was taken from."""
    return entry.name.split(" (in: ")[0]


def purpose_of(content: Content, entry: Medicine) -> Purpose | None:
    """What an entry is taken for; when not said, the usual purpose of its ingredient, if it has only one."""
    if entry.purpose is not None:
        return entry.purpose
    if entry.source == "nonprescribed":
        return "other"
    ingredients = ingredients_of(content, entry)
    if not ingredients and entry.medicine_class is not None:
        wanted = content.medicine_classes[entry.medicine_class].purpose  # "one of those taken for pain" says it
        return wanted[0] if len(wanted) == 1 else None
    given = (content.medicines[i].purpose_if_not_given for i in ingredients)
    usual = {purpose for purpose in given if purpose is not None}
    return usual.pop() if len(usual) == 1 else None


def unread(content: Content, entry: Medicine) -> bool:
    """Whether nobody can tell what an entry is: no ingredient, no class, and not said to be none of them."""
    return not ingredients_of(content, entry) and entry.medicine_class is None and "*" not in entry.none_of


def listed_in(content: Content, entry: Medicine) -> Mapping[str, bool | None]:
    """Whether an entry means that each class is taken: `classes_in`, with a yes in doubt where its use is not known."""
    found = classes_in(content, entry)
    return {cls: None if verdict else verdict for cls, verdict in found.items()} if entry.use_unknown else found


def in_class(content: Content, entry: Medicine, class_id: str) -> bool | None:
    """Whether an entry belongs to a class, by ingredient and by the purpose, route and release that the class wants."""
    return classes_in(content, entry)[class_id]


def surely_in(content: Content, entry: Medicine) -> frozenset[str]:
    """The classes that an entry surely belongs to."""
    return frozenset(cls for cls, verdict in classes_in(content, entry).items() if verdict)


def taken_as(content: Content, entry: Medicine) -> frozenset[str]:
    """The classes that an entry surely belongs to, and its ingredients: those of a class with a single one included."""
    ingredients = frozenset(ingredients_of(content, entry))
    if not ingredients and entry.medicine_class is not None:
        members = content.class_members(entry.medicine_class)
        ingredients = members if len(members) == 1 else ingredients
    return surely_in(content, entry) | ingredients


def classes_in(content: Content, entry: Medicine) -> Mapping[str, bool | None]:
    """Whether an entry belongs to each class. Worked out once for all entries that say the same about themselves."""
    if more := beyond(content, entry):
        return _both_ways(content, entry, more)
    ingredients = ingredients_of(content, entry)
    if not ingredients and _from_a_program(entry):
        agonist = content.known("medicine_class", "agonist medication for OUD")
        entry = entry.model_copy(update={"medicine_class": agonist})
    none_of = tuple(id for id in entry.none_of if id == "*" or id in content.medicine_classes)
    says = (ingredients, entry.medicine_class, none_of, purpose_of(content, entry), entry.route, entry.release)
    judged = _judged(content)
    if says not in judged:
        given, found = _Given(purpose_of(content, entry), entry.route, entry.release), dict[str, bool | None]()
        for cls in content.medicine_classes.values():
            _judge(content, entry, ingredients, given, cls, found)
        judged[says] = found
    return judged[says]


def _from_a_program(entry: Medicine) -> bool:
    """Whether an entry that nobody can read is still known to be medication for OUD: it is taken for that, and a program
    gives it. Which one it is stays open."""
    said = entry.medicine_class is not None or entry.none_of
    return not said and entry.purpose == "oud" and "otp" in (entry.setting, entry.source)


def _both_ways(content: Content, entry: Medicine, more: tuple[str, ...]) -> Mapping[str, bool | None]:
    """The classes of an entry whose name and ingredients disagree: what either of them may be is no sure no, and what only
    one of them alone would be is no sure yes."""
    plain = entry.model_copy(update={"name": ""})
    named = plain.model_copy(update={"ingredients": more, "medicine_class": None, "dose": {}})
    held = ingredients_of(content, plain)
    together = named.model_copy(update={"ingredients": (*held, *more)}) if held else plain
    listed, alone, both = (classes_in(content, one) for one in (plain, named, together))
    return {
        cls: verdict if both[cls] is verdict and (verdict or alone[cls] is False) else None
        for cls, verdict in listed.items()
    }


@once_per_content
def _judged(_: Content) -> dict[tuple[object, ...], Mapping[str, bool | None]]:
    """The classes of entries that were looked at before, by what an entry says about itself."""
    return {}


class _Given(NamedTuple):
    """What an entry says of its purpose, route and release, which a class may want; None where it is not said."""

    purpose: Purpose | None
    route: str | None
    release: str | None

    def fits(self, cls: m.MedicineClass) -> bool | None:
        wants = ((cls.purpose, self.purpose), (cls.route, self.route), (cls.release, self.release))
        return all_of([None if got is None else got in wanted for wanted, got in wants if wanted])


def _judge(
    content: Content,
    entry: Medicine,
    ingredients: tuple[str, ...],
    given: _Given,
    cls: m.MedicineClass,
    found: dict[str, bool | None],
) -> bool | None:
    """The verdict on one class, and on those inside it, noted in ``found``."""
    if cls.id in found:
        return found[cls.id]
    inside = any_of(
        [_judge(content, entry, ingredients, given, content.medicine_classes[child], found) for child in cls.children]
    )
    verdict: bool | None
    # What is known to be in it outweighs what it is said not to be.
    if not ingredients and ("*" in entry.none_of or excluded(content, cls.id, entry.none_of)):
        verdict = False
    elif not ingredients:
        verdict = _by_class_only(content, entry, given, cls, inside)
    elif cls.alone and len(set(ingredients)) > 1:
        verdict = False
    else:
        held = any(cls.id in content.medicines[i].classes for i in ingredients) or inside
        verdict = held if held is False else all_of([held, given.fits(cls)])
    found[cls.id] = verdict
    return verdict


def _by_class_only(
    content: Content, entry: Medicine, given: _Given, cls: m.MedicineClass, inside: bool | None
) -> bool | None:
    if entry.medicine_class is None:
        return None  # an unrecognized entry may be anything
    if entry.medicine_class == cls.id:
        return True
    members = content.class_members(entry.medicine_class)
    verdict = inside
    if verdict is not True and members and members <= _surely_in(content, cls):
        verdict = True  # one of a narrower class, which lies whole in this one
    elif verdict is False and members & content.class_members(cls.id):
        verdict = None  # one of a wider class: may or may not be in this narrower one
    if cls.alone and verdict:
        verdict = None
    return all_of([verdict, given.fits(cls)])


def _surely_in(content: Content, cls: m.MedicineClass) -> frozenset[str]:
    """The ingredients that are in a class whatever their purpose, route and release."""
    memo = _surely(content)
    if cls.id not in memo:
        memo[cls.id] = _all_in(content, cls)
    return memo[cls.id]


@once_per_content
def _surely(_: Content) -> dict[str, frozenset[str]]:
    """`_surely_in` of the classes that were asked for before."""
    return {}


def _all_in(content: Content, cls: m.MedicineClass) -> frozenset[str]:
    if cls.purpose or cls.route or cls.release or cls.alone:
        return frozenset()
    own = frozenset(medicine.id for medicine in content.medicines.values() if cls.id in medicine.classes)
    return own.union(*(_surely_in(content, content.medicine_classes[child]) for child in cls.children))


class Counted(NamedTuple):
    """What one entry adds to a count: labels that surely count, labels that may, how many more without a label, and
    how many it is at the least."""

    surely: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()
    nameless: float = 0
    least: int = 0


def count_labels(content: Content, fact: m.Fact, entry: Medicine) -> Counted:
    """What an entry adds to a fact of kind ``count``: its prescriber, its ingredients or its classes among those
    counted. What was not prescribed has no prescriber."""
    classes = fact.of or ((fact.medicine,) if fact.medicine else ())
    listed = listed_in(content, entry)
    verdicts = {cls: listed[cls] for cls in classes}
    verdict = any_of(verdicts.values())
    if verdict is False or (fact.distinct == "prescriber" and entry.source == "nonprescribed"):
        return Counted()
    if fact.distinct == "class":
        surely = frozenset(cls for cls, inside in verdicts.items() if inside)
        return Counted(surely, frozenset(cls for cls, inside in verdicts.items() if inside is None))
    if fact.distinct == "prescriber":
        labels = frozenset({entry.prescriber} - {""})
        nameless: float = not labels
    else:
        members = frozenset[str]().union(*(content.class_members(cls) for cls in classes))
        ingredients = ingredients_of(content, entry)
        labels = members.intersection((*ingredients, *beyond(content, entry)))
        # "One of this class" is one more; an entry that says nothing may hold any number.
        nameless = 0 if ingredients else 1 if entry.medicine_class else inf
    if verdict is None:
        return Counted(perhaps=labels, nameless=nameless)
    return Counted(labels, nameless=nameless, least=int(bool(labels) or fact.distinct == "ingredient"))


def excluded(content: Content, class_id: str, asked_none: Sequence[str]) -> bool:
    """Whether a class is ruled out by the classes that were asked and not found: itself, a wider one, or all
    its parts."""
    return bool(asked_none) and class_id in _ruled_out(content, tuple(asked_none))


@remembered(1_000)
def _ruled_out(content: Content, asked_none: tuple[str, ...]) -> frozenset[str]:
    """Every class that these rule out. Worked out once for all people of whom the same was asked."""
    return frozenset(cls for cls in content.medicine_classes if _rules_out(content, cls, asked_none))


def _rules_out(content: Content, class_id: str, asked_none: tuple[str, ...]) -> bool:
    if _whole_excluded(content, class_id, asked_none) or _all_of_it_is_in(content, class_id, asked_none):
        return True
    children = content.medicine_classes[class_id].children
    own = class_id in content.classes_with_own_members
    return bool(children) and not own and all(_rules_out(content, child, asked_none) for child in children)


def _all_of_it_is_in(content: Content, class_id: str, asked_none: Sequence[str]) -> bool:
    """Whether every ingredient of a class is one of those that were asked and not found, whatever it is taken for: who takes
    no opioid takes no methadone."""
    members = content.class_members(class_id)
    wider = (content.medicine_classes[id] for id in asked_none if id in content.medicine_classes)
    # Within one class: what lies in several of them (what lowers the seizure threshold) may have members not listed here.
    return bool(members) and any(members <= _surely_in(content, cls) for cls in wider)


def _whole_excluded(content: Content, class_id: str, asked_none: Sequence[str]) -> bool:
    # A wider class rules this one out only if it does not itself narrow by purpose, route or release.
    return class_id in asked_none or any(
        _whole_excluded(content, wider, asked_none) for wider in content.wider_classes[class_id]
    )


def in_group(content: Content, entry: Condition, group_id: str) -> bool | None:
    """Whether an entry means that the person has the group now (or ever, for groups that count the past)."""
    group = content.condition_groups[group_id]
    if entry.certainty == "refuted":
        return False
    if entry.id is None and not entry.none_of:
        return _by_words(content, entry.name, entry.status, entry.certainty)[group_id]
    if entry.status != "active" and not group.past:
        return False
    if entry.id is None:
        return False if group_id in entry.none_of or "*" in entry.none_of else None
    if group_id in content.groups_of(entry.id):
        return None if entry.certainty == "suspected" else True
    # A group given without detail may be one of its narrower groups.
    if entry.id in content.condition_groups and entry.id in content.groups_of(group_id):
        return None
    return False


def may_be_any(content: Content, entry: Condition) -> bool:
    """Whether nothing is known of what an entry is: neither its code nor its words."""
    if entry.id is not None or entry.none_of or entry.certainty == "refuted":
        return False
    # One that is over leaves only the groups open that count the past.
    return all(in_group(content, entry, id) is None for id, group in content.condition_groups.items() if group.past)


@once_per_content
def diagnosed_events(content: Content) -> frozenset[str]:
    """The events that stand in a chart as diagnoses (an overdose, a suicide attempt)."""
    return frozenset(s.gives for s in content.code_sets.values() if s.means == "event" and s.icd10)


@remembered(5000)
def _by_words(content: Content, words: str, status: str, certainty: str) -> Mapping[str, bool | None]:
    """Whether an entry that has only words means each group, by what the words say (`intake.problems`)."""
    made = entries(read_problem(words, content), words, content, status)
    if certainty == "suspected":
        made = tuple(e.model_copy(update={"certainty": "suspected"}) for e in made)
    return {group: any_of(_named(content, e, group) for e in made) for group in content.condition_groups}


def _named(content: Content, entry: Condition, group_id: str) -> bool | None:
    if entry.id is None:
        over = entry.status != "active" and not content.condition_groups[group_id].past
        return False if over or group_id in entry.none_of else None
    return in_group(content, entry, group_id)


def group_excluded(content: Content, group_id: str, asked_none: Sequence[str]) -> bool:
    """Whether a group is ruled out because it, or a wider group, was asked and not found."""
    return any(group in asked_none for group in content.groups_of(group_id))


def current(profile: Profile, state: str) -> list[tuple[int, Medicine]]:
    """The entries of the medicines list in a state, with their places."""
    return [(n, entry) for n, entry in enumerate(profile.medicines) if entry.state == state]
