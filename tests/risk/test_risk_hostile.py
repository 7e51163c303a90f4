"""Which model it is, and files that only look like one: a bare name, damage, bombs, depth and numbers that are none."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from pathways.apps.cli import main
from pathways.care.estimates import origin
from pathways.disk import read_up_to
from pathways.pages import sheet_markdown
from pathways.profile import Profile
from pathways.review.case import review
from pathways.risk import RiskError, load_model, storage
from pathways.risk.storage import (
    VALIDATION_FORMAT,
    _numbers_hash,
    beside,
    digest,
    find_model,
    load_own_model,
    models_folder,
    origin_of,
    shipped_model,
)
from tests.reviews import CASES

SHIPPED = "misuse_adults"
FOLDER = models_folder()
assert FOLDER is not None


def sealed(path: Path, raw: bytes, card: bytes = b"# Card\n", **more: Any) -> Path:
    """Three files that go together, whatever is in them: what whoever can write files can always make."""
    numbers = {"format": VALIDATION_FORMAT, "model": path.name, "card_sha256": digest(card), "validations": [], **more}
    numbers["model_sha256"] = digest(raw) if path.suffix == ".json" else hashlib.sha256(raw).hexdigest()
    numbers["numbers_sha256"] = _numbers_hash(numbers)
    path.write_bytes(raw)
    beside(path)[0].write_bytes(card)
    beside(path)[1].write_text(json.dumps(numbers), "utf-8")
    return path


def changed(**more: Any) -> bytes:
    assert FOLDER is not None
    return json.dumps(json.loads((FOLDER / f"{SHIPPED}.json").read_bytes()) | more).encode()


@pytest.fixture
def impostor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder holds a whole, sealed model by the name of a shipped one, with other numbers in it."""
    monkeypatch.chdir(tmp_path)
    return sealed(tmp_path / f"{SHIPPED}.json", changed(intercept=-9.0))


# ---- which model --------------------------------------------------------------------------------------------------


def test_a_bare_name_is_the_shipped_model_whatever_lies_in_the_current_folder(impostor: Path) -> None:
    assert FOLDER is not None
    assert find_model(SHIPPED) == FOLDER / f"{SHIPPED}.json"
    assert load_model(SHIPPED).intercept != -9
    shutil.copy(impostor, SHIPPED)
    assert find_model(SHIPPED).parent == FOLDER


@pytest.mark.parametrize("name", ["./misuse_adults", "misuse_adults.json", "./misuse_adults.json"])
def test_a_path_is_a_path(impostor: Path, name: str) -> None:
    assert load_model(name).intercept == -9
    assert load_model(impostor).intercept == -9
    assert "not shipped with the kit: misuse_adults.json, from the folder" in origin_of(name)
    assert digest(impostor.read_bytes())[:12] in origin_of(name)


def test_a_copy_of_a_shipped_model_is_said_to_be_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert FOLDER is not None
    copy = tmp_path / "ours.json"
    for ending in (".json", ".card.md", ".validation.json"):
        shutil.copy(FOLDER / f"{SHIPPED}{ending}", tmp_path / f"ours{ending}")
    found = digest((FOLDER / f"{SHIPPED}.json").read_bytes())[:12]
    where = f"ours.json, from the folder {tmp_path}"
    assert origin_of(copy) == f"SHA-256 {found}, the same as {SHIPPED}, which is shipped with the kit: {where}"
    assert main(["risk", "card", "--model", str(copy)]) == 0
    assert f"SHA-256 {found}" in capsys.readouterr().err
    sealed(copy, changed(intercept=-9.0))
    assert "not shipped with the kit: " in origin_of(copy)


@pytest.mark.parametrize("name", ["ours", "", ".", "..", "/", "misuse_adults.card", "./no", "../misuse_adults", "a\0b"])
def test_what_is_no_model_is_one_error(impostor: Path, name: str) -> None:
    sealed(Path("ours.json"), changed())
    with pytest.raises(RiskError) as error:
        find_model(name)
    assert "\n" not in str(error.value)
    if name == "ours":
        assert "./ours or ours.json" in str(error.value)


@pytest.mark.parametrize("name", ["./misuse_adults", "misuse_adults.json", str(Path("/tmp/misuse_adults")), "", ".."])
def test_the_page_takes_shipped_models_only(impostor: Path, name: str) -> None:
    with pytest.raises(RiskError, match="ships no such model"):
        shipped_model(name)


def test_the_sheet_is_the_same_beside_an_impostor_and_names_digest_and_origin(impostor: Path) -> None:
    assert FOLDER is not None
    case = review(Profile.load(CASES / "low_risk.toml"))
    page = sheet_markdown(case)
    found = digest((FOLDER / f"{SHIPPED}.json").read_bytes())[:12]
    assert origin(SHIPPED) == f"SHA-256 {found}, shipped with the kit"
    assert "About 1 in 100 people" not in page
    if SHIPPED in page:
        assert found in page
        assert "shipped with the kit" in page


def test_the_command_line_says_which_model_it_used(impostor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, says in ((SHIPPED, "shipped with the kit"), ("./misuse_adults", "not shipped with the kit")):
        assert main(["risk", "card", "--model", name]) == 0
        err = capsys.readouterr().err
        assert f"{says}" in err
        assert ("not shipped" in err) == (name != SHIPPED)
        assert "SHA-256 " in err


# ---- files that only look like a model ----------------------------------------------------------------------------

DEEP = b"[" * 200_000
NUMBERS = ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1e300", "9" * 400, "9" * 5000, "true", '"1"', "null"]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("field", ["intercept", "slope", "shift"])
def test_a_number_that_is_none_is_one_error(tmp_path: Path, number: str, field: str) -> None:
    raw = changed(**{field: "HERE"}).replace(b'"HERE"', number.encode())
    with pytest.raises(RiskError) as error:
        load_model(sealed(tmp_path / "own.json", raw))
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


@pytest.mark.parametrize("number", ["NaN", "1e999", "-Infinity"])
def test_no_number_hides_in_what_a_model_says_of_itself(tmp_path: Path, number: str) -> None:
    raw = changed(about={"prevalence": "HERE"}).replace(b'"HERE"', number.encode())
    with pytest.raises(RiskError, match="finite"):
        load_model(sealed(tmp_path / "own.json", raw))


@pytest.mark.parametrize(
    "raw",
    [DEEP, DEEP + b"]" * 200_000, b'{"a":' * 100_000, b"", b"null", b"[]", b"\xff\xfe", b'{"format": "pathways-risk/1"}',
     changed(terms=[{}]), changed(terms=[{"axes": [[]], "scores": 3}]), changed(inputs=[1]), changed(replicates=[[1]]),
     changed(outcome=[]), changed(population={"values": {}, "classes": [], "shares": {}}), changed(about=3)],
    ids=lambda raw: repr(raw[:12]),
)  # fmt: skip  # data, read across
@pytest.mark.parametrize("which", ["model", "validation"])
def test_what_is_no_model_or_validation_is_one_error(tmp_path: Path, raw: bytes, which: str) -> None:
    path = sealed(tmp_path / "own.json", raw if which == "model" else changed())
    if which == "validation":
        beside(path)[1].write_bytes(raw)
    with pytest.raises(RiskError) as error:
        load_model(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("number", ["NaN", "1e999", "9" * 5000])
def test_a_validation_with_a_number_that_is_none_is_one_error(tmp_path: Path, number: str) -> None:
    path = sealed(tmp_path / "own.json", changed())
    beside(path)[1].write_text(beside(path)[1].read_text("utf-8").replace("[]", f"[{number}]"), "utf-8")
    with pytest.raises(RiskError, match="not the validation"):
        load_model(path)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path, which: int, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[tuple[int, int]] = []

    def counted(file: Any, most: int) -> bytes:
        raw = read_up_to(file, most)
        held.append((len(raw), most))
        return raw

    monkeypatch.setattr(storage, "read_up_to", counted)
    path = sealed(tmp_path / "own.json", changed())
    file = (path, *beside(path))[which]
    os.truncate(file, 2**34)  # no byte of it stands on the disk
    with pytest.raises(RiskError, match=r"larger than \d+ MB"):
        load_model(path)
    assert held
    assert all(size <= most + 1 <= 64 * 2**20 + 1 for size, most in held)


def test_a_card_that_is_no_text_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(RiskError, match="UTF-8"):
        load_model(sealed(tmp_path / "own.json", changed(), card=b"\xff\xfe\x00"))


def test_a_validation_without_what_a_card_needs_is_one_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for n, found in enumerate(([{}], [3], {"a": 1}, [{"label": "x", "measures": {}}])):
        path = sealed(tmp_path / f"own{n}.json", changed(), validations=found)
        words = ["risk", "recalibrate", "--model", str(path), "--prevalence", "0.1", "--out", str(tmp_path)]
        assert main(words) == 2
        err = capsys.readouterr().err
        assert "does not hold the numbers that a card needs" in err


# ---- .skops -------------------------------------------------------------------------------------------------------


def packed(*parts: tuple[str, int]) -> bytes:
    """A zip file of zeros."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, size in parts:
            with file.open(name, "w", force_zip64=True) as part:
                for _ in range(size // 2**20):
                    part.write(bytes(2**20))
    return made.getvalue()


@pytest.mark.parametrize(
    "parts", [[("schema.json", 2**30)], [(f"{n}.npy", 2**27) for n in range(8)]], ids=["one part", "many parts"]
)
def test_a_megabyte_that_unpacks_to_a_gigabyte_is_refused_before_it_does(
    tmp_path: Path, parts: list[tuple[str, int]]
) -> None:
    pytest.importorskip("skops")
    import tracemalloc

    raw = packed(*parts)
    assert len(raw) < 1.2e6
    path = sealed(tmp_path / "own.skops", raw)
    tracemalloc.start()
    try:
        with pytest.raises(RiskError, match=r"unpacks to 1,024 MB .* Not unpacked"):
            load_own_model(path)
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()


def test_a_file_of_very_many_parts_or_none_is_one_error(tmp_path: Path) -> None:
    pytest.importorskip("skops")
    with pytest.raises(RiskError, match="20,000 parts"):
        load_own_model(sealed(tmp_path / "own.skops", packed(*((f"{n}", 0) for n in range(20_000)))))
    for raw in (b"", b"PK", b"no zip", packed(("schema.json", 2**20))):
        with pytest.raises(RiskError, match="not a readable"):
            load_own_model(sealed(tmp_path / "own.skops", raw))


def lying(raw: bytes, size: int, crc: int) -> bytes:
    """A zip file of one part whose directory gives another size and checksum."""
    at = raw.rindex(b"PK\x01\x02")
    return raw[: at + 16] + struct.pack("<I", crc) + raw[at + 20 : at + 24] + struct.pack("<I", size) + raw[at + 28 :]


@pytest.mark.parametrize("crc", [0, zlib.crc32(bytes(100))], ids=["wrong checksum", "checksum of what it says"])
def test_a_part_never_unpacks_to_more_than_it_says(tmp_path: Path, crc: int) -> None:
    pytest.importorskip("skops.io")  # loaded first: what it takes itself is not looked at here
    import tracemalloc

    raw = lying(packed(("schema.json", 2**28)), 100, crc)
    with zipfile.ZipFile(io.BytesIO(raw)) as file:
        assert [part.file_size for part in file.infolist()] == [100]
    path = sealed(tmp_path / "own.skops", raw)
    tracemalloc.start()
    try:
        with pytest.raises(RiskError, match="not a readable"):
            load_own_model(path)
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_part_that_is_packed_in_a_way_without_small_pieces_is_not_unpacked(tmp_path: Path, way: int) -> None:
    pytest.importorskip("skops")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", way) as file:
        file.writestr("schema.json", bytes(2**20))
    with pytest.raises(RiskError, match="packed in an unknown way"):
        load_own_model(sealed(tmp_path / "own.skops", made.getvalue()))


# ---- one model, and not its reverse ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["=health", "+1", "@x", "-cmd", "-1+1", "-2-3|x", "\tx"])
@pytest.mark.parametrize("what", ["level", "column", "outcome"])
def test_a_name_that_a_spreadsheet_would_take_for_a_formula_is_refused(tmp_path: Path, name: str, what: str) -> None:
    data = json.loads(changed())
    text = json.dumps(data)
    level = next(i["levels"][0] for i in data["inputs"] if i.get("levels"))
    was = {"level": level, "column": data["inputs"][0]["column"], "outcome": data["outcome"]["column"]}[what]
    with pytest.raises(RiskError, match=r"begins as a formula of a spreadsheet does|is not among"):
        load_model(sealed(tmp_path / "m.json", text.replace(json.dumps(was), json.dumps(name)).encode()))


@pytest.mark.parametrize("outcome", [{}, {"column": "a", "words": "b"}, {"says": "c"}])
def test_a_model_that_does_not_say_what_it_is_about_is_one_error(tmp_path: Path, outcome: dict[str, str]) -> None:
    with pytest.raises(RiskError, match="its outcome does not say"):
        load_model(sealed(tmp_path / "m.json", changed(outcome=outcome)))


@pytest.mark.parametrize("slope", [-1, -1e-6, 0])
def test_a_model_that_says_the_reverse_is_not_loaded(tmp_path: Path, slope: float) -> None:
    with pytest.raises(RiskError, match=r"the model is damaged: its slope is .*: it has to be above 0"):
        load_model(sealed(tmp_path / "own.json", changed(slope=slope)))
    assert load_model(sealed(tmp_path / "own.json", changed(slope=1e-6))).slope == 1e-6


@pytest.mark.parametrize("which", ["model", "validation", "within"])
def test_a_key_that_is_given_twice_is_one_error(tmp_path: Path, which: str) -> None:
    raw = changed(about={"prevalence": 1})
    if which == "model":
        raw = b'{"intercept": 0, ' + raw.removeprefix(b"{")
    if which == "within":
        raw = raw.replace(b'{"prevalence"', b'{"prevalence": 0, "prevalence"')
    path = sealed(tmp_path / "own.json", raw)
    if which == "validation":
        other = beside(path)[1]
        other.write_text('{"format": "x", ' + other.read_text("utf-8").removeprefix("{"), "utf-8")
    with pytest.raises(RiskError, match=r"'(intercept|prevalence|format)' is given twice"):
        load_model(path)


# ---- signs that change what is shown ---------------------------------------------------------------------------------


def test_a_card_and_a_title_show_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    signs = "\x1b]0;x\x07\x9b2J\u202e\u2066\u200b"
    card = f"# Card\n\nabout 6 in {signs}100\n".encode()
    path = sealed(tmp_path / "ours.json", changed(title=f"Misuse {signs}", name="ours"), card)
    assert load_model("ours.json").title == "Misuse  ]0;x 2J"
    said = ""
    for words in ([], ["--out", "card.md"], ["--out", "card.html"]):
        assert main(["risk", "card", "--model", "ours.json", *words]) == 0
        said += "".join(capsys.readouterr())
    said += Path("card.md").read_text("utf-8") + Path("card.html").read_text("utf-8")
    assert "about 6 in  ]0;x 2J100" in said
    assert not {*signs} - {*"]0;x2J"} & {*said}
    assert path.read_bytes() == changed(title=f"Misuse {signs}", name="ours"), "the file itself is left as it is"
