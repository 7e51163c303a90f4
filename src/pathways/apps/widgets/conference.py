"""`CaseConference`: the six questions on one side, the live first page on the other. A view: everything it says is decided elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import tomli_w
import traitlets

from ...care.services import Site
from ...content import Content, load_content
from ...disk.incoming import names_a_resource, too_large
from ...disk.limits import CASE_BYTES
from ...facts.understood import Understood, keep_doubts
from ...facts.words import ask_label
from ...fhir import FhirError
from ...fhir.understood import understood
from ...pages import first_page_html, sheet_html
from ...pages.html import section_html
from ...pages.page import page_questions
from ...profile import Profile, ProfileError, parse_profile
from ...review.case import Case, review
from . import blocks, form, names, records, typed
from .item_zone import wish
from .marks import MARKS
from .plans_zone import PlansZone
from .spec import first_page_rows, form_spec, rows_for
from .understood import Lines
from .view import View, asset


def today() -> date:
    """The day here. Only this edge reads the clock: everything behind it is given its day."""
    return datetime.now().astimezone().date()


SCRIPTS = (
    "line",
    "form",
    "dates",
    "watch",
    "opened",
    "keys",
    "together",
    "plans",
    "allergies",
    "coverage",
    "record",
    "conference",
)
"""The browser's side, in the order in which one needs the other."""


class CaseConference(View):
    """The form of a case conference. Show it as the last line of a cell.

    ``profile`` opens a case; ``as_of`` is the day of review where the case names none (default: today); ``site``
    (`load_site`) adds what is not here, and never changes the advice. From Python, `set`,
    `asked_none`, `add_medicine`, `mark`, `load` and `load_record` do what the controls do; `profile`, `case` and `page`
    are what came of it.
    """

    _esm = asset(*(f"{name}.js" for name in SCRIPTS))
    lens = traitlets.Unicode("").tag(sync=True)
    edit = traitlets.Int(0).tag(sync=True)
    """The number of the newest edit that the browser sent with a state; the view says which it ``answers``."""

    def __init__(
        self,
        profile: Profile | None = None,
        content: Content | None = None,
        *,
        as_of: date | None = None,
        site: Site | None = None,
    ) -> None:
        self.here = site
        self.content = content or load_content()
        self._opened = self._files = self._told = 0
        self._shown: tuple[Any, ...] = ()
        self._error = self._came_from = ""
        self._record: dict[str, Any] | None = None
        self._lines: Lines | None = None
        self._plans = PlansZone()
        start = form.from_profile(profile, self.content) if profile else form.blank(None)
        start["as_of"] = start["as_of"] or (as_of or today()).isoformat()
        lenses = [[lens.id, lens.title] for lens in self.content.lenses.values()]
        spec = {**form_spec(self.content), "lenses": lenses, "max_record_bytes": records.MAX_RECORD_BYTES}
        blank = {**form.blank(None), "as_of": start["as_of"]}
        spec |= {"start": start, "blank": blank, "opens": typed.opens(start)}
        super().__init__(spec=spec, state=start, also=("lens", "edit"))
        self.on_msg(self._message)

    # -- what came of it -----------------------------------------------------------------------------------

    @property
    def case(self) -> Case:
        """The case as reviewed after the last change."""
        return self._case

    @property
    def profile(self) -> Profile:
        """The profile that the form says."""
        return self._case.profile

    def case_file(self) -> str:
        """The case as the text of a TOML case file, with what people marked."""
        return tomli_w.dumps(self.profile.to_dict())

    # -- what the controls do, from Python -----------------------------------------------------------------

    def set(self, key: str, value: Any) -> None:
        """Answer one row ("age_years", "medicines.benzodiazepine"); None makes it not known. Raises KeyError, ValueError."""
        if key not in self.spec["rows"]:
            raise KeyError(key)
        row = self.spec["rows"][key]
        if row["kind"] == "measure" and value not in (None, False):
            value = {"date": self.state["as_of"], **({} if value is True else {"value": value})}
        if row["kind"] == "instrument" and value is not None:
            said = {"items": dict(value)} if isinstance(value, Mapping) else {"value": value}
            value = {"date": self.state["as_of"], **said}
        rows = {k: v for k, v in self.state["rows"].items() if k != key}
        if value is not None:
            rows[key] = value
        state = {**self.state, "rows": rows}
        if problem := form.read_form(state, self.content, None).problems.get(key):
            raise ValueError(f"{key}: {problem}")
        self.state = state

    def asked_none(self, question: int) -> None:
        """The "asked, none" key of one question: its yes/no rows that are still blank become no, but for those that what
        is listed proves: nobody said no to them, and they go when the entry goes."""
        derived = self._derived()
        proved = {key for key, row in derived.items() if row["value"] is True}
        self.state = form.asked_none(self.state, self.content, question, proved)

    def add_medicine(self, what: str, dose: float | None = None, times: str = "", **fields: Any) -> None:
        """Add a line to the medicines list, as the form does. ``times`` a day is "2" or "1-3"."""
        line = {"parts": [{"what": what, "dose": dose}], "times": times, "state": "current", "none": False, **fields}
        self.state = {**self.state, "medicines": [*self.state["medicines"], line]}

    def mark(self, fork: str, alternative: str, mark: str) -> None:
        """Mark an alternative of a decision "for", "against" or "unsure". Raises ValueError for another word."""
        if mark not in MARKS:
            raise ValueError(f"'{mark}' is none of {', '.join(MARKS)}")
        marks = {**self.state["marks"]}
        marks[fork] = {**marks.get(fork, {}), alternative: mark}
        self.state = {**self.state, "marks": marks}

    def wish(self, treatment: str, says: str) -> None:
        """Note that the person "asks_for" or "refuses" a treatment; said again, it is taken back. It goes into the case
        file, and the advice heeds it. Of a treatment that the content does not have, nothing is noted."""
        if treatment in self.content.treatments:
            self.state = {**self.state, "kept": wish(self.state["kept"], treatment, says)}

    def hold(self, kind: str, treatment: str) -> None:
        """Hold the plans to a treatment ("in": each has it; "out": none has it); held so already, it is let go."""
        held = {k: [id for id in self.state["held"].get(k, ()) if id != treatment] for k in ("in", "out")}
        if treatment not in self.state["held"].get(kind, ()):
            held[kind].append(treatment)
        rest = {k: v for k, v in self.state["held"].items() if k not in held}
        self.state = {**self.state, "held": {**{k: v for k, v in held.items() if v}, **rest}}

    def confirm(self, line: int, on: bool = True) -> None:
        """Say of a line of the import (``view["record"]["lines"]``) that it is rightly understood, or take that back."""
        if self._lines is not None and 0 <= line < len(self._lines.all):
            self.state = self._lines.confirm(self.state, line, on)

    def new(self) -> None:
        """Begin a new case: a blank form of the same day of review."""
        self._files += 1
        self._came_from = ""
        self._open_state(dict(self.spec["blank"]))

    def load(self, path: Path | str) -> None:
        """Open a case file. Raises ProfileError; then the form stays as it was."""
        self._open_case(Path(path).name, Profile.load(path, self.content))

    def load_record(self, path: Path | str) -> None:
        """Open a health record in FHIR, or a PDMP export (CSV), as of the day of review. Raises FhirError or ProfileError;
        then the form stays as it was."""
        file = Path(path)
        self._open_record(file.name, file.read_bytes().decode("utf-8", "replace"), file.stat().st_size)

    def open_file(self, path: Path | str) -> None:
        """Open a case file, a health record or a PDMP export, by what is in it; what cannot be opened is said on the page."""
        file = Path(path)
        try:
            if file.suffix.lower() in (".csv", ".ndjson", ".jsonl") or names_a_resource(file):
                self.load_record(file)
            else:
                self.load(file)
        except (FhirError, ProfileError) as error:
            self._refuse(error)

    # -- the browser's side --------------------------------------------------------------------------------

    def _message(self, _: Any, message: Mapping[str, Any], __: Any = None) -> None:
        edit = message.get("edit")
        self._told = max(self._told, edit if isinstance(edit, int) else 0)
        with self.hold_sync():  # state and view arrive together
            self._do(message)
            if self.view["answers"] < self._told:  # nothing on the page changed
                self.view = {**self.view, "answers": self._told}

    def _do(self, message: Mapping[str, Any]) -> None:
        if message.get("do") == "load":
            self._load_text(str(message.get("name", "")), str(message.get("text", "")), message.get("size", 0))
        elif message.get("do") == "record":
            try:
                self._open_record(str(message.get("name", "")), str(message.get("text", "")), message.get("size", 0))
            except (FhirError, ProfileError) as error:
                self._refuse(error)
        elif message.get("do") == "record_done":
            self._record = self._lines = None
            self._render()
        elif message.get("do") == "asked_none" and message.get("question") in range(1, 7):
            self.asked_none(message["question"])
        elif message.get("do") == "new":
            self.new()
        elif message.get("do") == "confirm" and isinstance(message.get("line"), int):
            self.confirm(message["line"], message.get("on") is not False)
        elif message.get("do") == "open":
            self._open_section(str(message.get("section", "")))
        elif message.get("do") == "plans":
            self.send(self._plans.message(self.case, self.state, self._opened, self._renders))
        elif message.get("do") == "item":
            self.send(self._plans.item(self.case, self.state, str(message.get("item", ""))))
        elif message.get("do") == "wish" and message.get("says") in ("asks_for", "refuses"):
            self.wish(str(message.get("item", "")), message["says"])
        elif message.get("do") == "sheet":
            sheet = blocks.data_link(sheet_html(self.case, self.here), "text/html")
            self.send({"do": "download", "name": f"{self._file_name()}.html", "href": sheet})

    def _open_section(self, id: str) -> None:
        """Send one section of the sheet, which the page only counts or names."""
        title, html = section_html(self.case, id, self.here) or ("Nothing more", "<p>Nothing more is said of this.</p>")
        self.send({"do": "section", "section": id, "title": title, "html": html})

    def _load_text(self, name: str, text: str, size: float) -> None:
        try:
            if size > CASE_BYTES.most:
                raise ProfileError([too_large(size, CASE_BYTES)])
            if name.lower().endswith(".json") and (state := typed.read(text, self.content)):
                self._open_state(state)
                return
            kind = "json" if name.lower().endswith(".json") else "toml"
            profile = parse_profile(text, kind, self.content, where=name)
        except ProfileError as error:
            self._refuse(error)
            return
        self._open_case(name, profile)

    def _open_case(self, name: str, profile: Profile) -> None:
        report, lines = records.of_file(name, profile, self.content)
        self._files += 1
        self._came_from = name
        self._open(profile, report, lines)

    def _open_state(self, state: form.State) -> None:
        """Show a form as it was typed, with nothing of an import beside it."""
        self._record = self._lines = None
        self._opened += 1
        self._error, self.lens = "", ""
        self.state = state
        self._render()

    def _refuse(self, error: ProfileError | FhirError) -> None:
        more = len(error.problems) - 1
        self._error = f"Not opened, nothing was changed. {str(error).splitlines()[0][:300]}" + (
            f" (and {more} more)" if more else ""
        )
        self._render()

    def _open_record(self, name: str, text: str, size: float) -> None:
        self._came_from = ""
        reading = form.read_form(self.state, self.content, today())
        if name.lower().endswith(".csv"):
            self._open(*records.open_pdmp(name, text, reading.profile.as_of or today(), self.content))
            return
        imported = records.open_record(text, size, reading.profile.as_of or today(), self.content)
        lines = understood(imported, content=self.content)
        profile = keep_doubts(imported.profile, lines, self.content)
        self._open(profile, records.report_view(name, imported), lines)

    def _open(self, profile: Profile, record: dict[str, Any] | None = None, lines: Sequence[Understood] = ()) -> None:
        self._record = {**record, "n": self._opened + 1} if record is not None else None
        self._lines = Lines(lines, profile, self.content) if record is not None else None
        state = form.from_profile(profile, self.content)
        state["as_of"] = state["as_of"] or self.state["as_of"]
        self._opened += 1
        self._error = ""
        self.lens = ""
        if state == self.state:
            self._render()
        self.state = state

    def _is_new(self, change: Mapping[str, Any]) -> bool:
        """Whether a change is to be shown: one message of the browser changes several traits, and is shown once."""
        if change["name"] == "state":
            self._error = ""
        self._told = max(self._told, self.edit)
        return (self.state, self.lens, self._told) != self._shown

    def _render(self, change: Any = None) -> None:
        if change is not None and not self._is_new(change):
            return
        self._shown = (self.state, self.lens, self._told)
        reading = form.read_form(self.state, self.content, today())
        decided = self.state["marks"]
        case = review(reading.profile, content=self.content)
        forks = blocks.forks_of(case)
        marked = all(any(a["key"] in decided.get(f["id"], {}) for a in f["alternatives"]) for f in forks)
        lens = self.lens if marked and self.lens in self.content.lenses else ""
        self._case = review(reading.profile, content=self.content, lens=lens) if lens else case
        self._show(
            answers=self._told,
            files=self._files,
            opened=self._opened,
            page=first_page_html(self._case, self.here, opens=True),
            status=self._status(len(reading.problems)),
            error=self._error,
            record=self._record and {**self._record, **(self._lines.view(self.state) if self._lines else {})},
            problems=dict(reading.problems),
            derived=self._derived(),
            **self._notes(),
            older=self._older(),
            asks=self._asks(),
            silenced=[[ask, ask_label(self.content, ask)] for ask in reading.profile.cannot_answer],
            forks=forks,
            open=bool(forks) and marked,
            lens=lens,
            agenda=str(blocks.agenda_html(self._case, lens)) if lens else "",
            file={
                "name": f"{self._file_name()}.toml",
                "href": blocks.data_link(self.case_file(), "application/toml"),
            },
        )

    def _status(self, problems: int) -> str:
        urgent = [e.record.title for e in self._case.findings.emergencies if e.state == "present"]
        first = f"Urgent: {'; '.join(urgent)}" if urgent else "No urgent sign among those asked"
        if not urgent and not any(key in self.state["rows"] for key in first_page_rows(self.content, 1)):
            first = "Urgent signs not asked yet"
        wrong = f" {problems} answer{'s' * (problems > 1)} could not be used: see the red notes." if problems else ""
        return f"{first}. Page updated.{wrong}"

    def _derived(self) -> dict[str, dict[str, Any]]:
        rows = (key for key in self.spec["rows"] if key not in self.state["rows"])
        return blocks.derived_of(self._case, rows)

    def _notes(self) -> dict[str, dict[str, Any]]:
        """What to say beside entries of the lists, and the names that may be meant: a name that the kit does not know
        leaves answers open."""
        notes, offers = {}, {}
        came = self._lines.view(self.state)["own"] if self._lines else {}
        for n, entry in enumerate(self.state["medicines"]):
            said, near = names.medicine_note(entry, self.content, came.get(f"medicines.{n}", ""))
            if said:
                notes[f"medicines.{n}"] = said
            if near:
                offers[f"medicines.{n}"] = list(near)
        for n, entry in enumerate(self.state["conditions"]):
            if said := names.condition_note(entry, self.content):
                notes[f"conditions.{n}"] = said
        return {"notes": notes, "offers": offers}

    def _older(self) -> list[str]:
        names = {**self.content.measures, **self.content.instruments}
        found = []
        for data in self.state["observations"]:
            record = names.get(data["measure"])
            name = getattr(record, "short", None) or getattr(record, "label", data["measure"])
            found.append(f"{name} {data.get('date', 'without a date')}")
        return found

    def _asks(self) -> list[dict[str, Any]]:
        # They stand below the page, so they do not give way where the page is full.
        return [
            {
                "ask": question.ask,
                "label": question.label,
                "settles": list(question.settles[:2]),
                "minutes": question.minutes,
                "rows": list(rows_for(self.content, question.ask)),
            }
            for question in page_questions(self._case)
        ]

    def _file_name(self) -> str:
        return names.file_name(self.profile, self.content, self._came_from)
