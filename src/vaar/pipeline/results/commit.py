"""Make what was computed the stored analysis, beside the earlier results that can be kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from vaar.analyses.base import Analysis, Outcome
from vaar.analyses.options import plain
from vaar.analyses.settings import in_force
from vaar.errors import RunDirectoryError
from vaar.files.write import restore_folder
from vaar.pipeline.provenance import command, now, versions
from vaar.pipeline.results.analyzed import Analyzed
from vaar.pipeline.results.basis import Basis
from vaar.pipeline.results.format_1 import TABLES, remove_format_1
from vaar.pipeline.results.keep import left_out
from vaar.pipeline.results.layout import DEFAULT, folder
from vaar.pipeline.results.manifest import Entry, Manifest, read_manifest
from vaar.pipeline.results.read import read_outcome
from vaar.pipeline.results.redefined import meaning_changed
from vaar.pipeline.results.write import publish, published, write_analysis
from vaar.pipeline.rundir import RunDirectory
from vaar.responses.recoding import Recoding


@dataclass(frozen=True)
class Computed:
    """What an analysis computed.

    Attributes
    ----------
    name : str
        Name of the analysis as a whole.
    outcomes : mapping of str to Outcome
        By kind of analysis.
    settings : mapping of str to object
        The options in force, by kind of analysis.
    recoding : Recoding or None
        How the answers changed, where other rules had coded the replies before.
    """

    name: str
    groups: pd.DataFrame
    outcomes: Mapping[str, Outcome]
    settings: Mapping[str, Any]
    basis: Basis
    recoding: Recoding | None = None


def commit(
    files: RunDirectory, found: Computed, analyses: Mapping[str, Analysis], responses: Path
) -> Analyzed:
    """Store an analysis in the place of the one of its name, and the responses it rests on.

    Parameters
    ----------
    analyses : mapping of str to Analysis
        All that are known, in their order.
    responses : Path
        The coded responses, to be moved to where they belong.

    Raises
    ------
    RunDirectoryError
        A file cannot be written.
    """
    target = folder(files, found.name)
    restore_folder(target)
    before = _manifest_there(target)
    lost = left_out(before, target, found.basis, _options(found)) if before else {}
    kept = _kept(before, found, lost)
    outcomes = _all(found, kept, before, target, analyses)
    manifest = _manifest(found, kept, before, analyses)
    redefined = meaning_changed(files, found.name) if "alignment" in found.outcomes else ""
    _put_in_place(responses, files.responses)
    write_analysis(target, found.groups, found.outcomes, analyses, manifest, kept)
    if found.name == DEFAULT:
        publish(files, target, published(before) if before else TABLES)
        remove_format_1(files)
    own = {name: outcome.options for name, outcome in outcomes.items()}
    return Analyzed(
        files.path,
        found.name,
        found.groups,
        outcomes,
        {**found.settings, **own},
        left_out=lost,
        analyses=analyses,
        recoded=found.recoding.in_words() if found.recoding else "",
        redefined=redefined,
    )


def _put_in_place(responses: Path, target: Path) -> None:
    try:
        os.replace(responses, target)
    except OSError as error:  # a folder stands there, for one
        raise RunDirectoryError(
            f"{target}: cannot be written ({error.strerror}). Remove what stands there; the "
            "journal holds every reply, and `vaar analyze` makes the file anew."
        ) from error


def _recoded(found: Computed) -> dict[str, Any]:
    return {"recoded": asdict(found.recoding)} if found.recoding else {}


def _options(found: Computed) -> dict[str, Any]:
    return {name: found.settings[name] for name in found.outcomes}


def _kept(before: Manifest | None, found: Computed, lost: Mapping[str, str]) -> dict[str, Entry]:
    entries = before.outcomes if before else {}
    return {n: e for n, e in entries.items() if n not in found.outcomes and n not in lost}


def _all(
    found: Computed,
    kept: Mapping[str, Entry],
    before: Manifest | None,
    source: Path,
    analyses: Mapping[str, Analysis],
) -> dict[str, Outcome]:
    """What was computed and, read from the folder, what is kept of known analyses."""
    outcomes = dict(found.outcomes)
    if before:
        options = in_force(analyses, before.options)
        known = [name for name in kept if name in analyses]
        outcomes |= {n: read_outcome(source, analyses[n], before, options[n]) for n in known}
    return {name: outcomes[name] for name in analyses if name in outcomes}


def _manifest_there(target: Path) -> Manifest | None:
    try:
        return read_manifest(target) if target.is_dir() else None
    except RunDirectoryError:
        return None  # damaged: it is replaced


def _manifest(
    found: Computed,
    kept: Mapping[str, Entry],
    before: Manifest | None,
    analyses: Mapping[str, Analysis],
) -> Manifest:
    entries = dict(kept)
    for name, one in found.outcomes.items():
        entries[name] = Entry(one.status, one.reason, tuple(analyses[name].needs))
    earlier = {name: before.options[name] for name in kept} if before else {}
    return Manifest(
        name=found.name,
        basis=found.basis,
        options={name: plain(own) for name, own in found.settings.items()} | earlier,
        outcomes=entries,
        made={"written": now(), "command": command(), **versions(), **_recoded(found)},
    )
