"""A study with the pairs of opposites that come with the package behind its questionnaires."""

from __future__ import annotations

from pathlib import Path

from vaar.study.bundle import copy_bundle
from vaar.study.load import load_study
from vaar.study.model import Study


def published_with_pairs(folder: Path) -> Study:
    """The published forms and `vaar:yes_saying`, written into an empty folder and loaded."""
    copy_bundle("privacy_prosocial_published", folder)
    path = folder / "study.yaml"
    text = path.read_text().replace("aods.yaml]", "aods.yaml, vaar:yes_saying]")
    path.write_text(text.replace("[iuipc8, psa, aods]", "[iuipc8, psa, aods, yes_saying]"))
    return load_study(path)
