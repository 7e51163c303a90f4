"""The content as Markdown pages to read, one a kind. Same content, same bytes; the pages are never edited by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..content import models as m
from ..content.library import Content
from ..content.loader import all_cites
from ..disk import write_file
from ..review.brought import inherited
from .blocks import CONFIDENCE_WORDS, phase_words
from .content_words import MARK, bullets, cases_of, code, heading, links, plain, roles, said, table_of, text

NOTE = (
    "Generated from the records by `pathways docs --out docs/content`: change the record, not this page. "
    "Supports clinical judgement and gives no orders; a draft until a clinician has reviewed it. "
    f"{MARK} marks a place in a source that is not yet confirmed."
)
TITLES: Mapping[str, str] = {
    "recommendations": "Recommendations by guideline",
    "treatments": "Treatments",
    "interactions": "Interactions",
    "medicines": "What speaks against a medicine, and its highest dose",
    "emergencies": "Emergencies",
    "instruments": "Instruments",
    "care_pathways": "Care pathways",
    "disagreements": "Where the sources disagree",
    "sources": "Sources",
}


def pages(content: Content) -> dict[str, str]:
    """Every page by its file name."""
    bodies = {
        "recommendations": _recommendations(content),
        "treatments": _treatments(content),
        "interactions": _interactions(content),
        "medicines": _medicines(content),
        "emergencies": _emergencies(content),
        "instruments": _instruments(content),
        "care_pathways": _care_pathways(content),
        "disagreements": _disagreements(content),
        "sources": _sources(content),
    }
    found = {f"{name}.md": _page(TITLES[name], body) for name, body in bodies.items()}
    return {**found, "README.md": _page("The content, to read", _index(content))}


def is_page(path: Path) -> bool:
    """Whether a file is a page that was made here."""
    return NOTE.encode() in path.read_bytes()


def write_pages(content: Content, folder: Path) -> list[Path]:
    """Write every page into a folder, and take away pages of kinds that are gone. Gives what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages(content)
    for old in folder.glob("*.md"):
        if old.name not in made and is_page(old):
            old.unlink()
    for name, page in made.items():
        write_file(folder / name, page.encode(), 0o644, private=False)  # public knowledge, of no person
    return [folder / name for name in made]


def _page(title: str, body: Iterable[str]) -> str:
    return "\n".join((f"# {title}", "", NOTE, "", *body)).rstrip("\n") + "\n"


# ---- the pages ------------------------------------------------------------------------------------------------


def _index(content: Content) -> Iterator[str]:
    pages = {name: name for name in TITLES if name != "medicines"} | {"care_pathways": "pathways"}
    counts = {name: len(getattr(content, table)) for name, table in pages.items()}
    yield from table_of(("Page", "Records"), ((f"[{TITLES[name]}]({name}.md)", str(n)) for name, n in counts.items()))
    flags: Counter[str] = Counter(cite.confidence for cites in all_cites(content).values() for cite in cites)
    yield "Citations by how well the place was read:"
    yield ""
    yield from bullets(f"{word}: {flags[flag]}" for flag, word in CONFIDENCE_WORDS.items())


def _demands(content: Content, record: m.Recommendation | m.Emergency) -> Iterator[str]:
    """What a record demands of every plan while it holds."""
    for d in record.demands:
        parts = []
        if d.calls_for:
            parts.append(f"calls for {links(content, d.calls_for)} ({phase_words(d.by)})")
        if d.one_of:
            parts.append(f"calls for one of {links(content, d.one_of)} ({phase_words(d.by)})")
        if d.speaks_against:
            parts.append(f"speaks against {text(', '.join(map(plain, d.speaks_against)))} ({text(d.label)})")
        only = f"When {code(d.when)}: " if d.when else ""
        yield f"**Demands** {only}{'; '.join(parts)}"


def _recommendations(content: Content) -> Iterator[str]:
    by_file: dict[str, list[m.Recommendation]] = {}
    for r in content.recommendations.values():
        by_file.setdefault(r.source[0].id, []).append(r)
    for source_id, records in by_file.items():
        source = content.sources[source_id]
        yield from heading(2, source_id, f"{source.title} ({source.year})")
        for r in records:
            yield from heading(3, r.id, r.title)
            grade = " ".join(x for x in (r.strength.scheme, r.strength.category, r.strength.evidence) if x)
            lines = [f"**Offer:** {text(r.action)}", f"**Why:** {text(r.why)}"]
            lines += [text(detail) for detail in r.details]
            lines += [f"**Applies when** {code(r.when)}"]
            lines += [f"**Met when** {code(r.done)}"] if r.done else []
            lines += [f"**While** {code(r.held_while)}: {text(r.meanwhile)}"] if r.held_while else []
            lines += [f"**Carried out by** {links(content, r.treatments)}"] if r.treatments else []
            lines += _demands(content, r)
            dates = [f"in force from {r.effective_from}" if r.effective_from else ""]
            dates += [f"until {r.until}" if r.until else "", f"recheck by {r.recheck_by}" if r.recheck_by else ""]
            lines += [f"**Dates:** {', '.join(d for d in dates if d)}"] if any(dates) else []
            lines += [f"**Strength:** {text(grade)}; **owner:** {roles(content, r.owner)}"]
            lines += [f"**Says who:** {said(r.source)}; {r.reviewed.status}"]
            lines += [f"**Read over orders:** {line}" for line in _over_orders(r)]
            yield from bullets(lines)
            yield from cases_of(r.cases, "when")


def _over_orders(r: m.Recommendation) -> Iterator[str]:
    if r.orders:
        when = f"; applies when {code(r.orders.when)}" if r.orders.when else ""
        done = f"; met when {code(r.orders.done)}" if r.orders.done else ""
        yield f"{text(r.orders.says.rstrip('.'))}{when}{done} ({said(r.orders.source)})"


def _treatments(content: Content) -> Iterator[str]:
    by_seat: dict[m.Seat, list[m.Treatment]] = {seat: [] for seat in m.PLACES}
    for t in content.treatments.values():
        by_seat[t.seat].append(t)
    for seat, records in by_seat.items():
        if not records:
            continue
        yield from heading(2, seat, m.PLACES[seat].heading or plain(seat).capitalize())
        for t in records:
            yield from _treatment(content, t)


def _treatment(content: Content, t: m.Treatment) -> Iterator[str]:
    yield from heading(3, t.id, t.title)
    lines = [f"**What it is:** {text(t.what)}", f"**To say:** {text(t.say)}"]
    lines += [f"**{i.fit.capitalize()}** when {code(i.when)}: {text(i.note)} ({said(i.source)})" for i in t.indications]
    for c in t.contraindications:
        start = ", for a start" if c.start_only else ""
        instead = f" Instead: {text(m.in_words(c.instead).rstrip('.'))}." if c.instead else ""
        lines.append(
            f"**Contraindicated{start}** when {code(c.when)}: {text(c.label.rstrip('.'))}.{instead} "
            f"If unknown: {plain(c.unknown)} ({said(c.source)})"
        )
    lines += [
        f"**Precaution** when {code(c.when)}: {text(c.label.rstrip('.'))}. {text(c.action)} ({said(c.source)})"
        for c in t.precautions
    ]
    for x in inherited(t, content):
        kind = "Contraindicated" if x.strength == "stop" else "Precaution"
        tail = x.action or (f"Instead: {m.in_words(x.instead).rstrip('.')}." if x.instead else "")
        told = f"**{kind}, by its medicine,** when {code(x.when)}: {text(x.label.rstrip('.'))}. {text(tail)}"
        lines.append(f"{told} ({said(x.source)})")
    lines += [f"**In use when** {code(t.in_place)}"] if t.in_place else []
    lines += [f"**A way of {text(t.way_of)}** when {code(t.way_when)}"] if t.way_of and t.way_when else []
    parts = [
        f"{text(content.needs[a.need].title)}: {text(plain(a.part))}{' (partly)' if a.weak else ''}"
        for a in t.addresses
    ]
    lines += [f"**Answers** {'; '.join(parts)}"] if parts else []
    lines += [f"**Parts:** {text('; '.join(t.components))}"] if t.components else []
    lines += [f"**Dose, as information:** {text(t.dose.words)} ({said(t.dose.source)})"] if t.dose else []
    lines += [f"**Look at** {text(x.what)}, {text(x.when)}: {text(x.why)} ({said(x.source)})" for x in t.monitoring]
    lines += [f"**Burden** {t.burden.score} of 4: {text(t.burden.words)}"]
    lines += [f"**Given by** {roles(content, t.delivered_by)}; **owner:** {roles(content, t.owner)}"]
    lines += [f"**For staying well:** {text(t.relapse)}"] if t.relapse else []
    lines += [f"**Contested:** {text(t.contested)}"] if t.contested else []
    lines += [f"**Says who:** {said(t.source)}; {t.reviewed.status}"]
    yield from bullets(lines)
    yield from table_of(
        ("Effect on", "In whom", "Against", "Says", "Certainty", "Source"),
        (
            (text(e.outcome), text(e.population), text(e.comparator), _effect(e), text(e.certainty), said(e.source))
            for e in t.effects
        ),
    )
    yield from cases_of(t.cases)


def _effect(e: m.Effect) -> str:
    if e.value is None:
        return text(e.words)
    interval = f" ({e.lo:g} to {e.hi:g})" if e.lo is not None and e.hi is not None else ""
    return text(f"{e.words} [{e.value:g}{interval} {e.unit}".rstrip() + "]")


def _interactions(content: Content) -> Iterator[str]:
    order = ("stop", "major", "timing", "moderate", "note")
    for severity in order:
        records = [r for r in content.interactions.values() if r.severity == severity]
        if not records:
            continue
        yield from heading(2, severity, severity.capitalize())
        for r in records:
            yield from heading(3, r.id, r.title)
            other = ", ".join(r.b) or r.state
            lines = [f"**Between** {text(', '.join(r.a))} **and** {text(other)}", text(r.effect)]
            lines += [f"**By way of** {text(plain(r.mechanism))}"]
            lines += [f"**What to do:** {text(r.action)}"]
            side = {"a": r.a, "b": r.b}.get(r.gives_way or "")
            way = (
                text(", ".join(side))
                if side
                else {"either": "either", "decide": "for the prescribers to decide"}.get(r.gives_way or "")
            )
            lines += [f"**Gives way, when both are in use:** {way}"] if way else []
            lines += [f"**Only when** {code(r.when)}"] if r.when else []
            lines += [f"**Wait:** {text(r.wait)}"] if r.wait else []
            lines += [f"**After one of them stopped:** {text(r.ended)}"] if r.ended else []
            lines += [f"**Still counts** {r.wait_days} days after the last dose of one of them"] if r.wait_days else []
            lines += [f"**Comes with** {links(content, r.beside)}"] if r.beside else []
            lines += [f"**Says who:** {said(r.source)}; {r.reviewed.status}"]
            yield from bullets(lines)
            yield from cases_of(r.cases, "when")


def _medicines(content: Content) -> Iterator[str]:
    """The cautions, dose limits and signs by which a medicine in use, or one to be started, is judged."""
    yield from heading(2, "cautions", "Cautions")
    for c in content.medicine_cautions.values():
        yield from heading(3, c.id, f"{', '.join(map(plain, c.of))}: {c.label}")
        lines = [f"**When** {code(c.when)}", f"**Strength:** {plain(c.strength)}; in use: {plain(c.makes)}"]
        lines += [f"**How:** {plain(c.how)} ({phase_words(c.by)})"] if c.how else []
        lines += [f"**Instead:** {text(m.in_words(c.instead))}"] if c.instead else []
        lines += [f"**What to do:** {text(c.action)}"] if c.action else []
        lines += [f"**Of a supply for at most {c.brief_days} days:** {text(c.brief)}"] if c.brief else []
        lines += [f"**Comes with** {links(content, c.beside)}"] if c.beside else []
        yield from bullets([*lines, f"**Says who:** {said(c.source)}; {c.reviewed.status}"])
        yield from cases_of(c.cases, "when")
    yield from heading(2, "dose_limits", "Dose limits")
    for d in content.dose_limits.values():
        yield from heading(3, d.id, d.label)
        lines = [f"**When** {code(d.when)}"] if d.when else []
        lines += [f"**What to do:** {plain(d.how)} ({phase_words(d.by)}). {text(d.action)}".rstrip()]
        yield from bullets([*lines, f"**Says who:** {said(d.source)}; {d.reviewed.status}"])
        yield from cases_of(d.cases, "when")
    yield from heading(2, "believed_doses", "Doses that are believed")
    for b in content.believed_doses.values():
        yield from heading(3, b.id, ", ".join([content.medicines[b.of].label, *map(plain, b.route)]))
        lines = [f"**Believed up to** {b.times:g} times the most that its label allows"] if b.times else []
        lines += [f"**Held against** {b.spoken_of:g} mg a day, which is no limit"] if b.spoken_of else []
        yield from bullets([*lines, f"**Why:** {text(b.why)}", f"**Says who:** {said(b.source)}; {b.reviewed.status}"])
    yield from heading(2, "harms", "Stopped at once, or started without need")
    for h in content.medicine_harms.values():
        yield from heading(3, h.id, f"Harm of {', '.join(plain(one) for one in h.of)} {plain(h.use)}")
        lines = [f"**What can happen:** {text(h.harm)}", f"**What to do:** {text(h.action)}"]
        yield from bullets([*lines, f"**Says who:** {said(h.source)}; {h.reviewed.status}"])
    yield from heading(2, "signs", "Signs of an entry")
    for s in content.entry_signs.values():
        yield from heading(3, s.id, s.label)
        yield from bullets([f"**Makes:** {plain(s.makes)}", f"**What to do:** {text(s.action)}", said(s.source)])


def _act(act: m.Act) -> str:
    """One action, with where it is said and where it is not."""
    only = f", where {code(act.when)}" if act.when else ""
    return f"**Do{only}{f', unless {code(act.unless)}' if act.unless else ''}:** {text(act.say)}"


def _emergencies(content: Content) -> Iterator[str]:
    for e in content.emergencies.values():
        yield from heading(2, e.id, e.title)
        lines = [f"**{plain(t.level).capitalize()}** when {code(t.when)}: {text(t.label)}" for t in e.triggers]
        lines += [f"**Asked first** when {code(e.suspected_when)}"] if e.suspected_when else []
        lines += [f"**Why:** {text(e.why)}", *(_act(act) for act in e.actions)]
        lines += _demands(content, e)
        lines += [f"**Owner:** {roles(content, e.owner)}", f"**Says who:** {said(e.source)}; {e.reviewed.status}"]
        yield from bullets(lines)
        yield from cases_of(e.cases)


def _instruments(content: Content) -> Iterator[str]:
    for i in content.instruments.values():
        yield from heading(2, i.id, i.title)
        lines = [f"**Use:** {text(i.use)}", f"**Total:** {i.total}, {i.lo:g} to {i.hi:g}; higher is {i.higher_is}"]
        lines += [f"**{b.lo:g} to {b.hi:g}:** {text(b.label)}" for b in i.bands]
        lines += [f"**Valid when** {code(i.valid_when)}: {text(i.not_valid)}"] if i.valid_when else []
        lines += ["**A risk score:** it may raise an offer, and never lowers or closes an option"] if i.risk else []
        lines += [f"**Items not shipped:** {text(i.locked_because)}"] if i.locked else []
        lines += [f"**Items:** {len(i.items)}; **minutes:** {i.minutes:g}; **holds for** {i.valid_days} days"]
        lines += [f"**Licence:** {text(i.licence)}", f"**Says who:** {said(i.source)}; {i.reviewed.status}"]
        yield from bullets(lines)


def _care_pathways(content: Content) -> Iterator[str]:
    for p in content.pathways.values():
        yield from heading(2, p.id, p.title)
        lines = [f"**Entered when** {code(p.entry)}", f"**Left when:** {text(p.exit)}"]
        lines += [f"**With** {links(content, p.treatments)}"] if p.treatments else []
        yield from bullets([*lines, f"**Says who:** {said(p.source)}; {p.reviewed.status}"])
        for s in p.steps:
            yield f"**{text(s.title)}** ({phase_words(s.phase)}; {roles(content, s.owner)})"
            yield ""
            first = [f"Concerns the person when {code(s.when)}"] if s.when else []
            first += [f"In place when {code(s.done)}"] if s.done else []
            first += [f"First: {text(x)}" for x in s.needs_first]
            then = [f"Measure: {text(s.measure)}", f"Success: {text(s.success)}", f"If met: {text(s.if_met)}"]
            then += [f"If not: {text(s.if_not)}", f"Says who: {said(s.source)}"]
            yield from bullets([*first, *(text(x) for x in s.do), *then])
        yield from cases_of(p.cases, "entry")


def _disagreements(content: Content) -> Iterator[str]:
    for d in content.disagreements.values():
        yield from heading(2, d.id, d.title)
        lines = [f"{text(c.says or '')} ({said((c,))})" for c in d.positions]
        lines += [f"**Bears on a person when** {code(d.when)}"]
        lines += [f"**About** {links(content, d.treatments)}"] if d.treatments else []
        yield from bullets(lines)
        yield from cases_of(d.cases, "when")


def _sources(content: Content) -> Iterator[str]:
    used: dict[str, list[m.Cite]] = {id: [] for id in content.sources}
    for cite in (one for cites in all_cites(content).values() for one in cites):
        used[cite.id].append(cite)
    rows = []
    for s in content.sources.values():
        flags: Counter[str] = Counter(cite.confidence for cite in used[s.id])
        place = f"doi:{text(s.doi)}" if s.doi else text(s.url or s.publisher)
        title = f'<a id="{s.id}"></a>{text(s.id)}: {text(s.title)}, {s.year}. {place}'
        rows.append((title.rstrip(), s.kind, *(str(flags[flag]) for flag in CONFIDENCE_WORDS), str(len(used[s.id]))))
    yield from (f"{len(rows)} sources. The counts are citations, by how well the place was read.", "")
    yield from table_of(("Source", "Kind", *CONFIDENCE_WORDS.values(), "in all"), rows)
