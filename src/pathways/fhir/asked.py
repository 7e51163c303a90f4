"""Whom a request asks about: ``context.patientId``, which CDS Hooks requires of every hook that is answered here.

An id is compared with the ids of what was sent. What is no id cannot be compared with anything, so that the records of whoever
happens to be in the request would be taken for those of the one who is asked about: it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from ..disk.incoming import clean
from .owners import LONG, Name, UnnamedError, named
from .plain import obj

_WORD = r"[A-Za-z0-9_.\-]{1,255}(?:/_history/[\w.\-]+)?"
_ID = re.compile(rf"{_WORD}|(?:https?://[^\s?#]+/|/)?Patient/{_WORD}/?")
"""An id alone, or as a reference to a Patient; servers also give longer ids, and ones with a low line, than R4 has."""
_MEND = 'send context.patientId, the id of the Patient, as "17" or "Patient/17"'


def asked_for(data: Any, addresses: Collection[Name]) -> Name:
    """The person whom a request is about, by an id or by a full address that a Patient of the request has. Raises UnnamedError
    for what cannot be read as either, and where nothing is given."""
    context = obj(data, "context")
    given = context.get("patientId")
    if given is None:
        raise UnnamedError(f"the request has no patientId: {_MEND}; nothing was checked")
    word = str(given) if isinstance(given, int) and not isinstance(given, bool) else given
    if isinstance(word, str) and len(word) <= LONG:
        word = clean(word).strip()
        made = named(word, kind="Patient")
        if made is not None and (made in addresses or (_ID.fullmatch(word) and made.kind == "id")):
            return made
    said = repr(word[:60]) if isinstance(word, str) and word.strip() else _kind_of(given)
    raise UnnamedError(f"its patientId ({said}) cannot be read as the id of a Patient: {_MEND}; nothing was checked")


def _kind_of(given: Any) -> str:
    kinds = {bool: "true or false", float: "a broken number", str: "empty", list: "a list"}
    return next((word for kind, word in kinds.items() if isinstance(given, kind)), "an object")
