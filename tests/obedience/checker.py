"""Law 11, obedience: what a review knows, its plans do. Checked from outside, on the JSON, the handout and the sheet.

    violations(review, handout, sheet) -> [Violation, ...]

For each row of known.toml that is true of the person: nothing that it speaks against stands in a plan, the core, a fork,
an option or the handout as a bare Keep, Offer or Consider without its mitigation in the same plan; a medicine in use has
a verdict that fits; and all that is called for stands in every plan by its time, or `not_done` names it with a reason.
Standard library only; nothing of the kit is imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product

from .knowledge import Json, Knowledge, Row, Subject, load
from .reading import (
    ABRUPT,
    BARE,
    COVERED,
    CURRENT,
    PHASES,
    PROPOSED,
    STANDING,
    TURNS_AWAY,
    Group,
    Violation,
    listed,
    words_of,
)
from .speaking import Speaking

TOPICAL = re.compile(r"\b(gel|cream|topical|plaster)\b", re.IGNORECASE)
ONE_OF = re.compile(r"^- [^.:]+,? or [^.:]+ shot\.?$", re.IGNORECASE)  # the ways of a decision, of which one is taken


ANY_ROW = {"new", "for", "in", "on", "or", "any", "pain", "chronic", "after", "with", "and"}  # of no one thing


class Check(Speaking):
    """One review held to the rows."""

    def together(self) -> Iterator[Violation]:
        """No two newcomers that a row keeps apart stand together."""
        rows = [row for row in self.known.of_kind("pair") if row.strength not in ("only_with", "told")]
        for group in self.groups:
            verbs = {
                i["id"]: i.get("verb") for i in group.items if i.get("verb") in STANDING and i["id"] in self.newcomers
            }
            for row in rows:
                sides = ([id for id in verbs if self.known.says(self.newcomers[id], row, side)] for side in ("a", "b"))
                for a, b in product(*sides):
                    if a != b and not self._mitigated(row, group):
                        yield Violation("pair_stands", row.id, f"{a} + {b}", group.where, f"{verbs[a]} and {verbs[b]}")

    # ---- against --------------------------------------------------------------------------------------------

    def _mitigated(self, row: Row, group: Group) -> bool:
        """Whether all that makes the row's subject bearable stands in the group."""
        means = [self.known.means[m] for m in row.names("with")]
        return bool(means) and all(group.has(m) or group.comes(m) or self._said_why_not(m) for m in means)

    def _said_why_not(self, pattern: re.Pattern[str]) -> bool:
        """Whether a line says with its reason why something is not done (an emergency may put it off)."""
        lines = (line for line in self.review.get("not_done") or () if line.get("reason") and line.get("because"))
        return any(pattern.search(str(line.get("target"))) for line in lines)

    def against(self) -> Iterator[Violation]:
        """What stands although a row speaks against it."""
        for row, s, because in self.spoken():
            if s.at is not None:
                yield from self._verdict(row, s, because)
                yield from self._text(row, s, because)
            for id in self.options_of.get(s.label if s.at is None else s.at, ()):
                yield from self._option(row, s, id, because)

    def _verdict(self, row: Row, s: Subject, because: str) -> Iterator[Violation]:
        """A medicine of the list against which a row speaks."""
        given = self.verdict_of(s)
        if row.strength == "told":
            return
        if not given:
            yield Violation(
                "unjudged", row.id, s.label, "medicines", f"no verdict for medicine '{s.label}', although {because}"
            )
            return
        verdict = given["verdict"]
        wrong = Violation("unfit_verdict", row.id, s.label, "medicines", f"'{verdict}', although {because}")
        how = " ".join(listed(given.get("how")))
        if verdict == "change" and row.done_by and not re.search(row.done_by, how, re.IGNORECASE):
            yield Violation("unfit_verdict", row.id, s.label, "medicines", f"'change' by '{how}', although {because}")
        when = given.get("by")
        if verdict == "change" and row.by and when in PHASES and PHASES.index(when) > PHASES.index(row.by):
            yield Violation("late", row.id, s.label, "medicines", f"'change' {when}, wanted by {row.by}: {because}")
        if verdict == "cannot_tell":
            yield from self._not_told(row, s, because)
        if verdict in ("change", "verify", "not_this", "cannot_tell"):
            return
        if verdict in ("keep", "start") or row.strength == "stop" or row.kind == "dose_limit" or not row.names("with"):
            yield wrong
            return
        if not self._names(row, given) and self._of_the_list(row, s):
            yield Violation("unnamed", row.id, s.label, "medicines", f"'{verdict}' names none of {row.given['with']}")
        for plan in self.plans:
            if not self._bears_on(row, because, plan):
                continue
            if not (self._mitigated(row, plan) or self._named_with(row, given)):
                yield Violation(
                    "mitigation_missing", row.id, s.label, plan.where, f"{because}; needs {row.given['with']}"
                )

    def _bears_on(self, row: Row, because: str, group: Group) -> bool:
        """Whether a pair with what is only to be started bears on a group: one that does not start it has nothing to go with."""
        started = because.removeprefix("with ") if row.kind == "pair" else ""
        return started not in self.newcomers or any(i["id"] == started for i in group.items)

    def _of_the_list(self, row: Row, s: Subject) -> bool:
        """Whether what a row is about stands in the list; of a pair with what a plan would start, the plan tells."""
        others = [t for t in self.person.subjects if t is not s]
        sides = [there for here, there in (("a", "b"), ("b", "a")) if self.known.says(s, row, here)]
        return row.kind != "pair" or any(self.known.says(t, row, side) for t in others for side in sides)

    def _stays(self, s: Subject) -> bool:
        return self.verdict_of(s).get("verdict") in ("keep", "keep_with", "check")

    def _named_with(self, row: Row, given: Json) -> bool:
        """Whether the verdict's own `with` names the mitigation (that it stands in the plans is checked apart)."""
        words = listed(given.get("with"))
        return all(any(self.known.means[m].search(w) for w in words) for m in row.names("with"))

    def _not_told(self, row: Row, s: Subject, because: str) -> Iterator[Violation]:
        """A proposed medicine of which nothing can be told yet, although a row surely speaks against it."""
        if self._closes(row) or (row.strength == "avoid" and not row.asks and not row.names("with")):
            yield Violation("unfit_verdict", row.id, s.label, "medicines", f"'cannot_tell', although {because}")
        for plan in self.plans if row.strength == "only_with" else ():
            if not self._mitigated(row, plan):
                yield Violation(
                    "mitigation_missing", row.id, s.label, plan.where, f"{because}; needs {row.given['with']}"
                )

    def _closes(self, row: Row) -> bool:
        """Whether what a row is about is surely closed: nothing has to be asked, nor to be done first."""
        return bool(row.closed or (row.kind == "caution" and row.strength == "stop" and not row.asks))

    def _names(self, row: Row, given: Json) -> bool:
        """Whether the line of a medicine that stays names each thing that it stays with; any kind of watching will do."""
        words = listed(given.get("with"))
        things = [m for m in row.names("with") if m not in self.known.watching]
        return all(any(self.known.means[m].search(w) for w in words) for m in things)

    def _option(self, row: Row, s: Subject, id: str, because: str) -> Iterator[Violation]:
        option = self.options[id]
        target = self.known.targets[id]
        way = target.get("way")  # of another option, where it is said
        if (
            s.at is None
            and not (row.quiet or way or target.get("mixed"))
            and option.get("verb") in STANDING
            and not self._told(row, s, option)
        ):
            yield Violation("untold", row.id, id, "options", f"'{option['verb']}' with no word of it: {because}")
        if row.strength == "told":
            return
        stop = row.strength == "stop" or row.kind == "dose_limit"
        items = ((g, i) for g in self.groups for i in g.items if i["id"] == id and i.get("verb") in STANDING)
        standing = [
            (group, item)
            for group, item in items
            if not self.spares(s, item) and (s.at is None or self._bears_on(row, because, group))
        ]
        held = [group for group, _ in standing]
        for group, item in standing:
            if stop:
                kind = "item_bare" if item["verb"] in BARE else "stop_stands"
                yield Violation(kind, row.id, id, group.where, f"'{item['verb']}', although {because}")
            elif not self._mitigated(row, group) and item["verb"] in (*BARE, "Keep with"):
                plans = [g for g in held if g.where.startswith("plan")]
                if group.where.startswith("fork") and plans and all(self._mitigated(row, g) for g in plans):
                    continue  # a fork names the ways only: what each goes with stands in every plan that holds it
                yield Violation("item_bare", row.id, id, group.where, f"'{item['verb']}', although {because}")
        if (
            self._closes(row)
            and s.at is None
            and not way
            and option.get("verb") in ("Ask", "After this", "Check first")
        ):
            yield Violation("not_closed", row.id, id, "options", f"'{option['verb']}', although {because}")
        if option.get("verb") not in BARE or held or self.spares(s, option):
            return
        cautioned = option.get("precautions") or option.get("conflicts") or option.get("check_first")
        if stop or (option["verb"] in ("Offer", "Keep") and not cautioned):
            yield Violation("option_bare", row.id, id, "options", f"'{option['verb']}', although {because}")

    def _told(self, row: Row, s: Subject, option: Json) -> bool:
        """Whether an option that may be started comes with a warning of the row's kind; of what is no medicine, with any."""
        kinds = ("conflicts",) if row.kind == "pair" else ("precautions",)
        if s.ingredients <= self.known.treatments:
            kinds = ("conflicts", "precautions")
        if any(option.get(kind) for kind in kinds):
            return True
        # Where a row is about something to be settled first, an open check that is about the same tells of it ("allergy" of
        # "methadone-allergy"); that of something else does not.
        names = " ".join((*row.names("of"), *row.names("a"), *row.names("b")))
        about = set(row.id.split("-")) - ANY_ROW - set(re.findall(r"\w+", names))
        open_ = (re.split(r"[._]", check) for check in option.get("check_first") or ())
        return bool(row.asks and option.get("verb") == "Check first" and any(about.intersection(c) for c in open_))

    def _text(self, row: Row, s: Subject, because: str) -> Iterator[Violation]:
        """The page that a person takes home, and the lines of the sheet, keep nothing that must change."""
        if row.strength in ("only_with", "told") or row.kind == "dose_limit":
            return
        if self.verdict_of(s).get("verdict") in ("keep_with", "check"):
            return
        if s.state == "proposed" and row.strength == "avoid" and all(self._mitigated(row, plan) for plan in self.plans):
            return
        # Methadone and buprenorphine are named for two uses on one page: which is meant cannot be told from words.
        names = [re.escape(i) for i in s.ingredients & self._meant(row) - {"methadone", "buprenorphine"}]
        # "Your pain medicine" is another one that stays, where the list holds one, or where it is said by name.
        stays = frozenset[str]().union(*(o.ingredients for o in self.person.in_use if self._stays(o) and o is not s))
        other = f"(?! \\((?:{'|'.join(map(re.escape, sorted(stays)))})\\))" if stays else ""
        lay = [
            f"(?:{w}){other}"
            for name, w in self.known.words.items()
            if (meant := self.known.spread((name,))) & s.ingredients - stays
            if not meant & stays
        ]
        pattern = re.compile("|".join([*(rf"\b{n}\b" for n in names), *lay]), re.IGNORECASE)
        if not names:
            return
        for part in re.split(r"\n\s*\n|\n(?=- )", self.handout):
            said = " ".join(part.split())  # lines of a page may break anywhere
            if TOPICAL.search(said) and s.route != "topical":  # the gel is another thing than the tablet
                continue
            if ONE_OF.search(said) and s.route == "oral":  # nor does the choice of a shot keep the tablet
                continue
            if pattern.search(said) and not TURNS_AWAY.search(said):
                yield Violation("handout_keeps", row.id, s.label, "handout", said[:160])
        for line in self.sheet.splitlines():
            found = re.search(r"\b(Keep|Offer|Consider): ([^\[\n]+)", line)
            if found and TOPICAL.search(found.group(2)):
                continue
            if found and pattern.search(found.group(2)) and row.strength == "stop":
                yield Violation("sheet_keeps", row.id, s.label, "sheet", f"{found.group(0).strip()[:120]} ({because})")

    def _meant(self, row: Row) -> frozenset[str]:
        return self.known.spread((*row.names("of"), *row.names("a"), *row.names("b")))

    # ---- verdicts -------------------------------------------------------------------------------------------

    def medicines(self) -> Iterator[Violation]:
        """Each medicine has one of the known verdicts, with what belongs to it."""
        for s in self.person.subjects:
            given = self.verdict_of(s)
            verdict = given.get("verdict")
            if verdict not in (CURRENT if s.state == "current" else PROPOSED):
                yield Violation(
                    "no_verdict", "-", s.label, "medicines", f"no verdict for medicine '{s.label}' ({verdict})"
                )
                continue
            if given["verdict"] == "change" and not given.get("how"):
                yield Violation("no_how", "-", s.label, "medicines", "'change' does not say how")
            if given["verdict"] == "not_this" and not (given.get("instead") or given.get("because")):
                yield Violation("no_instead", "-", s.label, "medicines", "'not_this' says neither why nor what instead")
            if given["verdict"] in ("keep_with", "start_with"):
                yield from self._with_stands(s, given)

    def _with_stands(self, s: Subject, given: Json) -> Iterator[Violation]:
        names = listed(given.get("with"))
        # A start may go with what its own treatment says to do, in words.
        told = [b for b in given.get("because") or () if b.get("makes") == "keep_with" and b.get("action")]
        if not names and not (given["verdict"] == "start_with" and told):
            yield Violation("mitigation_missing", "-", s.label, "medicines", f"'{given['verdict']}' names nothing")
        for plan in self.plans:
            there = " ".join(w for i in plan.items for w in words_of(i)).casefold()
            for name in names:
                stands = any(word in there for word in (name.casefold(), *name.casefold().split(" ")[:1]))
                if not (stands or self._said_why_not(re.compile(re.escape(name.split(" ")[0]), re.IGNORECASE))):
                    yield Violation("mitigation_missing", "-", s.label, plan.where, f"'{name}' is not in the plan")

    # ---- called for -----------------------------------------------------------------------------------------

    def called(self) -> Iterator[Violation]:
        """What is called for stands in every plan by its time, or `not_done` says why not."""
        for row in self.rows:
            if row.kind not in ("calls_for", "event") or (row.kind == "event" and not self._event_meant(row)):
                continue
            if row.emergency and not self._emergency(row):
                yield Violation("emergency_missing", row.id, row.emergency, "emergencies", ", ".join(row.names("when")))
            by = row.by or self._by(row)
            for name in row.names("call"):
                yield from self._call(row, name, by)

    def _event_meant(self, row: Row) -> bool:
        return not row.of or any(self.known.says(s, row) for s in self.person.in_use)

    def _by(self, row: Row) -> str:
        """The phase by which something before a dated event has to stand."""
        state = self.known.states[row.names("when")[0]]
        event = state if "event" in state else next(part for part in state["all"] if "event" in part)
        days = self.person.days_to(event)
        return "weeks_1_4" if days is None or days > 7 else "this_week" if days > 1 else "today"

    def _emergency(self, row: Row) -> bool:
        named = re.compile(row.emergency, re.IGNORECASE)
        return any(
            e["state"] == "present" and named.search(f"{e['id']} {e['title']} {' '.join(e.get('labels') or ())}")
            for e in self.review.get("emergencies", ())
        )

    def _alone(self, emergency: str) -> bool:
        """Whether this emergency alone is to be acted on now: then what it calls for waits for nothing."""
        now = [e["id"] for e in self.review["emergencies"] if e["state"] == "present" and e.get("level") == "act_now"]
        return bool(now) and all(re.search(emergency, id) for id in now)

    def _call(self, row: Row, name: str, by: str) -> Iterator[Violation]:
        pattern = self.known.means[name]
        waits_for_nothing = row.first and self._alone(row.first)
        for line in self.review.get("not_done") or ():
            put_off = waits_for_nothing and "emergency comes first" in str(line.get("reason"))
            if pattern.search(str(line.get("target"))) and not put_off:
                if not (line.get("reason") and line.get("because")):
                    yield Violation("not_done_without_reason", row.id, name, "not_done", str(line))
                return
        in_place = any(
            o.get("in_place") == "yes" and any(map(pattern.search, words_of(o))) for o in self.options.values()
        )
        red = row.red and any(
            pattern.search(action)
            for e in self.review.get("emergencies", ())
            if e["state"] == "present"
            for action in e.get("actions", ())
        )
        if in_place or red:
            return
        if not self.plans:
            yield Violation("not_called", row.id, name, "plans", f"no plan; by {by}: {', '.join(row.names('when'))}")
        for plan in self.plans:
            found = [
                i
                for i in plan.items
                if any(map(pattern.search, words_of(i))) and i.get("verb") not in ("Do not start", "After this")
            ]
            if not found:
                yield Violation("not_called", row.id, name, plan.where, f"by {by}: {', '.join(row.names('when'))}")
            elif min(_phase(i) for i in found) > PHASES.index("today" if by == "now" else by):
                yield Violation("late", row.id, name, plan.where, f"'{found[0].get('phase')}', wanted by {by}")

    def held(self) -> Iterator[Violation]:
        """While an act-now sign stands, what it does not call for waits."""
        holding = [row for row in self.rows if row.kind == "calls_for" and row.holds]
        if not holding:
            return
        called = [m for row in self.rows if row.kind in ("calls_for", "event") for m in row.names("call")]
        free = [self.known.means[m] for m in (*called, "naloxone", "agonist")]
        for plan in self.plans:
            for item in plan.items:
                started = item.get("verb") in ("Offer", "Consider", "Check first") and not item.get("goes_with")
                if started and not any(p.search(w) for p in free for w in words_of(item)):
                    yield Violation(
                        "not_held", holding[0].id, item["id"], plan.where, f"'{item['verb']}' beside an act-now sign"
                    )

    # ---- never ----------------------------------------------------------------------------------------------

    def never(self) -> Iterator[Violation]:
        """What never stands: an abrupt stop, MOUD closed or changed for the wrong reason, words of dismissal."""
        for row in self.rows:
            if row.how:
                yield from self._abrupt(row)
            for name in row.names("open"):
                yield from self._open(row, name)
            if row.stays:
                yield from self._moud_stays(row)
            if row.words:
                yield from self._forbidden(row)

    def _abrupt(self, row: Row) -> Iterator[Violation]:
        for s in self.person.in_use:
            how = " ".join(listed(self.verdict_of(s).get("how")))
            if self.known.says(s, row) and ABRUPT.search(how) and not COVERED.search(how):
                yield Violation("abrupt", row.id, s.label, "medicines", how)

    def _open(self, row: Row, name: str) -> Iterator[Violation]:
        pattern = self.known.means[name]
        found = [o for o in self.options.values() if any(map(pattern.search, words_of(o)))]
        if not any(
            o.get("verb") in ("Offer", "Consider", "Check first", "Keep", "Keep with", "After this") for o in found
        ):
            verbs = sorted({str(o.get("verb")) for o in found})
            yield Violation("moud_closed", row.id, name, "options", f"{', '.join(row.names('when'))}: {verbs}")

    def _moud_stays(self, row: Row) -> Iterator[Violation]:
        """MOUD is not stopped for this reason: a change of it does not stop, hold or taper it."""
        for s in self.person.in_use:
            given = self.verdict_of(s)
            if given.get("verdict") == "change" and self.known.says(s, row):
                how = " ".join(listed(given.get("how")))
                if re.search(r"\b(stop|hold|taper)", how, re.IGNORECASE):
                    yield Violation("moud_changed", row.id, s.label, "medicines", how)

    def _forbidden(self, row: Row) -> Iterator[Violation]:
        pattern = re.compile(row.words, re.IGNORECASE)
        for where, text in (("handout", self.handout), ("sheet", self.sheet)):
            for sentence in re.split(r"(?<=[.!?])\s|\n", text):
                if pattern.search(sentence) and not re.search(
                    r"\b(never|not|no|nobody|without)\b|n't", sentence, re.IGNORECASE
                ):
                    yield Violation("forbidden_words", row.id, row.words, where, sentence.strip()[:160])


def _phase(item: Json) -> int:
    phase = item.get("by") if item.get("by") in PHASES else item.get("phase")
    return PHASES.index(phase) if phase in PHASES else len(PHASES)


def violations(review: Json, handout: str = "", sheet: str = "", known: Knowledge | None = None) -> list[Violation]:
    """All that a review does not obey, each once."""
    check = Check(review, handout, sheet, known or load())
    found: Iterable[Violation] = (
        *check.medicines(),
        *check.against(),
        *check.together(),
        *check.called(),
        *check.held(),
        *check.never(),
    )
    return list(dict.fromkeys(found))
