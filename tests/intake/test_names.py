"""Names of medicines: what is understood, what is left over, and that a piece left over keeps open what it could change."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.content import load_content, medicine_names
from pathways.content.medicine_names import key_of, names_of, say_nearest, suggestions
from pathways.facts import derive
from pathways.intake.entries import entries_by_name, read_medicine
from pathways.intake.names import nearest_names, read_name, understood
from pathways.profile import Profile

CONTENT = load_content()
NAMES = names_of(CONTENT)
CLASSES = tuple(CONTENT.medicine_classes)


@cache
def taken(name: str) -> dict[str, Any]:
    """Every takes_* of a person whose whole list of medicines is this name."""
    data = {"medicines": [{"name": name, "state": "current"}], "complete": {"medicines": "yes"}}
    values = derive(Profile.from_dict(data, CONTENT), content=CONTENT).values
    return {cls: values.get(f"takes_{cls}") for cls in CLASSES}


# ---- what a name says ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "strengths"),
    [
        ("HYDROCOD/APAP TAB 7.5-325MG", {"hydrocodone": 7.5, "acetaminophen": 325}),
        ("APAP/HYDROCODONE 325-7.5", {"acetaminophen": 325, "hydrocodone": 7.5}),
        ("hydrocodone/apap 325/7.5 mg", {"hydrocodone": 7.5, "acetaminophen": 325}),
        ("hydrocodone 5/325", {"hydrocodone": 5, "acetaminophen": 325}),
        ("oxycodone 2.5-325 mg", {"oxycodone": 2.5, "acetaminophen": 325}),
        ("apap-codeine 300-60 mg tab", {"acetaminophen": 300, "codeine": 60}),
        ("Carisoprodol-ASA-Codeine 200-325-16 MG", {"carisoprodol": 200, "aspirin": 325, "codeine": 16}),
        ("buprenorphine-naloxone 12-3 mg SL film", {"buprenorphine": 12, "naloxone": 3}),
        ("Suboxone 4-1", {"buprenorphine": 4, "naloxone": 1}),
        ("Embeda 60-2.4 mg", {"morphine": 60, "naltrexone": 2.4}),
        ("oxycodone 10 mg / acetaminophen 325 mg tablet", {"oxycodone": 10, "acetaminophen": 325}),
        ("LORAZEPAM TAB 2MG", {"lorazepam": 2}),
        ("fentanyl 50 micrograms/hour patch", {"fentanyl": 0.05}),
        ("oxycodone 5 mg/5 mL oral solution", {"oxycodone": 1}),
        ("promethazine-codeine 6.25-10 mg/5 mL", {"promethazine": 1.25, "codeine": 2}),
        ("morphine 1,000 mg", {"morphine": 1000}),
    ],
)
def test_strengths_belong_to_their_ingredients_by_the_product(text: str, strengths: dict[str, float]) -> None:
    product = read_name(text, CONTENT)
    assert product.whole
    assert {i: s.mg for i, s in product.strengths.items()} == pytest.approx(strengths)


@pytest.mark.parametrize(
    "text",
    [
        "buprenorphine-naloxone 24-6 mg daily",
        "oxycodone 5/123",
        # 5 mg would be the oxycodone of a Percocet and of nothing else in it (see below); 4 and 15 are of no Percocet
        "Percocet 4 mg",
        "Percocet 15 mg",
        "Percocet 5/123",
        "methadone 80 mg daily",
        "suboxone 5/3",
    ],
)
def test_numbers_that_are_no_product_give_no_strength(text: str) -> None:
    assert not read_name(text, CONTENT).strengths


@pytest.mark.parametrize(
    ("text", "route", "release"),
    [
        ("MS Contin 15 mg", "oral", "er"),
        ("oxycodone hcl 10 mg m/r tablets", "oral", "er"),
        ("Butrans 5 mcg/hr", "transdermal", None),
        ("buprenorphine/naloxone 8/2 mg film", "sublingual", "ir"),
        ("Sublocade 100 mg", "subcutaneous", None),
        ("Oramorph 10mg/5ml", "oral", "ir"),
    ],
)
def test_form_route_and_release(text: str, route: str | None, release: str | None) -> None:
    product = read_name(text, CONTENT)
    assert (product.route, product.release, product.left) == (route, release, ())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Norco and Valium", [{"hydrocodone", "acetaminophen"}, {"diazepam"}]),
        ("Suboxone, Neurontin", [{"buprenorphine", "naloxone"}, {"gabapentin"}]),
        ("Percocet + Tylenol", [{"oxycodone", "acetaminophen"}, {"acetaminophen"}]),
        ("methadone w/ Ativan", [{"methadone"}, {"lorazepam"}]),
        ("Klonopin/Lunesta", [{"clonazepam"}, {"eszopiclone"}]),
        ("Phenergan with codeine", [{"promethazine", "codeine"}]),
        ("hydrocodone bitartrate and acetaminophen", [{"hydrocodone", "acetaminophen"}]),
        ("oxycodone (Roxicodone) 15 mg", [{"oxycodone"}]),
    ],
)
def test_two_medicines_in_one_text_are_two(text: str, parts: list[set[str]]) -> None:
    assert [set(part.ingredients) for part in understood(text, CONTENT)] == parts


@pytest.mark.parametrize(
    "text",
    ["not taking Xanax", "allergic to codeine", "morphine?", "oxycodone or hydrocodone", "no opioids", "kratom powder", "7-OH tablets",
     "the pink one", "hydro", "oxy-something"],
)  # fmt: skip  # data, read across
def test_what_need_not_be_taken_is_neither_yes_nor_no(text: str) -> None:
    assert set(taken(text).values()) == {None}


@pytest.mark.parametrize(
    "text",
    [
        "Tylenol #",
        "Tylenol 9",
        "3 Tylenol",
        "Excedrin xx",
        "hydrocodone-",
        "APAP/",
        "butalbital-ca",
        "OXYCOD",
        "asa with",
    ],
)
def test_a_name_that_may_go_on_leaves_opioids_open(text: str) -> None:
    assert taken(text)["opioid"] is not False


def test_a_brand_with_a_piece_left_over_means_what_all_of_its_products_have() -> None:
    seen = taken("Excedrin Zz")
    assert (seen["acetaminophen_class"], seen["antiplatelet"]) == (True, None)
    assert taken("Voltaren Zz")["nsaid"] is None


@pytest.mark.parametrize(
    ("text", "ingredients"),
    [
        ("HYDROCODN-ACETAMINOPHN 5-325", {"hydrocodone", "acetaminophen"}),
        ("BUPRENORPHN-NALOXN 2-0.5 MG SL FILM", {"buprenorphine", "naloxone"}),
        ("LORAZEPM 1 MG", {"lorazepam"}),
        ("CARISOPRDL 350 MG OR TABS", {"carisoprodol"}),
        ("HYDROXZN 25 MG", {"hydroxyzine"}),
        ("OXCDN 5 MG", set()),
    ],
)
def test_a_label_may_drop_vowels_and_nothing_else(text: str, ingredients: set[str]) -> None:
    assert set(read_name(text, CONTENT).ingredients) == ingredients


def test_a_name_in_no_table_leaves_every_class_open() -> None:
    assert set(taken("Qwxyzafil 20 mg tablet").values()) == {None}


def test_a_common_medicine_is_surely_none_of_the_classes_it_was_thought_of_for() -> None:
    seen = taken("rosuvastatin 10 mg") | {}
    assert seen["opioid"] is False
    assert taken("Farxiga 10 mg")["opioid"] is taken("Farxiga 10 mg")["benzodiazepine"] is False
    assert taken("Farxiga 10 mg")["qt_drug"] is None


# ---- property tests -----------------------------------------------------------------------------------------

KNOWN = ("oxycodone", "Percocet", "APAP", "lorazepam", "Suboxone", "metformin", "Farxiga", "tramadol ER", "fentanyl patch",
         "aspirin", "Lyrica",
         "5 mg", "tablet", "10-325", "daily", "HCl", "#30", "with", "+", "/", "(")  # fmt: skip  # data, read across
PIECES = st.lists(st.sampled_from(KNOWN), min_size=1, max_size=5)
NONSENSE = st.text("qwxzvkj", min_size=3, max_size=9).filter(
    lambda word: (
        not NAMES.begins_any(word) and key_of(word) not in NAMES.words and key_of(word)[:-1] not in NAMES.senses
    )
)


@given(PIECES, NONSENSE, st.integers(0, 5))
def test_an_unknown_piece_never_makes_an_answer_surer(pieces: list[str], unknown: str, at: int) -> None:
    before = taken(" ".join(pieces))
    after = taken(" ".join([*pieces[:at], unknown, *pieces[at:]]))
    for cls in CLASSES:
        assert (
            after[cls] is None
            or after[cls] == before[cls]
            or (after[cls] is True and before[cls] is None and _split(pieces, at))
        )
        assert after[cls] is not False


def _split(pieces: list[str], at: int) -> bool:
    """Whether the unknown piece stands inside, where it may part a name in two."""
    return 0 < at < len(pieces)


@given(st.sampled_from(sorted(NAMES.senses)), st.integers(6, 20))
def test_a_name_cut_off_is_never_surely_another(key: str, length: int) -> None:
    sense = NAMES.senses[key]
    cut = sense.name[:length]
    if key_of(cut) in NAMES.senses or len(cut) >= len(sense.name):
        return  # itself a whole name
    found = read_name(cut, CONTENT)
    other = any(key_of(cut[:n]) in NAMES.senses for n in range(3, len(cut)))
    assert other or set(found.ingredients) <= set(sense.ingredients), (sense.name, cut, found)


@given(st.sampled_from(sorted(NAMES.senses)), st.randoms(use_true_random=False))
def test_case_blanks_and_punctuation_change_nothing(key: str, random: Random) -> None:
    name = NAMES.senses[key].name
    changed = "".join(random.choice((c.upper(), c.lower())) if c.isalpha() else "  " if c == " " else c for c in name)
    assert read_name(f" {changed} ", CONTENT).ingredients == read_name(name, CONTENT).ingredients


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    product = read_name(text, CONTENT)
    assert product.whole or product.left or product.several or not product.named
    assert understood(text, CONTENT)


TYPED = ("oxycodone 10 mg", "Percocet 10/325", "Xanax 0.5 mg", "gabapentin 300 mg cap", "Suboxone 8-2 film", "tramadol 50",
         "Tylenol PM", "hydrocodone/apap 5-325", "MS Contin 15",
         "zolpidem 5 mg", "cyclobenzaprine 10mg", "sertraline 50 mg", "lisinopril 10 mg")  # fmt: skip  # data, read across


@given(
    st.sampled_from(TYPED), st.integers(0, 30), st.sampled_from("abcdefghijklmnopqrstuvwxyz"), st.sampled_from("rdis")
)
def test_a_typed_letter_too_few_or_wrong_is_never_surely_another_class(
    name: str, at: int, letter: str, how: str
) -> None:
    at %= len(name)
    rest = name[at + 1 :]
    changed = {
        "r": name[:at] + letter + rest,
        "d": name[:at] + rest,
        "i": name[:at] + letter + name[at:],
        "s": name[:at] + rest[:1] + name[at] + rest[1:],
    }[how]
    right, got = taken(name), taken(changed)
    if "PM" in name and key_of(changed)[7:] in ("", "po"):
        return  # itself a whole name: Tylenol, by mouth
    wrong = [cls for cls in CLASSES if got[cls] is not None and right[cls] is not None and got[cls] != right[cls]]
    digits = [c for c in changed if c.isdigit()]
    assert not wrong or digits != [c for c in name if c.isdigit()], (changed, wrong)


# ---- suggestions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("oxycodne", "oxycodone"), ("tramodol", "tramadol"), ("seroquil", "seroquel"), ("zanafex", "zanaflex"), ("lexipro", "lexapro"),
     ("hydroxazine", "hydroxyzine"), ("dilaudd", "dilaudid")],
)  # fmt: skip  # data, read across
def test_a_near_name_is_offered(typed: str, meant: str) -> None:
    assert suggestions(CONTENT, typed)[0] == meant


@pytest.mark.parametrize("text", ["zzzz", "blue pill", "qwxyzafil", "abc", ""])
def test_nothing_near_is_no_offer(text: str) -> None:
    assert suggestions(CONTENT, text) == ()


def test_a_brand_given_as_an_ingredient_is_told_and_never_another_drug() -> None:
    assert say_nearest(CONTENT, "zanaflex") == " It is a name of 'tizanidine'."
    assert say_nearest(CONTENT, "percocet") == " It is a product of oxycodone and acetaminophen."


def test_names_as_near_as_the_best_stand_beside_it() -> None:
    assert len(suggestions(CONTENT, "clonazipam")) > 1


def test_the_piece_that_is_not_understood_is_what_a_suggestion_is_for() -> None:
    assert nearest_names("oxycofone 5 mg tablet", CONTENT) == ("oxycodone",)


# ---- case files and the form --------------------------------------------------------------------------------


def test_a_case_file_by_name_gets_its_ingredients() -> None:
    entry = {"name": "OxyContin 20 mg", "state": "current", "per_day_max": 2}
    (made,) = entries_by_name(entry, CONTENT)
    assert made["ingredients"] == ["oxycodone"]
    assert (made["release"], made["route"], made["per_day_max"], made["name"]) == ("er", "oral", 2, "OxyContin 20 mg")
    assert entries_by_name(made, CONTENT) == [made]


def test_a_name_known_in_part_is_two_entries() -> None:
    known, left = entries_by_name({"name": "Dilaudid zzyx", "state": "current", "per_day_max": 4}, CONTENT)
    assert known["ingredients"] == ["hydromorphone"]
    assert "per_day_max" not in known
    assert "ingredients" not in left
    assert "zzyx" in left["name"]


def test_what_is_given_by_hand_is_kept() -> None:
    entry = {"name": "Percocet", "ingredients": ["oxycodone"], "state": "current"}
    assert entries_by_name(entry, CONTENT) == [entry]
    looked_up = {"name": "Percocet", "none_of": ["*"], "state": "current"}
    assert entries_by_name(looked_up, CONTENT) == [looked_up]


def test_the_form_takes_a_brand_for_what_is_in_it() -> None:
    made = read_medicine(CONTENT, {"parts": [{"what": "oxycodone ER", "dose": 10}], "unit": "mg"})
    assert made is not None
    assert (made["ingredients"], made["dose"], made["release"], made["name"]) == (
        ["oxycodone"],
        {"oxycodone": 10},
        "er",
        "oxycodone ER",
    )
    made = read_medicine(CONTENT, {"parts": [{"what": "suboxone", "dose": None}]})
    assert made is not None
    assert made["ingredients"] == ["buprenorphine", "naloxone"]
    made = read_medicine(CONTENT, {"parts": [{"what": "butrans", "dose": None}]})
    assert made is not None
    assert made["route"] == "transdermal"
    made = read_medicine(CONTENT, {"parts": [{"what": "Percocet", "dose": None}]})
    assert made is not None
    assert made["ingredients"] == ["oxycodone", "acetaminophen"]
    with pytest.raises(ValueError, match="oxycodone and acetaminophen"):
        read_medicine(CONTENT, {"parts": [{"what": "Percocet", "dose": 5}], "unit": "mg"})


# ---- the content --------------------------------------------------------------------------------------------


def test_no_word_is_both_a_name_and_no_name() -> None:
    assert not {key for key in NAMES.words if key in NAMES.senses}


def test_every_brand_is_read_as_what_its_table_says() -> None:
    for key, sense in NAMES.senses.items():
        if sense.more or not sense.ingredients:
            continue
        found = read_name(sense.name, CONTENT)
        skin = {NAMES.on_skin.get(i, i) for i in sense.ingredients}
        assert set(found.ingredients) in (set(sense.ingredients), skin) or found.left, (key, found)


def test_no_other_medicine_is_in_the_vocabulary() -> None:
    for key, sense in NAMES.senses.items():
        if sense.other and not sense.ingredients:
            assert key not in {key_of(id) for id in CONTENT.medicines}


def test_the_names_of_the_reference_are_never_silently_wrong(reference: Callable[[str | Path], Path]) -> None:
    path = reference("cases/words/names.tsv")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    wrong = []
    for row in rows:
        seen = taken(row["string"])
        if row["opioid"] in ("full", "partial") and seen["opioid"] is False:
            wrong.append(row["string"])
        if row["expected"] == "must stay open" and (
            seen["opioid"] is not None and row["class"] in ("opioid", "unknown")
        ):
            wrong.append(row["string"])
        if row["opioid"] in ("none", "antagonist") and seen["opioid"] is True:
            wrong.append(row["string"])
        for cls in ("benzodiazepine", "gabapentinoid", "z_drug", "barbiturate"):
            if row["ingredients"] and seen[cls] is not None and seen[cls] != (cls in row["class"].split(";")):
                wrong.append(row["string"])
    assert not wrong


NOTES = (
    "needs naloxone", "wants Suboxone", "considering buprenorphine", "plan: start buprenorphine", "start Suboxone next week",
    "D/C'd Percocet", "Percocet dc'd", "Percocet d/c'd 3/2020", "inactive: Norco", "Norco - expired", "naloxone expired",
    "old Rx: oxycodone", "Norco 2019", "Norco 3/14/22", "oxycodone 10/2019", "norco - taken for surgery 2019",
    "methadone taper completed", "oxycodone, weaned off", "tramadol (failed)", "tried and failed tramadol", "ran out of oxycodone",
    "husband's oxycodone", "oxycodone (wife's)", "mom's Xanax", "my neighbour’s gabapentin", "pharmacist's oxycodone",
    "fentanyl test strips", "benzo test strips", "oxycodone positive on UDS", "last used heroin 2 yrs ago", "morphine in ED only",
    "allergic to codeine", "codeine - itching", "no opioids", "declines Suboxone", "interested in methadone",
    "methadone was mentioned at the visit", "he asked me about Vivitrol", "overdosed on heroin", "zzyxing oxycodone",
)  # fmt: skip  # data, read across


@pytest.mark.parametrize("text", NOTES)
def test_a_note_beside_a_name_is_neither_a_yes_nor_a_no(text: str) -> None:
    read = read_name(text, CONTENT)
    assert not read.ingredients
    assert read.left
    for alone in understood(text, CONTENT):
        assert not alone.none_of


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("pt takes oxycodone 5 mg", {"oxycodone"}),
        ("still on methadone", {"methadone"}),
        ("using heroin", {"heroin"}),
        ("oxycodone 5 mg tablet (Firstword Secondword Inc)", {"oxycodone"}),  # a firm behind a full label
        ("Percocet 5/325 mg tab last filled 10/15", {"oxycodone", "acetaminophen"}),
        ("butalbital-apap-caff 50-325-40", {"butalbital", "acetaminophen", "caffeine"}),  # no date
        ("Vitamin D 2000", {"cholecalciferol"}),  # no year
        ("oxycodone zzyx", {"oxycodone"}),  # one word left over: what is recognized counts
        ("Tylenol with codeine number three", {"acetaminophen", "codeine"}),
        ("Tylenol-Codeine No. 3", {"acetaminophen", "codeine"}),  # "no" that is no denial
    ],
)
def test_what_says_that_it_is_taken_or_what_it_is_is_no_note(text: str, holds: set[str]) -> None:
    assert set(read_name(text, CONTENT).ingredients) == holds


def test_who_takes_none_of_a_class_takes_none_of_what_lies_within_it() -> None:
    for name in ("oxytocin", "Trulicity", "cod liver oil"):
        seen = taken(name)
        assert [seen[c] for c in ("opioid", "methadone", "methadone_oud", "moud", "opioid_er_la")] == [False] * 5
        assert seen["qt_drug"] is None  # which of those it may be, nobody looked up


@pytest.mark.parametrize(
    ("text", "strengths"),
    [
        ("hydrocodone/apap 10 mg", {"hydrocodone": 10}),
        ("buprenorphine-naloxone 8 mg film", {"buprenorphine": 8}),
        ("acetaminophen-codeine 30 mg", {"codeine": 30}),
        ("Percocet 5 mg", {"oxycodone": 5}),
        ("buprenorphine/naloxone 24 mg", {}),  # no product has so much: the amount of a day
        ("amlodipine/olmesartan 5 mg", {}),  # either of them
        ("butalbital-acetaminophen-caffeine 50 mg", {}),
    ],
)
def test_one_amount_behind_several_ingredients_is_never_that_of_the_last(
    text: str, strengths: dict[str, float]
) -> None:
    assert {i: s.mg for i, s in read_name(text, CONTENT).strengths.items()} == strengths


# ---- what is not in it, devices, and numbers without a unit ---------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["codeine-free cough syrup", "codeine free linctus", "acetaminophen-free", "aspirin-free Excedrin", "Excedrin aspirin-free",
     "opioid-free", "morphine - free", "hydrocodone-less cough syrup", "Tylenol (aspirin free)"],
)  # fmt: skip  # data, read across
def test_what_a_name_is_free_of_is_not_in_it(text: str) -> None:
    assert not read_name(text, CONTENT).ingredients
    assert [part.ingredients or part.none_of for part in understood(text, CONTENT)] == [()]


@pytest.mark.parametrize(
    ("text", "ingredient"),
    [("latex free fentanyl patch 25 mcg/hr", "fentanyl"), ("morphine free base", "morphine"),
     ("gluten free oxycodone 5 mg tab", "oxycodone")],
)  # fmt: skip  # data, read across
def test_what_a_tablet_or_patch_is_free_of_changes_nothing(text: str, ingredient: str) -> None:
    found = read_name(text, CONTENT)
    assert (found.ingredients, found.left) == ((ingredient,), ())


@pytest.mark.parametrize(
    "text",
    ["OneTouch Verio test strips", "BD pen needles", "Dexcom G7", "FreeStyle Libre 3 sensor", "CPAP supplies", "insulin syringes",
     "Accu-Chek Guide strips", "nebulizer machine", "sharps container"],
)  # fmt: skip  # data, read across
def test_a_device_is_no_medicine(text: str) -> None:
    found = read_name(text, CONTENT)
    assert found.device
    assert found.whole
    assert "opioid" in found.none_of
    assert not found.ingredients


def test_lidocaine_alone_is_as_sure_as_with_a_word_more() -> None:
    for text in ("lidocaine", "lidocaine OTC", "lidocaine kit"):
        assert read_name(text, CONTENT).whole, text


BARE = {
    "Valium 10": {"diazepam": 10.0}, "Ambien CR 12.5": {"zolpidem": 12.5}, "Eliquis 5": {"apixaban": 5.0},
    "zopiclone 7.5": {"zopiclone": 7.5},
    "Nucynta ER 150": {"tapentadol": 150.0}, "ASA 81 EC": {"aspirin": 81.0}, "Percocet 10": {"oxycodone": 10.0},
    "MS Contin 15": {"morphine": 15.0},
    "Percocet 10/325": {"oxycodone": 10.0, "acetaminophen": 325.0}, "Suboxone 8/2": {"buprenorphine": 8.0, "naloxone": 2.0},
    "gabapentin 300 tid": {"gabapentin": 300.0}, "Valium 10 #30": {"diazepam": 10.0},
}  # fmt: skip  # data, read across


@pytest.mark.parametrize(("text", "strengths"), BARE.items())
def test_a_bare_number_is_a_strength_that_the_product_comes_in(text: str, strengths: dict[str, float]) -> None:
    found = read_name(text, CONTENT)
    assert {i: s.mg for i, s in found.strengths.items()} == strengths
    assert {s.per for s in found.strengths.values()} == {"unit"}
    assert ("/" in text) is (found.taken is None)


@pytest.mark.parametrize(
    "text",
    ["Valium 7", "fentanyl 25", "buprenorphine 10", "Duragesic 50", "morphine 10", "diazepam 5", "oxycodone 20", "methadone 90",
     "levothyroxine 50", "oxycodone 30 ct", "oxycodone qty 30", "take 10 oxycodone", "gabapentin 300 daily", "oxycodone 10 20",
     "diazepam 10 injection",
     "zorblax oxycodone 10", "Percocet 325"],
)  # fmt: skip  # data, read across
def test_a_bare_number_that_may_be_something_else_is_none(text: str) -> None:
    assert not read_name(text, CONTENT).strengths


@pytest.mark.parametrize("number", ["2", "3", "4"])
@pytest.mark.parametrize(
    "count", ["times daily", "tablets at night", "x a day", "pills", "hours apart", "months", "every morning"]
)
def test_a_count_is_not_the_number_of_a_product(number: str, count: str) -> None:
    assert "codeine" not in read_name(f"Tylenol {number} {count}", CONTENT).ingredients


@pytest.mark.parametrize(
    "text", ["Tylenol 3", "Tylenol #3 tablets", "Tylenol-3", "Tylenol No. 4", "Tylenol with codeine 3 times a day"]
)
def test_the_number_of_a_product_is(text: str) -> None:
    assert "codeine" in read_name(text, CONTENT).ingredients


@pytest.mark.parametrize(
    "text",
    ["morphine (hydromorphone)", "tramadol 50 mg -> tapentadol 50 mg", "fentanyl > methadone", "heroin abuse", "morphine abuse",
     "buprenorphine clinic", "Suboxone clinics"],
)  # fmt: skip  # data, read across
def test_a_change_another_name_in_brackets_and_a_note_are_no_product(text: str) -> None:
    assert not read_name(text, CONTENT).whole


@pytest.mark.parametrize(
    "text",
    ["hydromorphone (Dilaudid)", "acetaminophen/hydrocodone (Norco)", "oxycodone 20 mg abuse deterrent tablet", "Codeine (codeine sulfate)",
     "methadone 80 mg clinic"],
)  # fmt: skip  # data, read across
def test_the_same_name_in_brackets_and_a_full_label_are_one_product(text: str) -> None:
    assert read_name(text, CONTENT).whole


def test_one_tablet_is_a_count() -> None:
    assert "codeine" not in read_name("Tylenol 1 tablet", CONTENT).ingredients


def test_long_texts_are_held_to_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of long texts cost no comparison each; what is near in length is still compared."""
    held: list[str] = []
    was = medicine_names.likeness

    def counted(one: str, other: str) -> float:
        held.append(other)
        return was(one, other)

    monkeypatch.setattr(medicine_names, "likeness", counted)
    for n in range(20):
        assert suggestions(CONTENT, f"{'one to two tabs as needed ' * 7}{n}") == ()
    assert held == []
    assert suggestions(CONTENT, "oxikodonne")[0] == "oxycodone"
    assert held
