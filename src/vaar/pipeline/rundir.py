"""The run directory: its files are the contract between the stages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vaar.errors import RunDirectoryError
from vaar.files.seal import is_as_written, sealed
from vaar.files.strict_json import read_object
from vaar.files.write import is_part, remove_leftovers, write_bytes
from vaar.journal.lock import LOCKS, make_lock_file
from vaar.pipeline.claiming.run_record import problem_in

STUDY = "study.yaml"
RUN = "run.json"
JOURNAL = "journal.sqlite"
RESPONSES = "responses.parquet"
REPORT = "report.html"
HUMAN = "human.csv"
PREREGISTRATION = "preregistration.json"

BEING_MADE = "being_made"
"""Key of ``run.json`` while a directory is made of others, by what makes it; it is then not whole,
and the same command begins anew."""

GROWN_FROM = "grown_from"
"""Key of ``run.json`` while a run takes more: its identity before, which the journal surely has."""

EDITED = "edited"
"""Key of ``run.json`` that says that it was changed by something else than vaar."""


@dataclass(frozen=True)
class RunDirectory:
    """One run's directory."""

    path: Path

    @property
    def study(self) -> Path:
        return self.path / STUDY

    @property
    def journal(self) -> Path:
        return self.path / JOURNAL

    @property
    def responses(self) -> Path:
        return self.path / RESPONSES

    @property
    def report(self) -> Path:
        return self.path / REPORT

    @property
    def human(self) -> Path:
        return self.path / HUMAN

    def read_run(self) -> dict[str, Any]:
        """``run.json``, with :data:`EDITED` where it is not as it was written.

        Raises
        ------
        RunDirectoryError
            It is missing or damaged.
        """
        run = self._read_json(
            RUN, "It is written by `vaar run` and `vaar import`; is this a run directory?"
        )
        if problem := problem_in(run):
            raise RunDirectoryError(
                f"{self.path / RUN}: damaged ({problem}). Restore it from a copy; the replies in "
                "the journal are not touched by that."
            )
        return run if is_as_written(run) else run | {EDITED: True}

    def write_run(self, content: dict[str, Any]) -> None:
        """Write ``run.json``, sealed."""
        told = json.dumps(sealed(content), indent=2, ensure_ascii=False, allow_nan=False)
        self.write_text(RUN, told)

    def remove_half_written(self) -> None:
        """Remove what a command that asks, imports or merges left half-written when it was killed.

        Call this with the directory locked: nobody else writes these files.
        """
        for name in (RUN, STUDY, HUMAN, PREREGISTRATION):
            remove_leftovers(self.path / name, older=0)

    def write_text(self, name: str, content: str) -> None:
        """Write a text so that it is whole or not there at all."""
        self.write_bytes(name, content.encode("utf-8", "replace"))

    def write_bytes(self, name: str, content: bytes) -> None:
        """Write a file so that it is whole or not there at all."""
        target = self.path / name
        try:
            write_bytes(target, content)
        except OSError as error:
            raise RunDirectoryError(
                f"{target}: cannot be written ({error.strerror}). What was answered is kept in "
                "the journal; mend this and start the same command again."
            ) from error

    def _read_json(self, name: str, advice: str) -> dict[str, Any]:
        path = self.path / name
        try:
            return read_object(path)
        except FileNotFoundError as error:
            raise RunDirectoryError(f"{path}: there is no such file. {advice}") from error
        except (OSError, ValueError) as error:
            raise RunDirectoryError(f"{path}: cannot be read ({error}). {advice}") from error


def make_directory(path: Path) -> None:
    """Make a directory for a run; one that is there stays as it is, but for a lock.

    Raises
    ------
    RunDirectoryError
        It cannot be made or written, or holds something else, and is then left without a lock.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        _require_run_or_nothing(path)
        make_lock_file(path)
    except OSError as error:
        raise RunDirectoryError(
            f"{path}: cannot be used as output directory ({error.strerror}). "
            "Choose another with --out."
        ) from error


def claim(path: Path, making: str = "") -> tuple[RunDirectory, dict[str, Any] | None]:
    """Take a directory for a run: a new or empty one, or one that holds a run.

    Parameters
    ----------
    making : str
        What the caller makes a run directory of others by; one that died at it is taken too.

    Returns
    -------
    RunDirectory, dict or None
        And the identity of the run that is there.

    Raises
    ------
    RunDirectoryError
        It cannot be written, or holds something else.
    """
    make_directory(path)
    directory = RunDirectory(path)
    if not _contents(path):
        return directory, None
    run = directory.read_run()
    if run.get(BEING_MADE, making) != making:
        raise RunDirectoryError(
            f"{path}: the {run[BEING_MADE]} that was to make this run did not end. Give that "
            "command again, or choose another --out."
        )
    identity = run.get("identity")
    if not isinstance(identity, dict):
        raise RunDirectoryError(
            f"{path / RUN}: holds no identity of a run. Restore it from a copy, or choose another "
            "--out."
        )
    return directory, identity


def _require_run_or_nothing(path: Path) -> None:
    others = _contents(path)
    if others and RUN not in others:
        raise RunDirectoryError(
            f"{path}: is not empty and holds no run ({', '.join(sorted(others)[:3])}, …). "
            "Choose a new or empty directory with --out."
        )


def _contents(path: Path) -> list[str]:
    return [e.name for e in path.iterdir() if e.name not in LOCKS and not is_part(e)]
