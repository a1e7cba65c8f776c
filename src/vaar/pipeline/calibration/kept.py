"""Where what was simulated is kept, and whether it still belongs to a study and its analysis.

::

    RUN/calibration/calibration.json          study, design, options, digests of the tables
                   /calibration_paths.csv     chances of every verdict
                   /calibration_groups.csv
    RUN/power/…                               the same of expected effects, and power_needed.csv

For a study that has not been asked, ``RUN.calibration`` and ``RUN.power`` stand beside the place of
the run that it would have.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from vaar.analyses.options import plain
from vaar.calibration.table_specs import GROUPS, NEEDED, PATHS
from vaar.errors import DataError, TableError
from vaar.files.plain import read_plain
from vaar.files.seal import SEAL, is_as_written, sealed
from vaar.files.strict_json import LARGEST, read_object
from vaar.files.write import replacing_folder, restore_folder
from vaar.pipeline.calibration.subject import Subject
from vaar.pipeline.rundir import RUN
from vaar.study.dump import study_hash
from vaar.tables.spec import TableSpec

Kind = Literal["calibration", "power"]

FORMAT = 2
TABLES: Mapping[Kind, tuple[TableSpec, ...]] = {
    "calibration": (PATHS, GROUPS),
    "power": (PATHS, GROUPS, NEEDED),
}
KINDS: tuple[Kind, ...] = ("calibration", "power")
COMMANDS: Mapping[Kind, str] = {"calibration": "vaar calibrate", "power": "vaar power"}

ACTING = ("estimator", "missing", "level", "delta", "kappa", "replicates", "adjust", "covariates")
"""Options of the alignment that act on verdicts; of replicates, whether there are any."""


@dataclass(frozen=True)
class Simulated:
    """Chances of verdicts on simulated respondents.

    Attributes
    ----------
    kind : {'calibration', 'power'}
    record : dict
        What it rests on: study and its hash, design, options, and what was simulated.
    tables : dict of str to DataFrame
        By name: ``calibration_paths`` and ``calibration_groups``; of power ``power_needed`` too.
    place : Path or None
        The folder in which it is kept.
    """

    kind: Kind
    record: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    place: Path | None = None

    @property
    def paths(self) -> pd.DataFrame:
        """Chances of every verdict, a row for each population × path."""
        return self.tables[PATHS.name]

    @property
    def groups(self) -> pd.DataFrame:
        """What becomes of each group and of its VAAR, a row for each population."""
        return self.tables[GROUPS.name]

    @property
    def needed(self) -> pd.DataFrame:
        """Sessions that give the chance that was asked for, a row for each path; of power only."""
        return self.tables[NEEDED.name]


def rests_on(subject: Subject) -> dict[str, Any]:
    """What makes chances another study's, or those of another analysis."""
    acting = plain(subject.analysis)
    return {
        "study": subject.study.name,
        "study_hash": study_hash(subject.study),
        "sessions": subject.sessions,
        "by": list(subject.by),
        "analysis": {name: acting[name] for name in ACTING},
    }


def differences(found: Simulated, subject: Subject) -> list[str]:
    """What has changed since, in words; nothing where it still holds.

    A search over the number of sessions holds for any number of them.
    """
    here = rests_on(subject)
    if found.kind == "power":
        here["sessions"] = found.record.get("sessions")
    return list(_differences(found.record, here))


def place_of(directory: Path, kind: Kind) -> Path:
    """Where results are written: in a run, else beside its place."""
    if (directory / RUN).is_file():
        return directory / kind
    return _beside(directory, directory.name, kind)


def require_place(directory: Path, kind: Kind) -> None:
    """Refuse a place where anything but results of this kind stands, which would be lost.

    Raises
    ------
    DataError
    """
    target = place_of(directory, kind)
    if target.is_symlink() or not os.path.lexists(target):
        return
    own = {_record(kind), *(spec.file for spec in TABLES[kind])}
    try:
        others = sorted({entry.name for entry in target.iterdir()} - own)
    except OSError as error:
        raise DataError(
            f"{target}: cannot be used as a folder ({error.strerror}). Take it elsewhere, or name "
            "another place with --out"
        ) from error
    if others:
        raise DataError(
            f"{target}: holds what `{COMMANDS[kind]}` did not write ({', '.join(others[:3])}). "
            "Take it elsewhere, or name another place with --out"
        )


def kept_in(directory: Path, found: Simulated) -> Simulated:
    """Write results, whole or not at all, for a run or for one that would be there.

    Raises
    ------
    DataError
        They cannot be written, or something else stands in their place.
    """
    require_place(directory, found.kind)
    target = place_of(directory, found.kind)
    files = {spec.file: spec.to_csv(found.tables[spec.name]) for spec in TABLES[found.kind]}
    digests = {name: _digest(text.encode()) for name, text in files.items()}
    content = {"format": FORMAT, "kind": found.kind, **found.record, "files": digests}
    told = json.dumps(sealed(content), indent=2, ensure_ascii=False, allow_nan=False)
    files[_record(found.kind)] = told
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing_folder(target) as folder:
            for name, text in files.items():
                (folder / name).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise DataError(
            f"{target}: cannot be written ({error.strerror}); make room or allow writing, or name "
            "another place with --out"
        ) from error
    return replace(found, place=target)


def kept(subject: Subject, kind: Kind) -> Simulated | None:
    """Read what was simulated for a run, or for a study before it; None where nothing was.

    Raises
    ------
    DataError
        It is damaged, or was changed since it was written.
    """
    directory = subject.directory
    places = (
        directory / kind,
        _beside(directory, directory.name, kind),
        _beside(directory, subject.study.name, kind),  # where a study's own are, whatever its run
    )
    for folder in places:
        restore_folder(folder)
        if (folder / _record(kind)).is_file():
            return _read(folder, kind)
    return None


def _beside(directory: Path, name: str, kind: Kind) -> Path:
    whole = directory.resolve() if directory.name in ("", "..") else directory
    return whole.parent / f"{name or whole.name}.{kind}"


def _read(folder: Path, kind: Kind) -> Simulated:
    again = f"`{COMMANDS[kind]}` makes it anew"
    try:
        content = read_object(folder / _record(kind))
        if not is_as_written(content):
            raise ValueError(f"{_record(kind)} was changed since it was written")
        content.pop(SEAL, None)
        if content.pop("format", None) != FORMAT or content.pop("kind", None) != kind:
            raise ValueError(f"it is no {kind} of format {FORMAT}")
        digests = dict(content.pop("files"))
        tables = {}
        for spec in TABLES[kind]:
            raw = read_plain(folder / spec.file, LARGEST)
            if _digest(raw) != digests.get(spec.file):
                raise ValueError(f"{spec.file} was changed since it was written")
            tables[spec.name] = spec.from_csv(raw.decode(), str(folder / spec.file))
    except (OSError, ValueError, TypeError, KeyError, TableError) as error:
        raise DataError(f"{folder}: cannot be read ({error}); {again}") from error
    return Simulated(kind, content, tables, folder)


def _differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[str]:
    if there.get("study_hash") != here["study_hash"]:
        yield "the study is another one, or was changed"
    if there.get("sessions") != here["sessions"]:
        yield f"{there.get('sessions')} sessions were simulated, and here are {here['sessions']}"
    if there.get("by") != here["by"]:
        yield f"groups were split by {_listed(there.get('by'))}, here by {_listed(here['by'])}"
    before = there.get("analysis")
    before = before if isinstance(before, dict) else {}
    for name, value in here["analysis"].items():
        both = bool(before.get(name)) and bool(value)
        if before.get(name) != value and not (name == "replicates" and both):
            yield f"alignment.{name} was {_listed(before.get(name))}, here it is {_listed(value)}"


def _listed(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    return str(value)


def _record(kind: Kind) -> str:
    return f"{kind}.json"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
