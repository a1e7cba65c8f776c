"""The run directory: its files are the contract between the stages."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vaar.errors import RunDirectoryError
from vaar.journal.lock import NAME as LOCK
from vaar.pipeline.requests import REQUESTS

STUDY = "study.yaml"
RUN = "run.json"
JOURNAL = "journal.sqlite"
RESPONSES = "responses.parquet"
REPORT = "report.html"
HUMAN = "human.csv"


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
        """``run.json``."""
        return self._read_json(
            RUN, "It is written by `vaar run` and `vaar import`; is this a run directory?"
        )

    def write_run(self, content: dict[str, Any]) -> None:
        self.write_text(RUN, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False))

    def write_text(self, name: str, content: str) -> None:
        """Write a file so that it is whole or not there at all."""
        target = self.path / name
        waiting = target.with_name(f".{target.name}.part")
        try:
            waiting.write_text(content, encoding="utf-8")
            os.replace(waiting, target)
        except OSError as error:
            raise RunDirectoryError(
                f"{target}: cannot be written ({error.strerror}). What was answered is kept in "
                "the journal; mend this and start the same command again."
            ) from error

    def _read_json(self, name: str, advice: str) -> dict[str, Any]:
        path = self.path / name
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise RunDirectoryError(f"{path}: there is no such file. {advice}") from error
        except (OSError, ValueError) as error:
            raise RunDirectoryError(f"{path}: cannot be read ({error}). {advice}") from error
        if not isinstance(content, dict):
            raise RunDirectoryError(f"{path}: holds no JSON object. {advice}")
        return content


def make_directory(path: Path) -> None:
    """Make a directory that can be written; one that is there stays as it is.

    Raises
    ------
    RunDirectoryError
        It cannot be made or written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        (path / LOCK).touch()
    except OSError as error:
        raise RunDirectoryError(
            f"{path}: cannot be used as output directory ({error.strerror}). "
            "Choose another with --out."
        ) from error


_LATER = frozenset({REQUESTS})
"""Keys of an identity that runs of earlier versions do not have."""


def claim(path: Path, identity: dict[str, Any]) -> tuple[RunDirectory, bool]:
    """Take a directory for a run: a new or empty one, or one that holds this same run.

    Parameters
    ----------
    identity : dict
        What makes two runs the same: study, respondents, sessions, seed.

    Returns
    -------
    RunDirectory, bool
        And whether the run was already there, to be continued.

    Raises
    ------
    RunDirectoryError
        It cannot be written, or holds something else.
    """
    make_directory(path)
    others = [entry.name for entry in path.iterdir() if entry.name != LOCK]
    directory = RunDirectory(path)
    if not others:
        return directory, False
    if RUN not in others:
        raise RunDirectoryError(
            f"{path}: is not empty and holds no run ({', '.join(sorted(others)[:3])}, …). "
            "Choose a new or empty directory with --out."
        )
    _require_same(path, directory.read_run().get("identity"), identity)
    return directory, True


def _require_same(path: Path, found: object, asked: dict[str, Any]) -> None:
    earlier = found if isinstance(found, dict) else {}
    differences = [
        f"  {key}: there {earlier.get(key)!r}, asked {asked.get(key)!r}"
        for key in dict.fromkeys([*asked, *earlier])
        if earlier.get(key) != asked.get(key) and (key not in _LATER or key in earlier)
    ]
    if earlier and not differences:
        return
    raise RunDirectoryError(
        f"{path}: holds another run.\n" + "\n".join(differences) + "\n"
        "Choose another --out, or give the command that started that run to continue it."
    )
