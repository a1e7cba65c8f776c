"""Store an analysis: a folder that is whole or not there at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from vaar.analyses.base import Analysis, Outcome
from vaar.analyses.groups import GROUPS
from vaar.errors import DataError, RunDirectoryError
from vaar.files.seal import sealed
from vaar.files.write import replacing_folder
from vaar.pipeline.results.basis import sha256
from vaar.pipeline.results.layout import MANIFEST, RECORD
from vaar.pipeline.results.manifest import Manifest
from vaar.pipeline.rundir import RunDirectory


def write_analysis(
    target: Path,
    groups: pd.DataFrame,
    outcomes: Mapping[str, Outcome],
    analyses: Mapping[str, Analysis],
    manifest: Manifest,
    kept: Collection[str] = (),
) -> None:
    """Write an analysis and put it in the place of the one of its name.

    Parameters
    ----------
    target : Path
        Its folder.
    outcomes : mapping of str to Outcome
        Those that were computed.
    manifest : Manifest
        Of all outcomes; its files are filled in here.
    kept : collection of str
        Analyses whose results are taken over from the folder as it is.

    Raises
    ------
    DataError
        A record holds what JSON cannot.
    RunDirectoryError
        The files cannot be written.
    """
    try:
        target.parent.mkdir(exist_ok=True)
        with replacing_folder(target) as part:
            _write(part / GROUPS.file, GROUPS.to_csv(groups))
            for name in kept:
                shutil.copytree(target / name, part / name)
            for name, outcome in outcomes.items():
                _write_outcome(part / name, outcome, analyses[name])
            written = sorted(path for path in part.rglob("*") if path.is_file())
            hashes = {path.relative_to(part).as_posix(): sha256(path) for path in written}
            told = json.loads(_json(replace(manifest, files=hashes).to_json(), MANIFEST))
            _write(part / MANIFEST, _json(sealed(told), MANIFEST))
    except OSError as error:
        raise unwritable(target, error) from error


def publish(files: RunDirectory, source: Path, earlier: Collection[str] = ()) -> None:
    """Copy the tables of the default analysis into the run directory itself.

    Parameters
    ----------
    source : Path
        Folder of the analysis.
    earlier : collection of str
        Files that were published before.
    """
    tables = {path.name: path for path in (source / GROUPS.file, *source.glob("*/*.csv"))}
    try:
        for name in {*earlier, *tables}:  # first, so that no copies of two analyses stand together
            (files.path / name).unlink(missing_ok=True)
        for name, path in tables.items():
            files.write_text(name, path.read_text(encoding="utf-8"))
    except OSError as error:
        raise unwritable(files.path, error) from error


def published(manifest: Manifest) -> set[str]:
    """Names of the files that :func:`publish` copies of an analysis."""
    return {Path(name).name for name in manifest.files if name.endswith(".csv")}


def _write_outcome(folder: Path, outcome: Outcome, analysis: Analysis) -> None:
    folder.mkdir()
    for spec in analysis.tables:
        if spec.name in outcome.tables:
            _write(folder / spec.file, spec.to_csv(outcome.tables[spec.name]))
    told = f"the record of analysis {outcome.analysis}"
    _write(folder / RECORD, _json(outcome.record, told))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")  # in a folder of our own


def _json(content: Mapping[str, Any], told: str) -> str:
    try:
        return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False, default=_simple)
    except (TypeError, ValueError) as error:
        raise DataError(
            f"{told} cannot be written as JSON ({error}): let it hold texts, finite numbers, "
            "lists and mappings only"
        ) from error


def _simple(value: Any) -> Any:
    if hasattr(value, "item"):  # a number of numpy
        return value.item()
    raise TypeError(f"it holds a {type(value).__name__}")


def unwritable(path: Path, error: OSError) -> RunDirectoryError:
    """The error of a place where results cannot be written."""
    return RunDirectoryError(
        f"{path}: cannot be written ({error.strerror}). What was answered and the earlier results "
        "are kept; make room or allow writing, then give the same command again."
    )
