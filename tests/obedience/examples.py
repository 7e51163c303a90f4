"""Reviews made by hand: for each kind of violation one that breaks it and one that does not."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def medicine(*ingredients: str, state: str = "current", purpose: str = "pain", **more: Any) -> Json:
    """An entry of the medicines list."""
    return {
        "name": ingredients[0],
        "ingredients": list(ingredients),
        "route": "oral",
        "state": state,
        "purpose": purpose,
        **more,
    }


def grams(ingredient: str, times: int) -> Json:
    """An entry of 1 g, taken so many times a day."""
    return medicine(ingredient, dose={ingredient: 1000}, per_day_min=times, per_day_max=times)


def item(id: str, verb: str = "Offer", phase: str = "today", **more: Any) -> Json:
    """An item of a plan."""
    return {"id": id, "title": id, "short": id, "verb": verb, "phase": phase, **more}


def made(
    *medicines: Json,
    plan: tuple[Json, ...] = (),
    options: dict[str, str] | None = None,
    verdicts: tuple[Json | str | None, ...] = (),
    red: tuple[Json, ...] = (),
    not_done: tuple[Json, ...] = (),
    forks: tuple[Json, ...] = (),
    **profile: Any,
) -> Json:
    """A review as JSON: one plan, an option for each item unless others are named, verdicts in the order of the list."""
    verbs = {i["id"]: i["verb"] for i in plan} | (options or {})
    words = [{"verdict": v} if isinstance(v, str) else v or {} for v in verdicts]
    return {
        "profile": {"as_of": "2026-11-16", "medicines": list(medicines), **profile},
        "plans": [{"items": list(plan)}],
        "core": [],
        "forks": list(forks),
        "options": [{"id": id, "title": id, "short": id, "verb": verb} for id, verb in verbs.items()],
        "emergencies": [{"title": e["id"], "state": "present", "actions": [], **e} for e in red],
        "medicines": [{"entry": n, "how": "", **w} for n, w in enumerate(words)],
        "not_done": list(not_done),
    }


def checked(check: str) -> Json:
    """Methadone to be checked first for something, in a person with an allergy to it."""
    case = made(options={"methadone_otp": "Check first"}, answers={"methadone_allergy": True})
    return {**case, "options": [{**case["options"][0], "check_first": [check]}]}


def starts_with(action: str) -> Json:
    """Gabapentin asked for, to be started with an action in words and nothing else."""
    because = [{"makes": "keep_with", "action": action}]
    words = {"verdict": "start_with", "with": [], "because": because}
    return made(medicine("gabapentin", state="proposed"), verdicts=(words,))


def two_opioids(words: str, keeps: str = "oxycodone", other: str = "change") -> Json:
    """A plan that goes on with one of two opioids, of which tramadol may not stay beside sertraline."""
    goes_on = item("opioid_continue", title=words, keeps=[keeps])
    listed = (medicine("oxycodone"), medicine("tramadol"), medicine("sertraline", purpose="other"))
    return made(*listed, plan=(goes_on,), verdicts=("keep", {"verdict": other, "how": "switch"}, "keep"))


def change(how: str = "taper", **more: Any) -> Json:
    """A verdict 'change'."""
    return {"verdict": "change", "how": how, **more}


NSAID = (medicine("naproxen"), medicine("warfarin", purpose="other"))
EGFR_20 = [{"measure": "egfr", "value": 20, "date": "2026-11-10"}]
EGFR_95 = [{"measure": "egfr", "value": 95, "date": "2026-11-10"}]
QTC_520 = [{"measure": "qtc_ms", "value": 520, "date": "2026-11-10"}]
SURGERY_TOMORROW = [{"measure": "surgery", "date": "2026-11-17"}]
OUD = {"oud_status": "active"}
METHADONE = medicine("methadone", purpose="oud", source="otp")
BUPRENORPHINE = medicine("buprenorphine", purpose="oud", route="sublingual")
OPIOID = medicine("oxycodone", dose={"oxycodone": 10}, per_day_min=2, per_day_max=2)
MOUD, NALOXONE = item("buprenorphine"), item("naloxone_kit")
WITHDRAWAL = {"in_opioid_withdrawal": True, "pregnant": True, **OUD}
DROWSY = {"drowsy_or_confused": True}
CAUDA = {"main_pain": "back_axial", "saddle_numbness": True}
CAUDA_STORM = {**CAUDA, "autonomic_storm": True}
PATCH_AND_TRIPTAN = (medicine("fentanyl", route="transdermal"), medicine("naratriptan", purpose="other"))
PATCH_AND_ANOTHER = (medicine("fentanyl", route="transdermal"), medicine("piritramide"))
OF_THEM: Json = {"verdicts": (change("switch"), "keep"), "observations": EGFR_20}
CAUDA_RED = {"id": "cauda_equina", "actions": ["Emergency department now"]}

# Each: what is reported, a review that does not obey, one that does.
EXAMPLES: dict[str, tuple[tuple[str, str], tuple[Any, ...], tuple[Any, ...]]] = {
    "a medicine without a verdict": (
        ("no_verdict", "-"),
        (made(*NSAID),),
        (made(*NSAID, verdicts=(change(), "keep")),),
    ),
    "a word that is no verdict": (
        ("no_verdict", "-"),
        (made(medicine("gabapentin"), verdicts=("start",)),),
        (made(medicine("gabapentin"), verdicts=("keep",)),),
    ),
    "a pair, nobody judged": (
        ("unjudged", "nsaid-warfarin"),
        (made(*NSAID),),
        (made(*NSAID, verdicts=(change(), "keep")),),
    ),
    "a pair in use, kept": (
        ("unfit_verdict", "nsaid-warfarin"),
        (made(*NSAID, verdicts=("keep", "keep")),),
        (made(*NSAID, verdicts=("verify", "keep")),),
    ),
    "a pair, the wrong one gives way": (
        ("unfit_verdict", "nsaid-warfarin"),
        (made(*NSAID, verdicts=("keep", change())),),
        (made(*NSAID, verdicts=(change(), "keep")),),
    ),
    "a pair kept without its mitigation": (
        ("mitigation_missing", "nsaid-ssri"),
        (
            made(
                medicine("ibuprofen"), medicine("sertraline"), verdicts=("keep_with", "keep"), plan=(item("exercise"),)
            ),
        ),
        (made(medicine("ibuprofen"), medicine("sertraline"), verdicts=("keep_with", "keep"), plan=(item("PPI"),)),),
    ),
    "a pair whose other half is not stopped today": (
        ("mitigation_missing", "methadone-triptan"),
        (made(*PATCH_AND_TRIPTAN, verdicts=({"verdict": "keep_with", "with": ["naloxone_kit"]}, change(by="today"))),),
        (
            made(
                *PATCH_AND_TRIPTAN,
                verdicts=({"verdict": "keep_with", "with": ["naloxone_kit"]}, change("stop", by="today")),
                plan=(NALOXONE,),
            ),
        ),
    ),
    "a mitigation for today that an emergency puts off": (
        ("mitigation_missing", "nsaid-ssri"),
        (
            made(
                medicine("ibuprofen"),
                medicine("sertraline"),
                verdicts=("keep_with", "keep"),
                plan=({**item("PPI", "After this"), "phase": "today"},),
            ),
        ),
        (
            made(
                medicine("ibuprofen"),
                medicine("sertraline"),
                verdicts=("keep_with", "keep"),
                plan=({**item("PPI", "After this"), "phase": "this_week"},),
            ),
        ),
    ),
    "a mitigation that stands in no plan": (
        ("mitigation_missing", "-"),
        (
            made(
                medicine("gabapentin"),
                verdicts=({"verdict": "keep_with", "with": ["naloxone_kit"]},),
                plan=(item("exercise"),),
            ),
        ),
        (
            made(
                medicine("gabapentin"), verdicts=({"verdict": "keep_with", "with": ["naloxone_kit"]},), plan=(NALOXONE,)
            ),
        ),
    ),
    "a medicine that stays, and does not say with what": (
        ("unnamed", "nsaid-ssri"),
        (made(medicine("ibuprofen"), medicine("sertraline"), verdicts=("check", "keep"), plan=(item("PPI"),)),),
        (
            made(
                medicine("ibuprofen"),
                medicine("sertraline"),
                verdicts=({"verdict": "check", "with": ["PPI"]}, "keep"),
                plan=(item("PPI"),),
            ),
        ),
    ),
    "a treatment that surely is not for this person, asked about": (
        ("not_closed", "nsaid-severe-kidney-disease"),
        (made(options={"nsaid_oral": "Ask"}, observations=EGFR_20),),
        (made(options={"nsaid_oral": "Do not start"}, observations=EGFR_20),),
    ),
    "an option without a word of what speaks against it": (
        ("untold", "nsaid-stroke"),
        (made(options={"nsaid_oral": "Check first"}, conditions=[{"id": "stroke_or_tia"}]),),
        (made(options={"nsaid_oral": "Do not start"}, conditions=[{"id": "stroke_or_tia"}]),),
    ),
    "an open check of something else is no warning": (
        ("untold", "methadone-allergy"),
        (checked("methadone_oud.qtc_borderline"),),
        (checked("allergy"),),
    ),
    "a start with care that does not say how": (
        ("mitigation_missing", "-"),
        (starts_with(""),),
        (starts_with("Lowest dose first."),),
    ),
    "a change that comes late": (
        ("late", "nsaid-severe-kidney-disease"),
        (made(NSAID[0], verdicts=({**change(), "by": "this_week"},), observations=EGFR_20),),
        (made(NSAID[0], verdicts=({**change(), "by": "today"},), observations=EGFR_20),),
    ),
    "a triple of which two are no matter": (
        ("unfit_verdict", "nsaid-ace-diuretic"),
        (made(medicine("naproxen"), medicine("lisinopril"), medicine("furosemide"), verdicts=("keep",) * 3),),
        (made(medicine("naproxen"), medicine("lisinopril"), verdicts=("keep",) * 2),),
    ),
    "either of a pair": (
        ("unfit_verdict", "two-nsaids"),
        (made(medicine("naproxen"), medicine("ibuprofen"), verdicts=("keep", "keep")),),
        (made(medicine("naproxen"), medicine("ibuprofen"), verdicts=("keep", change("stop"))),),
    ),
    "a newcomer beside what is in use": (
        ("item_bare", "maoi-snri"),
        (made(medicine("phenelzine", purpose="other"), verdicts=("keep",), plan=(item("duloxetine"),)),),
        (made(medicine("phenelzine", purpose="other"), verdicts=("keep",), options={"duloxetine": "Do not start"}),),
    ),
    "a proposed medicine": (
        ("unfit_verdict", "nsaid-warfarin"),
        (made(medicine("naproxen", state="proposed"), NSAID[1], verdicts=("start", "keep")),),
        (
            made(
                medicine("naproxen", state="proposed"),
                NSAID[1],
                verdicts=({"verdict": "not_this", "instead": "gel"}, "keep"),
            ),
        ),
    ),
    "MOUD beside a sedative: the sedative is looked at": (
        ("unfit_verdict", "methadone-oud-benzodiazepine"),
        (made(METHADONE, medicine("diazepam"), verdicts=("keep", "keep")),),
        (made(METHADONE, medicine("diazepam"), verdicts=("keep", change("taper"))),),
    ),
    "a caution in use": (
        ("unfit_verdict", "nsaid-severe-kidney-disease"),
        (made(NSAID[0], verdicts=("check",), observations=EGFR_20),),
        (made(NSAID[0], verdicts=(change(),), observations=EGFR_20),),
    ),
    "a caution on the menu": (
        ("option_bare", "duloxetine-kidney"),
        (made(options={"duloxetine": "Offer"}, observations=EGFR_20),),
        (made(options={"duloxetine": "Do not start"}, observations=EGFR_20),),
    ),
    "a caution in a plan": (
        ("item_bare", "duloxetine-kidney"),
        (made(plan=(item("duloxetine", "Consider"),), observations=EGFR_20),),
        (made(plan=(item("duloxetine", "Do not start"),), observations=EGFR_20),),
    ),
    "a stop that may not even be checked first": (
        ("stop_stands", "duloxetine-liver"),
        (made(plan=(item("duloxetine", "Check first"),), conditions=[{"id": "cirrhosis"}]),),
        (made(plan=(item("duloxetine", "Check first"),), conditions=[{"id": "cirrhosis", "certainty": "refuted"}]),),
    ),
    "a way of a fork": (
        ("item_bare", "methadone-pain-qtc-500"),
        (
            made(
                medicine("methadone"),
                verdicts=(change(),),
                options={"opioid_continue": "Offer"},
                observations=QTC_520,
                forks=({"id": "opioid", "alternatives": [{"items": ["opioid_continue"]}]},),
            ),
        ),
        (
            made(
                medicine("methadone"),
                verdicts=(change(),),
                options={"opioid_continue": "Change"},
                observations=QTC_520,
                forks=({"id": "opioid", "alternatives": [{"items": ["opioid_continue"]}]},),
            ),
        ),
    ),
    "one opioid goes on where the other has to change": (
        ("item_bare", "tramadol-ssri"),
        (two_opioids("Keep and optimize the opioid"),),
        (two_opioids("Keep and optimize the opioid (oxycodone)"),),
    ),
    "the opioid that has to change is the one that is named": (
        ("item_bare", "tramadol-ssri"),
        (two_opioids("Keep and optimize the opioid (tramadol)", keeps="tramadol"),),
        (two_opioids("Keep and optimize the opioid (oxycodone)"),),
    ),
    "a name is not enough where nothing changes the other": (
        ("item_bare", "tramadol-ssri"),
        (two_opioids("Keep and optimize the opioid (oxycodone)", other="keep"),),
        (two_opioids("Keep and optimize the opioid (oxycodone)"),),
    ),
    "a treatment that is no medicine": (
        ("item_bare", "couples-therapy-violence"),
        (made(plan=(item("couples_therapy"),), answers={"partner_violence_or_coercion": True}),),
        (made(plan=(item("couples_therapy", "After this"),), answers={"partner_violence_or_coercion": True}),),
    ),
    "two newcomers in one plan": (
        ("pair_stands", "tramadol-snri"),
        (made(plan=(item("tramadol"), item("duloxetine"))),),
        (made(plan=(item("tapentadol"), item("pregabalin"))),),
    ),
    "a dose above its limit": (
        ("unfit_verdict", "pregabalin-150"),
        (
            made(
                medicine("pregabalin", dose={"pregabalin": 150}, per_day_min=2, per_day_max=2),
                verdicts=("keep",),
                observations=EGFR_20,
            ),
        ),
        (
            made(
                medicine("pregabalin", dose={"pregabalin": 75}, per_day_min=2, per_day_max=2),
                verdicts=("keep",),
                observations=EGFR_20,
            ),
        ),
    ),
    "doses of two products together": (
        ("unfit_verdict", "acetaminophen-4-g"),
        (made(grams("acetaminophen", 3), grams("acetaminophen", 2), verdicts=("keep", "keep")),),
        (made(grams("acetaminophen", 2), grams("acetaminophen", 2), verdicts=("keep", "keep")),),
    ),
    "too many days": (
        ("unfit_verdict", "ketorolac-5-days"),
        (made(medicine("ketorolac", start="2026-10-12"), verdicts=("keep",)),),
        (made(medicine("ketorolac", start="2026-11-13"), verdicts=("keep",)),),
    ),
    "what an emergency speaks against, newly and not of what is in use": (
        ("unfit_verdict", "drowsy-nothing-sedating-new"),
        (made(OPIOID, medicine("gabapentin", state="proposed"), verdicts=("keep", "start"), answers=DROWSY),),
        (made(OPIOID, medicine("gabapentin"), verdicts=("keep", "keep"), answers=DROWSY),),
    ),
    "a treatment without medicine that an emergency speaks against": (
        ("item_bare", "cauda-equina-nothing-that-loads"),
        (made(answers=CAUDA, red=(CAUDA_RED,), plan=(item("exercise", "Keep"),)),),
        (made(answers=CAUDA, red=(CAUDA_RED,), plan=(item("exercise", "Change"),)),),
    ),
    "an operation for which nothing is planned": (
        ("not_called", "surgery-on-methadone-oud"),
        (made(METHADONE, verdicts=("keep",), observations=SURGERY_TOMORROW),),
        (made(METHADONE, verdicts=("keep",), observations=SURGERY_TOMORROW, plan=(item("perioperative_plan"),)),),
    ),
    "an operation planned too late": (
        ("late", "surgery-on-methadone-oud"),
        (
            made(
                METHADONE,
                verdicts=("keep",),
                observations=SURGERY_TOMORROW,
                plan=(item("perioperative_plan", phase="weeks_1_4"),),
            ),
        ),
        (made(METHADONE, verdicts=("keep",), observations=SURGERY_TOMORROW, plan=(item("perioperative_plan"),)),),
    ),
    "naltrexone kept into an operation": (
        ("unfit_verdict", "naltrexone-tablets-3-days-before-surgery"),
        (made(medicine("naltrexone", purpose="oud"), verdicts=("keep",), observations=SURGERY_TOMORROW),),
        (made(medicine("naltrexone", purpose="oud"), verdicts=(change("hold"),), observations=SURGERY_TOMORROW),),
    ),
    "MOUD stopped for an operation": (
        ("moud_changed", "surgery-on-buprenorphine-oud"),
        (made(BUPRENORPHINE, verdicts=(change("hold before surgery"),), observations=SURGERY_TOMORROW),),
        (made(BUPRENORPHINE, verdicts=(change("split the dose"),), observations=SURGERY_TOMORROW),),
    ),
    "what a state calls for": (
        ("not_called", "oud-medication"),
        (made(answers=OUD),),
        (made(answers=OUD, plan=(MOUD,)),),
    ),
    "what is not done, and why": (
        ("not_called", "oud-medication"),
        (made(answers=OUD, not_done=()),),
        (
            made(
                answers=OUD,
                not_done=({"target": "buprenorphine", "because": "allergy", "reason": "its own contraindication"},),
            ),
        ),
    ),
    "not done, for no reason": (
        ("not_done_without_reason", "oud-medication"),
        (made(answers=OUD, not_done=({"target": "buprenorphine"},)),),
        (
            made(
                answers=OUD,
                not_done=({"target": "buprenorphine", "because": "allergy", "reason": "its own contraindication"},),
            ),
        ),
    ),
    "withdrawal in pregnancy, by today": (
        ("late", "withdrawal-in-pregnancy"),
        (made(answers=WITHDRAWAL, plan=(item("buprenorphine", phase="this_week"),)),),
        (made(answers=WITHDRAWAL, plan=(MOUD,)),),
    ),
    "an emergency that is not shown": (
        ("emergency_missing", "cauda-equina"),
        (made(answers=CAUDA),),
        (made(answers=CAUDA, red=(CAUDA_RED,)),),
    ),
    "an emergency without its action": (
        ("not_called", "cauda-equina"),
        (made(answers=CAUDA, red=({"id": "cauda_equina"},)),),
        (made(answers=CAUDA, red=(CAUDA_RED,)),),
    ),
    "what waits while an act-now sign stands": (
        ("not_held", "cauda-equina"),
        (made(answers=CAUDA, red=(CAUDA_RED,), plan=(item("exercise"),)),),
        (made(answers=CAUDA, red=(CAUDA_RED,), plan=(item("exercise", "After this"), NALOXONE, MOUD)),),
    ),
    "naloxone from 50 MME": (
        ("not_called", "naloxone-50-mme"),
        (made(medicine("oxycodone", dose={"oxycodone": 20}, per_day_min=2, per_day_max=2), verdicts=("keep",)),),
        (made(OPIOID, verdicts=("keep",)),),
    ),
    "MOUD closed because of a sedative": (
        ("moud_closed", "never-withhold-moud-benzodiazepine"),
        (
            made(
                medicine("diazepam"),
                answers=OUD,
                options={"buprenorphine": "Do not start", "methadone_otp": "Do not start"},
            ),
        ),
        (made(medicine("diazepam"), answers=OUD, options={"buprenorphine": "Offer", "methadone_otp": "Do not start"}),),
    ),
    "an abrupt stop": (
        ("abrupt", "never-stop-opioid-abruptly"),
        (made(OPIOID, verdicts=(change("stop"),)),),
        (made(OPIOID, verdicts=(change("taper slowly, never stop at once"),)),),
    ),
    "a change that does not say how": (
        ("no_how", "-"),
        (made(OPIOID, verdicts=(change(""),)),),
        (made(OPIOID, verdicts=(change("taper"),)),),
    ),
    "a refusal that does not say what instead": (
        ("no_instead", "-"),
        (made(medicine("naproxen", state="proposed"), verdicts=("not_this",)),),
        (
            made(
                medicine("naproxen", state="proposed"), verdicts=({"verdict": "not_this", "instead": "acetaminophen"},)
            ),
        ),
    ),
    "the page to take home": (
        ("handout_keeps", "nsaid-warfarin"),
        (made(*NSAID, verdicts=(change(), "keep")), "What we can do\n\n- Anti-swelling pills. They ease pain."),
        (
            made(*NSAID, verdicts=(change(), "keep")),
            "What we can do\n\n- Anti-swelling pills. Stop taking these; we use something else.",
        ),
    ),
    "a newcomer that is refused changes nothing of what is taken": (
        ("late", "ketorolac-nsaid-or-aspirin"),
        (
            made(
                medicine("ketorolac"), medicine("diclofenac"), verdicts=({**change("stop"), "by": "this_week"}, "keep")
            ),
        ),
        (
            made(
                medicine("ketorolac"),
                medicine("diclofenac", state="proposed"),
                verdicts=({**change("stop"), "by": "this_week"}, {"verdict": "not_this", "instead": "one of them"}),
            ),
        ),
    ),
    "what another act-now sign calls for": (
        ("not_held", "cauda-equina"),
        (made(plan=(item("withdrawal_relief"),), answers=CAUDA_STORM),),
        (
            made(
                medicine("medetomidine", purpose="other"),
                plan=(item("withdrawal_relief"),),
                answers=CAUDA_STORM,
            ),
        ),
    ),
    "your pain medicine, said by name": (
        ("handout_keeps", "fentanyl-patch-kidney"),
        (made(*PATCH_AND_ANOTHER, **OF_THEM), "- Keeping your pain medicine, or going down slowly"),
        (made(*PATCH_AND_ANOTHER, **OF_THEM), "- Keeping your pain medicine (piritramide), or going down slowly"),
    ),
    "the lines of the sheet": (
        ("sheet_keeps", "nsaid-severe-kidney-disease"),
        (made(NSAID[0], verdicts=(change(),), observations=EGFR_20), "", "- Keep: NSAID [Primary care]"),
        (made(NSAID[0], verdicts=(change(),), observations=EGFR_20), "", "- Change: NSAID [Primary care]"),
    ),
    "words that never stand": (
        ("forbidden_words", "never-discharge"),
        (made(), "You will be discharged from the clinic."),
        (made(), "You will never be discharged from the clinic for a test."),
    ),
}
