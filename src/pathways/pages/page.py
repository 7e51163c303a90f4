"""`first_page`: from a case to what one screen says. Pure selection: no markup, no clinical rule of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .. import __version__
from ..care.services import Site
from ..content import models as m
from ..facts.given import known
from ..facts.words import ask_label
from ..language.words import counted, soft
from ..review.actions import LEAST, NO_DOSES, REST, actions_of, first_actions, further, origin_of, owner_of
from ..review.audience import withheld
from ..review.briefly import merged
from ..review.brought import is_agonist
from ..review.case import Case
from ..review.findings import Emergency
from ..review.plans import Fork
from ..review.questions import OTHER, Question, first_of, next_questions, question_label
from ..review.shapes import LEVEL_WORDS, RESTRICTED, Action, Ask, Choice, FirstPage, Red, Said, closed_page
from ..review.status import assumed, content_status
from .blocks import urgent_signs, yes_words
from .decided_sections import decided_lines
from .dose_words import has_sum, mme_words
from .person_line import person_line
from .place_lines import gap_lines, level_lines, put, with_place
from .shorter import shorter

MOST_WORDS = 200
SIZES = ((5, 3, 3), (5, 3, 2), (5, 2, 2), (4, 2, 2), (4, 2, 1), (3, 2, 1), (3, 1, 1), (2, 1, 1))
"""What gives way first on a full page, and how far: actions, forks, questions."""
MOST_ACTIONS, MOST_FORKS, MOST_QUESTIONS = SIZES[0]
LAST = ((2, 1, 1), (1, 1, 1), (0, 1, 1), (-1, 1, 1), (-1, 0, 1), (-1, 0, 0))
"""What gives way when that is not enough, after the baseline measures; the counts of the guidelines after the first two."""


def first_page(case: Case, site: Site | None = None) -> FirstPage:
    """What the first page says for one case. Same case, same page.

    The lists after the emergencies give way until the page has at most 200 words, and say how many entries wait
    below. Only where several emergencies fill it, those after the first keep their first steps: none is left out.
    """
    if case.view is not None and case.view.closed:
        return closed_page(_status(case), Said(case.view.notices[0]))
    actions = tuple(action for action in actions_of(case) if action.rank < REST)
    missing, agreed = gap_lines(case, site), decided_lines(case)
    asked = page_questions(case)
    whole = _whole(case, asked)
    musts = tuple(way.said for way in (*agreed, *missing) if way.must)
    for must in musts:
        whole = replace(whole, state=put(whole.state, must))
    bare = replace(whole, baseline=None)
    counted = tuple(_counted(case))
    state = tuple(said for said in bare.state if said not in counted)
    pages = [(replace(whole, asked=_asked(case, told=True)), SIZES[0])]  # only where nothing has to give way for it
    pages += [(whole, size) for size in SIZES]
    pages += [(bare, size) for size in LAST[:2]] + [(replace(bare, state=state), size) for size in LAST[1:]]
    tight = tuple(shorter(bare, _asked(case, named=0), state))
    pages += [(full, (least, 0, 0)) for full in tight[:2] for least in (-1, NO_DOSES)]
    pages += [(full, (LEAST, 0, 0)) for full in tight]
    for full, (n_actions, n_forks, n_questions) in pages:
        shown = first_actions(actions, n_actions)
        page = replace(
            full,
            do=shown,
            do_more=_more(_parts(actions) - _parts(shown), _parts(actions), "phases"),
            decide=full.decide[:n_forks],
            decide_more=_left(full.decide, n_forks),
            ask=tuple(_ask(case, question) for question in first_of(asked, case, n_questions)),
        )
        if page.words() <= MOST_WORDS:
            break
    for n in range(1, len(musts) + 1) if page.words() > MOST_WORDS else ():
        without = replace(page, state=tuple(said for said in page.state if said not in musts[:n]))
        if without.words() <= MOST_WORDS:
            page = without
            break
    return with_place(page, MOST_WORDS, agreed, level_lines(case), missing)


def _left(decide: tuple[Choice, ...], shown: int) -> Said | None:
    """What is to be decided and has no room: how many more; by name where none is shown, for a number alone says nothing."""
    if shown or not decide:
        return _more(len(decide) - shown, len(decide), "forks")
    names, cites = ", ".join(choice.title.text for choice in decide), merged(c.title.source for c in decide)
    return Said(f"{names}: below", cites, calculation=f"{len(decide)} found", opens="forks")


def _parts(actions: tuple[Action, ...]) -> int:
    return sum(part.count for action in actions for part in action.parts)


def _waits(case: Case, fork: Fork) -> bool:
    """Whether a decision starts nothing now, because an emergency is to be acted on first."""
    items = [case.option(id) for a in fork.alternatives for id in a.items]
    return case.demands.held_by is not None and not any(o.verb in ("Offer", "Consider", "Check first") for o in items)


def first_page_words(case: Case, site: Site | None = None) -> int:
    """How many words a reader sees on the first page of a case."""
    return first_page(case, site).words()


def _whole(case: Case, asked: tuple[Question, ...]) -> FirstPage:
    """The page with every fork and question and nothing to do yet."""
    return FirstPage(
        title=Said(case.profile.title, origin=("title",)) if case.profile.title else person_line(case),
        status=_status(case),
        part_only=_part_only(case),
        closed=_closed(case),
        red=_red(case),
        asked=_asked(case),
        contradictions=_contradictions(case),
        do=(),
        do_more=None,
        decide=tuple(_choice(case, fork) for fork in case.shown.forks if not _waits(case, fork))[:MOST_FORKS],
        decide_more=None,
        ask=tuple(_ask(case, question) for question in asked),
        baseline=_baseline(case),
        state=_state(case),
        single_sided=_single_sided(case),
        assumes=_assumes(case),
    )


@withheld(Said(RESTRICTED))
def _part_only(_: Case) -> Said | None:
    """The one word that a view for others says of what it leaves out, whether there is anything or not."""
    return None


def _more(left: int, all: int, opens: str) -> Said | None:
    return Said(f"+{left} more", calculation=f"{all} found, {all - left} shown here", opens=opens) if left > 0 else None


# -- the head -------------------------------------------------------------------------------------------------


def _status(case: Case) -> Said:
    as_of = case.profile.as_of.isoformat() if case.profile.as_of else "undated"
    status = content_status(case)
    text = f"{status[:1].upper()}{status[1:]} · kit {__version__} · content {case.content.hash[:8]} · {as_of}"
    return Said(text, origin=("as_of",), calculation="kit version, digest of all content files, date of the case")


def _closed(case: Case) -> Said | None:
    """Why both agonist medications for OUD are closed, when OUD needs treatment and both are."""
    if not any(need.record.treats == "oud" and need.raised for need in case.findings.needs):
        return None
    agonists = [o for o in case.options if is_agonist(o.record, case.content)]
    if not agonists or any(o.safety != "contraindicated" for o in agonists):
        return None
    names = " and ".join(soft(o.record.short) for o in agonists)
    why = [
        [c.label for c in o.closed_by] + [f"{x.record.title} ({x.other})" for x in o.meets if x.severity == "stop"]
        for o in agonists
    ]
    if all(reasons == why[0] for reasons in why):
        told = soft("; ".join(why[0]))
    else:
        told = ". ".join(f"{o.record.short}: {soft('; '.join(r))}" for o, r in zip(agonists, why, strict=True))
    cites = merged([c.source for o in agonists for c in o.closed_by])
    cites = merged([cites, *(x.record.source for o in agonists for x in o.meets if x.severity == "stop")])
    origin = [path for o in agonists for path in origin_of(o.because)]
    origin += [f"medicines.{n}" for o in agonists for x in o.meets if x.severity == "stop" for n in x.in_use]
    return Said(f"Both closed for now, {names}: {told}.", cites, tuple(dict.fromkeys(origin)))


def _red(case: Case) -> tuple[Red, ...]:
    present = [e for e in case.findings.emergencies if e.state == "present"]
    present.sort(key=_first_seen_to)
    boxes = {e.record.id for e in present}
    return tuple(_one_red(case, e, e.level or "this_visit") for e in present if not _said_elsewhere(e, boxes))


def _first_seen_to(emergency: Emergency) -> tuple[bool, int, int]:
    """Breathing before all else that cannot wait for its own level, then by level, then by what is threatened."""
    level, threatens = emergency.level or "this_visit", emergency.record.threatens
    breathing = threatens == "breathing" and level != "this_visit"
    return not breathing, m.LEVELS.index(level), m.THREATENS.index(threatens)


def _said_elsewhere(emergency: Emergency, boxes: set[str]) -> bool:
    """Whether all that makes an emergency present is said, with what it means here, in the box of another."""
    shown = [t.said_in for t in emergency.record.triggers if t.label in emergency.labels]
    return all(id in boxes for id in shown)


def _one_red(case: Case, emergency: Emergency, level: m.Level) -> Red:
    record = emergency.record
    origin = origin_of(emergency.because)
    return Red(
        record.id,
        level,
        LEVEL_WORDS[level],
        Said(record.title, record.source, origin, more=further(record)),
        Said("; ".join(emergency.labels), record.source, origin),
        tuple(Said(action, record.source) for action in emergency.actions),
        owner_of(case, record),
        kept=emergency.kept,
    )


def _asked(case: Case, named: int = 3, told: bool = False) -> Said:
    """One line on the urgent signs: how many were asked, and what nobody asked, so many of it by name; ``told``: with what is
    still to be asked. "None" speaks only of those asked."""
    signs, asked, yes = urgent_signs(case)
    unclear = [e.record for e in case.findings.emergencies if e.state in ("not_asked", "possible")]
    unclear.sort(key=lambda r: min(m.LEVELS.index(t.level) for t in r.triggers))
    present = any(e.state == "present" for e in case.findings.emergencies)
    first = f"Urgent signs: {len(asked)} of {len(signs)} asked" if asked else "Urgent signs not yet asked"
    if asked:
        which = f" ({yes_words(case, yes)})" if yes and not present else ""
        first += f", {len(yes)} yes{which}" if yes else "" if present else ", none"
    text, link = f"{first}.", ""
    if unclear and not named:
        text = f"{first}; {counted(len(unclear), 'emergency', 'emergencies')} to ask: below."
    elif unclear:
        still = {
            e.record.id: soft(question_words(case, e.asks[0])) for e in case.findings.emergencies if asked and e.asks
        }
        # Where a sign of it was asked already, "ask about" it alone would read as if nobody had.
        begun = {e.record.id for e in case.findings.emergencies if e.state == "possible"}
        names = "; ".join(
            f"{soft(r.title)} ({still[r.id]})" if told and r.id in begun and r.id in still else soft(r.title)
            for r in unclear[:named]
        )
        left = len(unclear) - named
        link = f"+{left}" if left > 0 else ""
        names += f"; {counted(left, 'emergency', 'emergencies').replace(str(left), link)}" if link else ""
        ask = "Ask about" if told or not begun & {r.id for r in unclear[:named]} else "Not settled"
        text = f"{first}. {ask}: {names}." if asked else f"{first}: {names}."
    return Said(
        text,
        merged(r.source for r in unclear),
        tuple(f"answers.{id}" for id in asked),
        f"{len(asked)} of {len(signs)} printed signs answered, {len(unclear)} emergencies not settled",
        opens="unknown" if unclear else "",
        link=link,
    )


def _contradictions(case: Case) -> tuple[Said, ...]:
    content, facts = case.content, case.facts
    told = []
    for id in facts.contradictions:
        record = content.contradictions[id]
        origin = [f"answers.{name}" for name in record.unsettles if name in case.profile.answers]
        told.append(Said(record.title, record.source, origin=tuple(origin), calculation=f"contradiction {id}"))
    told += [Said(d.title, origin=d.origin, calculation=f"contradiction {d.id}") for d in facts.disputes]
    if len(told) > 2:
        rest = Said(f"+{len(told) - 2} more contradictions", calculation=f"{len(told)} found", opens="unknown")
        return (*told[:2], rest)
    return tuple(told)


# -- decide and ask -------------------------------------------------------------------------------------------


def fork_words(fork: Fork) -> tuple[str, tuple[str, ...]]:
    """A fork's title and its alternatives in words, each with what stands before it: a check, or a refusal."""
    return fork.short, tuple(a.line + (f" ({a.note})" if a.note else "") for a in fork.alternatives)


def _choice(case: Case, fork: Fork) -> Choice:
    title, alternatives = fork_words(fork)
    ids = {id for a in fork.alternatives for id in a.items}
    origin = tuple(dict.fromkeys(p for id in sorted(ids) for p in origin_of(case.option(id).because)))
    count = f"{len(case.frontier.plans)} plans compared"
    return Choice(
        fork.id,
        Said(title, fork.source, origin, count),
        tuple(Said(text, fork.source, origin) for text in alternatives),
    )


def low_risk(case: Case) -> bool:
    """Whether nothing required is raised and OUD is ruled out: such a page stays short."""
    needs = case.findings.needs
    ruled_out = all(need.raised is False for need in needs if need.record.treats == "oud")
    return ruled_out and not any(need.raised and need.record.required for need in needs)


def page_questions(case: Case) -> tuple[Question, ...]:
    """The weightiest questions for a page with room; those that only complete the picture stand in where no other is open."""
    most = 2 if low_risk(case) else MOST_QUESTIONS
    found = next_questions(case)
    weighty = [q for q in found if q.rank < OTHER] or list(found)
    return first_of(weighty, case, most)


def question_words(case: Case, ask: str) -> str:
    """An askable input as a short question."""
    content = case.content
    if ask in content.answers:
        return content.answers[ask].short or content.answers[ask].label
    if ask in content.instruments:
        return content.instruments[ask].short
    return question_label(case, ask)


def _ask(case: Case, question: Question) -> Ask:
    settles = soft(question.settles[0])
    return Ask(
        question.ask,
        Said(question_words(case, question.ask), origin=(f"ask.{question.ask}",)),
        Said(settles, calculation="settles: " + "; ".join(question.settles)),
    )


def _baseline(case: Case) -> Said | None:
    """The measures that the follow-up of core items reads and nobody has taken yet: without a start, no change."""
    seen = {o.measure for o in case.profile.observations}
    found: dict[str, tuple[m.Cite, ...]] = {}
    for item in case.shown.core:
        for line in item.option.record.monitoring:
            for instrument in (case.content.instruments[id] for id in line.instruments if id not in seen):
                found[instrument.short] = merged([found.get(instrument.short, ()), line.source])
    return Said(f"Baseline: {', '.join(found)}", merged(found.values())) if found else None


# -- where it stands ------------------------------------------------------------------------------------------


def _state(case: Case) -> tuple[Said, ...]:
    return tuple(said for said in (*_counted(case), _mme(case), _answered(case)) if said)


def _counted(case: Case) -> Iterator[Said]:
    """How the recommendations of each guideline that a first page counts stand for this person."""
    for source in case.content.sources.values():
        if source.counted:
            own = (f for f in case.findings.recommendations if f.record.source[0].id == source.id)
            status = [f.status for f in own]
            applies, met, open_ = (status.count(s) for s in ("applies", "met", "needs_information"))
            if not applies and not met:
                continue  # that nothing can be told yet is said by the answers that are missing
            text = f"{source.counted}: {applies} apply, {met} met, {open_} cannot tell"
            yield Said(text, calculation=f"{len(status)} recommendations held to this person", opens="guidelines")


def _mme(case: Case) -> Said | None:
    text = mme_words(case)
    if not text:
        return None
    mme = case.facts.mme
    sums = [line.arithmetic or line.label for line in mme.counted]
    sums += [f"{line.label}: {line.reason}" for line in (*mme.not_counted, *mme.not_calculable)]
    cites = case.content.mme_editions[mme.edition].source if mme.edition in case.content.mme_editions else ()
    return Said(
        text,
        cites,
        case.facts.origin.get(case.content.known("fact", "opioid dose, upper bound"), ()),
        "; ".join(sums) or mme.note,
        opens="dose" if has_sum(case) else "unknown" if sums else "",
    )


def answered(case: Case) -> tuple[int, int]:
    """How many rows of the six first questions are answered, and how many there are: what was only assumed is neither
    answered nor asked."""
    content, values, taken = case.content, case.facts.values, case.profile.assumed
    rows = [
        (a.id, a.id in case.profile.answers) for a in content.answers.values() if a.first_page and a.id not in taken
    ]
    rows += [(g.id, known(content, f"has_{g.id}", values)) for g in content.condition_groups.values() if g.first_page]
    rows += [(c.id, known(content, f"takes_{c.id}", values)) for c in content.medicine_classes.values() if c.first_page]
    return sum(done for _, done in rows), len(rows)


def _answered(case: Case) -> Said:
    done, rows = answered(case)
    text = f"{done} of {rows} answered" + ("" if done == rows else ": provisional")
    return Said(text, calculation="rows of the six first questions", opens="entered")


def _single_sided(case: Case) -> Said | None:
    if not case.frontier.single_sided:
        return None
    parts = case.frontier.lacking
    link = f"+{len(parts) - 3}" if len(parts) > 3 else ""
    text = "; ".join((*parts[:3], link) if link else parts[:3])
    why = f"needs raised on the pain side and on the OUD side: {case.frontier.single_sided}"
    return Said(text, calculation=why, opens="plans", link=link)


def _assumes(case: Case) -> Said | None:
    found = assumed(case)
    if not found:
        return None
    names = [
        f"the list of {path.removeprefix('complete.')} is complete"
        if path.startswith("complete.")
        else soft(ask_label(case.content, path.removeprefix("answers.")))
        for path in found
    ]
    return Said(f"Assumed, not asked: {', '.join(names)}", origin=tuple(found))
