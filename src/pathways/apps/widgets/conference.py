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
from ...pages.html import at_a_glance_html, section_html
from ...pages.person_line import person_line
from ...profile import Profile, ProfileError, parse_profile
from ...review.case import Case, review
from ...review.explain import differences
from . import around, blocks, fitting, form, names, outs, records, typed
from .item_zone import wish
from .marks import MARKS
from .meeting import DOES, Meeting, added, decision
from .plans_zone import PlansZone
from .spec import form_spec
from .understood import Lines
from .view import View, asset


def today() -> date:
    """The day here. Only this edge reads the clock: everything behind it is given its day."""
    return datetime.now().astimezone().date()


SCRIPTS = (
    "line", "form", "dates", "watch", "save", "opened", "keys", "seats", "together", "meeting", "plans", "whatif", "person", "allergies",
    "coverage", "record", "pictures", "outs", "conference",
)  # fmt: skip  # words, read across
"""The browser's side, in the order in which one needs the other."""


class CaseConference(View):
    """The form of a case conference. Show it as the last line of a cell.

    ``profile`` opens a case; ``as_of`` is the day of review where the case names none (default: today); ``site``
    (`load_site`) adds what is not here, and never changes the advice. From Python, `set`,
    `asked_none`, `add_medicine`, `mark`, `load` and `load_record` do what the controls do; `profile`, `case` and `page`
    are what came of it.
    """

    _esm = asset(*(f"{name}.js" for name in SCRIPTS))
    tried = traitlets.Dict().tag(sync=True)
    """The form as somebody tries it, while they do: shown beside the case, and in no file until it is kept."""
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
        self._kept: tuple[Any, ...] = ()
        self._unread: list[list[str]] = []
        self._error = self._came_from = ""
        self._record: dict[str, Any] | None = None
        self._lines: Lines | None = None
        self._plans = PlansZone()
        self._meeting = Meeting(self.content)
        start = form.from_profile(profile, self.content) if profile else form.blank(None)
        start["as_of"] = start["as_of"] or (as_of or today()).isoformat()
        lenses = [[lens.id, lens.title] for lens in self.content.lenses.values()]
        spec = {
            **form_spec(self.content),
            "lenses": lenses,
            "outs": outs.spec(),
            "max_record_bytes": records.MAX_RECORD_BYTES,
        }
        blank = {**form.blank(None), "as_of": start["as_of"]}
        spec |= {"start": start, "blank": blank, "opens": typed.opens(start)}
        super().__init__(spec=spec, state=start, also=("tried", "lens", "edit"))
        self.on_msg(self._message)

    # -- what came of it -----------------------------------------------------------------------------------

    @property
    def case(self) -> Case:
        """The case as reviewed after the last change that was kept."""
        return self._case

    @property
    def _now(self) -> form.State:
        return self.tried or self.state

    def _put(self, state: form.State) -> None:
        """Take a changed form: as tried while something is, else as the case."""
        if self.tried:
            self.tried = state
        else:
            self.state = state

    @property
    def profile(self) -> Profile:
        """The profile that the form says."""
        return self._case.profile

    def case_file(self) -> str:
        """The text of a TOML case file, with what people marked. Raises ProfileError while something typed cannot be read."""
        if self._unread:
            raise ProfileError([": ".join(one) for one in self._unread], "Not saved")
        return tomli_w.dumps(self.profile.to_dict())

    # -- what the controls do, from Python -----------------------------------------------------------------

    def set(self, key: str, value: Any) -> None:
        """Answer one row ("age_years", "medicines.benzodiazepine"); None makes it not known. Raises KeyError, ValueError."""
        if key not in self.spec["rows"]:
            raise KeyError(key)
        row = self.spec["rows"][key]
        if row["kind"] == "measure" and value not in (None, False):
            value = {"date": self._now["as_of"], **({} if value is True else {"value": value})}
        if row["kind"] == "instrument" and value is not None:
            said = {"items": dict(value)} if isinstance(value, Mapping) else {"value": value}
            value = {"date": self._now["as_of"], **said}
        rows = {k: v for k, v in self._now["rows"].items() if k != key}
        if value is not None:
            rows[key] = value
        state = {**self._now, "rows": rows}
        if problem := form.read_form(state, self.content, None).problems.get(key):
            raise ValueError(f"{key}: {problem}")
        self._put(state)

    def asked_none(self, question: int) -> None:
        """The "asked, none" key of one question: its yes/no rows that are still blank become no, but for those that what
        is listed proves: nobody said no to them, and they go when the entry goes."""
        derived = self._derived()
        proved = {key for key, row in derived.items() if row["value"] is True}
        self._put(form.asked_none(self._now, self.content, question, proved))

    def add_medicine(self, what: str, dose: float | None = None, times: str = "", **fields: Any) -> None:
        """Add a line to the medicines list, as the form does. ``times`` a day is "2" or "1-3"."""
        line = {"parts": [{"what": what, "dose": dose}], "times": times, "state": "current", "none": False, **fields}
        self._put({**self._now, "medicines": [*self._now["medicines"], line]})

    def mark(self, fork: str, alternative: str, mark: str) -> None:
        """Mark an alternative of a decision "for", "against" or "unsure". Raises ValueError for another word."""
        if mark not in MARKS:
            raise ValueError(f"'{mark}' is none of {', '.join(MARKS)}")
        marks = {**self._now["marks"]}
        marks[fork] = {**marks.get(fork, {}), alternative: mark}
        self._put({**self._now, "marks": marks})

    def wish(self, treatment: str, says: str) -> None:
        """Note that the person "asks_for" or "refuses" a treatment; said again, it is taken back. It goes into the case
        file, and the advice heeds it. Of a treatment that the content does not have, nothing is noted."""
        if treatment in self.content.treatments:
            self._put({**self._now, "kept": wish(self._now["kept"], treatment, says)})

    def decide(self, item: str, outcome: str = "do", **more: Any) -> None:
        """Record what was decided of a treatment or a recommendation on the day of review: ``owner`` and ``due``, ``note``, and
        ``dissent`` as a list of {"role": …, "says": …}. Raises ProfileError; then nothing is recorded."""
        self._put(added(self._now, decision({"item": item, "outcome": outcome, **more}, self._seen, today())))

    def hold(self, kind: str, treatment: str) -> None:
        """Hold the plans to a treatment ("in": each has it; "out": none has it); held so already, it is let go."""
        held = {k: [id for id in self._now["held"].get(k, ()) if id != treatment] for k in ("in", "out")}
        if treatment not in self._now["held"].get(kind, ()):
            held[kind].append(treatment)
        rest = {k: v for k, v in self._now["held"].items() if k not in held}
        self._put({**self._now, "held": {**{k: v for k, v in held.items() if v}, **rest}})

    def confirm(self, line: int, on: bool = True) -> None:
        """Say of a line of the import (``view["record"]["lines"]``) that it is rightly understood, or take that back."""
        if self._lines is not None and 0 <= line < len(self._lines.all):
            self._put(self._lines.confirm(self._now, line, on))

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
        elif message.get("do") == "out":
            self.send(outs.made(self.case, self.here, message, self._file_name()))
        elif message.get("do") == "plans":
            self.send(self._plans.message(self._seen, self._now, self._opened, self._renders))
        elif message.get("do") == "item":
            self.send(self._plans.item(self._seen, self._now, str(message.get("item", ""))))
        elif message.get("do") == "wish" and message.get("says") in ("asks_for", "refuses"):
            self.wish(str(message.get("item", "")), message["says"])
        elif message.get("do") in DOES:
            self._in_meeting(message)
        elif message.get("do") == "sheet":
            sheet = blocks.data_link(sheet_html(self.case, self.here), "text/html")
            self.send({"do": "download", "name": f"{self._file_name()}.html", "href": sheet})

    def _in_meeting(self, message: Mapping[str, Any]) -> None:
        took = self._meeting.take(message, self._seen, self._now, today())
        if took.put is not None:
            self._put(took.put)
        if took.open is not None:
            self._came_from, state, changed = took.open
            self._files += not changed
            self._open_state(state, self._meeting.at)
        self.send(self._meeting.message(self._seen, self._now, took))

    def _open_section(self, id: str) -> None:
        """Send one section of the sheet, which the page only counts or names."""
        title, html = section_html(self._seen, id, self.here) or (
            "Nothing more",
            "<p>Nothing more is said of this.</p>",
        )
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

    def _open_state(self, state: form.State, at: int | None = None) -> None:
        """Show a form as it was typed, with nothing of an import beside it; ``at``: its place in the list of a conference."""
        self._record = self._lines = None
        self._meeting.at = at
        self._opened += 1
        self._error, self.lens, self.tried = "", "", {}
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
        self._meeting.at = None
        state = form.from_profile(profile, self.content)
        state["as_of"] = state["as_of"] or self.state["as_of"]
        self._opened += 1
        self._error, self.lens, self.tried = "", "", {}
        if state == self.state:
            self._render()
        self.state = state

    def _is_new(self, change: Mapping[str, Any]) -> bool:
        """Whether a change is to be shown: one message of the browser changes several traits, and is shown once."""
        if change["name"] == "state":
            self._error = ""
        self._told = max(self._told, self.edit)
        return (self.state, self.tried, self.lens, self._told) != self._shown

    def _render(self, change: Any = None) -> None:
        if change is not None and not self._is_new(change):
            return
        self._shown = (self.state, self.tried, self.lens, self._told)
        reading, self._seen, lens = self._reviewed(self._now)
        told = fitting.unread(reading.problems, self._now, self.content)
        if not self.tried:
            self._case, self._unread = self._seen, told
        elif self._kept != (self.state, self.lens):
            kept, self._case, _ = self._reviewed(self.state)
            self._unread = fitting.unread(kept.problems, self.state, self.content)
        self._kept = (self.state, self.lens)
        forks = blocks.forks_of(self._seen)
        changed = differences(self._case, self._seen) if self.tried else ()
        came = self._lines.view(self._now) if self._lines else {}
        self._show(
            answers=self._told,
            files=self._files,
            opened=self._opened,
            page=first_page_html(self._seen, self.here, opens=True),
            before=first_page_html(self._case, self.here, opens=True) if self.tried else "",
            changes=str(blocks.changes_html(self._seen, changed)) if self.tried else "",
            pictures=at_a_glance_html(self._seen),
            status=around.status(self._seen, [what for what, _ in told]),
            error=self._error,
            record=self._record and {**self._record, **came},
            problems=dict(reading.problems),
            derived=(derived := self._derived()),
            left=around.left(self._seen, self._now, derived),
            person=person_line(self._seen).text,
            **around.notes(self._now, came.get("own", {}), self.content),
            older=around.older(self._now, self.content),
            asks=around.asks(self._seen),
            silenced=[[ask, ask_label(self.content, ask)] for ask in reading.profile.cannot_answer],
            forks=forks,
            open=bool(forks) and around.marked(self._now, forks),
            lens=lens,
            agenda=str(blocks.agenda_html(self._seen, lens)) if lens else "",
            file=blocks.file_data(f"{self._file_name()}.toml", self.case_file, self._unread),
        )

    def _reviewed(self, state: form.State) -> tuple[form.Reading, Case, str]:
        """What a state says, reviewed; and the way of looking, which opens when each decision has a mark."""
        reading = form.read_form(state, self.content, today())
        case = review(reading.profile, content=self.content)
        opened = self.lens in self.content.lenses and around.marked(state, blocks.forks_of(case))
        seen = review(reading.profile, content=self.content, lens=self.lens) if opened else case
        return reading, seen, self.lens if opened else ""

    def _derived(self) -> dict[str, dict[str, Any]]:
        rows = (key for key in self.spec["rows"] if key not in self._now["rows"])
        return blocks.derived_of(self._seen, rows)

    def _file_name(self) -> str:
        return names.file_name(self.profile, self.content, self._came_from)
