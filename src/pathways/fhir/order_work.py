"""What every fact about orders is worked out with: the orders of one request, and how a fact is put down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ..content import Content
from ..facts.membership import in_group
from ..facts.mme import MmeResult
from ..language.kleene import Truth, all_of, any_of
from .medicines import Order

if TYPE_CHECKING:
    from .reading import Imported

NOT_WHOLE = "the {} are not known to be whole"
NO_BASKET = "the orders being written cannot be read"


@dataclass
class OrderFacts:
    """The value of each fact that orders tell; ``origin`` the resources behind it; ``missing`` what would settle it;
    ``assumes`` the lists and readings that it rests on."""

    values: dict[str, Truth] = field(default_factory=dict)
    origin: dict[str, tuple[str, ...]] = field(default_factory=dict)
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    assumes: dict[str, frozenset[str]] = field(default_factory=dict)
    mme: MmeResult | None = None
    mme_min: float | None = None


def merged(pairs: Iterable[tuple[str, Truth]]) -> dict[str, Truth]:
    """The verdict on each resource, where several parts of one may speak."""
    found: dict[str, Truth] = {}
    for name, verdict in pairs:
        found[name] = any_of([found[name], verdict]) if name in found else verdict
    return found


class OrderWork:
    """The orders of one request and the facts made so far."""

    def __init__(self, imported: Imported, content: Content) -> None:
        self.read = imported
        self.content = content
        self.settings = imported.settings
        as_of = imported.profile.as_of
        assert as_of is not None
        self.today: date = as_of
        self.made = OrderFacts()
        self.orders = imported.orders
        self.drafts = [o for o in self.orders if o.standing == "draft"]
        self.live = [o for o in self.orders if o.use is not False or o.standing == "draft"]
        """What is being ordered, in use, or may be: the rest of a long record says nothing of today."""
        self._for_pain = self.known("opioids for pain")
        self._at_home: dict[str, list[tuple[Order, Truth]]] = {}
        entries = [read.entry for read in imported.conditions]
        means = [(e.id, e.name, e.status, e.certainty, e.none_of) for e in entries]  # all that `in_group` reads
        told_apart = dict(zip(means, entries, strict=True))
        self.told_apart = told_apart.values()
        """The conditions without those that mean the same groups as another, as most of a long record do."""
        at = {one: n for n, one in enumerate(told_apart)}
        self.alike = [at[one] for one in means]
        """The place in it of what each condition means."""

    # -- putting a fact down -------------------------------------------------------------------------------

    def put(
        self,
        name: str,
        verdict: Truth,
        origin: Iterable[str] = (),
        missing: Iterable[str] = (),
        assumes: Iterable[str] = (),
    ) -> Truth:
        made = self.made
        made.values[name] = verdict
        if found := tuple(dict.fromkeys(origin)):
            made.origin[name] = found
        if verdict is None:
            made.missing[name] = tuple(dict.fromkeys(missing)) or (self.content.order_inputs[name].needs,)
        elif resting := frozenset(assumes):
            made.assumes[name] = resting
        return verdict

    def needs(self, name: str, of: Order | str) -> str:
        """What would settle a fact, and of which resource."""
        of = of if isinstance(of, str) else f"{of.label[:80]}, {of.name}"
        return f"{self.content.order_inputs[name].needs} ({of})"

    def listed(
        self, name: str, pairs: Iterable[tuple[str, Truth]], which: str, missing: Iterable[str] | None = None
    ) -> Truth:
        """A fact that is true when an entry says so, and false when none does and the list is taken as whole."""
        verdicts = merged(pairs)
        verdict = any_of(verdicts.values())
        if verdict is True:
            return self.put(name, True, [n for n, v in verdicts.items() if v is True])
        if verdict is False and not self.read.whole:
            return self.put(name, None, missing=[NOT_WHOLE.format(which)])
        if missing is None:
            missing = [self.needs(name, n) for n, v in verdicts.items() if v is None]
        return self.put(name, verdict, (), missing, [which])

    def chosen(self, name: str, found: Sequence[tuple[Order, Truth]]) -> Truth:
        """A fact about some of the orders, with what is missing on those that cannot be told."""
        missing = [self.needs(name, order) for order, verdict in found if verdict is None]
        return self.listed(name, [(order.name, verdict) for order, verdict in found], "medicines", missing)

    def known(self, name: str) -> str:
        """The id of a class of medicines by the name under which it is known here."""
        return self.content.known("medicine_class", name)

    # -- what is said of an order ---------------------------------------------------------------------------

    def has(self, group: str) -> Truth:
        """Whether a condition group is on record."""
        verdict = any_of(in_group(self.content, entry, group) for entry in self.told_apart)
        return None if verdict is False and not self.read.whole else verdict

    def in_groups(self, group: str) -> list[Truth]:
        """Whether each condition means a group."""
        verdicts = [in_group(self.content, entry, group) for entry in self.told_apart]
        return [verdicts[n] for n in self.alike]

    def analgesic(self, order: Order) -> Truth:
        """An opioid for pain, for use at home."""
        return all_of((order.is_in(self._for_pain), order.community))

    def at_home(self, cls: str) -> list[tuple[Order, Truth]]:
        """Of each order that may count today, whether it is of a class, for use at home, and being ordered or in use."""
        if cls not in self._at_home:
            self._at_home[cls] = [
                (o, all_of((o.is_in(cls), o.community, self.ordered_or_in_use(o)))) for o in self.live
            ]
        return self._at_home[cls]

    def in_use(self, order: Order) -> Truth:
        """What the records of the medicine say together (`in_use.reconciled`), as in the profile: an order that is called
        active and is older than the site counts is open in both."""
        return order.use

    def ordered_or_in_use(self, order: Order) -> Truth:
        """Being ordered, or in use."""
        return True if order.standing == "draft" else self.in_use(order)
