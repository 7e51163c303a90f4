"""The facts about orders that the operational reading goes by. Arithmetic and membership only: the rules are content.

Three-valued throughout: a missing element makes a fact unknown, never "no".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ..content import Content
from ..facts.code import mme_of
from ..facts.membership import in_group
from ..profile import Profile
from .conditions import inside
from .medicines import Order
from .order_work import OrderWork
from .verdicts import OrderFacts, Verdict, all_of, any_of, no
from .windows import fits, overlaps, reach_of, supply_days

if TYPE_CHECKING:
    from .reading import Imported

DAYS_OF_18_YEARS = 6574
"""Days from a birth to the 18th birthday, which has 4 leap days at the least. Counted in days, so that a verdict does
not change when all dates move; where 18 years hold a fifth leap day, someone is taken as adult one day early."""


# ---- the facts ----------------------------------------------------------------------------------------------


def order_facts(imported: Imported, content: Content) -> OrderFacts:
    """Every order fact of one request."""
    return _Work(imported, content).all()


class _Work(OrderWork):
    def all(self) -> OrderFacts:
        self._scope()
        self._baskets()
        self._supply()
        self._together()
        self._dose()
        self._done()
        self._oud()
        return self.made

    # -- scope ---------------------------------------------------------------------------------------------

    def _scope(self) -> None:
        birth = self.read.birth
        if birth is None or birth.first > self.today:
            self.put("adult", None, missing=["birth date of the patient"])
        else:
            youngest, oldest = (self.today - birth.last).days, (self.today - birth.first).days
            adult: Verdict = True if youngest >= DAYS_OF_18_YEARS else False if oldest < DAYS_OF_18_YEARS else None
            self.put("adult", adult, ["Patient"], ["birth date to the day"])
        for name, group in (
            ("sickle_cell", "sickle_cell"),
            ("cancer_active", "cancer_active"),
            ("palliative", "palliative_care"),
        ):
            verdicts: dict[str, Verdict] = {}
            for r in self.read.conditions:
                verdicts[r.resource] = any_of([verdicts.get(r.resource, False), in_group(self.content, r.entry, group)])
            needs = self.content.order_facts[name].needs
            self.listed(name, verdicts, "conditions", [f"{needs} ({n})" for n, v in verdicts.items() if v is None])

    # -- what is being ordered -----------------------------------------------------------------------------

    def _baskets(self) -> None:
        acute, most = self.settings["acute_below_days"], self.settings["acute_supply_days"]
        facts: tuple[tuple[str, Callable[[Order], Verdict]], ...] = (
            ("opioid_order", lambda _: True),
            ("opioid_order_acute", lambda o: self.supplied(o, lambda days: days < acute)),
            ("opioid_order_long", lambda o: self.supplied(o, lambda days: days >= acute)),
            ("opioid_order_over_7_days", lambda o: self.supplied(o, lambda days: most < days < acute)),
            ("opioid_order_er_la", lambda o: o.is_in("opioid_er_la")),
        )
        for name, test in facts:
            verdict = self.chosen(name, self.drafts, lambda o, test=test: all_of([self.analgesic(o), test(o)]))  # type: ignore[misc]
            if verdict is False:
                self.made.assumes.pop(name, None)  # the basket is the whole basket
            if verdict is not True and not self.read.basket:
                self.put(name, None, missing=["the orders being written cannot be read"])
            elif verdict is None and not self.read.whole and not self.made.missing.get(name):
                self.put(name, None)
            elif not self.read.whole and self.read.basket and not any(True for _ in self.drafts) and self.read.hook:
                self.put(name, False)
        self.chosen("opioid_taken", self.orders, lambda o: all_of([self.analgesic(o), self.in_use(o)]))
        self.chosen("opioid_taken_long", self.orders, self._taken_long)
        looked = "opioid_order_long" if self.read.hook not in (None, "patient-view") else "opioid_taken_long"
        verdict = self.made.values[looked]
        self.put("opioid_long_under_review", verdict, self.made.origin.get(looked, ()), self.made.missing.get(looked, ()),
                 self.made.assumes.get(looked, ()))  # fmt: skip

    def _taken_long(self, order: Order) -> Verdict:
        acute = self.settings["acute_below_days"]
        return all_of([self.analgesic(order), self.in_use(order), self.supplied(order, lambda days: days >= acute)])

    # -- earlier supply ------------------------------------------------------------------------------------

    def _earlier(self, order: Order) -> Verdict:
        """Whether an order is an earlier supply of an opioid for pain; drafts are none."""
        if order.standing == "draft":
            return False
        known: Verdict = True if order.standing in ("active", "past") else None
        return all_of([known, order.is_in("opioid_for_pain"), order.community])

    def _supply(self) -> None:
        naive = int(self.settings["naive_days"])
        earlier = [(o, self._earlier(o)) for o in self.orders]
        recent: dict[str, Verdict] = {}
        missing = []
        for order, is_earlier in earlier:
            if is_earlier is False:
                continue
            verdict = all_of([is_earlier, overlaps(order, self.today, 1, naive)])
            recent[order.name] = any_of([recent.get(order.name, False), verdict])
            if verdict is None:
                missing.append(f"{self.content.order_facts['opioid_naive'].needs} ({order.label[:80]}, {order.name})")
        had = any_of(recent.values())
        if had is False and not self.read.whole:
            self.put("opioid_naive", None, missing=["the medicines are not known to be whole"])
        elif had is False:
            self.put("opioid_naive", True, (), (), ["medicines"])
        else:
            self.put("opioid_naive", no(had), [n for n, v in recent.items() if v is True], missing)
        lo10, hi10 = supply_days(earlier, self.today, 1, 10)
        self._at_least("supply_7_of_10", lo10, hi10, 7, earlier)
        months = [supply_days(earlier, self.today, 1 + 30 * n, 30 + 30 * n) for n in range(3)]
        verdicts = [True if lo >= 21 else False if hi < 21 else None for lo, hi in months]
        self._several("supply_each_month", all_of(verdicts), earlier)

    def _at_least(self, name: str, lo: int, hi: int, most: int, earlier: list[tuple[Order, Verdict]]) -> None:
        self._several(name, True if lo >= most else False if hi < most else None, earlier)

    def _several(self, name: str, verdict: Verdict, earlier: list[tuple[Order, Verdict]]) -> None:
        origin = [o.name for o, v in earlier if v is True]
        vague = [f"{self.content.order_facts[name].needs} ({o.label[:80]}, {o.name})" for o, v in earlier
                 if v is not False and (v is None or reach_of(o, self.today) is None or o.supply_days is None)]  # fmt: skip
        if verdict is False and not self.read.whole:
            self.put(name, None, missing=["the medicines are not known to be whole"])
        else:
            self.put(name, verdict, origin if verdict else (), vague, ["medicines"] if verdict is False else ())

    # -- together ------------------------------------------------------------------------------------------

    def _together(self) -> None:
        def now(order: Order) -> Verdict:
            return True if order.standing == "draft" else self.in_use(order)

        opioid = {id(o): all_of([self.analgesic(o), now(o)]) for o in self.orders}
        sedative = {id(o): all_of([o.is_in("cns_depressant"), o.community, now(o)]) for o in self.orders}
        have = any_of(opioid.values())
        with_ = any_of(sedative.values())
        # One product that is both (codeine with butalbital) is an opioid together with a sedative.
        verdict = all_of([have, with_])
        origin = [o.name for o in self.orders if True in (opioid[id(o)], sedative[id(o)])] if verdict else []
        vague = [f"{self.content.order_facts['sedative_with_opioid'].needs} ({o.label[:80]}, {o.name})" for o in self.orders
                 if None in (opioid[id(o)], sedative[id(o)])]  # fmt: skip
        if verdict is not True and not self.read.basket:
            verdict, vague = None, ["the orders being written cannot be read"]
        elif verdict is False and not self.read.whole:
            verdict, vague = None, ["the medicines are not known to be whole"]
        self.put("sedative_with_opioid", verdict, origin, vague, ["medicines"] if verdict is False else ())
        self._risks(now, with_, origin, vague)

    def _risks(self, now: Callable[[Order], Verdict], sedative: Verdict, origin: list[str], vague: list[str]) -> None:
        """Reasons to have naloxone at home, from records alone (H7)."""
        groups = ("sleep_apnea", "copd", "ckd_severe", "liver_disease", "alcohol_use_disorder")
        newest = next((o for o in self.read.profile.observations if o.measure == "egfr" and o.date), None)
        low_egfr = newest is not None and isinstance(newest.value, float) and newest.value < 30
        risk = any_of([sedative, low_egfr, *(self.has(group) for group in groups)])
        opioids = {o.name: all_of([o.is_in("opioid"), o.community, now(o)]) for o in self.orders}
        verdict = all_of([any_of(opioids.values()), risk])
        if verdict is not True and not (self.read.basket and self.read.whole):
            verdict = None
        names = [*(n for n, v in opioids.items() if v), *origin, *self._of_groups(groups)]
        names += ["Observation: eGFR"] if low_egfr else []
        self.put("opioid_with_risk", verdict, names if verdict else (), vague, self._both(verdict))
        past = [e for e in self.read.events if e.measure == "overdose" and (e.day is None or e.day.first <= self.today)]
        treated = {o.name: all_of([o.is_in("moud"), o.community, now(o)]) for o in self.orders}
        use = ("oud_coded", "substance_use_disorder_other")
        was = any(r.entry.id == "opioid_dependence_code" and r.entry.certainty == "coded" for r in self.read.conditions)
        history = any_of([was, *map(self.has, use), *(e.sure for e in past), *treated.values()])
        if history is False and not self.read.whole:
            history = None
        names = [
            *self._of_groups(use),
            *(r.resource for r in self.read.conditions if r.entry.id == "opioid_dependence_code"),
        ]
        names += [*(e.resource for e in past if e.sure), *(n for n, v in treated.items() if v)]
        self.put("use_history", history, names if history else (), (), self._both(history))

    def _both(self, verdict: Verdict) -> tuple[str, ...]:
        return ("conditions", "medicines") if verdict is False else ()

    def _of_groups(self, groups: Iterable[str]) -> list[str]:
        """The resources that say a group is there."""
        return [r.resource for r in self.read.conditions if any(in_group(self.content, r.entry, g) for g in groups)]

    # -- dose ----------------------------------------------------------------------------------------------

    def _dose(self) -> None:
        """MME a day over new orders and those in use, by the core: the upper bound decides."""
        counted, sure = [], []
        for order in self.orders:
            verdict = all_of(
                [order.is_in("opioid"), order.community, True if order.standing == "draft" else self.in_use(order)]
            )
            if verdict is False or order.purpose == "other":
                continue
            entry = order.entry.model_copy(update={"state": "proposed"})
            counted.append(entry)
            ended = order.standing != "draft" and overlaps(order, self.today, 0, 0) is not True
            if verdict is True and not ended:
                # A patch of which it is not said how many are worn is one at the least.
                rate = {i: mg * 1000 for i, mg in order.intake.rate.items() if i in entry.ingredients}
                sure.append(entry.model_copy(update={"dose": rate}) if rate and not entry.dose else entry)
        profile = Profile(as_of=self.today, medicines=tuple(counted))
        result = mme_of(profile, self.content)
        self.made.mme = result
        low = mme_of(Profile(as_of=self.today, medicines=tuple(sure)), self.content).lo
        self.made.mme_min = low or 0.0
        limit = self.settings["mme_review"]
        top = result.hi
        if not self.read.basket:
            top = None
        upper: Verdict
        if top is not None:
            upper = top >= limit
        else:
            upper = True if (low or 0.0) >= limit else None
        if upper is False and not self.read.whole:
            upper = None
        missing = [f"{line.label[:80]}: {line.reason}" for line in result.not_calculable]
        origin = [o.name for o in self.orders if o.is_in("opioid") and (o.standing == "draft" or self.in_use(o))]
        self.put("dose_review", upper, origin if upper else (), missing, ["medicines"] if upper is False else ())

    # -- what was done -------------------------------------------------------------------------------------

    def _done(self) -> None:
        for name, measure, setting in (
            ("plan_recent", "pain_plan", "plan_days"), ("review_recent", "opioid_review", "review_days"),
            ("visit_recent", "office_visit", "visit_days"), ("pdmp_recent", "pdmp_check", "pdmp_days"),
        ):  # fmt: skip
            verdicts: dict[str, Verdict] = {}
            for event in self.read.events:
                if event.measure == measure:
                    within = inside(event.day, self.today, self.settings[setting])
                    verdict = all_of([event.sure, within])
                    verdicts[event.resource] = any_of([verdicts.get(event.resource, False), verdict])
            needs = self.content.order_facts[name].needs
            self.listed(name, verdicts, "observations", [f"{needs} ({n})" for n, v in verdicts.items() if v is None])
        self._tests()
        self._naloxone()

    def _tests(self) -> None:
        recent: dict[str, Verdict] = {}
        odd: dict[str, Verdict] = {}
        for test in self.read.tests:
            within = all_of([test.sure, inside(test.day, self.today, self.settings["drug_test_days"])])
            recent[test.resource] = any_of([recent.get(test.resource, False), within])
            verdict = all_of([within, no(fits(test, self.orders, self.settings))])
            odd[test.resource] = any_of([odd.get(test.resource, False), verdict])
        for name, verdicts in (("drug_test_recent", recent), ("drug_test_unexpected", odd)):
            needs = self.content.order_facts[name].needs
            self.listed(name, verdicts, "observations", [f"{needs} ({n})" for n, v in verdicts.items() if v is None])

    def _naloxone(self) -> None:
        def rescue(order: Order) -> Verdict:
            ingredients = set(order.product.ingredients)
            if not ingredients:
                return order.is_in("naloxone_any")
            alone = ingredients == {"naloxone"} and order.product.route not in ("oral", "sublingual")
            if order.kind == "MedicationAdministration":
                return False
            dispensed = order.kind == "MedicationDispense" and order.standing == "past"
            if dispensed:
                return all_of([alone, inside(order.begins(), self.today, self.settings["active_days"])])
            return all_of([alone, True if order.standing == "draft" else self.in_use(order)])

        verdicts: dict[str, Verdict] = {}
        for order in self.orders:
            verdicts[order.name] = any_of([verdicts.get(order.name, False), rescue(order)])
        given = {e.resource: all_of([e.sure, inside(e.day, self.today, self.settings["active_days"])])
                 for e in self.read.events if e.measure == "naloxone_given"}  # fmt: skip
        self.listed("naloxone_on_file", {**verdicts, **given}, "medicines")

    # -- opioid use disorder -------------------------------------------------------------------------------

    def _oud(self) -> None:
        verdicts: dict[str, Verdict] = {}
        for r in self.read.conditions:
            verdicts[r.resource] = any_of(
                [verdicts.get(r.resource, False), in_group(self.content, r.entry, "oud_coded")]
            )
        needs = self.content.order_facts["oud_active"].needs
        verdict = self.listed(
            "oud_active", verdicts, "conditions", [f"{needs} ({n})" for n, v in verdicts.items() if v is None]
        )
        if verdict:
            self.made.assumes["oud_active"] = frozenset({"a code for opioid dependence is read as OUD: to confirm"})
        window = self.settings["moud_days"]
        found: dict[str, Verdict] = {}
        assumed: set[str] = set()
        for order in self.orders:
            treats = self._treats_oud(order)
            if treats is False or order.standing == "none":
                continue
            known: Verdict = None if order.standing == "unclear" else True
            within = (
                inside(order.written, self.today, window) if order.written else inside(order.start, self.today, window)
            )
            reach = overlaps(order, self.today, 0, int(window)) if order.supply_days is not None else False
            if order.standing == "active" and order.supply_days is None and within is False and not order.replaced:
                reach = None if self.in_use(order) else False
            verdict = all_of([treats, known, True if order.standing == "draft" else any_of([within, reach])])
            found[order.name] = any_of([found.get(order.name, False), verdict])
            if verdict and not order.reason_given:
                assumed.add(f"{', '.join(order.product.ingredients)} without a reason, with OUD on record, is for OUD")
        for event in self.read.events:
            if event.measure in ("buprenorphine_injection", "naltrexone_injection"):
                within = all_of([event.sure, inside(event.day, self.today, window)])
                found[event.resource] = any_of([found.get(event.resource, False), within])
        self.listed("moud_recent", found, "medicines")
        if self.made.values["moud_recent"] and assumed:
            self.made.assumes["moud_recent"] = frozenset(assumed)

    def _treats_oud(self, order: Order) -> Verdict:
        """Methadone, buprenorphine or XR-naltrexone, in a person with OUD on record; a reason given decides."""
        own = set(order.product.ingredients)
        if not own:
            return None if order.is_in("moud") is None and order.standing != "draft" else order.is_in("moud")
        if order.reason_given and order.purpose != "oud":
            return False
        if "naltrexone" in own:
            return True if order.product.route == "intramuscular" else None if order.product.route is None else False
        if "buprenorphine" in own:
            return None if order.purpose == "pain" else True
        return "methadone" in own
