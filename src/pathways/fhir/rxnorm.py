"""A user's own copy of RxNorm: the names of all codes from its file RXNCONSO.RRF. Nothing of it ships with the kit."""

from __future__ import annotations

from pathlib import Path

from .bundle import FhirError

# Best first: clinical drugs, packs and dose forms tell strength and form, ingredients only what it is.
_TYPES = ("SCD", "SBD", "GPCK", "BPCK", "SCDF", "SBDF", "SCDC", "SBDC", "MIN", "PIN", "IN", "BN")
_FIELDS = 15


def load_rxnorm(path: Path) -> dict[str, str]:
    """Code to name, of the entries that RxNorm itself makes. ``path`` is RXNCONSO.RRF or the folder that holds it.

    Raises FhirError for a file that is not of that shape.
    """
    if path.is_dir():
        inside = [path / "RXNCONSO.RRF", path / "rrf" / "RXNCONSO.RRF"]
        path = next((p for p in inside if p.is_file()), inside[0])
    found: dict[str, tuple[int, str]] = {}
    if path.exists() and not path.is_file():
        raise FhirError(f"{path}: this is not an ordinary file; name RXNCONSO.RRF or its folder")
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for n, line in enumerate(lines, 1):
                fields = line.rstrip("\n").split("|")
                if len(fields) < _FIELDS:
                    raise FhirError(f"{path}: line {n} has {len(fields)} fields; RXNCONSO.RRF has 18")
                code, source, kind, name = fields[0], fields[11], fields[12], fields[14]
                if source != "RXNORM" or kind not in _TYPES or fields[16:17] == ["O"]:
                    continue
                rank = _TYPES.index(kind)
                if code not in found or (rank, name) < found[code]:
                    found[code] = (rank, name)
    except OSError as error:
        raise FhirError(f"{path}: cannot be read: {error.strerror}") from None
    if not found:
        raise FhirError(f"{path}: no names of RxNorm in it")
    return {code: name for code, (_, name) in found.items()}
