"""The sheet, the fragment and the form as HTML: whole, safe, and readable by everyone."""

from __future__ import annotations

import dataclasses
import itertools
import re
from typing import Any

import pytest

from pathways.content import load_content
from pathways.pages import first_page, first_page_html, form_html, sheet_html, sheet_markdown
from pathways.pages.blocks import NEED_WORDS
from pathways.pages.html import GROUPS, css, environment, groups_of, marks, sections_of, texts
from pathways.review.actions import actions_of
from pathways.review.case import Case
from tests.pages.drawn import CASES, Node, reviewed, sample, seen, tree

NAMES = [path.stem for path in CASES]
PAGES = ["back_pain_120_mme", "fibromyalgia_depression_ptsd", "low_risk", "nearly_unknown"]
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}{% raw %}{# c #}",
    "'; DROP TABLE patients; --",
    "</title></style><svg onload=alert(1)>",
    "[link](javascript:alert(1)) **bold** | cell |",
)


def hostile(text: str) -> Case:
    """A person whose every free text is hostile."""
    medicines: list[dict[str, Any]] = [
        {"name": text, "state": "current", "prescriber": text},
        {"name": text, "ingredients": ["oxycodone"], "dose": {"oxycodone": 10}, "per_day_max": 4, "per_day_min": 4,
         "route": "oral", "purpose": "pain", "state": "current", "prescriber": text},
        {"name": text, "ingredients": ["buprenorphine"], "route": "sublingual", "purpose": "oud", "state": "current"},
        {"name": text, "ingredients": ["alprazolam"], "route": "oral", "state": "current"},
    ]  # fmt: skip  # data, read across
    return reviewed(
        {"age_years": 50, "main_pain": "back_axial", "pain_months": 12, "opioid_months": 12, "goal_text": text},
        title=text,
        notes=text,
        medicines=medicines,
        conditions=[{"name": text}, {"id": "ckd", "name": text}],
        observations=[
            {"measure": "qtc_ms", "value": 430, "date": "2026-10-01", "source": text, "note": text},
            {"measure": "unrecognized", "value": text, "note": text},
        ],
    )


def test_what_is_printed_can_be_chosen_and_is_short_at_first() -> None:
    root = tree(sheet_html(sample("back_pain_120_mme")))
    chosen = [n.attributes["id"] for n in root.all("input") if "checked" in n.attributes]
    assert chosen == ["pw-print-plans"]
    ids = {n.attributes.get("id") for n in root.all()}
    assert {"pw-phases", "pw-medicines", "pw-care", "pw-open", "pw-menu", "pw-plans", "pw-conflicts"} <= ids
    assert all(f"#{id}:checked" in str(css()) for id in ("pw-print-one", "pw-print-all"))
    everything = tree(sheet_html(sample("back_pain_120_mme"), full=True))
    assert [n.attributes["id"] for n in everything.all("input") if "checked" in n.attributes] == ["pw-print-all"]
    annexes = [n for n in everything.all("details") if "pw-annex" in n.classes()]
    assert annexes
    assert all("open" in n.attributes for n in annexes)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    case = hostile(text)
    for html in (sheet_html(case), first_page_html(case)):
        root = tree(html)
        tags = {node.tag for node in root.all()}
        assert not tags & {"script", "img", "iframe", "object", "form", "link"}
        ours = {"pw-print-one", "pw-print-plans", "pw-print-all"}  # what the printer is given
        assert {node.attributes.get("id") for node in root.all("input")} <= ours
        assert not [a for node in root.all() for a in node.attributes if a.startswith("on")]
        assert text in root.text()
        assert len(list(root.all("style"))) == 1
    root = tree(sheet_html(case))
    assert root.text().count(text) >= 10
    assert next(root.all("title")).text().startswith(text)
    assert text in next(root.all("h1")).text()


def test_templates_escape_and_refuse_unknown_names() -> None:
    made = environment()
    assert made.autoescape is True
    assert made.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"
    with pytest.raises(Exception, match="undefined"):
        made.from_string("{{ nothing.here }}").render()


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_needs_nothing_else(name: str) -> None:
    root = tree(sheet_html(sample(name)))
    for node in root.all():
        assert node.tag not in ("script", "link", "img", "iframe")
        assert "src" not in node.attributes
        assert node.attributes.get("href", "#").startswith("#")
    style = next(root.all("style")).text()
    assert "@import" not in style
    assert "url(" not in style
    policy = next(n for n in root.all("meta") if n.attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy.attributes["content"].startswith("default-src 'none'")


@pytest.mark.parametrize("name", PAGES)
def test_a_sheet_has_a_language_a_title_landmarks_and_headings_in_order(name: str) -> None:
    root = tree(sheet_html(sample(name)))
    assert next(root.all("html")).attributes["lang"] == "en"
    assert len(list(root.all("main"))) == 1
    assert len(list(root.all("h1"))) == 1
    levels = [int(node.tag[1]) for node in root.all() if re.fullmatch(r"h[1-6]", node.tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
    ids = [node.attributes["id"] for node in root.all() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    targets = [n.attributes["href"][1:] for n in root.all("a")]
    assert targets[0] == next(root.all("main")).attributes["id"]
    assert set(targets) <= set(ids)
    labels = [n.attributes["aria-labelledby"] for n in root.all() if "aria-labelledby" in n.attributes]
    assert set(labels) <= set(ids)


@pytest.mark.parametrize("name", PAGES)
def test_tables_have_captions_and_scopes(name: str) -> None:
    for html in (sheet_html(sample(name)), form_html(load_content())):
        tables = list(tree(html).all("table"))
        assert tables
        for table in tables:
            assert next(table.all("caption")).text().strip()
            assert all(head.attributes.get("scope") in ("col", "row") for head in table.all("th"))
            wide = {sum(isinstance(c, Node) and c.tag in ("th", "td") for c in row.children) for row in table.all("tr")}
            assert len(wide) == 1


def test_the_picture_of_the_plans_has_a_text_twin() -> None:
    case = sample("back_pain_120_mme")
    root = tree(sheet_html(case))
    picture = next(
        node for node in root.all("svg") if node.attributes.get("aria-label", "").startswith("Needs and plans")
    )
    label = picture.attributes["aria-label"]
    twin = next(t for t in root.all("table") if "The same in words" in next(t.all("caption")).text()).text()
    raised = [need for need in case.findings.needs if need.raised]
    assert raised
    for need in raised:
        assert need.record.title in label
        assert need.record.title in twin
    for n, plan in enumerate(case.shown.plans):
        assert f"Plan {'ABC'[n]}" in label
        assert {NEED_WORDS[plan.needs[need.record.id]] for need in raised} <= set(NEED_WORDS.values())
        for need in raised:
            assert NEED_WORDS[plan.needs[need.record.id]] in twin


def test_the_sheet_holds_its_sections_in_order() -> None:
    case = sample("back_pain_120_mme")
    wanted = ["phases", "medicines", "care", "open"]
    sections = sections_of(case)
    assert [section.id for section in sections if not section.annex] == wanted
    asked = [id for ids in GROUPS.values() for id in ids]
    folded = [section.id for section in sections if section.annex]
    assert {"menu", "forks", "plans", "medicine_reasons", "conflicts", "dates", "sides", "unknown", "sources"} <= set(
        folded
    )
    assert folded == [id for id in asked if id in folded], "by the question that they answer"
    html = sheet_html(case)
    places = [html.index(f'<section id="pw-{id}"') for id in wanted]
    places += [html.index(f'<details id="pw-{id}"') for id in folded]
    assert places == sorted(places)
    for question, group in groups_of(sections):
        assert html.index(f">{question}<") < html.index(f'<details id="pw-{group[0].id}"')
    assert html.index("pw-first") < places[0]


def test_phases_name_owners_and_say_when_nobody_is_named() -> None:
    case = sample("back_pain_120_mme")
    phases = next(s for s in sections_of(case) if s.id == "phases")
    told = " ".join(said.text for said in texts(phases))
    for item in case.shown.core:
        assert item.option.record.short in told
    assert "Pharmacist" in told
    assert "unowned" not in told

    place, item = next((n, i) for n, i in enumerate(case.shown.core) if not i.option.record.standing)
    record = item.option.record.model_copy(update={"owner": ()})
    orphan = dataclasses.replace(item, option=dataclasses.replace(item.option, record=record))
    core = (*case.shown.core[:place], orphan, *case.shown.core[place + 1 :])
    shown = dataclasses.replace(case.shown, core=core, plans=())
    other = dataclasses.replace(case, shown=shown)
    assert "unowned" in " ".join(said.text for s in sections_of(other) if s.id == "phases" for said in texts(s))
    assert any(part.owner.text == "unowned" for action in actions_of(other) for part in action.parts)


def test_dates_are_counted_from_the_day_of_the_case() -> None:
    case = sample("back_pain_120_mme")
    dates = next(s for s in sections_of(case) if s.id == "dates")
    naloxone = next(i for i in case.shown.core if i.id == "naloxone_kit").option.record.monitoring[0]
    assert naloxone.first_days == 28
    assert any(said.text == "2026-11-30" and said.calculation == "28 days from the start" for said in texts(dates))
    data = case.profile.to_dict()
    answers, _ = data.pop("answers"), data.pop("as_of")
    undated = reviewed(answers, **{**data, "as_of": None})
    told = [said.text for s in sections_of(undated) if s.id == "dates" for said in texts(s)]
    assert "28 days after the start" in told


def test_what_was_not_counted_or_recognized_is_listed() -> None:
    case = reviewed({}, medicines=[{"name": "blue pills", "state": "current"}, {
        "name": "Suboxone film", "ingredients": ["buprenorphine"], "dose": {"buprenorphine": 8}, "per_day_min": 2,
        "per_day_max": 2, "route": "sublingual", "purpose": "oud", "state": "current"}])  # fmt: skip  # data, read across
    told = " ".join(said.text for s in sections_of(case) if s.id == "unknown" for said in texts(s))
    assert "blue pills" in told
    assert "Suboxone film" in told


def test_every_source_on_the_pages_is_listed_with_how_well_it_was_read() -> None:
    case = sample("back_pain_120_mme")
    sections = sections_of(case)
    lists = ("sources", "more_sources")
    used = {c.id for s in sections if s.id not in lists for said in texts(s) for c in said.source}
    used |= {c.id for said in first_page(case).said() for c in said.source}
    listed = [said for s in sections if s.id in lists for said in texts(s) if said.source]
    assert {said.source[0].id for said in listed} == used
    assert all(re.search(r"\[(read in|not yet)", said.text) for said in listed)


@pytest.mark.parametrize("name", PAGES)
def test_a_line_or_row_has_at_most_one_mark_and_all_are_counted(name: str) -> None:
    case = sample(name)
    root = tree(sheet_html(case))
    details = [node for node in root.all() if "pw-details" in node.classes()]
    found = [node for part in details for node in part.all() if "pw-mark" in node.classes()]
    assert len(found) == sum(marks(section) for section in sections_of(case))
    for row in (row for part in details for tag in ("tr", "li") for row in part.all(tag)):
        assert sum("pw-mark" in node.classes() for node in row.all()) <= 1
    foot = next(root.all("footer")).text()
    assert (f"† {len(found)} line" in foot) if found else ("†" not in foot)
    assert ("†" in sheet_markdown(case)) == bool(found or first_page(case).footnote)


def test_the_fragment_stands_alone_in_a_notebook() -> None:
    root = tree(first_page_html(sample("back_pain_120_mme")))
    tops = [child for child in root.children if isinstance(child, Node)]
    assert [node.tag for node in tops] == ["section"]
    assert "pathways" in tops[0].classes()
    assert [n.tag for n in root.all() if re.fullmatch(r"h[1-6]", n.tag)][:2] == ["h2", "h3"]
    assert not [node for node in root.all() if "id" in node.attributes]  # several may stand on one page
    rules = re.sub(r"/\*.*?\*/", "", next(root.all("style")).text(), flags=re.DOTALL)
    selectors = re.findall(r"(?:^|[{};])\s*([^{}@;]+?)\s*\{", rules)
    assert selectors
    for selector in selectors:
        assert re.search(r"\.pathways|\.pw-|#pw-", selector), f"not scoped: {selector}"


def test_a_case_shows_its_first_page_in_a_notebook() -> None:
    case = sample("back_pain_120_mme")
    assert case._repr_html_() == first_page_html(case)


def test_the_form_prints_every_question_and_nothing_is_ticked() -> None:
    content = load_content()
    root = tree(form_html(content))
    origins = [node.attributes["data-origin"] for node in root.all() if "data-origin" in node.attributes]
    assert len(origins) == len(set(origins))
    first = {f"answers.{a.id}" for a in content.answers.values() if a.first_page}
    first |= {f"conditions.{g.id}" for g in content.condition_groups.values() if g.first_page}
    first |= {f"medicines.{c.id}" for c in content.medicine_classes.values() if c.first_page}
    assert set(origins[: len(first)]) == first
    further = {f"answers.{a.id}" for a in content.answers.values() if not a.first_page}
    further |= {f"observations.{i.id}" for i in content.instruments.values() if i.items and i.asked}
    assert set(origins[len(first) :]) == further
    text = seen(root)
    for answer in content.answers.values():
        assert answer.label in text
        assert all(choice in text for choice in answer.choices.values())
    assert [re.match(r"\d", h2.text().strip()) is not None for h2 in root.all("h2")] == [True] * 6 + [False] * 3
    rows = [row for table in root.all("table") for row in table.all("tr")]
    boxes = [row for row in rows if any("pw-box" in node.classes() for node in row.all())]
    assert len(boxes) == sum(path.startswith(("conditions.", "medicines.")) for path in first) + sum(
        a.type == "yes_no" for a in content.answers.values()
    )
    assert all(sum("pw-box" in node.classes() for node in row.all("td")) == 3 for row in boxes)
    for instrument in content.instruments.values():
        if instrument.items and instrument.asked:
            [shown] = [n for n in root.all() if n.attributes.get("data-origin") == f"observations.{instrument.id}"]
            assert len(list(next(shown.all("tbody")).all("tr"))) == len(instrument.items) + 1
            assert all(item.label in seen(shown) for item in instrument.items)
    assert not list(root.all("input"))
    assert "none present" in text
