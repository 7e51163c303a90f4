"""`read`: from FHIR data to a profile, its orders and a report. Plain dicts: real records break strict models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..content import Content
from ..profile import Profile
from .report import ImportReport


class FhirError(ValueError):
    """Input that cannot be read as FHIR at all. The message says why and how to mend it."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Imported:
    """What was read. ``hook`` is the name of the CDS hook, None for a Bundle."""

    profile: Profile
    report: ImportReport
    hook: str | None = None


def read(data: Mapping[str, Any] | list[Any], as_of: date | None = None, *, content: Content | None = None) -> Imported:
    """Read a Bundle, a list of resources or a CDS Hooks request. ``as_of`` is today; without it the date that the
    Bundle gives itself. Raises FhirError for what is none of these."""
    raise NotImplementedError


def load(path: Path, as_of: date | None = None, *, content: Content | None = None) -> Imported:
    """Read a file: JSON, or NDJSON with one resource a line. Raises FhirError."""
    raise NotImplementedError
