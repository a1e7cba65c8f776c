"""A run directory keeps the preregistration under which it was begun."""

from __future__ import annotations

from pathlib import Path

from vaar.errors import RunDirectoryError
from vaar.pipeline.plan import RunPlan
from vaar.pipeline.preregistration.deviations import in_words, of_asking, of_people
from vaar.pipeline.preregistration.registration import (
    Registration,
    people_digest,
    read_registration,
)
from vaar.pipeline.rundir import PREREGISTRATION, RunDirectory

FILE = PREREGISTRATION


def require_fit(path: Path, settled: RunPlan, human: Path | None) -> Registration:
    """The preregistration in a file, if a plan asks what it says; fewer sessions may be asked.

    Raises
    ------
    DataError
        The file is missing, is none, or was changed after it was written.
    RunDirectoryError
        The plan is another one.
    """
    registered = read_registration(path)
    differences = [
        *of_asking(registered.identity, settled.identity),
        *of_people(registered, people_digest(human)),
    ]
    if differences:
        raise RunDirectoryError(
            f"{path}: something else was registered than is asked.\n{in_words(differences)}\n"
            "Ask what was registered; or leave --preregistration out, or freeze anew."
        )
    return registered


def require_place(directory: Path, registered: Registration) -> None:
    """Refuse a directory where asking began without this preregistration.

    Raises
    ------
    RunDirectoryError
    """
    files = RunDirectory(directory)
    if not files.journal.exists():
        return
    there = kept_registration(files)
    if there is None or there.digest != registered.digest:
        other = "without a preregistration" if there is None else "under another preregistration"
        raise RunDirectoryError(
            f"{directory}: was begun {other}; one that comes after the first question is none. "
            "Choose another --out."
        )


def keep_registration(files: RunDirectory, registered: Registration) -> None:
    """Write the preregistration into the directory of its run."""
    files.write_text(FILE, registered.to_json())


def kept_registration(files: RunDirectory) -> Registration | None:
    """The preregistration of a run; None where there is none.

    Raises
    ------
    DataError
        It was changed after it was written.
    """
    path = files.path / FILE
    return read_registration(path) if path.exists() or path.is_symlink() else None
