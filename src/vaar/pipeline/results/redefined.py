"""Say so where a stored rate had another definition than the one that replaces it."""

from __future__ import annotations

from pathlib import Path

from vaar.pipeline.results.layout import DEFAULT, folder
from vaar.pipeline.rundir import RunDirectory

CHANGED = (
    "The VAAR of this run has changed its meaning: it was how certain the signs are (now the "
    "column vaar_divergence), and is now the probability of the same sign as in people in a new "
    "context. Do not set the two side by side."
)


def meaning_changed(files: RunDirectory, name: str) -> str:
    """One line where the stored analysis of this name has a rate of the first definition.

    Returns
    -------
    str
        Empty where there is none, or one of today's definition.
    """
    places = [folder(files, name) / "alignment" / "vaar.csv"]
    if name == DEFAULT:
        places.append(files.path / "vaar.csv")  # where earlier versions wrote it
    stored = next((path for path in places if path.is_file()), None)
    return CHANGED if stored and "definition" not in _heading(stored) else ""


def _heading(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline().strip().split(",")
    except (OSError, ValueError):
        return ["definition"]  # damaged: nothing is known of it
