"""`Site`: what is at hand where the team works, from a `site.toml`. It adds a gap plan and changes no recommendation."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, model_validator

from ...content import Content, load_content
from ...content.parts import content_of, known_service
from ...content.problems import problem_lines
from ...disk import clear_drafts
from ...disk.incoming import InputError, from_toml, read_file, text_of
from ...disk.limits import SITE_BYTES
from ...language.nearest import did_you_mean

Where = Literal["here", "remote", "referral", "none"]
Short = Annotated[str, Field(min_length=1, max_length=200)]
Phone = Annotated[str, Field(pattern=r"^[0-9+()./ x-]{2,30}$")]


class SiteError(ValueError):
    """A site file that cannot be used: where, what was given, what is allowed. Nothing was changed."""

    def __init__(self, problems: list[str], where: str = "") -> None:
        self.problems = [f"{where}: {problem}" if where else problem for problem in problems]
        super().__init__("\n".join(self.problems))


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True, defer_build=True
    )


class SiteService(_Part):
    """How one service is had: ``here``, ``remote`` (telehealth), by ``referral`` (with its wait), or ``none``.
    ``id`` is a service of the content, or one treatment."""

    id: Short
    where: Where
    route: str = Field("", max_length=300)
    wait_days: int | None = Field(None, ge=0, le=730, strict=True)
    phone: Phone | None = None

    @model_validator(mode="after")
    def _fits(self, info: ValidationInfo) -> Self:
        known_service(self.id, content_of(info))
        if self.where == "referral" and not self.route:
            raise ValueError(f"{self.id}: a referral needs a route: to whom, and how")
        if self.wait_days is not None and self.where in ("here", "none"):
            raise ValueError(f"{self.id}: wait_days belongs to referral or remote, not to '{self.where}'")
        return self


class Staff(_Part):
    """Who holds a role here. ``role`` is a role of the content."""

    role: Short
    name: Short
    phone: Phone | None = None

    @model_validator(mode="after")
    def _known(self, info: ValidationInfo) -> Self:
        roles = content_of(info).roles
        if self.role not in roles:
            raise ValueError(f"no role '{self.role}'.{did_you_mean(self.role, roles)}")
        return self


class Number(_Part):
    """A number to call, such as the crisis line or the on-call pharmacist."""

    label: Short
    number: Phone


class StateRule(_Part):
    """A rule of the state, in the site's own words, with who says so and when that was last looked at."""

    title: Short
    says: Annotated[str, Field(min_length=1, max_length=600)]
    source: Short
    checked_on: date
    recheck_by: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.recheck_by is not None and self.recheck_by < self.checked_on:
            raise ValueError(f"recheck_by {self.recheck_by} is before checked_on {self.checked_on}")
        return self


class Thresholds(_Part):
    """When the site acts on a delay. They concern its own work and no person's treatment."""

    longest_wait_days: int | None = Field(None, ge=0, le=730, strict=True)
    contact_every_days: int | None = Field(None, ge=1, le=90, strict=True)


class Signoff(_Part):
    """A row that a clinician of the site confirmed, or amended, against an edition of its source."""

    row: Short
    role: Short
    date: date
    edition: Short
    amend: str = Field("", max_length=600)

    @model_validator(mode="after")
    def _known(self, info: ValidationInfo) -> Self:
        rows = content_of(info).signoff_rows
        if self.row not in rows:
            raise ValueError(f"no row '{self.row}' to confirm.{did_you_mean(self.row, rows)}")
        return self


class Site(_Part):
    """A site file. Load one with `load_site`."""

    schema_version: Literal[1] = 1
    name: Short
    service: tuple[SiteService, ...] = Field((), max_length=200)
    roster: tuple[Staff, ...] = Field((), max_length=200)
    phone: tuple[Number, ...] = Field((), max_length=50)
    state_rule: tuple[StateRule, ...] = Field((), max_length=100)
    thresholds: Thresholds = Thresholds()
    signoff: tuple[Signoff, ...] = Field((), max_length=2000)

    @model_validator(mode="after")
    def _once(self) -> Self:
        ids = [service.id for service in self.service]
        if twice := [id for n, id in enumerate(ids) if id in ids[:n]]:
            raise ValueError(f"service '{twice[0]}' is given twice")
        return self

    def of(self, treatment: str, content: Content) -> SiteService | None:
        """How a treatment is had here: what the site says of it, or of its service; None where it says nothing."""
        said = {service.id: service for service in self.service}
        if treatment in said:
            return said[treatment]
        return next((said[s.id] for s in content.services.values() if treatment in s.treatments and s.id in said), None)


def load_site(path: Path | str, content: Content | None = None) -> Site:
    """Read a site file. Raises SiteError with every mistake, one line each."""
    path = Path(path)
    return parse_site(read_text(path), content, path.name)


def read_text(path: Path) -> str:
    """The text of a site file. Raises SiteError."""
    clear_drafts(path.parent)
    try:
        if path.is_dir():
            raise SiteError(["this is a folder; name a site file (.toml)"], str(path))
        raw = read_file(path, SITE_BYTES)
    except FileNotFoundError:
        raise SiteError(["there is no such file"], str(path)) from None
    except InputError as error:
        raise SiteError([str(error)], str(path)) from None
    except OSError as error:
        raise SiteError([f"cannot be read: {error.strerror}"], str(path)) from None
    return site_text(raw, str(path))


def site_text(raw: bytes, where: str) -> str:
    """The text of a site file from its bytes. Raises SiteError."""
    try:
        return text_of(raw).replace("\r\n", "\n")
    except InputError as error:
        raise SiteError([str(error)], where) from None


def parse_site(text: str, content: Content | None = None, where: str = "site file") -> Site:
    """A site from the text of its file. Raises SiteError."""
    try:
        data = from_toml(text)
    except InputError as error:
        raise SiteError([str(error)], where) from None
    try:
        return Site.model_validate(data, context={"content": content or load_content()})
    except ValidationError as error:
        raise SiteError(list(problem_lines(error, Site)), where) from None
