"""`pathways teach`: a teaching case is one text file; write it, check it, run it, and see what a class did."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .common import UserError, bullet, content_at_hand, note, one_line, print_json, say, screen
from .targets import Force, check_target, write_text

app = typer.Typer(
    name="teach",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="""Teaching cases: write one, check it, run it, and report on a class.

    A teaching case is one text file: a made-up person, the story in stages, questions, what you hold a plan to, and a guide
    for the one who leads the class. No programming.

    \b
    Example: pathways teach new my_case.teach.toml
    Example: pathways teach check my_case.teach.toml
    Example: pathways teach run my_case.teach.toml
    Example: pathways teach page my_case.teach.toml --out lesson.html
    Example: pathways teach report class --case my_case.teach.toml
    """,
)

TeachingCase = Annotated[
    Path, typer.Argument(metavar="CASE", help="A teaching case, a file that ends in .teach.toml.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]


@app.command("new", short_help="Write a blank teaching case, with a remark at each blank.")
def new(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write; it ends in .teach.toml.", show_default=False)
    ],
    force: Force = False,
) -> None:
    """Write a teaching case with blanks to fill in; each has a remark that says what goes there.

    \b
    Example: pathways teach new my_case.teach.toml
    """
    from ..teach.sitting import blank_case
    from ..teach.teaching_file import ENDING

    if not file.name.endswith(ENDING):
        raise UserError(f"{file}: a teaching case ends in {ENDING}; write '{file.name.partition('.')[0]}{ENDING}'")
    target = check_target(file, force=force)
    write_text(target, blank_case())
    note(f'Written: {file}. Fill in every "", then: pathways teach check {file}')


@app.command("check", short_help="Name every mistake of a teaching case, with the mend.")
def check(case: TeachingCase, as_json: AsJson = False) -> int:
    """Name every mistake of a teaching case in one pass: where it is, how to mend it, and which ids would have been accepted.

    Tells the author what is right, so keep it from learners. Ends with 1 while there is something to mend.

    \b
    Example: pathways teach check sample_data/teaching/stigma_and_language.teach.toml
    """
    from ..teach.checking import check_file
    from ..teach.learner import TeachError

    try:
        found = check_file(case, content_at_hand())
    except TeachError as error:
        raise UserError(*error.problems) from None
    if as_json:
        print_json(
            {"problems": list(found.problems), "remarks": list(found.remarks), "whole": found.lesson is not None}
        )
        return 0 if found.lesson else 1
    console = screen()
    for problem in found.problems:
        bullet(console, problem, indent=0)
    if found.remarks:
        say(console, "To know:" if found.lesson else "To know, beside that:", "bold")
        for remark in found.remarks:
            bullet(console, remark)
    if found.lesson is None:
        say(console, f"{case.name}: {len(found.problems)} to mend.", "bold")
        return 1
    teaching = found.lesson.teaching
    parts = (len(teaching.stages), "stage"), (len(teaching.questions), "question"), (len(teaching.musts), "must")
    told = ", ".join(f"{n} {word}{'s' * (n != 1)}" for n, word in parts)
    say(console, f"{case.name}: whole. {told}. Try it: pathways teach run {case}")
    return 0


@app.command("ids", short_help="List the ids that a teaching case may name.")
def ids(
    kind: Annotated[
        str | None, typer.Argument(metavar="KIND", help="Such as conditions or measures; left out, the kinds.")
    ] = None,
    word: Annotated[str, typer.Argument(metavar="WORD", help="Only those in which this word stands.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the ids that a teaching case may name, each with its words: of a kind, all or those in which a word stands.

    \b
    Example: pathways teach ids
    Example: pathways teach ids conditions kidney
    Example: pathways teach ids treatments naloxone
    """
    from ...language.nearest import did_you_mean
    from ..teach.ids import listed, vocabulary

    content = content_at_hand()
    kinds = vocabulary(content)
    if kind is None:
        found = {name: f"{len(known)} of them" for name, known in kinds.items()}
    elif kind not in kinds:
        raise UserError(f"KIND: '{kind[:40]}' is none of {', '.join(kinds)}.{did_you_mean(kind, kinds)}")
    else:
        found = dict(listed(content, kind, word))
    if as_json:
        print_json(found)
        return
    console = screen()
    if not found:
        say(console, f"None of the {kind} has '{word}' in its id or words; 'pathways teach ids {kind}' lists all.")
    for id, words in found.items():
        say(console, words or id, start=f"{id:<32} " if words else "")


@app.command("run", short_help="Work through a teaching case, in the terminal or from a file.")
def run(
    case: TeachingCase,
    learner: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="An anonymous id, no name; left out, one is drawn.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option("--answers", metavar="FILE", help="Take the answers from a filled answer sheet.")
    ] = None,
    blank: Annotated[
        Path | None, typer.Option("--blank", metavar="FILE", help="Write a blank answer sheet, and end.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="Where the learner's file goes, or a folder; left out, this folder."
        ),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Show every line of the feedback, with who says so.")] = False,
    force: Force = False,
) -> int:
    """Work through a teaching case: read, answer, say how sure you are, and commit. What the review says comes after that.

    Your file (ID.CASE.learner.json) holds an anonymous id, your answers, marks and feedback, and no name. Give it to the one
    who leads the class. The first answer stands: a file that is there is replaced only with --force, one of another kind never.

    \b
    Example: pathways teach run sample_data/teaching/stigma_and_language.teach.toml --id L-12
    Example: pathways teach run my_case.teach.toml --blank answers.toml
    Example: pathways teach run my_case.teach.toml --answers answers.toml --id L-12
    """
    from ..teach.checking import load_lesson
    from ..teach.learner import TeachError, learner_id, read_answers
    from ..teach.sitting import Sitting, answer_sheet, take
    from .teach_run import ask_all, feedback, target_for, write

    try:
        lesson = load_lesson(case, content_at_hand())
        if blank is not None:
            target = check_target(blank, [case], force=force)
            write_text(target, answer_sheet(lesson))
            note(f"Written: {blank}")
            return 0
        named, given = read_answers(answers) if answers else (None, {})
        sitting = (
            take(lesson, given, learner or named)
            if answers
            else Sitting(lesson, learner_id(learner) if learner else None)
        )
        target = target_for(out, sitting, [case, *([answers] if answers else [])], force=force)
        if answers is None:
            if not sys.stdin.isatty():
                raise UserError(
                    "there is no terminal to answer in; write a sheet with --blank FILE, and give it with --answers FILE"
                )
            if not ask_all(screen(), sitting):
                note("Not committed: nothing was written.")
                return 1
        made = sitting.commit()
        write(target, made)
    except (TeachError, ValueError) as error:
        raise UserError(*str(error).splitlines()) from None
    feedback(screen(), sitting, made, full=full)
    note(f"Written: {one_line(target)}")
    return 0


@app.command("page", short_help="Write a lesson as one page for a link, without its answers.")
def page(
    case: TeachingCase,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The page to write: FILE.html.")],
    force: Force = False,
) -> None:
    """Write a teaching case as one page for the browser, to send or to put on any web server: nobody installs anything.

    The page has the story and the questions, and no answer. A learner saves a file, which you put into the folder of the class;
    'pathways teach report FOLDER --case CASE' marks it. Write the page anew when you have changed the case.

    \b
    Example: pathways teach page my_case.teach.toml --out lesson.html
    """
    from ..teach.checking import load_lesson
    from ..teach.learner import TeachError
    from ..teach.lesson_page import lesson_html

    target = check_target(out, [case], force=force)
    if target.suffix.lower() not in (".html", ".htm"):
        raise UserError(f"{out}: a page ends in .html")
    try:
        lesson = load_lesson(case, content_at_hand())
    except TeachError as error:
        raise UserError(*error.problems) from None
    write_text(target, lesson_html(lesson))
    note(f"Written: {out}")


@app.command("report", short_help="What a class did, from a folder of learners' files.")
def report(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder with the learners' files.", show_default=False)
    ],
    case: Annotated[
        list[Path] | None,
        typer.Option(
            "--case",
            metavar="CASE",
            help="The teaching case: answers are marked anew, others left out. May be given again.",
        ),
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write one page to print.")] = None,
    md: Annotated[Path | None, typer.Option("--md", metavar="FILE", help="Write it as Markdown.")] = None,
    table: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the points as a table for a learning platform.")
    ] = None,
    as_json: AsJson = False,
    force: Force = False,
) -> int:
    """What a class did: question by question, pain side against addiction side, how sure against how right, what to talk about.

    Files that cannot be used are named and left out. With --case answers are marked anew, and your guide is in the report. Ends
    with 1 where no file could be used.

    \b
    Example: pathways teach report class
    Example: pathways teach report class --case my_case.teach.toml --html report.html --csv points.csv
    """
    from ..teach.checking import load_lesson
    from ..teach.class_report import class_csv, read_class
    from ..teach.class_sections import FOOT, class_html, class_markdown, parts_of
    from ..teach.learner import TeachError
    from .terminal import show_sections

    inputs = [*(case or ()), *(sorted(folder.iterdir()) if folder.is_dir() else ())]
    targets = [(path, check_target(path, inputs, force=force)) for path in (html, md, table) if path is not None]
    if len({real for _, real in targets}) < len(targets):
        raise UserError("--html, --md and --csv: name a file of its own for each")
    content = content_at_hand()
    try:
        lessons = [load_lesson(one, content) for one in case or ()]
        made = read_class(folder, lessons, only=bool(case))
    except TeachError as error:
        raise UserError(*error.problems) from None
    for path, write in ((html, class_html), (md, class_markdown), (table, class_csv)):
        if path is not None:
            write_text(path, write(made))
            note(f"Written: {path}")
    if as_json:
        print_json(made.to_dict())
    elif not targets:
        console = screen()
        for part in parts_of(made):
            say(console, part.title, "bold")
            say(console, part.status, "dim")
            show_sections(console, part.sections)
            console.print()
        say(console, FOOT, "dim")
    if made.left_out:
        note(f"Left out: {len(made.left_out)} of {len(made.left_out) + len(made.files)} files; the report names them")
    return 0 if made.files else 1
