"""The grammar of dose texts: amounts, frequencies, spans, limits and phases, as items in the order of the text.

It has to consume every token; what it cannot place leaves the whole text not understood. How the items make up a day is
reckoned in `assemble`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from .words import Token

if TYPE_CHECKING:
    from lark import Lark, Tree
    from lark import Token as LarkToken

GRAMMAR = r"""
start: _item*
_item: amount | rate | length | cap | phase | change | aside | flat

amount: quantity
    | NUM TO NUM TO NUM                                  -> schema
    | NUM TO NUM TO NUM UNIT                             -> schema
    | NUM TO NUM TO NUM TO NUM                           -> schema
    | NUM TO NUM TO NUM TO NUM UNIT                      -> schema
quantity: number                                         -> bare
    | number UNIT                                        -> count
    | ONE                                                -> one
    | number UNIT TO number UNIT                         -> count
    | number MASS                                        -> mass
    | number MASS TO number MASS                         -> mass
    | number MASS UNIT                                   -> labelled
    | number HOURLY_MASS                                 -> hourly
    | number HOURLY_MASS UNIT                            -> hourly
    | number VOLUME                                      -> volume
    | number VOLUME TO number VOLUME                     -> volume
    | number SPOON                                       -> spoons
    | number VOLUME SPOON                                -> spoonful
    | number X number MASS                               -> times_mass
    | number X number MASS UNIT                          -> times_mass
    | number X number VOLUME                             -> times_volume
    | number X number VOLUME SPOON                       -> times_volume
    | number DOSE                                        -> doses
    | number MASS SLASH number VOLUME                    -> in_volume
    | number MASS SLASH VOLUME                           -> a_volume
    | NUM SLASH NUM                                      -> strength
    | NUM SLASH NUM MASS                                 -> strength
    | NUM SLASH NUM MASS UNIT                            -> strength
number: NUM | NUM TO NUM

rate: FREQ                                               -> freq
    | FREQ TO FREQ                                       -> freq
    | number TIMES PER                                   -> times
    | NUM TO NUM TO NUM TIMES PER                        -> chain
    | FOR number PER                                     -> x_times
    | number TIMES                                       -> bare_times
    | ONCE PER                                           -> once
    | ONCE TO ONCE PER                                   -> once
    | ONCE TO number TIMES PER                           -> once_to
    | ONCE                                               -> bare_once
    | PER                                                -> per
    | EVERY number SPAN                                  -> every
    | EVERY number SPAN TO number SPAN                   -> every
    | EVERY number HOURLY                                -> every
    | EVERY SPAN                                         -> every
    | EVERY number EVENT                                 -> every
    | number HOURLY                                      -> every

length: FOR number SPAN                                  -> lasting
    | FOR UPTO number SPAN                               -> lasting
    | FOR SPAN                                           -> lasting
    | FOR number DOSE                                    -> lasting
    | FOR number SPAN PER                                -> part_of
    | number SPAN PER                                    -> part_of
    | number SPAN                                        -> bare_span

cap: MAX INGREDIENT* quantity INGREDIENT*                          -> most
    | MAX INGREDIENT* quantity INGREDIENT* PER INGREDIENT*              -> most
    | MAX PER quantity                                   -> most
    | MAX INGREDIENT* quantity INGREDIENT* FREQ          -> most_often
    | MAX INGREDIENT* quantity INGREDIENT* EVERY number SPAN       -> most_every
    | MAX INGREDIENT* quantity INGREDIENT* ATONCE        -> most_at_once
    | MAX number TIMES                                   -> most_times
    | MAX number TIMES PER                               -> most_times
    | MAX ONCE                                           -> most_times
    | MAX ONCE PER                                       -> most_times
    | MAX FREQ                                           -> most_times
    | MAX number SPAN                                    -> most_days

phase: PHASE number
change: UP                                               -> up
    | UP BY quantity                                     -> up_by
    | DOWN                                               -> down
    | DOWN BY quantity                                   -> down
aside: BESIDE quantity                                   -> beside
    | BESIDE quantity UNIT                               -> beside
    | TOTAL quantity                                     -> total
    | number TAKEHOME WEEKDAY*                           -> take_home
    | TAKEHOME                                           -> take_home
    | EXCEPT WEEKDAY+                                    -> except_days
flat: PRN | LOOSE | OPEN | THEN | PHASE_AFTER | NOW | AND | OR | SEP | DOT | LP | RP | EVENT | WEEKDAY | DAYSET | SCALE
    | EXTRA | APART | REPEAT | WATCHED | DIVIDED | DIRECTED | STOPS | UPTO | INTO | MAXPOST | UNIT | TOTAL | INGREDIENT | UNKNOWN

%declare NUM ONE UNIT MASS HOURLY_MASS VOLUME SPOON DOSE X SLASH TO FREQ TIMES PER ONCE EVERY SPAN HOURLY FOR UPTO MAX MAXPOST
%declare ATONCE WATCHED REPEAT APART
%declare PHASE UP DOWN BY BESIDE TOTAL TAKEHOME EXCEPT WEEKDAY PRN LOOSE OPEN THEN PHASE_AFTER NOW AND OR SEP DOT LP RP
%declare EVENT DAYSET SCALE EXTRA DIVIDED DIRECTED STOPS INTO INGREDIENT UNKNOWN
"""

Kind = Literal[
    "bare", "schema", "count", "mass", "labelled", "hourly", "volume", "doses", "in_volume", "a_volume", "strength"
]  # fmt: skip  # data, read across


class Quantity(NamedTuple):
    """An amount in tablets (count), mg (mass), mL (volume) or mg an hour. ``label`` is the volume beside a mass, 0 for a
    spoonful; ``figures`` whether it was written in figures; ``pair`` the numbers as written, of a scheme (1-0-2) all of
    them; ``whole`` whether it is said to be all of one intake, and so never what is in each tablet."""

    kind: Kind
    lo: float
    hi: float
    label: float | None = None
    figures: bool = True
    pair: tuple[float, ...] | None = None
    whole: bool = False


class Rate(NamedTuple):
    """Times a day. ``weak`` is a plain "daily", which says nothing against two times of day; ``loose`` a count without a
    period or a single occasion; ``counted`` a number of times ("once daily") and no interval."""

    lo: float
    hi: float
    weak: bool = False
    loose: bool = False
    counted: bool = False


class Cap(NamedTuple):
    """The most in a day: an amount, or a number of intakes (``times``). ``names`` are ingredients it speaks of; ``daily``
    whether a day is said: "max 2 tablets" may be the most at a time; ``said`` whether it is said as a limit of how often, and
    does not follow from hours apart."""

    quantity: Quantity | None
    times: float | None
    names: tuple[str, ...] = ()
    daily: bool = True
    said: bool = False


class Item(NamedTuple):
    """One item: what it is (the name of its rule or token), with what it says."""

    kind: str
    quantity: Quantity | None = None
    rate: Rate | None = None
    cap: Cap | None = None
    token: Token | None = None
    value: float = 0.0
    days: tuple[int, ...] = ()


@cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(GRAMMAR, parser="lalr", lexer="basic")


def parse(tokens: Sequence[Token]) -> list[Item] | None:
    """The items of a text; None where the grammar cannot consume it whole."""
    from lark import Token as LarkToken
    from lark.exceptions import UnexpectedInput

    run = _parser().parse_interactive("")
    try:
        for token in tokens:
            run.feed_token(LarkToken(token.kind, token))
        tree = run.feed_eof()  # type: ignore[no-untyped-call]  # untyped in lark
    except UnexpectedInput:
        return None
    return [_item(branch) for branch in tree.children]


# ---- from the tree ------------------------------------------------------------------------------------------


def _said(branch: Tree[LarkToken]) -> list[Token]:
    """The tokens straight under a branch."""
    from lark import Tree

    return [child.value for child in branch.children if not isinstance(child, Tree)]


def _under(branch: Tree[LarkToken]) -> list[Tree[LarkToken]]:
    from lark import Tree

    return [child for child in branch.children if isinstance(child, Tree)]


def _number(branch: Tree[LarkToken]) -> tuple[float, float]:
    values = [t.value for t in _said(branch) if t.kind == "NUM"]
    return values[0], values[-1]


def _item(branch: Tree[LarkToken]) -> Item:
    name, said, under = str(branch.data), _said(branch), _under(branch)
    values = {t.kind: t.value for t in said}
    if name == "flat":
        return Item(said[0].kind, token=said[0])
    if name == "schema":
        numbers = [t.value for t in said if t.kind == "NUM"]
        if any(t.kind == "TO" and t.text != "-" for t in said):
            return Item("amount")  # "1 to 2 to 3" is no scheme
        total = sum(numbers)
        kind: Kind = "count" if "UNIT" in values else "schema"
        counts = Quantity(kind, max(numbers), max(numbers), pair=tuple(numbers)) if max(numbers) > 0 else None
        return Item("schema", quantity=counts, value=total / max(numbers) if counts else 0.0)
    if name == "amount":
        return Item("amount", quantity=_quantity(under[0]))
    if name in ("up_by", "down", "beside", "total"):
        quantity = next((_quantity(b) for b in under), None)
        return Item(name, quantity=quantity)
    if name == "phase":
        return Item("phase", token=said[0], value=_number(under[0])[0])
    if name in ("take_home", "except_days"):
        many = _number(under[0])[1] if under else 0.0
        return Item(name, value=many, days=tuple(int(t.value) for t in said if t.kind == "WEEKDAY"))
    if name in ("lasting", "bare_span"):
        number = _number(under[0]) if under else (1.0, 1.0)
        rate = None
        if name == "bare_span":
            span = values["SPAN"]
            rate = Rate(1 / (number[1] * span), 1 / (number[0] * span)) if 0 < number[0] <= number[1] else None
        return Item(name, rate=rate, value=number[1] * values.get("SPAN", 0.0))
    if name == "part_of":
        days, span, per = _number(under[0])[1], values["SPAN"], values["PER"]
        return Item("part_of" if span == 1 and days < per else "part_unclear", value=min(days / per, 1.0))
    if name.startswith("most"):
        return _limit(name, said, under)
    return Item("rate" if name not in ("up",) else "up", rate=_rate(name, said, under) if name != "up" else None)


def _rate(name: str, said: Sequence[Token], under: Sequence[Tree[LarkToken]]) -> Rate | None:
    values = {t.kind: t.value for t in said}
    numbers = [_number(b) for b in under]
    if name in ("freq", "once"):
        found = [t.value for t in said if t.kind in ("FREQ", "ONCE")]
        per = values.get("PER", 1.0)
        return Rate(min(found) / per, max(found) / per, counted=True)
    if name == "times" or (name == "x_times" and said[0].text == "x"):
        lo, hi = numbers[0]
        return Rate(lo / values["PER"], hi / values["PER"], counted=True) if lo <= hi else None
    if name == "once_to":
        return Rate(values["ONCE"] / values["PER"], numbers[0][1] / values["PER"], counted=True)
    if name in ("bare_times", "bare_once"):
        number = numbers[0] if numbers else (values["ONCE"], values["ONCE"])
        return Rate(*number, loose=True) if number[0] <= number[1] else None
    if name == "per":
        return Rate(1 / values["PER"], 1 / values["PER"], weak=values["PER"] == 1)
    if name == "every":
        spans = [t.value for t in said if t.kind in ("SPAN", "HOURLY")]
        if not spans:  # every other morning; how many meals a day is not said
            spans = [0.0 if "meal" in t.what else 1.0 for t in said if t.kind == "EVENT"]
        first = numbers[0] if numbers else (1.0, 1.0)
        shortest, longest = first[0] * spans[0], (numbers[-1] if numbers else first)[1] * spans[-1]
        return Rate(1 / longest, 1 / shortest) if 0 < shortest <= longest else None
    return None


def _limit(name: str, said: Sequence[Token], under: Sequence[Tree[LarkToken]]) -> Item:
    values = {t.kind: t.value for t in said}
    names = tuple(t.what for t in said if t.kind == "INGREDIENT")
    if name == "most_days":
        return Item("lasting")
    if name == "most_times":
        number = _number(under[0])[1] if under else values.get("ONCE", values.get("FREQ", 1.0))
        return Item("cap", cap=Cap(None, number / values.get("PER", 1.0), said=True))
    quantity = _quantity(under[0])
    if quantity is None:
        return Item("cap")
    if name == "most_at_once" or (said[0].what == "intake" and "PER" not in values):
        return Item("at_once", quantity=quantity)
    if name == "most_often" and values["FREQ"] != 1:
        return Item("cap")  # of one intake, or of the day
    per = values.get("PER", 1.0)
    of_day = "PER" in values or name in ("most_every", "most_often") or said[0].what == "day"
    if said[0].what == "dose" and not of_day:
        return Item("cap")  # at a time, or a day
    if name == "most_every":
        number = _number(under[1])[0]
        per = number * values["SPAN"]
        if per <= 0:
            return Item("cap")
    return Item("cap", cap=Cap(quantity._replace(lo=quantity.lo / per, hi=quantity.hi / per), None, names, of_day))


def _quantity(branch: Tree[LarkToken]) -> Quantity | None:
    name, said, under = str(branch.data), _said(branch), _under(branch)
    if name == "one":
        return Quantity("count", 1.0, 1.0)
    if name == "strength":
        first, second = [t.value for t in said if t.kind == "NUM"]
        return Quantity("strength", first, second, pair=(first, second))
    number = _number(under[0])
    size = next((t.value for t in said if t.kind in ("MASS", "VOLUME", "SPOON", "HOURLY_MASS")), 1.0)
    if name in ("times_mass", "times_volume"):
        one = _number(under[1])[1] * size
        kind: Kind = "mass" if name == "times_mass" else "volume"
        return Quantity(kind, number[0] * one, number[1] * one) if number[0] <= number[1] else None
    if name == "in_volume":
        volume = _number(under[1])[1] * next(t.value for t in said if t.kind == "VOLUME")
        return Quantity("in_volume", number[0] * size, number[1] * size, label=volume)
    if name == "a_volume":
        return Quantity("a_volume", number[0] * size, number[1] * size, label=1.0)
    if len(under) == 2:  # "1 tablet to 2 tablets"
        number = (number[0], _number(under[1])[1])
    if number[0] > number[1]:
        return Quantity("strength", *number, pair=number) if name in ("mass", "labelled", "bare", "count") else None
    figures = not all(t.what for b in under for t in _said(b) if t.kind == "NUM")
    lo, hi = number
    match name:
        case "bare":
            return Quantity("bare", lo, hi, figures=figures, pair=number)
        case "count":
            return Quantity("count", lo, hi)
        case "mass":
            return Quantity("mass", lo * size, hi * size, pair=number)
        case "labelled":
            return Quantity("labelled", lo * size, hi * size, pair=(lo, hi))
        case "hourly":
            return Quantity("hourly", lo * size, hi * size)
        case "volume":
            return Quantity("volume", lo * size, hi * size)
        case "spoons":
            return Quantity("volume", lo * 5, hi * 5)
        case "spoonful":
            return Quantity("labelled", lo * size, hi * size, label=0.0)
    return Quantity("doses", lo, hi)
