"""Whose record it is: one person's, told by id, full address and number, and never by a birth date.

A file of several people is refused. A request says whom it asks about: what belongs to another is set aside and said, and
where nothing is of the one who is asked about, the request is refused. What names somebody who cannot be compared with the
person is read as theirs, and whose it is stands among what is to be confirmed. A Patient contained in a resource has no
identity outside it (R4, Resource references): it is held to the other Patients by what it says of the person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .asked import asked_for
from .bundle import Gathered, Resource
from .claims import follow_links, hold_ids
from .contained import hold
from .owners import LONG, Name, Owner, OwnerError, People, address_of, named, numbers_of, owner_of, owners_of, server_of
from .particulars import particulars
from .plain import OBJECT, text, walk
from .report import Notebook
from .standing import KINDS

_BELONGS = ("subject", "patient")
_INSURED = ("beneficiary",)
"""Whom a policy covers may be a child of the person: it makes no file one of several people."""
_NO_PATIENT = "about no patient"
_ABOUT = "about somebody or something else"
_CANNOT = "cannot be compared with the person's names"
_SHOWN = 3
_ENTRIES = frozenset(KINDS) | {"AllergyIntolerance", "Condition", "DiagnosticReport", "Observation", "Procedure"}
_ENTRIES |= {"QuestionnaireResponse"}
"""What has to say whose it is."""


def keep_one_person(found: Gathered, data: Any, notes: Notebook) -> None:
    """Leave in ``found`` what is, or may be, the person's own. Raises OwnerError where it cannot be told who that is."""
    record = _Record(found, data)
    others = record.strangers() if record.asked is not None else record.bystanders()
    record.compare(others)
    kept = []
    for resource in found.resources:
        said, doubt = record.judged(resource, others)
        if not said:
            kept.append(resource)
            if doubt:
                notes.add("assumed", resource.data, resource.place, "subject", f"whose is this: {doubt}")
                if resource.draft:
                    found.doubted.append(resource)
            continue
        about = said.startswith(_ABOUT)
        notes.add(
            "not_used" if about else "conflict", resource.data, resource.place, "focus" if about else "subject", said
        )
        if found.hook and (resource.draft or not said.startswith((_NO_PATIENT, _ABOUT))):
            found.others.append(resource)
    if len(kept) < len(found.resources):
        found.resources = kept


@dataclass
class _Known:
    """One person of a file: by what kinds of names they can be told, their numbers, their Patient, what is theirs."""

    said: str = ""
    told_by: set[tuple[str, str]] = field(default_factory=set)
    numbers: dict[str, set[str]] = field(default_factory=dict)
    patients: list[Resource] = field(default_factory=list)
    owns: int = 0
    sent: bool = False
    """Whether anything but an order being written is theirs."""


class _Record:
    def __init__(self, found: Gathered, data: Any) -> None:
        self.found, self.people = found, People()
        self.known: dict[Name, _Known] = {}
        self.mine: list[Name] | None = None
        self.own: set[Name] = set()
        self.bare: set[str] = set()
        """Ids of the person that no server is known of."""
        self.within: dict[int, str] = {}
        """By the `id` of a resource with a Patient of its own: why that one may be another, empty where it is the person."""
        self.apart: dict[int, str] = {}
        self.alike: dict[tuple[int, bool], tuple[str, str]] = {}
        """The same for all that name the same (`judged`)."""
        self.homes: dict[str, set[str]] = {}
        for patient in found.of("Patient"):
            address = address_of(patient)
            if address and address.kind == "id":
                self.homes.setdefault(address.word, set()).add(address.where)
            if word := text(patient.data, "id"):
                self.homes.setdefault(word, set())
        self.asked = self._asked(data)
        self._patients()
        self.named = {id(r): self._owners(r, _BELONGS) for r in found.resources if r.kind != "Patient"}
        self.insured = {id(r): self._owners(r, _INSURED) for r in found.resources if r.kind == "Coverage"}
        told = {id(each): each for each in (*self.named.values(), *self.insured.values())}  # many share one
        for owner in (o for each in told.values() for o in each):
            if owner.name is not None:
                self.people.one(owner.name)
        self._one_server()
        self._gather()

    # ---- names ------------------------------------------------------------------------------------------------------

    def _owners(self, resource: Resource, fields: tuple[str, ...]) -> list[Owner]:
        # What answers a request comes from the one server that was asked, by whatever address it calls itself.
        beside = "" if self.found.hook else resource.address
        return owners_of(self.found, resource, fields, {} if self.found.hook else self.homes, beside)

    def _asked(self, data: Any) -> Name | None:
        """The person whom a request is about. Raises UnnamedError."""
        if not self.found.hook:
            return None
        addresses = {address for patient in self.found.of("Patient") if (address := address_of(patient)) is not None}
        asked = asked_for(data, addresses)
        if asked.kind == "id":
            places = {asked.where, server_of(text(data, "fhirServer", LONG)), ""}
            at = self.homes.get(asked.word, set())
            places |= at if len(at) == 1 else set()
            asked = Name("id", "", asked.word)
            self.people.same([asked, *(Name("id", place, asked.word) for place in sorted(places))])
        return asked

    def _patients(self) -> None:
        """What each Patient is called, and what it says of other records of the same person."""
        patients = self.found.of("Patient")
        claims: dict[Name, set[str]] = {}
        held: dict[str, set[Name]] = {}
        for patient in patients:
            if (address := address_of(patient)) is not None:
                claims.setdefault(address, set()).add(text(patient.data, "id"))
                held.setdefault(text(patient.data, "id"), set()).add(address)
        self.first: dict[int, Name] = {}
        for patient in patients:
            address, mine = address_of(patient), text(patient.data, "id")
            names = []
            # An id that stands under several addresses is a name of none of them by itself, unless a server makes it one.
            shared = address is not None and address.kind != "id" and len(claims[address]) == 1 < len(held[mine])
            if mine and not shared:
                here = address.where if address is not None and address.kind == "id" and not self.found.hook else ""
                names.append(Name("id", here, mine))
            if address is not None and len(claims[address]) == 1:
                names.append(address)
            self.first[id(patient)] = (names or [Name("place", "", patient.place)])[0]
            self.people.same(names or [self.first[id(patient)]])
        hold_ids(patients, self.first)
        follow_links(self.found, self.people, self.first, self.homes)

    def _one_server(self) -> None:
        """An id that is written without a server is the one of that id, where only one server has it."""
        places: dict[tuple[str, str], set[str]] = {}
        for name in self.people:
            if name.kind in ("id", "related"):
                places.setdefault((name.kind, name.word), set()).add(name.where)
        for (kind, word), at in places.items():
            if len(at - {""}) == 1:
                self.people.same([Name(kind, place, word) for place in sorted(at)])

    # ---- people -----------------------------------------------------------------------------------------------------

    def _gather(self) -> None:
        """Who there is, and what is whose."""
        if self.asked is not None:
            self._of(self.asked).told_by.add(self.asked.told_by)
        for patient in self.found.of("Patient"):
            known = self._of(self.first[id(patient)])
            known.patients.append(patient)
            known.sent = True
            known.said = known.said or self.first[id(patient)].said
            for number in numbers_of(patient.data):
                known.told_by.add(number.told_by)
                known.numbers.setdefault(number.where, set()).add(number.word)
        for name in self.people:
            if name.kind != "related" and self.people.one(name) in self.known:
                self._of(name).told_by.add(name.told_by)
        self.by_number = {
            (where, word): root
            for root, known in self.known.items()
            for where, words in known.numbers.items()
            for word in words
        }
        self.whose: dict[int, list[Name]] = {}
        sharing: dict[
            int, list[Resource]
        ] = {}  # nearly all entries share one list, and who is meant by it is told once
        for resource in self.found.resources:
            if owners := self.named.get(id(resource)):
                sharing.setdefault(id(owners), []).append(resource)
        for resources in sharing.values():
            mine = [o for o in self.named[id(resources[0])] if not o.other and o.can_be_compared]
            names = [self._whose(owner) for owner in mine]
            for known, owner in zip(map(self._of, names), mine, strict=True):
                known.owns += len(resources)
                known.sent = known.sent or not all(resource.draft for resource in resources)
                known.said = known.said or owner.said
            if names:
                self.whose.update(dict.fromkeys(map(id, resources), names))

    def _of(self, name: Name) -> _Known:
        root = self.people.one(name)
        if root not in self.known:
            self.known[root] = _Known()
        return self.known[root]

    def _whose(self, owner: Owner) -> Name:
        """The person who is meant, by the name and, where that says nothing, by a number."""
        if owner.name is None:
            for number in owner.numbers:
                if root := self.by_number.get((number.where, number.word)):
                    return root
            root = self.people.one(owner.numbers[0])
            self._of(root).told_by.update(number.told_by for number in owner.numbers)
            return root
        root = self.people.one(owner.name)
        known = self._of(root)
        known.told_by.add(owner.name.told_by)
        for number in owner.numbers:
            mine = known.numbers.setdefault(number.where, {number.word})
            if number.word not in mine:  # the id of one person and the number of another
                stranger = self.people.one(number)
                self._of(stranger).told_by |= {number.told_by, owner.name.told_by}
                return stranger
            known.told_by.add(number.told_by)
        return root

    def _differ(self, one: Name, other: Name) -> bool:
        """Whether two are surely not one person: they have names of one kind, or a Patient each."""
        a, b = self.known[one], self.known[other]
        return one != other and (bool(a.told_by & b.told_by) or bool(a.patients and b.patients))

    # ---- what follows -----------------------------------------------------------------------------------------------

    def bystanders(self) -> set[Name]:
        """Those of a file of one person who are in it without owning anything. Raises OwnerError for several people."""
        several = [root for root, known in self.known.items() if known.owns or known.patients]
        if len(several) < 2:
            return set()
        mentioned = self._mentioned()
        aside = {r for r in several if self.known[r].patients and not self.known[r].owns and r in mentioned}
        left = [root for root in several if root not in aside]
        if self._among(left):
            raise OwnerError(f"the records of {len(left)} people ({self._names(left)}); give the record of one person")
        return aside if left else set()

    def strangers(self) -> set[Name]:
        """Those of a request who are not the person asked about. Raises OwnerError where that one is not among them."""
        assert self.asked is not None
        person = self.people.one(self.asked)
        here = [root for root, known in self.known.items() if root != person and (known.owns or known.patients)]
        others = {root for root in here if self._differ(person, root)}
        vague = [root for root in here if root not in others]
        if self._among(vague):
            others.update(vague)
        sent = [root for root in here if root in others and self.known[root].sent]
        if sent and not self.known[person].sent:
            raise OwnerError(
                f"the request asks about {self.asked.said}, and what it holds is of others ({self._names(sent)}): "
                "nothing was checked"
            )
        return others

    def judged(self, resource: Resource, others: set[Name]) -> tuple[str, str]:
        """Why a resource is not read as the person's, and else why it is not sure that it is; told once for those that name the
        same, and of which nothing else says whose they are."""
        mine = id(resource)
        told_apart = mine in self.apart or mine in self.within or mine in self.insured or "focus" in resource.data
        if told_apart or not self.whose.get(mine):
            return self.why_not(resource, others), self.doubt(resource)
        key = id(self.named[mine]), resource.kind in _ENTRIES or resource.draft
        if key not in self.alike:
            self.alike[key] = self.why_not(resource, others), self.doubt(resource)
        return self.alike[key]

    def why_not(self, resource: Resource, others: set[Name]) -> str:
        """Why a resource is not read as the person's; empty where it is."""
        if resource.kind == "Patient":
            root = self.people.one(self.first[id(resource)])
            return f"of another person ({self.known[root].said}): not used" if root in others else ""
        for root in self.whose.get(id(resource), ()):
            if root in others:
                return f"of another person ({self.known[root].said}): not used"
        for owner in self.named.get(id(resource), ()):
            if owner.other and not (owner.name is not None and self.people.one(owner.name) in self.known):
                return f"{_NO_PATIENT} ({owner.other}): not used"
        if id(resource) in self.apart:
            return f"of another person ({self.apart[id(resource)]}): not used"
        if resource.kind == "Observation" and (said := self._about(resource)):
            return said
        for owner in self.insured.get(id(resource), ()):
            if not owner.can_be_compared:
                continue
            root = self._whose(owner)
            if root in others or any(self._differ(root, one) for one in self._mine(others)):
                return f"of another person ({owner.said}): not used"
        return ""

    def compare(self, others: set[Name]) -> None:
        """Say which names are surely the person's, and hold the Patients inside resources to those of the record. Raises
        OwnerError where they are surely several people."""
        patients = [p for p in self.found.of("Patient") if self.people.one(self.first[id(p)]) not in others]
        self.own = {self.people.one(self.first[id(p)]) for p in patients}
        if self.asked is not None:
            self.own.add(self.people.one(self.asked))
        elif all(self.first[id(p)].kind == "place" for p in patients):
            # Without a Patient that has a name, the person is the one whom most of the records name.
            owned = [(-known.owns, root) for root, known in self.known.items() if known.owns and root not in others]
            self.own.update(root for _, root in sorted(owned)[:1])
        ids = [name for name in self.people if name.kind == "id" and self.people.one(name) in self.own]
        self.bare = {name.word for name in ids} - {name.word for name in ids if name.where}
        told = [
            (resource, owner)
            for resource in self.found.resources
            for owner in self.named.get(id(resource), ())
            if owner.inside is not None and not any(root in others for root in self.whose.get(id(resource), ()))
        ]
        person = self._names(sorted(self.own)) if self.own else ""
        self.apart, self.within = hold(told, [particulars(p.data) for p in patients], person, self.asked is not None)

    def doubt(self, resource: Resource) -> str:
        """Why it is not sure that a resource is the person's; empty where it is sure."""
        if resource.kind not in _ENTRIES and not resource.draft:
            return ""
        roots = self.whose.get(id(resource), ())
        for root in roots:
            if root not in self.own:
                return f"its subject ({self.known[root].said}) {_CANNOT}"
        if id(resource) in self.within:
            return self.within[id(resource)]
        given = [resource.data[name] for name in _BELONGS if resource.data.get(name)]
        if roots:
            return ""
        if not given:
            # The rest of a request was asked for by the one whom it is about; an order being written was not.
            sure = self.found.hook and not resource.draft
            return "" if sure or not self.own else "it names no subject"
        part = given[0] if isinstance(given[0], OBJECT) else {"display": given[0]}
        word = text(part, "reference") or text(part, "display") or "not a reference"
        return f"its subject ({word[:80]}) {_CANNOT}"

    def _about(self, resource: Resource) -> str:
        """What an Observation is about, where that is not its subject (R4 Observation.focus) and somebody else, or may be."""
        beside, homes = ("", {}) if self.found.hook else (resource.address, self.homes)
        given = resource.data.get("focus")
        for each in given if isinstance(given, list) else [given]:
            part = {"reference": each} if isinstance(each, str) else each
            if not isinstance(part, OBJECT) or not part:
                continue
            owner = owner_of(self.found, resource, part, homes, beside)
            if owner is not None and owner.other:
                return f"{_ABOUT} ({owner.other}): not counted"
            if owner is None:
                kind = text(self.found.find(part, resource.data), "resourceType") or text(part, "type")
                word = text(part, "reference").split("?")[0].split("/_history")[0]
                kind = kind or (word.split("/")[-2] if "/" in word else "")
                if not kind[:1].isupper() or kind == "Patient":
                    return (
                        "of another person, it may be (its focus cannot be compared with the person's names): not used"
                    )
            elif not self._is_own(owner):
                return f"of another person ({owner.said}, its focus): not used"
        return ""

    def _is_own(self, owner: Owner) -> bool:
        """Whether a name or a number is surely the person's."""
        if owner.name is None:
            return any(self.by_number.get((number.where, number.word)) in self.own for number in owner.numbers)
        if self.people.one(owner.name) in self.own:
            return True
        return owner.name.kind == "id" and owner.name.word in self.bare

    def _mine(self, others: set[Name]) -> list[Name]:
        """The names of the person whose record it is."""
        if self.mine is None:
            here = [root for root, known in self.known.items() if known.owns or known.patients]
            self.mine = [root for root in here if root not in others]
        return self.mine

    def _among(self, roots: list[Name]) -> bool:
        """Whether some of these are surely not one person."""
        kinds = [kind for root in roots for kind in self.known[root].told_by]
        return len(kinds) > len(set(kinds)) or sum(bool(self.known[root].patients) for root in roots) > 1

    def _mentioned(self) -> set[Name]:
        """Whom resources name in another part than that of the person: as the holder of a policy, for one."""
        found = set()
        for resource in self.found.resources:
            beside = "" if self.found.hook else resource.address
            for key, value in resource.data.items():
                if key in (*_BELONGS, "contained"):
                    continue
                for part in walk(value):
                    if name := named(text(part, "reference", LONG), beside, self.homes):
                        found.add(self.people.one(name))
        return found

    def _names(self, roots: list[Name]) -> str:
        said = sorted({self.known[root].said or root.said for root in roots})
        return ", ".join(said[:_SHOWN]) + (f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else "")
