"""The facts that the orders and records of a request tell. Arithmetic and membership only: the rules are content.

Three-valued throughout: a missing element makes a fact unknown, never "no".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..content import Content
from ..facts.code import mme_of_entries
from ..facts.mme import Line
from ..language.kleene import Truth, all_of, any_of, opposite
from .medicines import Order
from .order_work import NO_BASKET, NOT_WHOLE, OrderFacts, OrderWork
from .windows import Fits, inside, overlaps, supply_days

if TYPE_CHECKING:
    from .reading import Imported

DAYS_OF_18_YEARS = 6574
"""Days from a birth to the 18th birthday, which has 4 leap days at the least. Counted in days, so that a verdict does
not change when all dates move; where 18 years hold a fifth leap day, someone is taken as adult one day early."""
EVENTS = (
    ("pain_plan_90_days", "plan_days"),
    ("opioid_review_90_days", "review_days"),
    ("office_visit_within_year", "visit_days"),
    ("pdmp_within_90_days", "pdmp_days"),
)
"""What was done: the fact, whose measure says so, and the setting that says how long it counts."""


def order_facts(imported: Imported, content: Content) -> OrderFacts:
    """Every fact that the orders of one request tell (`Content.order_inputs`)."""
    return _Work(imported, content).all()


class _Work(OrderWork):
    def all(self) -> OrderFacts:
        self._scope()
        self._baskets()
        self._supply()
        self._together()
        self._dose()
        self._done()
        self._naloxone()
        self._oud()
        return self.made

    # -- scope ---------------------------------------------------------------------------------------------

    def _scope(self) -> None:
        birth = self.read.birth
        if birth is None or birth.first > self.today:
            self.put("adult", None, missing=["birth date of the patient"])
        else:
            youngest, oldest = (self.today - birth.last).days, (self.today - birth.first).days
            adult = True if youngest >= DAYS_OF_18_YEARS else False if oldest < DAYS_OF_18_YEARS else None
            self.put("adult", adult, ["Patient"], ["birth date to the day"])
        for name in self.content.order_inputs:
            if (group := name.removeprefix("has_")) in self.content.condition_groups:  # what the guideline leaves out
                self.listed(name, self._in_group(group), "conditions")

    def _in_group(self, group: str) -> list[tuple[str, Truth]]:
        """The conditions that mean a group, or may."""
        verdicts = self.in_groups(group)
        return [(r.resource, v) for r, v in zip(self.read.conditions, verdicts, strict=True) if v is not False]

    # -- what is being ordered -----------------------------------------------------------------------------

    def _baskets(self) -> None:
        acute, most = self.settings["acute_below_days"], self.settings["acute_supply_days"]

        def supplied(test: Callable[[float], bool]) -> Callable[[Order], Truth]:
            return lambda order: None if order.supply_days is None else test(order.supply_days)

        facts: tuple[tuple[str, Callable[[Order], Truth]], ...] = (
            ("opioid_considered", lambda _: True),
            ("acute_opioid_course", supplied(lambda days: days < acute)),
            ("long_opioid_course", supplied(lambda days: days >= acute)),
            ("opioid_order_over_7_days", supplied(lambda days: most < days < acute)),
            ("proposed_opioid_er_la", lambda order: order.is_in(self.known("extended-release or long-acting opioids"))),
        )
        for name, test in facts:
            self._basket(name, [(order, all_of([self.analgesic(order), test(order)])) for order in self.drafts])
        for_pain = [(o, v) for o in self.live if (v := self.analgesic(o)) is not False]
        taken = [(o, all_of([v, self.in_use(o)])) for o, v in for_pain]
        self.chosen("takes_opioid_for_pain", taken)
        lasting = supplied(lambda days: days >= acute)
        self.chosen("opioid_for_lasting_pain", [(o, all_of([v, lasting(o)])) for o, v in taken])
        ordering = self.read.hook not in (None, "patient-view")
        looked, made = "long_opioid_course" if ordering else "opioid_for_lasting_pain", self.made
        self.put(
            "opioid_long_under_review",
            made.values[looked],
            made.origin.get(looked, ()),
            made.missing.get(looked, ()),
            made.assumes.get(looked, ()),
        )

    def _basket(self, name: str, found: list[tuple[Order, Truth]]) -> None:
        """A fact about what is being ordered; the basket is the whole basket, if it can be read."""
        verdict = any_of(v for _, v in found)
        if verdict is True:
            self.put(name, True, [order.name for order, v in found if v])
        elif not self.read.basket:
            self.put(name, None, missing=[NO_BASKET])
        elif verdict is None:
            self.put(name, None, missing=[self.needs(name, order) for order, v in found if v is None])
        elif self.read.whole or (self.read.hook and not self.drafts):
            self.put(name, False)
        else:
            self.put(name, None, missing=[NOT_WHOLE.format("medicines")])

    # -- earlier supply ------------------------------------------------------------------------------------

    def _earlier(self, order: Order) -> Truth:
        """Whether an order is an earlier supply of an opioid for pain; drafts are none."""
        if order.standing == "draft":
            return False
        known = True if order.standing in ("active", "past") else None
        return all_of((known, self.analgesic(order)))

    def _supply(self) -> None:
        earlier = [(o, v) for o in self.orders if (v := self._earlier(o)) is not False]
        naive = int(self.settings["naive_days"])
        recent = [(o, all_of([v, overlaps(o, self.today, 1, naive)])) for o, v in earlier]
        had = any_of(v for _, v in recent)
        if had is False and not self.read.whole:
            self.put("opioid_naive", None, missing=[NOT_WHOLE.format("medicines")])
        else:
            missing = [self.needs("opioid_naive", o) for o, v in recent if v is None]
            origin = [o.name for o, v in recent if v]
            self.put("opioid_naive", opposite(had), origin, missing, ["medicines"] if had is False else ())
        lately = [(o, v) for o, v in earlier if overlaps(o, self.today, 1, 90) is not False]
        self._at_least("supply_7_of_10", 7, [supply_days(lately, self.today, 1, 10)], earlier)
        months = [supply_days(lately, self.today, 1 + 30 * n, 30 + 30 * n) for n in range(3)]
        self._at_least("supply_each_month", 21, months, earlier)

    def _at_least(
        self, name: str, least: int, spans: Iterable[tuple[int, int]], earlier: Sequence[tuple[Order, Truth]]
    ) -> None:
        """Whether each span (the least and the most days of supply) holds so many days."""
        verdict = all_of(True if lo >= least else False if hi < least else None for lo, hi in spans)
        if verdict is False and not self.read.whole:
            self.put(name, None, missing=[NOT_WHOLE.format("medicines")])
            return
        vague = [self.needs(name, o) for o, v in earlier if v is None or o.begins() is None or o.supply_days is None]
        origin = [o.name for o, v in earlier if v] if verdict else []
        self.put(name, verdict, origin, vague, ["medicines"] if verdict is False else ())

    # -- together ------------------------------------------------------------------------------------------

    def _together(self) -> None:
        # As in a review: an opioid of a treatment program adds to a sedative as one for pain does.
        opioid, sedative = self.at_home(self.known("any opioid")), self.at_home(self.known("CNS depressants"))
        # One product that is both (codeine with butalbital) is an opioid together with a sedative.
        have, beside = any_of(v for _, v in opioid), any_of(v for _, v in sedative)
        verdict = all_of([have, beside])
        name = "opioid_and_cns_depressant"
        both = [(o, (v, w)) for (o, v), (_, w) in zip(opioid, sedative, strict=True)]
        origin = [o.name for o, verdicts in both if True in verdicts] if verdict else []
        vague = [self.needs(name, o) for o, verdicts in both if None in verdicts]
        if verdict is not True and not self.read.basket:
            verdict, vague = None, [NO_BASKET]
        elif verdict is False and not self.read.whole:
            verdict, vague = None, [NOT_WHOLE.format("medicines")]
        self.put(name, verdict, origin, vague, ["medicines"] if verdict is False else ())
        self._risks(beside, origin, vague)
        self._history()

    def _risks(self, sedative: Truth, origin: list[str], vague: list[str]) -> None:
        """Reasons to have naloxone at home, from records alone (H7)."""
        groups = [group.id for group in self.content.condition_groups.values() if group.overdose_risk]
        egfr = self.content.known("measure", "filtration of the kidneys")
        newest = next((o for o in self.read.profile.observations if o.measure == egfr and o.date), None)
        low_egfr = newest is not None and isinstance(newest.value, float) and newest.value < 30
        risk = any_of([sedative, low_egfr, *(self.has(group) for group in groups)])
        opioids = self.at_home(self.known("any opioid"))
        verdict = all_of([any_of(v for _, v in opioids), risk])
        if verdict is not True and not (self.read.basket and self.read.whole):
            verdict = None
        names = [*(o.name for o, v in opioids if v), *origin, *self._of_groups(groups)]
        names += ["Observation: eGFR"] if low_egfr else []
        self.put("opioid_with_risk", verdict, names if verdict else (), vague, self._both(verdict))

    def _history(self) -> None:
        known = self.content.known
        overdose = known("measure", "an overdose survived")
        past = [e for e in self.read.events if e.measure == overdose and (e.day is None or e.day.first <= self.today)]
        treated = [(o.name, all_of([o.moud, o.community, self.ordered_or_in_use(o)])) for o in self.live]
        use = [known("condition_group", name) for name in ("OUD, as a code", "another substance use disorder")]
        dependence = known("condition", "opioid dependence, as a code")
        coded = [r for r in self.read.conditions if r.entry.id == dependence]
        was = any(r.entry.certainty == "coded" for r in coded)
        history = any_of([was, *map(self.has, use), *(e.sure for e in past), *(v for _, v in treated)])
        if history is False and not self.read.whole:
            history = None
        names = [*self._of_groups(use), *(r.resource for r in coded)]
        names += [*(e.resource for e in past if e.sure), *(n for n, v in treated if v)]
        self.put("use_history", history, names if history else (), (), self._both(history))

    def _both(self, verdict: Truth) -> tuple[str, ...]:
        return ("conditions", "medicines") if verdict is False else ()

    def _of_groups(self, groups: Iterable[str]) -> list[str]:
        """The resources that say a group is there."""
        places = {n for group in groups for n, verdict in enumerate(self.in_groups(group)) if verdict}
        return [read.resource for n, read in enumerate(self.read.conditions) if n in places]

    # -- dose ----------------------------------------------------------------------------------------------

    def _dose(self) -> None:
        """MME a day over new orders and those in use, by the core: the upper bound decides."""
        counted, sure, opioid = [], [], self.known("any opioid")
        asks: list[Order] = []
        for order, verdict in self.at_home(opioid):
            if verdict is False or order.purpose == "other":
                continue
            if self.ordered_or_in_use(order) is None:
                asks.append(order)  # the dose of what may not be taken is no dose, and no upper bound either
                continue
            entry = order.entry.model_copy(update={"state": "proposed"})
            counted += [entry, *(one.model_copy(update={"state": "proposed"}) for one in order.beside)]
            ended = order.standing != "draft" and overlaps(order, self.today, 0, 0) is not True
            if verdict is True and not ended:
                # A patch of which it is not said how many are worn is one at the least.
                rate = {i: mg * 1000 for i, mg in order.intake.rate.items() if i in entry.ingredients}
                sure.append(entry.model_copy(update={"dose": rate}) if rate and not entry.dose else entry)
        result = mme_of_entries(counted, self.content)
        low = mme_of_entries(sure, self.content).lo or 0.0
        if asks:
            open_ = tuple(Line(o.label, "whether it is taken is not known") for o in asks)
            result = replace(result, hi=None, not_calculable=(*result.not_calculable, *open_))
        self.made.mme, self.made.mme_min = result, low
        limit = self.settings["mme_review"]
        top = result.hi if self.read.basket else None
        upper: Truth = top >= limit if top is not None else True if low >= limit else None
        if upper is False and not self.read.whole:
            upper = None
        missing = [f"{line.label[:80]}: {line.reason}" for line in result.not_calculable]
        origin = [o.name for o in self.live if o.is_in(opioid) and self.ordered_or_in_use(o)] if upper else []
        self.put("dose_review", upper, origin, missing, ["medicines"] if upper is False else ())

    # -- what was done -------------------------------------------------------------------------------------

    def _done(self) -> None:
        for name, setting in EVENTS:
            self.listed(name, self._happened((self.content.facts[name].measure,), setting), "observations")
        recent, odd = [], []
        told = Fits(self.orders, self.settings)
        for test in self.read.tests:
            within = all_of([test.sure, inside(test.day, self.today, self.settings["drug_test_days"])])
            recent.append((test.resource, within))
            odd.append((test.resource, all_of([within, opposite(told.fits(test))])))
        self.listed("drug_test_within_year", recent, "observations")
        self.listed("drug_test_unexpected", odd, "observations")

    def _happened(self, measures: Iterable[str | None], setting: str) -> list[tuple[str, Truth]]:
        """Whether each event of these measures lies in the window of a setting."""
        return [
            (event.resource, all_of([event.sure, inside(event.day, self.today, self.settings[setting])]))
            for event in self.read.events
            if event.measure in measures
        ]

    def _naloxone(self) -> None:
        naloxone = self.known("any naloxone")
        members = self.content.class_members(naloxone)

        def rescue(order: Order) -> Truth:
            ingredients = set(order.product.ingredients)
            if not ingredients:
                return order.is_in(naloxone)
            if ingredients.isdisjoint(members):
                return False
            alone = (
                len(ingredients) == 1 and ingredients <= members and order.product.route not in ("oral", "sublingual")
            )
            if order.kind == "MedicationAdministration":
                return False
            if order.kind == "MedicationDispense" and order.standing == "past":
                return all_of([alone, inside(order.begins(), self.today, self.settings["active_days"])])
            return all_of([alone, self.ordered_or_in_use(order)])

        found = [(order.name, rescue(order)) for order in self.orders]
        given = self.content.known("measure", "naloxone given to keep")
        self._on_file("takes_naloxone_rescue", [*found, *self._happened((given,), "active_days")])

    def _on_file(self, name: str, found: list[tuple[str, Truth]]) -> Truth:
        return self.listed(name, found, "medicines", [n for n, verdict in found if verdict is None])

    # -- opioid use disorder -------------------------------------------------------------------------------

    def _oud(self) -> None:
        if self.listed(
            "has_oud", self._in_group(self.content.known("condition_group", "OUD, as a code")), "conditions"
        ):
            self.made.assumes["has_oud"] = frozenset({"a code for opioid dependence is read as OUD: to confirm"})
        found: list[tuple[str, Truth]] = []
        assumed: set[str] = set()
        treat: dict[object, Truth] = {}
        for order in self.orders:
            alike = id(order.product), order.standing == "draft", order.reason_given, order.purpose, order.moud
            if alike not in treat:
                treat[alike] = self._treats_oud(order)
            treats = treat[alike]
            if treats is False or order.standing == "none":
                continue
            verdict = all_of([treats, None if order.standing == "unclear" else True, self._ordered_lately(order)])
            found.append((order.name, verdict))
            if verdict and not order.reason_given:
                assumed.add(f"{', '.join(order.product.ingredients)} without a reason, with OUD on record, is for OUD")
        injections = [measure.id for measure in self.content.measures.values() if measure.treats_oud]
        found += self._happened(injections, "moud_days")
        if self._on_file("takes_moud", found) and assumed:
            self.made.assumes["takes_moud"] = frozenset(assumed)

    def _ordered_lately(self, order: Order) -> Truth:
        """Whether an order was written, or its supply lasts, in the window of medication for OUD."""
        window = self.settings["moud_days"]
        within = inside(order.written or order.start, self.today, window)
        reach = overlaps(order, self.today, 0, int(window)) if order.supply_days is not None else False
        if order.standing == "active" and order.supply_days is None and within is False and not order.replaced:
            reach = None if self.in_use(order) else False
        return True if order.standing == "draft" else any_of([within, reach])

    def _treats_oud(self, order: Order) -> Truth:
        """Methadone, buprenorphine or XR-naltrexone, in a person with OUD on record; a reason given decides."""
        own = set(order.product.ingredients)
        if not own:
            return None if order.moud is None and order.standing != "draft" else order.moud
        if order.reason_given and order.purpose != "oud":
            return False
        ways = [set(told) for i in own if (told := self.content.medicines[i].purpose_by_route)]
        if {"intramuscular"} in ways:
            return True if order.product.route == "intramuscular" else None if order.product.route is None else False
        if any("any" not in routes for routes in ways):
            return None if order.purpose == "pain" else True
        return bool(ways)
