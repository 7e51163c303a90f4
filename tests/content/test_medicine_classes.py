"""Which medicines belong to which class, on both sides, read from the facts sheet and not the vocabulary.

A value set is logic: in one public set a third of the "CNS depressants" are appetite suppressants, and no
gabapentinoid is in it. So each class that a rule leans on is held to what must be in and what must not.
"""

from __future__ import annotations

import pytest

from pathways.content import Content, load_content

# A class with the rows of the facts sheet that say so; + must be in it, - must not.
TABLE = """
opioid: E1, G-22
  + codeine fentanyl hydrocodone hydromorphone methadone morphine oxycodone oxymorphone tapentadol
  + tramadol levorphanol meperidine heroin buprenorphine butorphanol nalbuphine pentazocine
  - naloxone naltrexone loperamide gabapentin carisoprodol clonidine lofexidine ketorolac
opioid_full_agonist: G-01, G-23, B-B12
  + methadone fentanyl oxycodone heroin tramadol codeine
  - buprenorphine butorphanol nalbuphine pentazocine naloxone naltrexone loperamide
full_agonist_for_pain: G-01
  + oxycodone methadone tramadol
  - buprenorphine pentazocine naltrexone
opioid_for_pain: A-R05, F2-22
  + oxycodone buprenorphine methadone tramadol
  - naltrexone naloxone gabapentin
opioid_not_moud: G-01, G-02, G-44
  + oxycodone heroin buprenorphine methadone pentazocine
  - naltrexone naloxone
opioid_er_la: A-R03, F2-21, F2-22
  + methadone fentanyl morphine oxycodone buprenorphine
  - naltrexone naloxone
mixed_agonist_antagonist: G-25
  + butorphanol nalbuphine pentazocine
  - buprenorphine naltrexone naloxone
opioid_serotonergic: G-11
  + tramadol tapentadol meperidine methadone fentanyl
  - morphine hydromorphone buprenorphine oxycodone naltrexone
opioid_cyp2d6: G-19
  + codeine tramadol hydrocodone
  - morphine hydromorphone oxymorphone buprenorphine methadone fentanyl tapentadol
opioid_cyp3a4_major: G-17
  + fentanyl oxycodone
  - morphine hydromorphone codeine buprenorphine methadone
tramadol_tapentadol: G-32
  + tramadol tapentadol
  - morphine bupropion codeine
codeine_meperidine: G-38
  + codeine meperidine
  - morphine methadone buprenorphine hydromorphone
morphine_group: G-38
  + morphine
  - hydromorphone codeine fentanyl methadone
moud_agonist: B-A1
  + buprenorphine methadone
  - naltrexone naloxone clonidine lofexidine morphine heroin
moud: B-A1, C-W1
  + buprenorphine methadone naltrexone
  - naloxone clonidine lofexidine oxycodone
naloxone_rescue: G-41
  + naloxone
  - naltrexone buprenorphine
opioid_antidiarrhoeal: G-22
  + loperamide
  - codeine senna ondansetron
alpha2_agonist: B-H8
  + clonidine lofexidine
  - propranolol methadone
cns_depressant: A-R11, G-03, G-05, G-06
  + alprazolam clonazepam diazepam lorazepam chlordiazepoxide temazepam zolpidem eszopiclone
  + zaleplon butalbital phenobarbital gabapentin pregabalin carisoprodol cyclobenzaprine
  + methocarbamol tizanidine baclofen diphenhydramine hydroxyzine promethazine quetiapine
  + olanzapine haloperidol
  - phentermine methylphenidate amphetamine bupropion naloxone naltrexone ibuprofen acetaminophen
  - sertraline duloxetine sumatriptan topiramate propranolol levothyroxine albuterol ondansetron
  - buprenorphine oxycodone
cns_depressant_other: A-R11, G-05, G-44
  + zolpidem gabapentin pregabalin baclofen quetiapine carisoprodol
  - alprazolam lorazepam phentermine methylphenidate amphetamine sertraline
benzodiazepine: G-01
  + alprazolam chlordiazepoxide clonazepam diazepam lorazepam temazepam
  - zolpidem butalbital carisoprodol hydroxyzine trazodone gabapentin
z_drug: G-05
  + zolpidem eszopiclone zaleplon
  - temazepam trazodone diphenhydramine
barbiturate: F1-11, G-15
  + butalbital phenobarbital
  - carbamazepine phenytoin alprazolam
gabapentinoid: G-03, G-37
  + gabapentin pregabalin
  - topiramate baclofen carbamazepine valproate duloxetine
muscle_relaxant: G-05, F2-15, F2-16
  + carisoprodol cyclobenzaprine methocarbamol
  - diazepam gabapentin ibuprofen
carisoprodol_class: G-06
  + carisoprodol
  - cyclobenzaprine methocarbamol baclofen tizanidine
sedating_antihistamine: G-05
  + diphenhydramine hydroxyzine promethazine
  - ondansetron omeprazole quetiapine
antipsychotic: G-05
  + quetiapine olanzapine haloperidol pimozide
  - lithium valproate bupropion hydroxyzine
stimulant_prescribed: A-R11
  + methylphenidate amphetamine phentermine
  - bupropion levothyroxine albuterol
ssri: G-08, G-11, G-19
  + citalopram escitalopram fluoxetine fluvoxamine paroxetine sertraline
  - venlafaxine duloxetine trazodone bupropion mirtazapine amitriptyline
snri: F2-4, F2-5, F2-6
  + duloxetine venlafaxine milnacipran
  - tapentadol sertraline bupropion tramadol
tca: F2-7
  + amitriptyline nortriptyline
  - cyclobenzaprine duloxetine trazodone mirtazapine carbamazepine
antidepressant: G-12, F2-4, F2-7
  + sertraline duloxetine venlafaxine amitriptyline nortriptyline bupropion mirtazapine trazodone
  - lithium quetiapine gabapentin tramadol alprazolam
maoi: G-12
  + phenelzine tranylcypromine selegiline linezolid methylene_blue
  - bupropion trazodone moxifloxacin rifampin ciprofloxacin
triptan: G-14, G-40
  + sumatriptan rizatriptan
  - propranolol topiramate sertraline
serotonergic: G-11, G-12, F2-15
  + tramadol tapentadol meperidine methadone fentanyl sertraline venlafaxine duloxetine
  + nortriptyline cyclobenzaprine sumatriptan linezolid methylene_blue trazodone
  - morphine hydromorphone buprenorphine gabapentin ibuprofen propranolol baclofen tizanidine
  - naloxone
seizure_threshold: G-32
  + sertraline duloxetine amitriptyline cyclobenzaprine bupropion tramadol tapentadol
  - gabapentin pregabalin carbamazepine phenytoin valproate topiramate morphine acetaminophen
anticholinergic: G-36
  + amitriptyline nortriptyline cyclobenzaprine diphenhydramine
  - duloxetine sertraline gabapentin tizanidine baclofen
qt_drug: G-08, G-10
  + quinidine amiodarone sotalol pimozide erythromycin clarithromycin azithromycin moxifloxacin
  + ciprofloxacin ondansetron haloperidol amitriptyline nortriptyline citalopram
  - sertraline morphine naloxone gabapentin ibuprofen buprenorphine rifampin acetaminophen
cyp3a4_inhibitor: G-17
  + fluconazole ketoconazole voriconazole clarithromycin erythromycin ritonavir cobicistat
  + diltiazem verapamil
  - azithromycin rifampin rifabutin terbinafine carbamazepine sertraline
cyp_inducer: G-15
  + rifampin carbamazepine phenytoin phenobarbital efavirenz nevirapine st_johns_wort
  - rifabutin azithromycin gabapentin valproate fluconazole cobicistat
rifampin_class: G-16
  + rifampin
  - rifabutin carbamazepine phenytoin efavirenz
cyp2d6_inhibitor: G-13, G-19
  + fluoxetine paroxetine bupropion quinidine duloxetine terbinafine cinacalcet mirabegron
  - sertraline citalopram venlafaxine fluconazole ketoconazole mirtazapine
fluvoxamine_ciprofloxacin: G-18, F2-16
  + fluvoxamine ciprofloxacin
  - fluoxetine moxifloxacin azithromycin
nsaid: G-26 to G-31, F2-2
  + ibuprofen naproxen celecoxib ketorolac meloxicam diclofenac
  - acetaminophen aspirin diclofenac_topical tramadol capsaicin_topical lidocaine_topical
nsaid_topical_class: F2-3
  + diclofenac_topical
  - diclofenac capsaicin_topical lidocaine_topical ibuprofen
ketorolac_class: G-30
  + ketorolac
  - naproxen ibuprofen
acetaminophen_class: G-33
  + acetaminophen
  - ibuprofen aspirin naproxen
anticoagulant: G-26
  + warfarin apixaban rivaroxaban dabigatran
  - clopidogrel aspirin ibuprofen
antiplatelet: G-26
  + aspirin clopidogrel
  - warfarin apixaban acetaminophen
acei_arb: G-28, G-31
  + lisinopril enalapril losartan valsartan
  - propranolol hydrochlorothiazide diltiazem
diuretic: G-28
  + hydrochlorothiazide furosemide spironolactone
  - lisinopril losartan metformin
lithium_class: G-31
  + lithium
  - valproate quetiapine
"""

Side = tuple[str, frozenset[str], frozenset[str]]


def sides(table: str) -> list[Side]:
    """The table as (class, must be in, must not be in)."""
    found: dict[str, dict[str, set[str]]] = {}
    cls = ""
    for line in filter(None, table.splitlines()):
        if line.startswith("  "):
            sign, *ingredients = line.split()
            found[cls][sign] |= set(ingredients)
        else:
            cls, _, rows = line.partition(": ")
            assert rows, f"{cls}: which rows say so?"
            assert cls not in found, f"{cls} stands twice"
            found[cls] = {"+": set(), "-": set()}
    return [(cls, frozenset(both["+"]), frozenset(both["-"])) for cls, both in found.items()]


SIDES = sides(TABLE)
CHECKS = [
    pytest.param(cls, ingredient, inside, id=f"{ingredient} {'in' if inside else 'not in'} {cls}")
    for cls, yes, no in SIDES
    for names, inside in ((yes, True), (no, False))
    for ingredient in sorted(names)
]


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content()


@pytest.mark.parametrize(("cls", "ingredient", "inside"), CHECKS)
def test_membership(content: Content, cls: str, ingredient: str, inside: bool) -> None:
    assert ingredient in content.medicines, f"no medicine '{ingredient}' in the vocabulary"
    assert (ingredient in content.class_members(cls)) is inside


@pytest.mark.parametrize(("cls", "yes", "no"), SIDES, ids=[cls for cls, *_ in SIDES])
def test_table_has_both_sides_and_no_contradiction(cls: str, yes: frozenset[str], no: frozenset[str]) -> None:
    assert yes
    assert no
    assert not yes & no


# ---- what narrows a class: the same ingredient is one thing for pain and another for OUD -------------------


@pytest.mark.parametrize("cls", ["opioid_for_pain", "full_agonist_for_pain", "methadone_pain", "buprenorphine_pain"])
def test_pain_classes_leave_out_moud(content: Content, cls: str) -> None:
    """Methadone for OUD is not an opioid for pain, and is never counted as one (E-5, J3)."""
    assert content.medicine_classes[cls].purpose == ("pain",)


def test_opioid_not_moud_is_every_purpose_but_oud(content: Content) -> None:
    assert set(content.medicine_classes["opioid_not_moud"].purpose) == {"pain", "other"}


@pytest.mark.parametrize("cls", ["methadone_oud", "buprenorphine_oud", "naltrexone_oud"])
def test_moud_is_by_purpose(content: Content, cls: str) -> None:
    assert content.medicine_classes[cls].purpose == ("oud",)


@pytest.mark.parametrize("cls", ["moud", "moud_agonist"])
def test_moud_is_made_of_narrowed_classes_only(content: Content, cls: str) -> None:
    """No ingredient may name MOUD itself: that would count buprenorphine for pain as treatment of OUD."""
    assert not [medicine.id for medicine in content.medicines.values() if cls in medicine.classes]


def test_rescue_naloxone_stands_alone(content: Content) -> None:
    """The naloxone inside a buprenorphine film or tablet is not naloxone at home."""
    rescue = content.medicine_classes["naloxone_rescue"]
    assert rescue.alone
    assert "nasal" in rescue.route
    assert not {"sublingual", "buccal", "oral"} & set(rescue.route)


def test_injected_naltrexone_is_by_route(content: Content) -> None:
    assert content.medicine_classes["naltrexone_xr"].route == ("intramuscular",)


def test_er_la_is_release_or_patch_or_methadone(content: Content) -> None:
    """An immediate-release opioid is not ER/LA; methadone for OUD is not either (A-R03)."""
    children = set(content.medicine_classes["opioid_er_la"].children)
    assert children == {"opioid_er_form", "opioid_patch", "methadone_pain"}
    assert content.medicine_classes["opioid_er_form"].release == ("er",)
    assert content.medicine_classes["opioid_patch"].route == ("transdermal",)
    assert not [m.id for m in content.medicines.values() if "opioid_er_la" in m.classes]


# ---- lists of ingredients in interactions.toml that must keep up with their class --------------------------


def expand(content: Content, members: tuple[str, ...]) -> frozenset[str]:
    sets = [content.class_members(m) if m in content.medicine_classes else frozenset({m}) for m in members]
    return frozenset().union(*sets)


def test_inducers_of_buprenorphine_are_all_but_rifampin(content: Content) -> None:
    listed = expand(content, content.interactions["inducer_buprenorphine"].a)
    assert listed == content.class_members("cyp_inducer") - content.class_members("rifampin_class")


def test_every_full_agonist_has_its_place_in_the_serotonin_rows(content: Content) -> None:
    rows = (
        "serotonergic_opioid_serotonergic",
        "other_opioid_serotonergic",
        "low_concern_opioid_serotonergic",
    )
    sets = [expand(content, content.interactions[row].a) for row in rows]
    assert frozenset().union(*sets) >= content.class_members("opioid_full_agonist") - {"heroin"}
    assert sum(map(len, sets)) == len(frozenset().union(*sets)), "an opioid stands in two of the rows"


@pytest.mark.parametrize(
    ("rows", "opioid"),
    [
        (
            ("opioid_benzodiazepine", "opioid_gabapentinoid", "opioid_other_sedative", "opioid_carisoprodol"),
            "oxycodone",
        ),
        (
            ("moud_benzodiazepine", "opioid_gabapentinoid", "moud_other_sedative", "moud_carisoprodol"),
            "methadone",
        ),
    ],
)
def test_every_sedative_meets_an_opioid_once(content: Content, rows: tuple[str, ...], opioid: str) -> None:
    """Each CNS depressant is in exactly one of the rows for pain, and in exactly one for MOUD."""
    met = [
        frozenset().union(*(side for side in (expand(content, i.a), expand(content, i.b)) if opioid not in side))
        for i in (content.interactions[row] for row in rows)
    ]
    without = {"trazodone"}  # sedating, but no row of the sheet names it beside an opioid
    for ingredient in content.class_members("cns_depressant") - without:
        assert sum(ingredient in side for side in met) == 1, ingredient


def test_no_pair_with_a_sedative_shuts_out_moud(content: Content) -> None:
    """Law 7: medication for OUD is never withheld for another drug in use (B-A3)."""
    moud = {
        "moud",
        "moud_agonist",
        "buprenorphine_oud",
        "methadone_oud",
        "buprenorphine",
        "methadone",
        "opioid",
    }
    for interaction in content.interactions.values():
        for one, other in ((interaction.a, interaction.b), (interaction.b, interaction.a)):
            if interaction.severity == "stop" and moud & set(one):
                assert not expand(content, other) & content.class_members("cns_depressant"), interaction.id
