"""Which of several tokens a word is, by its neighbors: "x" in "x 7 days" and in "3 x daily", "to" in "1 to 2" and in
"to be taken". One pass from left to right; what is decided says nothing new, it only tells readings apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .runs import amounts_in_full, weekdays_in_full
from .words import Candidates, Token

_AMOUNT_UNITS = ("UNIT", "MASS", "VOLUME", "SPOON", "DOSE", "HOURLY_MASS")
_OFTEN = ("FREQ", "ONCE", "EVERY", "HOURLY", "PER", "SPAN")
_WHEN = ("FREQ", "ONCE", "EVERY", "PER", "EVENT", "WEEKDAY", "DAYSET")
_ALWAYS = (
    "UNKNOWN", "OPEN", "MAX", "UPTO", "PRN", "STOPS", "NOW", "THEN", "PHASE_AFTER", "EXCEPT", "DIRECTED", "DIVIDED",
    "UP", "DOWN", "TAKEHOME", "WATCHED", "REPEAT", "SCALE", "LOOSE", "EXTRA", "DAYSET", "WEEKDAY", "FREQ", "ONCE", "HOURLY", "LP", "RP",
)  # fmt: skip  # words, read across


def decide(covered: Sequence[Candidates]) -> list[Token]:
    """One token for each stretch of words; those that say nothing about a dose are left out."""
    made: list[Token] = []
    for n, here in enumerate(covered):
        token = _by_neighbors(here, made, covered, n + 1) or _first(here)
        if token.kind != "NOTHING":
            made.append(token)
    return weekdays_in_full(amounts_in_full(made))


def _first(here: Candidates) -> Token:
    """Where the neighbors decide nothing: what could change a dose before what could not."""
    return here.is_(*_ALWAYS) or here.is_("EVENT", "PER", "EVERY", "AND", "OR", "TOTAL", "SEP", "DOT") or here.tokens[0]


_END = Candidates(())


def _next(covered: Sequence[Candidates], at: int) -> tuple[Candidates, Candidates]:
    """The next two stretches that say something; empty ones at the end."""
    found = [_END, _END]
    seen = 0
    for n in range(at, min(at + 8, len(covered))):
        if covered[n].telling:
            found[seen] = covered[n]
            seen += 1
            if seen == 2:
                break
    return found[0], found[1]


def _by_neighbors(here: Candidates, made: Sequence[Token], covered: Sequence[Candidates], at: int) -> Token | None:
    last = made[-1].kind if made else ""
    follows, second = _next(covered, at)
    nothing = here.is_("NOTHING") or Token("NOTHING", text=here.tokens[0].text)
    number_next = bool(follows.is_("NUM"))
    if article := here.is_("ARTICLE"):
        counted = at < len(covered) and _one_thing(covered[at])
        named = at + 1 < len(covered) and covered[at].is_("INGREDIENT") and _one_thing(covered[at + 1])
        return Token("NUM", article.value, "word", article.text) if (counted or named) and last != "NUM" else nothing
    if here.is_("UNIT", "MASS", "VOLUME") and here.is_("NOTHING"):  # t, c, g
        if last not in ("NUM", "MASS") and here.tokens[0].text == "t":
            return _t(covered, at, follows, second) or nothing
        return here.is_("UNIT", "MASS", "VOLUME") if last in ("NUM", "MASS") else nothing
    if here.is_("UNIT") and last in ("", "AND", "SEP", "LP") and _alone(covered, at, made):
        return Token("ONE", text=here.tokens[0].text)
    if here.is_("TIMES") and here.is_("FOR"):  # x
        return _x(here, last, follows, second)
    if span := here.is_("SPAN"):
        return _span(here, span, made, follows)
    if (event := here.is_("EVENT")) and event.what == "night" and here.is_("NOTHING"):  # 1 om + 2 on
        morning = any(token.kind == "EVENT" for token in made)
        return (
            event
            if morning and last in ("NUM", "UNIT") and (follows is _END or follows.is_("AND", "SEP", "DOT", "PRN"))
            else nothing
        )
    if here.is_("ATONCE"):
        return here.is_("ATONCE") if _limited(made) else here.is_("NOW", "TOTAL", "DOSE") or nothing
    if (often := here.is_("FREQ", "ONCE")) and here.is_("NOTHING"):  # TD q72h: transdermal; q4h day and night
        other = follows.is_("FREQ", "ONCE", "EVERY") if often.what == "route" else last in ("FREQ", "SPAN", "HOURLY")
        return nothing if other else often
    if here.is_("DASH", "INTO") and last == "WEEKDAY" and follows.is_("WEEKDAY"):
        return Token("TO", text=here.tokens[0].text)
    if here.is_("DOT") and last == "WEEKDAY" and follows.is_("WEEKDAY", "DASH", "SEP", "AND"):
        return nothing  # Mon. - Sat.
    if here.is_("DASH"):
        return _to(here, made, covered[at : at + 3])
    if here.is_("OR"):
        if (last in ("NUM", "FREQ", "ONCE") and (number_next or follows.is_("FREQ", "ONCE"))) or (
            last in _AMOUNT_UNITS and number_next and second.is_(*_AMOUNT_UNITS)
        ):
            return Token("TO", text="or")
        return here.is_("OR")
    if joined := here.is_("AND"):
        return joined._replace(what=_beside_prn(made, covered, at))
    if here.is_("IN") and here.is_("NOTHING", "PERWORD", "EVERY"):
        return _in(here, made, follows, second)
    if here.is_("UPTO") and here.is_("INTO"):
        return here.is_("INTO") if _changing(made) else here.is_("UPTO")
    if into := here.is_("INTO"):
        return into if _changing(made) and follows.is_("NUM", "FREQ", "ONCE") else nothing
    if here.is_("BY"):
        return here.is_("BY") if last in ("UP", "DOWN") else nothing
    if skipped := here.is_("EXCEPT"):
        return skipped if follows.is_("WEEKDAY", "DAYSET") else Token("UNKNOWN", text=skipped.text)
    if origin := here.is_("FROM"):
        return nothing if follows.is_("WEEKDAY") else Token("UNKNOWN", text=origin.text)
    if here.is_("NOTHING") and here.tokens[0].text.split()[-1] == "with" and _of_a_strength(covered, at):
        return Token("BESIDE", text=here.tokens[0].text)  # with 5 mg tablet
    if beside := here.is_("BESIDE"):
        return beside if number_next else nothing
    if here.is_("FOR") and here.is_("TOTAL"):
        return here.is_("FOR") if second.is_("SPAN") else here.is_("TOTAL")
    if here.is_("FOR") and not here.is_("TIMES"):
        return _for(here, follows, second)
    if here.is_("DOSE") and here.is_("NOTHING"):
        return here.is_("DOSE") if last == "NUM" else nothing
    if here.is_("PHASE"):
        return here.is_("PHASE") if number_next else here.is_("PER", "SPAN") or nothing
    if here.is_("SEP") and here.tokens[0].text == "/":
        if last == "NUM" and number_next:
            return Token("SLASH", text="/")
        if last == "FREQ" and follows.is_("FREQ"):
            return Token("TO", text="/")  # bd/tds
        if last == "MASS" and (less := follows.is_("NUM")) and second.is_("MASS") and less.value < made[-2].value:
            return Token("TO", text="/")  # 16 mg/4 mg
        if last == "MASS" and (follows.is_("VOLUME") or (number_next and second.is_("VOLUME"))):
            return Token("SLASH", text="/")
        if number_next and second.is_("SPAN"):
            return Token("EVERY", text="/")
        return here.is_("SEP")
    if here.is_("EVERY") and follows.is_("EVENT", "WEEKDAY"):
        return nothing
    if here.is_("EVERY") and last == "MASS" and follows.is_("SEP", "RP", "DOT"):
        return nothing  # 2 tablets (5 mg each)
    if (scale := here.is_("SCALE")) and scale.what == "bare":
        return scale if at >= len(covered) or covered[at].telling else nothing
    if here.is_("MAX") and not (
        number_next or follows.is_("ONCE", "FREQ", "INGREDIENT") or (follows.is_("PER") and second.is_("NUM"))
    ):
        return Token("MAXPOST", what=here.tokens[0].what, text=here.tokens[0].text)
    if here.is_("HOURLY") and here.is_("PER"):
        return here.is_("HOURLY") if last == "NUM" else here.is_("PER")
    if here.is_("SEP") and last in ("MAX", "TOTAL"):
        return nothing
    return None


def _of_a_strength(covered: Sequence[Candidates], at: int) -> bool:
    """Whether a tablet of so many milligrams comes next, and is not what is begun with."""
    telling = [here for here in covered[at : at + 5] if here.telling][:3]
    begun = at > 1 and covered[at - 2].tokens[0].text.startswith(("start", "begin"))
    kinds = (("NUM",), ("MASS", "HOURLY_MASS"), ("UNIT",))
    return len(telling) == 3 and not begun and all(here.is_(*kind) for here, kind in zip(telling, kinds, strict=True))


def _beside_prn(made: Sequence[Token], covered: Sequence[Candidates], at: int) -> str:
    """Whether an "and" joins doses as needed to those at fixed times: "bid and (may take) prn", "prn and at bedtime". Not
    where it joins two reasons: "for pain and sleep as needed"."""
    first, second = (covered[n] if n < len(covered) else _END for n in (at, at + 1))
    if first.is_("PRN") or (first.is_("LOOSE") and second.is_("PRN")):
        return "prn"
    return "timed" if made and made[-1].kind == "PRN" and first.is_("FREQ", "ONCE", "EVERY", "EVENT", "PER") else ""


def _one_thing(here: Candidates) -> bool:
    """Whether it is one thing that is counted: a tablet, a teaspoonful, no millilitre."""
    unit, spoon = here.is_("UNIT"), here.is_("VOLUME", "SPOON")
    return bool(unit and unit.value == 1) or bool(spoon and spoon.value > 1)


def _t(covered: Sequence[Candidates], at: int, follows: Candidates, second: Candidates) -> Token | None:
    """ "T tab", "T-TT tabs": one; "T PO TID": one, where no other amount is said (`runs.amounts_in_full`)."""
    after = covered[at] if at < len(covered) else _END
    if after.is_("UNIT") or (after.is_("DASH") and second.is_("NUM")):
        return Token("NUM", 1.0, "word", "t")
    return Token("UNIT", 1.0, "alone", "t") if follows.is_(*_WHEN) else None


def _alone(covered: Sequence[Candidates], at: int, made: Sequence[Token]) -> bool:
    """Whether a unit without a number is one of them: in a list of amounts ("2 tabs qam, tab qpm"), and before "and a
    half". After a verb ("take tablet at night") it may only say what is taken."""
    unit = covered[at - 1].is_("UNIT")
    if not unit or unit.value != 1:
        return False
    follows, second = _next(covered, at)
    if follows.is_("AND") and (part := second.is_("NUM")) and 0 < part.value < 1:
        return True
    listed = (
        any(token.kind == "ONE" for token in made)
        or any(a.is_("NUM") and b.is_("UNIT") for a, b in pairwise(covered))
        or any(a.is_("ARTICLE") and _one_thing(b) for a, b in pairwise(covered))
    )
    return listed and bool(follows.is_(*_WHEN)) and (at == 1 or covered[at - 2].telling)


def _limited(made: Sequence[Token]) -> bool:
    """Whether a limit and its amount stand directly before."""
    for token in reversed(made):
        if token.kind == "MAX":
            return made[-1].kind != "MAX"
        if token.kind not in ("NUM", "TO", "INGREDIENT", *_AMOUNT_UNITS):
            return False
    return False


def _x(here: Candidates, last: str, follows: Candidates, second: Candidates) -> Token | None:
    if last == "NUM":
        if follows.is_("NUM"):
            return Token("X", text="x") if second.is_("MASS", "VOLUME") else here.is_("FOR")
        return here.is_("TIMES")
    return here.is_("FOR")


def _span(here: Candidates, span: Token, made: Sequence[Token], follows: Candidates) -> Token:
    """ "7 days" is a span; "3 times day" and "day" are a day; "day 1" is a phase; "2 nights" are nights."""
    last = made[-1].kind if made else ""
    before = made[-2].kind if len(made) > 1 else ""
    if event := here.is_("EVENT"):
        return span if last == "NUM" and before in ("FOR", "EVERY") else event
    if last in ("NUM", "EVERY", "FOR"):
        return span
    if follows.is_("NUM") and (phase := here.is_("PHASE")):
        return phase
    return here.is_("PER") or span


def _to(here: Candidates, made: Sequence[Token], after: Sequence[Candidates]) -> Token:
    """A range between two numbers, units or frequencies; the goal of a change; else a dash between parts."""
    last = made[-1].kind if made else ""
    follows, second = (after[0] if after else Candidates(())), (after[1] if len(after) > 1 else Candidates(()))
    word = here.tokens[0].text
    if word != "-" and last in ("NUM", *_AMOUNT_UNITS) and follows.is_("ARTICLE") and _one_thing(second):
        return Token("TO", text=word)  # half to a whole tablet
    if (
        word != "-"
        and _changing(made)
        and (follows.is_("NUM", "FREQ", "ONCE") or (follows.is_("ARTICLE") and _one_thing(second)))
    ):
        return Token("INTO", text=word)
    if last == "NUM" and follows.is_("NUM"):
        return Token("TO", text=word)
    if last in ("FREQ", "ONCE") and follows.is_("FREQ", "ONCE"):
        return Token("TO", text=word)
    if last == "ONCE" and follows.is_("NUM") and second.is_("TIMES"):
        return Token("TO", text=word)
    if last in _AMOUNT_UNITS and follows.is_("NUM") and second.is_(made[-1].kind):
        third = after[2] if len(after) > 2 else Candidates(())
        if word != "-" or not third.is_("EVENT"):
            return Token("TO", text=word)
    if word == "-":
        return Token("SEP", text="-")
    return Token("NOTHING", text=word)


def _in(here: Candidates, made: Sequence[Token], follows: Candidates, second: Candidates) -> Token | None:
    last = made[-1].kind if made else ""
    if follows.is_("NUM"):
        if second.is_("VOLUME") and last == "MASS":
            return Token("SLASH", text="in")
        if second.is_("SPAN") and (here.is_("PERWORD", "EVERY") or any(t.kind == "MAX" for t in made[-5:])):
            return Token("EVERY", text="in")
    return here.is_("NOTHING") or Token("NOTHING")


def _for(here: Candidates, follows: Candidates, second: Candidates) -> Token | None:
    """ "for" and a span; "for" and anything else says nothing by itself."""
    if follows.is_("SPAN") or (follows.is_("NUM", "UPTO") and second.is_("SPAN", "NUM", "TO", "DASH", "OR", "TIMES")):
        return here.is_("FOR")
    if follows.is_("NUM"):
        return here.is_("FOR")
    return here.is_("NOTHING") or Token("NOTHING")


def _changing(made: Sequence[Token]) -> bool:
    """Whether an increase or a decrease stands before, in the same part."""
    for token in reversed(made):
        if token.kind in ("UP", "DOWN"):
            return True
        if token.kind in ("THEN", "DOT", "LP", "RP", "INTO"):
            return False
    return False
