"""Read a stored analysis, and say whether it still belongs to what its run directory holds."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from vaar.analyses.base import Analysis, Outcome
from vaar.analyses.grouping_options import GROUPS_SECTION
from vaar.analyses.groups import GROUPS
from vaar.analyses.registry import known
from vaar.analyses.settings import in_force
from vaar.errors import OptionError, RunDirectoryError, TableError
from vaar.files.strict_json import read_object
from vaar.pipeline.results.analyzed import Analyzed
from vaar.pipeline.results.basis import basis_now
from vaar.pipeline.results.format_1 import is_format_1, read_format_1
from vaar.pipeline.results.layout import DEFAULT, RECORD, folder, stored_names
from vaar.pipeline.results.manifest import ADVICE, Manifest, check_files, read_manifest
from vaar.pipeline.results.one_at_a_time import settled
from vaar.pipeline.rundir import RunDirectory


def read_analysis(
    files: RunDirectory, name: str = DEFAULT, analyses: Sequence[Analysis] = ()
) -> Analyzed:
    """Read an analysis as it was stored.

    Parameters
    ----------
    analyses : sequence of Analysis
        Your own, beside those of this package, whose results are to be read too.

    Raises
    ------
    RunDirectoryError
        There is none of this name, a file of it is missing or was changed, or the journal is
        damaged.
    """
    source = settled(files.path, folder(files, name))
    if not source.is_dir():
        if name == DEFAULT and is_format_1(files):
            return read_format_1(files, analyses)
        there = ", ".join(stored_names(files)) or "none"
        raise RunDirectoryError(
            f"{files.path}: holds no analysis named {name!r}; there is {there}. `vaar analyze` "
            "makes one; it asks no model."
        )
    manifest = read_manifest(source)
    check_files(source, manifest)
    everything = known(analyses)
    names = [own for own in manifest.outcomes if own in everything]
    options = in_force(everything, manifest.options)
    return Analyzed(
        directory=files.path,
        name=name,
        groups=_read(GROUPS.read, source / GROUPS.file),
        outcomes={n: read_outcome(source, everything[n], manifest, options[n]) for n in names},
        options=options,
        stale=why_stale(files, manifest),
        left_out={
            own: "its results are stored, but this program does not know the analysis"
            for own in manifest.outcomes
            if own not in everything
        },
        analyses=everything,
    )


def why_stale(files: RunDirectory, manifest: Manifest) -> str:
    """Why an analysis no longer belongs to what its run directory holds; empty where it does."""
    people = bool(manifest.options.get(GROUPS_SECTION, {}).get("people", True))
    now = basis_now(files, manifest.basis.by, people=people)
    changes = list(manifest.basis.outdated_by(now))
    if not changes:
        return ""
    return f"since the analysis {manifest.name!r} was made, {' and '.join(changes)}"


def others_out_of_date(files: RunDirectory, name: str) -> Iterator[str]:
    """What must be said, after an analysis of one name, of those of other names: which no longer
    belong to what the run directory holds, and why."""
    for other in stored_names(files):
        if other == name:
            continue
        try:
            why = why_stale(files, read_manifest(settled(files.path, folder(files, other))))
        except RunDirectoryError as error:
            yield str(error)
            continue
        if why:
            command = ["vaar", "analyze", str(files.path)]
            again = shlex.join(command if other == DEFAULT else [*command, "--name", other])
            yield f"Out of date: {why}; `{again}` makes it anew."


def read_outcome(source: Path, analysis: Analysis, manifest: Manifest, options: Any) -> Outcome:
    """Read what one kind of analysis found.

    Parameters
    ----------
    source : Path
        Folder of the whole analysis.
    """
    own, entry = source / analysis.name, manifest.outcomes[analysis.name]
    there = [spec for spec in analysis.tables if (own / spec.file).is_file()]
    tables = {spec.name: _read(spec.read, own / spec.file) for spec in there}
    record = _read(read_object, own / RECORD)
    return Outcome(analysis.name, entry.status, entry.reason, options, tables, record)


def _read(reader: Any, path: Path) -> Any:
    try:
        return reader(path)
    except (OSError, ValueError, TableError, OptionError) as error:
        raise RunDirectoryError(f"{path}: cannot be read ({error}). {ADVICE}") from error
