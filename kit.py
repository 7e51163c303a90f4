#!/usr/bin/env python3
"""Set up, try and test this checkout: `python kit.py run`, `python kit.py test`.

Needs nothing but Python 3.11 or newer: everything else goes into .venv beside this file, in the releases and with the
digests of requirements-hashed.txt. The network is used to install, and for nothing else.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from tools.pins import BUILD, CORE, HASHED, read_pins, rows_for

ROOT = Path(__file__).resolve().parent
# PATHWAYS_OWN_VENV, which `test --python` sets: a folder for this Python alone, so that the usual one stays.
VENV = ROOT / (".venv" + ("-{}.{}".format(*sys.version_info) if os.environ.get("PATHWAYS_OWN_VENV") else ""))
STAMP = VENV / "kit-stamp.json"
SCRATCH = ROOT / ".kit"  # caches and settings that must not come from, or go to, the user's home
CASE = Path("sample_data/cases/back_pain_120_mme.toml")
SHEET = Path("out/back_pain_120_mme.html")
OLDEST = (3, 11)

RUN_EXTRAS = ("app", "notebooks")
WEB_EXTRAS = ("app",)
TEST_EXTRAS = ("app", "cohort", "dev", "notebooks", "risk", "tune")
ALL_EXTRAS = (*TEST_EXTRAS, "check")
# The parts of the tests, each with its folder: a part is left out while that does not exist.
PARTS = {"lint": ".", "imports": "src/pathways", "types": "src/pathways", "unit": "tests"}
PARTS.update(notebooks="notebooks", browser="tests/browser", wasm="tools/wasm")
BY_NAME_ONLY = ("wasm",)  # takes minutes, node and npm
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_PACKAGES = ("chromium", "fonts-dejavu", "poppler-utils")
NO_CHROMIUM = "no Chromium: install one, or name it in PATHWAYS_CHROMIUM"
NO_REFERENCE = "no reference folder: put it in `shared` beside the checkout, or name it in PATHWAYS_REFERENCE"


class KitError(Exception):
    """Something a person can put right; its text says what."""


# --- what is where ---------------------------------------------------------------------------------------


def in_ci(env: Mapping[str, str] = os.environ) -> bool:
    """In CI, what would otherwise be skipped is a failure."""
    return env.get("CI", "").lower() in ("1", "true", "yes")


def reference_folder(env: Mapping[str, str] = os.environ, root: Path = ROOT) -> Path | None:
    """The reference material that some tests compare with, or None where there is none."""
    folder = Path(env.get("PATHWAYS_REFERENCE") or root.parent / "shared")
    return folder if folder.is_dir() else None


def chromium_places(env: Mapping[str, str], system: str) -> list[Path]:
    """The usual places of a Chromium or Chrome that is not on the PATH."""
    if system == "Darwin":
        names = ("Chromium", "Google Chrome")
        return [Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in names]
    if system == "Windows":
        bases = [Path(env[k]) for k in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA") if env.get(k)]
        names = ("Chromium", "Google/Chrome")
        return [base / name / "Application/chrome.exe" for name in names for base in bases]
    return [Path("/usr/bin/chromium")]


def find_chromium(
    env: Mapping[str, str] = os.environ,
    system: str = platform.system(),
    which: Callable[[str], str | None] = shutil.which,
) -> Path | None:
    """The Chromium to test with: PATHWAYS_CHROMIUM alone where it is set, else the first one found."""
    if named := env.get("PATHWAYS_CHROMIUM"):
        return Path(named) if Path(named).is_file() else None
    places = [*chromium_places(env, system), *(Path(at) for name in CHROMIUM_NAMES if (at := which(name)))]
    return next((place for place in places if place.is_file()), None)


def venv_program(name: str, venv: Path = VENV, windows: bool = os.name == "nt") -> Path:
    return venv / "Scripts" / f"{name}.exe" if windows else venv / "bin" / name


def environment(env: Mapping[str, str] = os.environ, root: Path = ROOT) -> dict[str, str]:
    """The environment of every command: .venv first on the PATH, and a home that can be written to."""
    new = {k: v for k, v in env.items() if k not in ("PYTHONHOME", "VIRTUAL_ENV")}
    venv, own = root / VENV.name, root / ".kit/home"
    new["VIRTUAL_ENV"] = str(venv)
    new["PATH"] = os.pathsep.join([str(venv_program("python", venv).parent), env.get("PATH", os.defpath)])
    new |= {"PYTHONUTF8": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    home = env.get("USERPROFILE" if os.name == "nt" else "HOME", "")
    if not (home and Path(home).is_dir() and os.access(home, os.W_OK)):
        own.mkdir(parents=True, exist_ok=True)
        new |= {"HOME": str(own), "USERPROFILE": str(own), "XDG_CACHE_HOME": str(own / "cache")}
        new |= {"UV_CACHE_DIR": str(own / "cache/uv"), "PIP_CACHE_DIR": str(own / "cache/pip")}
    return new


def clean_environment() -> dict[str, str]:
    """As `environment`, but without the person's own Jupyter, IPython and matplotlib settings."""
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "MPLCONFIGDIR")
    folders = {name: SCRATCH / name.lower() for name in names}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    return environment() | {name: str(folder) for name, folder in folders.items()}


# --- running commands ------------------------------------------------------------------------------------


def say(text: str = "") -> None:
    print(text, flush=True)


def call(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> int:
    """Show a command, run it in the checkout, give its exit code."""
    words = [str(word) for word in command]
    say("$ " + " ".join(shlex.quote(word.replace(str(ROOT) + os.sep, "")) for word in words))
    try:
        return subprocess.run(words, cwd=ROOT, env=dict(env or environment()), check=False).returncode
    except OSError as error:
        say(f"  could not be started: {error}")
        return 127


def quiet(command: Sequence[str | Path]) -> bool:
    """Whether a command runs and succeeds, without a word of it shown."""
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0
    except OSError:
        return False


def apt_install(packages: Iterable[str]) -> bool:
    """Install with apt-get, where there is one and it may be used."""
    user_id = getattr(os, "geteuid", None)  # not on Windows
    sudo = [] if user_id and user_id() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (sudo and not quiet([*sudo, "true"])):
        return False
    env = environment() | {"DEBIAN_FRONTEND": "noninteractive"}
    call([*sudo, "apt-get", "update", "-q"], env)  # an old list is often good enough: go on whatever it says
    return call([*sudo, "apt-get", "install", "-y", "-q", *packages], env) == 0


# --- installing ------------------------------------------------------------------------------------------


def stamp(extras: Iterable[str], root: Path = ROOT, python: str = sys.version) -> dict[str, str]:
    """What an install depends on: where it is and for which Python, what was asked for, which extras."""
    inputs = b"\0".join((root / name).read_bytes() for name in ("pyproject.toml", HASHED.name))
    digest = hashlib.sha256(inputs).hexdigest()
    return {"place": f"{root} {python}", "inputs": digest, "extras": " ".join(sorted(set(extras)))}


def read_stamp(path: Path = STAMP) -> dict[str, str]:
    try:
        return {str(key): str(value) for key, value in json.loads(path.read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def is_current(found: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether an install has all that is wanted; extras that are there besides do no harm."""
    same = all(found.get(key) == wanted[key] for key in ("place", "inputs"))
    return same and set(wanted["extras"].split()) <= set(found.get("extras", "").split())


def make_venv() -> None:
    say(f"Making {VENV.name} with Python {platform.python_version()} ...")
    python: str = getattr(sys, "_base_executable", "") or sys.executable  # not .venv's
    command = [python, "-m", "venv", str(VENV)]
    if call(command) == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if not (apt_install(["python3-venv"]) and call(command) == 0):
        raise KitError("cannot make a virtual environment: install your system's python3-venv and try again")


def ensure_installed(extras: Sequence[str]) -> None:
    """Install the project into .venv, unless that has been done and nothing has changed since."""
    found, python = read_stamp(), venv_program("python")
    wanted = stamp(extras)
    if python.exists() and is_current(found, wanted):
        say(f"{VENV.name} is up to date.")
        return
    if VENV.exists() and (not python.exists() or found.get("place") not in (None, wanted["place"])):
        say(f"Removing {VENV.name}: it belongs to another Python, or to another place.")
        shutil.rmtree(VENV)
    else:
        wanted = stamp([*extras, *found.get("extras", "").split()])
    if not python.exists():
        make_venv()
    STAMP.unlink(missing_ok=True)
    start = time.monotonic()
    sets = wanted["extras"].split()
    say(f"Installing {' '.join([CORE, *sets])}: seconds on a fast line, some minutes on a slow one ...")
    if install_rows(python, sets) != 0:
        raise KitError("the install failed: the lines above say why; without a network it cannot work")
    STAMP.write_text(json.dumps(wanted, indent=1), "utf-8")
    say(f"Installed in {time.monotonic() - start:.0f} s.")


def install_rows(python: Path, extras: Sequence[str]) -> int:
    """Install what the extras need, each file by its digest, and then the project, which needs nothing further.

    With uv, or with pip where uv fails. Gives the exit code.
    """
    if not quiet([python, "-m", "pip", "--version"]):
        call([python, "-m", "ensurepip"])
    pins = read_pins(HASHED.read_text("utf-8"))
    folder = SCRATCH / "install"
    folder.mkdir(parents=True, exist_ok=True)
    files = {"tools": rows_for([BUILD], pins), "wanted": rows_for([CORE, BUILD, *extras], pins)}
    for name, rows in files.items():
        (folder / f"{name}.txt").write_text(rows, "utf-8")
    hashed: list[str | Path] = ["install", "--require-hashes", "--requirement"]
    project = ["install", "--no-deps", "--no-build-isolation", "--editable", "."]
    pip: list[str | Path] = [python, "-m", "pip"]
    if code := call([*pip, *hashed, folder / "tools.txt", "--quiet"]):
        return code
    uv = [*pip[:2], "uv", "pip"]
    code = call([*uv, *hashed, folder / "wanted.txt", "--build-constraint", HASHED]) or call([*uv, *project])
    if code:
        say("uv could not do it: trying pip, which is slower.")
        # What builds is there already, by its digest: pip would fetch it anew without looking at one.
        own = ["--no-build-isolation", "--use-pep517", "--progress-bar", "off"]
        code = call([*pip, *hashed, folder / "wanted.txt", *own]) or call([*pip, *project])
    return code


def ensure_chromium() -> Path | None:
    """A Chromium, installed with apt-get where none is there and that is allowed."""
    if (found := find_chromium()) or os.environ.get("PATHWAYS_CHROMIUM"):
        return found
    say("No Chromium here: trying apt-get.")
    return find_chromium() if apt_install(CHROMIUM_PACKAGES) else None


# --- testing ---------------------------------------------------------------------------------------------


def part_commands(part: str) -> list[list[str | Path]]:
    """The commands of one part of the tests; each is run, whatever became of the one before."""
    pytest: list[str | Path] = [venv_program("python"), "-m", "pytest"]
    apart = ["--ignore=tests/browser", "-m", "not browser"]
    nbval = ["--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=120", "--dist", "loadscope"]
    commands: dict[str, list[list[str | Path]]] = {
        "lint": [[venv_program("ruff"), "check"], [venv_program("ruff"), "format", "--check"]],
        "imports": [[venv_program("lint-imports"), "--no-logo"]],
        "types": [[venv_program("python"), "-m", "mypy"]],
        "unit": [[*pytest, "-n", "2", *apart, "--durations=20", "tests"]],
        "notebooks": [[*pytest, "-n", "2", *nbval, "notebooks"]],
        "browser": [[*pytest, "-n", "2", "--dist", "loadfile", "-m", "browser", "--durations=10", "tests/browser"]],
        "wasm": [[venv_program("python"), "-m", "tools.wasm"]],
    }
    return commands[part]


def run_parts(parts: Sequence[str]) -> int:
    rows: list[tuple[str, str, float]] = []
    missing = "FAILED" if in_ci() else "skipped"
    env = clean_environment()
    if {"unit", "browser"} & set(parts) and not reference_folder():
        rows.append(("reference", f"{missing}: {NO_REFERENCE}", 0))
    for part in parts:
        say(f"\n=== {part} ===")
        start = time.monotonic()
        if not (ROOT / PARTS[part]).is_dir():
            result = f"skipped: no {PARTS[part]} yet"
        elif part == "browser" and not (chromium := ensure_chromium()):
            result = f"{missing}: {NO_CHROMIUM}"
        else:
            if part == "browser":
                env["PATHWAYS_CHROMIUM"] = str(chromium)
            codes = [call(command, env) for command in part_commands(part)]
            result = "passed" if not any(codes) else f"FAILED (exit {', '.join(map(str, codes))})"
        rows.append((part, result, time.monotonic() - start))
    say("\npart        seconds  result")
    for name, result, seconds in rows:
        say(f"{name:<10} {seconds:>8.1f}  {result}")
    return int(any(result.startswith("FAILED") for _, result, _ in rows))


# --- the subcommands -------------------------------------------------------------------------------------


def do_run(_: argparse.Namespace, __: list[str]) -> int:
    ensure_installed(RUN_EXTRAS)
    pathways = venv_program("pathways")
    (ROOT / SHEET).parent.mkdir(exist_ok=True)
    code = call([pathways, "review", CASE]) or call([pathways, "review", CASE, "--html", SHEET, "--force"])
    if code:
        return code
    say(f"\nThe same as a page to read or print: {ROOT / SHEET}")
    if not (sys.stdin and sys.stdin.isatty()):
        program = venv_program("pathways").relative_to(ROOT)
        say(f"For the case conference in the browser: {program} app; for the notebooks: {program} lab")
        return 0
    say("Opening the case conference in the browser; Ctrl-C ends it.")
    return call([pathways, "app"])


def other_python(asked: str) -> str:
    """The interpreter that was asked for, by its path or its name. Raises KitError for one that cannot be used."""
    found = shutil.which(asked)
    if not found:
        raise KitError(f"no Python at {asked}: give the path of an interpreter, or its name on the PATH")
    code = "import sys; print('%d.%d.%d' % sys.version_info[:3])"
    done = subprocess.run([found, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode or not re.fullmatch(r"\d+\.\d+\.\d+\s*", done.stdout):
        raise KitError(f"{asked} does not run as a Python")
    if tuple(map(int, done.stdout.split("."))) < OLDEST:
        raise KitError(f"{asked} is Python {done.stdout.strip()}; this needs {OLDEST[0]}.{OLDEST[1]} or newer")
    return found


def do_test(args: argparse.Namespace, _: list[str]) -> int:
    wanted = {"unit" if part in ("property", "content") else part for part in args.part}
    if unknown := wanted - PARTS.keys():
        raise KitError(f"no part {', '.join(sorted(unknown))}: the parts are {', '.join(PARTS)}")
    if args.python:
        own = {**os.environ, "PATHWAYS_OWN_VENV": "1"}
        return call([other_python(args.python), ROOT / "kit.py", "test", *args.part], own)
    ensure_installed(TEST_EXTRAS)
    return run_parts([part for part in PARTS if part in (wanted or PARTS.keys() - BY_NAME_ONLY)])


def do_script(args: argparse.Namespace, rest: list[str]) -> int:
    ensure_installed(
        {"sbom": ALL_EXTRAS, "lock": (), "web": WEB_EXTRAS, "release": WEB_EXTRAS}.get(args.command, TEST_EXTRAS)
    )
    python = venv_program("python")
    if args.command == "mutate" and "--python" in rest:
        rest = [word for word in rest if word != "--python"]
        return call([python, "-m", "tests.mutate", *rest])
    if args.command == "mutate":
        return call([venv_program("pathways"), "check", "--mutate", *rest])
    if args.command in ("sbom", "lock", "web", "release", "pictures"):
        return call([python, "-m", f"tools.{args.command}", *rest])
    if args.command == "bench" and rest[:1] in (["limits"], ["page"], ["latency"]):
        return call([python, f"benchmarks/{rest[0]}.py", *rest[1:]])
    script = {"bench": "benchmarks/bench.py", "fuzz": "tests/fuzz.py", "crash": "tests/crash.py"}[args.command]
    return call([python, script, *rest])


def do_clean(_: argparse.Namespace, __: list[str]) -> int:
    made = [ROOT / name for name in (".venv", ".kit", ".hypothesis", "out", "build", "dist", "test-results")]
    for folder in (*made, *ROOT.glob(".venv-*"), *ROOT.glob(".*_cache"), *ROOT.rglob("__pycache__")):
        shutil.rmtree(folder, ignore_errors=True)
    say("Clean.")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    if sys.version_info < OLDEST:
        say(f"This needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this one is {platform.python_version()}.")
        return 2
    parser = argparse.ArgumentParser(prog="kit.py", description="Set up, try and test this checkout.")
    sub = parser.add_subparsers(dest="command", required=True)
    sub.add_parser("run", help="install, review a sample case, open the notebook").set_defaults(do=do_run)
    test = sub.add_parser("test", help=f"run all tests but wasm, or some of: {', '.join(PARTS)}")
    test.add_argument("part", nargs="*", metavar="PART")
    test.add_argument("--python", metavar="PATH", help="another interpreter; it gets a .venv-X.Y of its own")
    test.set_defaults(do=do_test)
    for name, text in (
        (
            "bench",
            "time reviews and notebooks; `bench limits`: time and memory at each limit; `bench page`; `bench latency`",
        ),
        ("fuzz", "random cases and changed FHIR requests against the laws: --n N, --fhir N, --seed S"),
        (
            "crash",
            "kill the writers of files again and again, and let many write one: --kills N, --writers N, --rows N",
        ),
        (
            "mutate",
            "change every rule a little and see whether its cases notice; --python: small functions, and their tests",
        ),
        ("sbom", "write every pinned release, its digests and licence, as a CycloneDX list: --out FILE"),
        ("web", "build the page that needs no install, Python in the browser: --out DIR"),
        ("release", "build the wheel and the zip of that page: --out DIR"),
        ("pictures", "take the pictures of the README from the running app: --out DIR"),
        ("lock", "renew constraints.txt and requirements-hashed.txt: --upgrade, --check"),
    ):
        sub.add_parser(name, help=text, add_help=False).set_defaults(do=do_script)
    sub.add_parser("clean", help="remove .venv and everything that was made").set_defaults(do=do_clean)
    args, rest = parser.parse_known_args(argv)
    if rest and args.do is not do_script:
        parser.error(f"what is {' '.join(rest)}?")
    try:
        return int(args.do(args, rest))
    except KitError as error:
        say(f"kit: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
