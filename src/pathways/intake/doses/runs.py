"""Runs of tokens that say one thing together: days of the week ("Mon-Sat", "Mon, Wed and Fri", "weekends"), an amount and
a part of it ("a tablet and a half"), and an amount whose number is left out ("change patch every week")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .words import Token


def weekdays_in_full(tokens: Sequence[Token]) -> list[Token]:
    """Each stretch of days as its days: a range with those between, a list without its commas. A range that can be read in
    two ways ("Mon to Wed to Fri", "Mon to Mon", "Mon or Thu") is not understood."""
    made: list[Token] = []
    i = 0
    while i < len(tokens):
        if not _days(tokens[i]):
            made.append(tokens[i])
            i += 1
            continue
        end = i + 1
        while end + 1 < len(tokens) and tokens[end].kind in ("TO", "SEP", "AND", "OR") and _days(tokens[end + 1]):
            end += 2
        while end < len(tokens) and _days(tokens[end]):  # "Mon Wed Fri", each without a comma
            end += 1
        made += _run(tokens[i:end])
        i = end
    return made


def _days(token: Token) -> tuple[int, ...]:
    if token.kind == "WEEKDAY":
        return (int(token.value),)
    return tuple(int(day) for day in token.what.split()) if token.kind == "DAYSET" else ()


def _run(run: Sequence[Token]) -> Iterator[Token]:
    joined = [token for token in run if not _days(token)]
    ranges = [token for token in joined if token.kind == "TO"]
    listed = len(ranges) > 1 and len(ranges) == len(joined) and all(token.text == "-" for token in ranges)
    said = " ".join(token.text for token in run)
    n = 0
    while n < len(run):
        first, then = run[n], run[n + 1] if n + 1 < len(run) else None
        if then is not None and then.kind == "TO" and not listed:
            days = _between(first, run[n + 2])
            chained = n + 3 < len(run) and run[n + 3].kind == "TO"
            yield from (
                (Token("WEEKDAY", day, text=said) for day in days)
                if days and not chained
                else [Token("UNKNOWN", text=said)]
            )
            n += 3
        elif first.kind == "OR":
            yield Token("UNKNOWN", text=said)
            n += 1
        else:
            yield from (Token("WEEKDAY", day, text=said) for day in _days(first))
            n += 1


def _between(first: Token, last: Token) -> list[int]:
    """The days from one to the other, over Sunday where need be; none where that says nothing."""
    if first.kind != "WEEKDAY" or last.kind != "WEEKDAY" or first.value == last.value:
        return []
    start, end = int(first.value), int(last.value)
    return [(start + n - 1) % 7 + 1 for n in range((end - start) % 7 + 1)]


def amounts_in_full(tokens: Sequence[Token]) -> list[Token]:
    """Amounts and intervals with all of their numbers and units."""
    made = _hours(_listed(tokens))
    alone = [n for n, token in enumerate(made) if token.kind == "UNIT" and token.what in ("alone", "patch")]
    one = len(alone) == 1 and made[alone[0]].value == 1 and not _any_amount(made)
    for n in reversed(alone):
        if one:
            made[n] = Token("ONE", text=made[n].text)
        elif made[n].what == "alone":
            del made[n]
    return _sums(made)


def _any_amount(tokens: Sequence[Token]) -> bool:
    """Whether a number is said that is no interval ("every 3 days", "q4-6h")."""
    for n, token in enumerate(tokens):
        before = [t.kind for t in tokens[max(n - 3, 0) : n]]
        if token.kind == "ONE" or (
            token.kind == "NUM" and before[-1:] != ["EVERY"] and before != ["EVERY", "NUM", "TO"]
        ):
            return True
    return False


_LATIN_HOURS = (4.0, 6.0, 8.0, 12.0, 24.0, 48.0, 72.0)
_ENDS = (
    "PRN",
    "SEP",
    "DOT",
    "LP",
    "RP",
    "MAX",
    "MAXPOST",
    "FOR",
    "LOOSE",
    "SCALE",
    "DIRECTED",
    "WATCHED",
    "AND",
    "EVENT",
)


def _hours(tokens: Sequence[Token]) -> list[Token]:
    """ "q6 prn", "q4-6": hours, which go without saying after the Latin q."""
    made: list[Token] = []
    for n, token in enumerate(tokens):
        made.append(token)
        if token.kind != "NUM" or (n + 1 < len(tokens) and tokens[n + 1].kind not in _ENDS):
            continue
        kinds = [t.kind for t in made[-4:]]
        alone = kinds[-2:] == ["EVERY", "NUM"] and made[-2].text == "q" and token.value in _LATIN_HOURS
        ranged = kinds == ["EVERY", "NUM", "TO", "NUM"] and made[-4].text == "q" and 4 <= token.value <= 12
        if alone or ranged:
            made.append(Token("SPAN", 1 / 24, text="h"))
    return made


def _listed(tokens: Sequence[Token]) -> list[Token]:
    """ "1, 2 or 3 tablets": from the first to the last."""
    made = list(tokens)
    for n in range(len(made) - 4):
        run = made[n : n + 5]
        joined = [token.kind for token in run] == ["NUM", "SEP", "NUM", "TO", "NUM"] and run[1].text == ","
        joined = joined or ([token.kind for token in run] == ["NUM", "TO", "NUM", "TO", "NUM"] and run[1].text == "or")
        if joined and run[3].text == "or" and run[0].value + 2 == run[2].value + 1 == run[4].value:
            del made[n + 1 : n + 3]
            break
    return made


def _sums(tokens: Sequence[Token]) -> list[Token]:
    """ "A tablet and a half", "1 tab + 1/2 tab": one amount."""
    made: list[Token] = []
    i = 0
    while i < len(tokens):
        whole, used = _whole_at(tokens, i)
        rest = tokens[i + used : i + used + 5]
        if (
            whole
            and [t.kind for t in rest[:2]] == ["AND", "NUM"]
            and 0 < rest[1].value < 1
            and not _goes_on(made, rest[2:])
        ):
            unit = tokens[i + 1] if used == 2 else Token("UNIT", 1.0, text=tokens[i].text)
            made += [Token("NUM", whole + rest[1].value, "word"), unit]
            i += used + (3 if len(rest) > 2 and rest[2].kind == "UNIT" else 2)
        else:
            made.append(tokens[i])
            i += 1
    return made


def _whole_at(tokens: Sequence[Token], i: int) -> tuple[float, int]:
    """A whole number of units at ``i``, and how many tokens say it; 0 for none."""
    if tokens[i].kind == "ONE":
        return 1.0, 1
    counted = tokens[i].kind == "NUM" and i + 1 < len(tokens) and tokens[i + 1].kind == "UNIT"
    return (tokens[i].value, 2) if counted and tokens[i].value == int(tokens[i].value) else (0.0, 0)


def _goes_on(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether the numbers belong to something else: "1 to 2 tablets and ...", "1 tablet and half an hour later"."""
    if before and before[-1].kind in ("TO", "X", "SLASH", "NUM"):
        return True
    kinds = [token.kind for token in after] + ["", ""]
    if kinds[0] == "NUM":
        return kinds[1] not in ("TIMES", "SPAN", "HOURLY")  # ... 3 times a day
    return kinds[0] in ("SPAN", "MASS", "VOLUME", "SPOON", "TO", "TIMES", "X", "SLASH")
