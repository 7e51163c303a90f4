"""Law 9: text from outside is escaped everywhere; nothing evaluates, executes or unpickles."""

from __future__ import annotations

import ast
import copy
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pathways.apps.cli import main
from pathways.care.services import Site
from pathways.pages import sheet_html, sheet_markdown
from pathways.pages.html import first_page_html
from pathways.profile import Profile
from pathways.review.case import review
from tests.laws.sources import PACKAGE, imports, modules
from tests.reviews import CASES, profile

SITE = CASES.parent / "site.toml"
CALLS = {"eval", "exec", "compile", "__import__", "input"}
MODULES = {
    "pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "code", "codeop", "runpy", "xmlrpc",
    "yaml",
}  # fmt: skip  # data, read across
METHODS = {("os", "system"), ("os", "popen"), ("subprocess", "getoutput"), ("builtins", "eval"), ("builtins", "exec")}


def dangerous(tree: ast.Module, name: str) -> list[str]:
    """Every call in a module that turns text into code, or bytes into objects."""
    found = [f"imports {t}" for t in imports(name, tree) if t.split(".")[0] in MODULES]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id=id) if id in CALLS:
                found.append(f"line {node.lineno}: {id}()")
            case ast.Attribute(value=ast.Name(id=owner), attr=attr) if (owner, attr) in METHODS:
                found.append(f"line {node.lineno}: {owner}.{attr}()")
            case _:
                pass
        if any(
            k.arg == "shell" and not (isinstance(k.value, ast.Constant) and k.value.value is False)
            for k in node.keywords
        ):
            found.append(f"line {node.lineno}: shell=")
    return found


def test_nothing_evaluates_text_or_unpickles() -> None:
    assert len(modules()) > 40
    assert {name: found for name, tree in modules().items() if (found := dangerous(tree, name))} == {}


@pytest.mark.parametrize(
    "text",
    ["eval('1')", "exec(x)", "compile(x, '', 'exec')", "import pickle", "from joblib import load", "os.system('x')",
     "subprocess.run('x', shell=True)", "def f():\n    import marshal", "__import__('os')"],
)  # fmt: skip  # data, read across
def test_the_walk_finds_each_of_them(text: str) -> None:
    assert dangerous(ast.parse(text), "pathways.x")


def test_harmless_code_passes() -> None:
    assert dangerous(ast.parse("import re\nre.compile('x')\nsubprocess.run(['x'], shell=False)"), "pathways.x") == []


def environments() -> list[tuple[str, ast.Call]]:
    return [
        (name, node)
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in ("Environment", "Template")
    ]


def test_every_template_environment_escapes() -> None:
    assert environments()
    for name, call in environments():
        on = [k.value for k in call.keywords if k.arg == "autoescape"]
        assert on, name
        assert isinstance(on[0], ast.Constant), name
        assert on[0].value is True, name


def test_no_template_turns_escaping_off() -> None:
    templates = list(PACKAGE.rglob("*.j2"))
    assert templates
    for path in templates:
        # A constant of the template itself may say that it is safe; nothing that has a name may.
        text = re.sub(r"'[^'{}]*'\s*\|\s*safe\b", "", path.read_text("utf-8"))
        assert not re.search(r"\|\s*safe\b|autoescape\s+false", text), path.name


# ---- a hostile case -----------------------------------------------------------------------------------------

HOSTILE = "<img src=x onerror=alert(1)>\"'</script><script>alert(2)</script>{{ 7*191 }}[red]x[/red]"


def hostile() -> Profile:
    """A sample case with markup in every text that a person may type."""
    data: dict[str, Any] = copy.deepcopy(profile("neuropathy_fentanyl").to_dict())
    data["title"] = data["notes"] = HOSTILE
    data["answers"]["goal_text"] = HOSTILE
    data["answers"]["goal_agreed"] = True
    data["answers"]["loc_difference"] = HOSTILE
    for entry in data["coverage"]:
        entry["note"] = HOSTILE
    for medicine in data["medicines"]:
        medicine["name"] = medicine["prescriber"] = HOSTILE
    data["medicines"].append({"name": HOSTILE, "state": "current"})
    data["conditions"].append({"name": HOSTILE})
    for seen in data["observations"]:
        seen["note"] = seen["source"] = HOSTILE
    return Profile.from_dict(data)


def hostile_site() -> Site:
    """The sample site with markup in every text that a person may type."""
    data = tomllib.loads(SITE.read_text("utf-8"))
    data["name"] = HOSTILE
    for service in data["service"]:
        if service["where"] == "referral":
            service["route"] = HOSTILE
    for part, fields in (
        ("roster", ("name",)), ("phone", ("label",)), ("state_rule", ("title", "says", "source")),
        ("signoff", ("role", "edition", "amend")),
    ):  # fmt: skip  # data, read across
        for entry in data[part]:
            entry.update(dict.fromkeys(fields, HOSTILE))
    return Site.model_validate(data)


def test_markup_in_a_site_file_stays_text() -> None:
    case, site = review(hostile()), hostile_site()
    for html in (sheet_html(case, site), first_page_html(case, site)):
        assert "<img src=x" not in html
        assert "alert(2)</script>" not in html
        assert "1337" not in html
    assert "<img src=x" not in sheet_markdown(case, site)
    assert sheet_html(case, site).count("&lt;img src=x") > sheet_html(case).count("&lt;img src=x") + 10


@pytest.mark.parametrize("page", [sheet_html, first_page_html])
def test_markup_in_a_case_stays_text_on_the_page(page: Any) -> None:
    html = page(review(hostile()))
    plain = page(review(profile("neuropathy_fentanyl")))
    assert "<img src=x" not in html
    assert "alert(2)</script>" not in html
    assert html.count("<script") == plain.count("<script")
    assert "1337" not in html  # the braces were not evaluated
    assert "&lt;img src=x" in html


def test_markup_in_a_case_stays_text_in_markdown() -> None:
    text = sheet_markdown(review(hostile()))
    assert "<img src=x" not in text
    assert "<script>" not in text


def test_markup_in_a_case_stays_text_in_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hostile.toml"
    hostile().save(path)
    main(["review", str(path)])
    shown = capsys.readouterr().out
    assert "[red]x[/red]" in shown.replace("\n", "").replace("  ", " ")
    assert "\x1b[31mx" not in shown
