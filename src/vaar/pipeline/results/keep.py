"""Which results of an earlier analysis may stand beside those computed now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vaar.analyses.options import plain
from vaar.pipeline.results.basis import Basis, sha256
from vaar.pipeline.results.manifest import Manifest


def left_out(
    before: Manifest,
    source: Path,
    basis: Basis,
    computed: Mapping[str, Any],
) -> dict[str, str]:
    """Why earlier results cannot be kept, by analysis; those that are not named can.

    Results can be kept where they rest on the same data, groups and version of the package, where
    those that they need were not computed with other options, and where no file was changed.

    Parameters
    ----------
    before : Manifest
        Of the earlier analysis.
    source : Path
        Its folder.
    basis : Basis
        What the results computed now rest on.
    computed : mapping of str to object
        Options of the analyses computed now, by name.
    """
    why: dict[str, str] = {}
    for name, entry in before.outcomes.items():
        if name in computed:
            continue
        lost = [need for need in entry.needs if need in why]
        anew = [n for n in entry.needs if n in computed and plain(computed[n]) != before.options[n]]
        if before.basis != basis:
            why[name] = "it rests on other replies, groups or people, or on another version"
        elif lost or anew:
            why[name] = f"it rests on another {(lost or anew)[0]}"
        elif _changed(before, source, name):
            why[name] = "its files were changed"
    return why


def _changed(before: Manifest, source: Path, name: str) -> bool:
    own = {file: known for file, known in before.files.items() if file.startswith(f"{name}/")}
    return any(sha256(source / file) != known for file, known in own.items())
