"""Which medicines belong to which class, on both sides, read from the facts sheet and not the vocabulary.

A value set is logic: in one public set a third of the "CNS depressants" are appetite suppressants, and no
gabapentinoid is in it. So each class that a rule leans on is held to what must be in and what must not.
"""

from __future__ import annotations

import pytest

from pathways.content import Content, load_content
from pathways.language import facts_of

# A class with the rows of the facts sheet that say so; + must be in it, - must not.
TABLE = """
antirheumatic: F1-5, C2
  + methotrexate sulfasalazine leflunomide adalimumab etanercept hydroxychloroquine
  - ibuprofen prednisone allopurinol colchicine
opioid: E1, G-22
  + codeine fentanyl hydrocodone hydromorphone methadone morphine oxycodone oxymorphone tapentadol
  + tramadol levorphanol meperidine heroin buprenorphine butorphanol nalbuphine pentazocine
  - naloxone naltrexone loperamide gabapentin carisoprodol clonidine lofexidine ketorolac
  - cannabis alcohol cocaine methamphetamine xylazine medetomidine diphenoxylate naloxegol
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
moud_agonist_daily: B-A7, B-A15
  + buprenorphine methadone
  - naltrexone naloxone clonidine morphine
moud: B-A1, C-W1
  + buprenorphine methadone naltrexone
  - naloxone clonidine lofexidine oxycodone
naloxone_rescue: G-41
  + naloxone
  - naltrexone buprenorphine
opioid_antidiarrhoeal: G-22
  + loperamide
  + diphenoxylate
  - codeine senna ondansetron
  - lactulose bisacodyl
alpha2_agonist: B-H8
  + clonidine lofexidine
  - propranolol methadone
  - guanfacine tizanidine
cns_depressant: A-R11, G-03, G-05, G-06
  + alprazolam clonazepam diazepam lorazepam chlordiazepoxide temazepam zolpidem eszopiclone
  + zaleplon butalbital phenobarbital gabapentin pregabalin carisoprodol cyclobenzaprine
  + methocarbamol tizanidine baclofen diphenhydramine hydroxyzine promethazine quetiapine
  + olanzapine haloperidol
  + suvorexant lemborexant orphenadrine doxylamine chlorpheniramine ziprasidone midazolam
  - phentermine methylphenidate amphetamine bupropion naloxone naltrexone ibuprofen acetaminophen
  - sertraline duloxetine sumatriptan topiramate propranolol levothyroxine albuterol ondansetron
  - buprenorphine oxycodone
  - phendimetrazine diethylpropion lisdexamfetamine modafinil cetirizine loratadine melatonin alcohol
cns_depressant_other: A-R11, G-05, G-44
  + zolpidem gabapentin pregabalin baclofen quetiapine carisoprodol
  + suvorexant orphenadrine clozapine
  - alprazolam lorazepam phentermine methylphenidate amphetamine sertraline
  - midazolam phendimetrazine diethylpropion
benzodiazepine: G-01
  + alprazolam chlordiazepoxide clonazepam diazepam lorazepam temazepam
  + oxazepam triazolam clobazam midazolam estazolam clorazepate
  - zolpidem butalbital carisoprodol hydroxyzine trazodone gabapentin
  - suvorexant
z_drug: G-05
  + zolpidem eszopiclone zaleplon
  - temazepam trazodone diphenhydramine
  - suvorexant melatonin ramelteon
barbiturate_for_seizures: G-05, G-44
  + phenobarbital primidone mephobarbital
  - butalbital pentobarbital secobarbital clonazepam gabapentin
barbiturate_not_for_seizures: G-05, G-44
  + butalbital pentobarbital secobarbital butabarbital amobarbital
  - phenobarbital primidone mephobarbital zolpidem
sedative_to_review: A-R11
  + alprazolam zolpidem butalbital carisoprodol
  - phenobarbital primidone quetiapine gabapentin
cns_depressant_to_review: A-R11
  + alprazolam zolpidem butalbital carisoprodol gabapentin baclofen tizanidine diphenhydramine suvorexant
  - quetiapine olanzapine haloperidol clozapine phenobarbital primidone
barbiturate: F1-11, G-15
  + butalbital phenobarbital
  + primidone pentobarbital
  - carbamazepine phenytoin alprazolam
gabapentinoid: G-03, G-37
  + gabapentin pregabalin
  - topiramate baclofen carbamazepine valproate duloxetine
  - lamotrigine levetiracetam
muscle_relaxant: G-05, F2-15, F2-16
  + carisoprodol cyclobenzaprine methocarbamol
  + metaxalone chlorzoxazone orphenadrine
  - diazepam gabapentin ibuprofen
  - tizanidine baclofen dantrolene
carisoprodol_class: G-06
  + carisoprodol
  - cyclobenzaprine methocarbamol baclofen tizanidine
sedating_antihistamine: G-05
  + diphenhydramine hydroxyzine promethazine
  + doxylamine chlorpheniramine meclizine
  - ondansetron omeprazole quetiapine
  - cetirizine loratadine fexofenadine
antipsychotic: G-05
  + quetiapine olanzapine haloperidol pimozide
  + clozapine ziprasidone prochlorperazine aripiprazole risperidone droperidol
  - lithium valproate bupropion hydroxyzine
  - metoclopramide
stimulant_prescribed: A-R11
  + methylphenidate amphetamine phentermine
  + lisdexamfetamine dextroamphetamine phendimetrazine diethylpropion
  - bupropion levothyroxine albuterol
  - modafinil atomoxetine cocaine methamphetamine
ssri: G-08, G-11, G-19
  + citalopram escitalopram fluoxetine fluvoxamine paroxetine sertraline
  - venlafaxine duloxetine trazodone bupropion mirtazapine amitriptyline
  - vilazodone vortioxetine
snri: F2-4, F2-5, F2-6
  + duloxetine venlafaxine milnacipran
  + desvenlafaxine levomilnacipran
  - tapentadol sertraline bupropion tramadol
  - vilazodone
tca: F2-7
  + amitriptyline nortriptyline
  + desipramine imipramine doxepin clomipramine protriptyline
  - cyclobenzaprine duloxetine trazodone mirtazapine carbamazepine
antidepressant: G-12, F2-4, F2-7
  + sertraline duloxetine venlafaxine amitriptyline nortriptyline bupropion mirtazapine trazodone
  + vilazodone nefazodone vortioxetine
  - lithium quetiapine gabapentin tramadol alprazolam
  - dextromethorphan buspirone
maoi_medicine: G-12
  + phenelzine tranylcypromine selegiline isocarboxazid rasagiline safinamide
  - linezolid methylene_blue bupropion
maoi_antimicrobial: G-12
  + linezolid methylene_blue
  - phenelzine rasagiline ciprofloxacin
maoi: G-12
  + phenelzine tranylcypromine selegiline linezolid methylene_blue
  + isocarboxazid rasagiline safinamide
  - bupropion trazodone moxifloxacin rifampin ciprofloxacin
triptan: G-14, G-40
  + sumatriptan rizatriptan
  + eletriptan zolmitriptan naratriptan almotriptan frovatriptan
  - propranolol topiramate sertraline
  - ergotamine rimegepant
serotonergic: G-11, G-12, F2-15
  + tramadol tapentadol meperidine methadone fentanyl sertraline venlafaxine duloxetine
  + nortriptyline cyclobenzaprine sumatriptan linezolid methylene_blue trazodone
  + dextromethorphan buspirone vilazodone clomipramine
  - morphine hydromorphone buprenorphine gabapentin ibuprofen propranolol baclofen tizanidine
  - naloxone
  - diphenhydramine quetiapine
seizure_threshold: G-32
  + sertraline duloxetine amitriptyline cyclobenzaprine bupropion tramadol tapentadol
  - gabapentin pregabalin carbamazepine phenytoin valproate topiramate morphine acetaminophen
anticholinergic: G-36
  + amitriptyline nortriptyline cyclobenzaprine diphenhydramine
  + oxybutynin benztropine scopolamine orphenadrine doxylamine
  - duloxetine sertraline gabapentin tizanidine baclofen
  - cetirizine
qt_drug: G-08, G-10
  + quinidine amiodarone sotalol pimozide erythromycin clarithromycin azithromycin moxifloxacin
  + ciprofloxacin ondansetron haloperidol amitriptyline nortriptyline citalopram
  + disopyramide procainamide hydroxychloroquine donepezil ziprasidone dronedarone
  - sertraline morphine naloxone gabapentin ibuprofen buprenorphine rifampin acetaminophen
  - levetiracetam metoclopramide
cyp3a4_inhibitor: G-17
  + fluconazole ketoconazole voriconazole clarithromycin erythromycin ritonavir cobicistat
  + diltiazem verapamil
  + atazanavir darunavir nirmatrelvir nefazodone aprepitant dronedarone itraconazole
  - azithromycin rifampin rifabutin terbinafine carbamazepine sertraline
  - enzalutamide levofloxacin
cyp_inducer: G-15
  + rifampin carbamazepine phenytoin phenobarbital efavirenz nevirapine st_johns_wort
  + rifapentine fosphenytoin enzalutamide apalutamide primidone bosentan
  - rifabutin azithromycin gabapentin valproate fluconazole cobicistat
  - oxcarbazepine levetiracetam ritonavir
rifampin_class: G-16
  + rifampin
  - rifabutin carbamazepine phenytoin efavirenz
cyp2d6_inhibitor: G-13, G-19
  + fluoxetine paroxetine bupropion quinidine duloxetine terbinafine cinacalcet mirabegron
  + abiraterone
  - sertraline citalopram venlafaxine fluconazole ketoconazole mirtazapine
  - atomoxetine
fluvoxamine_ciprofloxacin: G-18, F2-16
  + fluvoxamine ciprofloxacin
  - fluoxetine moxifloxacin azithromycin
nsaid: G-26 to G-31, F2-2
  + ibuprofen naproxen celecoxib ketorolac meloxicam diclofenac
  + ketoprofen piroxicam nabumetone indomethacin etodolac diflunisal
  - acetaminophen aspirin diclofenac_topical tramadol capsaicin_topical lidocaine_topical
  - capsaicin_patch
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
  + edoxaban enoxaparin heparin fondaparinux
  - clopidogrel aspirin ibuprofen
  - ticagrelor
antiplatelet: G-26
  + aspirin clopidogrel
  + ticagrelor prasugrel cilostazol
  - warfarin apixaban acetaminophen
  - heparin
acei_arb: G-28, G-31
  + lisinopril enalapril losartan valsartan
  + ramipril benazepril telmisartan candesartan
  - propranolol hydrochlorothiazide diltiazem
  - amlodipine atenolol
diuretic: G-28
  + hydrochlorothiazide furosemide spironolactone
  + torsemide chlorthalidone indapamide eplerenone amiloride
  - lisinopril losartan metformin
  - amlodipine
buprenorphine: B-B1
  + buprenorphine
  - methadone naloxone naltrexone
methadone: B-M1
  + methadone
  - buprenorphine morphine heroin
naltrexone: B-N1
  + naltrexone
  - naloxone naloxegol nalmefene
gabapentin_class: F2-8
  + gabapentin
  - pregabalin
pregabalin_class: F2-9
  + pregabalin
  - gabapentin
duloxetine_class: F2-4
  + duloxetine
  - venlafaxine milnacipran
bupropion_class: G-32
  + bupropion
  - varenicline sertraline
cyclobenzaprine_class: F2-15
  + cyclobenzaprine
  - amitriptyline methocarbamol
tizanidine_class: F2-16
  + tizanidine
  - clonidine baclofen
baclofen_class: F2-16
  + baclofen
  - tizanidine gabapentin
muscle_relaxant_other: G-05
  + methocarbamol metaxalone chlorzoxazone orphenadrine
  - carisoprodol cyclobenzaprine baclofen
lidocaine_class: F2-13
  + lidocaine_topical
  - capsaicin_topical mexiletine
sedative: A-R11, C-W4
  + alprazolam zolpidem phenobarbital carisoprodol
  - gabapentin buspirone trazodone hydroxyzine
ssri_or_snri: G-13, G-27
  + sertraline citalopram duloxetine venlafaxine
  - amitriptyline bupropion mirtazapine
anticoagulant_or_antiplatelet: G-26
  + warfarin apixaban clopidogrel aspirin
  - ibuprofen acetaminophen
thiazide: G-31
  + hydrochlorothiazide chlorthalidone indapamide metolazone
  - furosemide torsemide spironolactone lisinopril
potassium_losing_diuretic: G-09
  + hydrochlorothiazide furosemide torsemide bumetanide chlorthalidone
  - spironolactone eplerenone amiloride triamterene
venlafaxine_class: F2-5
  + venlafaxine
  - desvenlafaxine duloxetine
milnacipran_class: F2-6
  + milnacipran
  - levomilnacipran duloxetine
muscle_relaxant_any: F2-15, F2-16
  + tizanidine baclofen dantrolene cyclobenzaprine carisoprodol methocarbamol orphenadrine
  - diazepam gabapentin clonidine
hypnotic_other: G-05
  + suvorexant lemborexant daridorexant
  - zolpidem melatonin ramelteon trazodone
ergot: G-40
  + ergotamine dihydroergotamine
  - sumatriptan rimegepant
cgrp_class: F1-10
  + erenumab fremanezumab galcanezumab rimegepant atogepant ubrogepant
  - sumatriptan topiramate
beta_blocker_prevention: F1-10, F2-12
  + propranolol metoprolol timolol
  - atenolol carvedilol amlodipine candesartan
beta_blocker: F2-12
  + propranolol metoprolol atenolol carvedilol nadolol
  - amlodipine diltiazem clonidine
fentanyl_class: H4-1
  + fentanyl
  - morphine oxycodone
tramadol_class: F2-17
  + tramadol
  - tapentadol codeine
tapentadol_class: F2-18
  + tapentadol
  - tramadol codeine
capsaicin_patch_class: F2-14
  + capsaicin_patch
  - capsaicin_topical
suzetrigine_class: F2-25
  + suzetrigine
  - lidocaine_topical
cyp3a4_inhibitor_moderate: G-17
  + erythromycin fluconazole diltiazem verapamil grapefruit
  - clarithromycin ketoconazole ritonavir azithromycin
topiramate_class: F2-11
  + topiramate
  - zonisamide lamotrigine
candesartan_class: F1-10
  + candesartan
  - losartan valsartan
carbamazepine_class: F2-10
  + carbamazepine
  - oxcarbazepine phenytoin
cannabinoid: F2-27
  + cannabis cannabidiol dronabinol nabilone
  - gabapentin heroin
capsaicin_class: F2-14
  + capsaicin_topical
  - capsaicin_patch lidocaine_topical
cyp3a4_inhibitor_strong: F2-25
  + clarithromycin itraconazole ketoconazole posaconazole voriconazole ritonavir cobicistat nefazodone
  - erythromycin fluconazole diltiazem verapamil grapefruit azithromycin
alcohol_class: G-04
  + alcohol
  - diazepam disulfiram acamprosate
stimulant_street: G-42
  + cocaine methamphetamine
  - amphetamine methylphenidate phentermine
adulterant_sedative: G-43
  + xylazine medetomidine
  - clonidine fentanyl
serotonergic_other: G-12
  + mirtazapine trazodone vortioxetine vilazodone buspirone dextromethorphan
  - bupropion sertraline
opioid_blocker_gut: G-36
  + naldemedine naloxegol methylnaltrexone
  - naloxone naltrexone nalmefene loperamide polyethylene_glycol
nalmefene_class: G-41
  + nalmefene
  - naloxone naltrexone naloxegol
kratom_class: C18
  + kratom hydroxymitragynine
  - heroin nitazene tramadol cannabis loperamide
hcv_antiviral: B-A19
  + sofosbuvir glecaprevir pibrentasvir velpatasvir ledipasvir
  - tenofovir dolutegravir ritonavir acyclovir
hiv_prep: B-A19
  + emtricitabine cabotegravir lenacapavir
  - tenofovir dolutegravir bictegravir ritonavir efavirenz
varenicline_or_nicotine: D-TAPS
  + varenicline nicotine cytisinicline
  - bupropion methylphenidate nortriptyline
acamprosate_class: C18
  + acamprosate
  - disulfiram naltrexone gabapentin topiramate
hiv_protease_inhibitor: G-15
  + ritonavir cobicistat
  - ketoconazole clarithromycin efavirenz
cyp3a4_inhibitor_not_protease: G-17
  + erythromycin clarithromycin fluconazole ketoconazole voriconazole itraconazole posaconazole diltiazem verapamil grapefruit
  - ritonavir cobicistat azithromycin rifampin
cyp1a2_inhibitor_other: F2-16
  + amiodarone verapamil levofloxacin
  - fluvoxamine ciprofloxacin diltiazem
full_agonist_not_serotonergic: G-12, G-05
  + codeine hydrocodone hydromorphone levorphanol morphine oxycodone oxymorphone
  - fentanyl meperidine methadone tapentadol tramadol buprenorphine
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


def test_every_class_that_a_rule_leans_on_stands_in_the_table(content: Content) -> None:
    """A class that nothing holds on both sides could lose a member unseen."""
    leaned = {id for record in content.interactions.values() for id in (*record.a, *record.b)}
    for rule in content.rules():
        leaned |= {
            fact.removeprefix("takes_") for fact in facts_of(content.node(rule.text)) if fact.startswith("takes_")
        }
    by_purpose = {id for id, cls in content.medicine_classes.items() if cls.purpose or cls.route or cls.release}
    assert (leaned & set(content.medicine_classes)) - by_purpose - {cls for cls, *_ in SIDES} == set()


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


@pytest.mark.parametrize("cls", ["moud", "moud_agonist", "moud_agonist_daily"])
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
        "methadone_fentanyl_serotonergic",
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
            (
                "moud_benzodiazepine",
                "opioid_gabapentinoid",
                "moud_other_sedative",
                "moud_sedating_treatment",
                "moud_carisoprodol",
            ),
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
