"""The people that a run holds its models against: their file, taken into the run directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from vaar.pipeline.people.account import PeopleImport
from vaar.pipeline.people.take import take_people
from vaar.pipeline.provenance import now
from vaar.pipeline.results.basis import sha256
from vaar.pipeline.rundir import HUMAN, RunDirectory
from vaar.study.model import Study

REFERENCE = "human"
"""Key of ``run.json`` under which it says where the people's answers are from."""


@dataclass(frozen=True)
class TakenPeople:
    """People's answers, read and not yet in a run directory.

    Attributes
    ----------
    digest : str
        SHA-256 of the table they are from.
    """

    file: Path
    found: PeopleImport
    digest: str


@contextmanager
def taken_people(human: str | Path | None, study: Study) -> Iterator[TakenPeople | None]:
    """Read a table of people into a file that vanishes with the block; None where none is given.

    Raises
    ------
    DataError
        It cannot be used with the study.
    """
    if human is None:
        yield None
        return
    with TemporaryDirectory(prefix="vaar-people-") as folder:
        file = Path(folder) / HUMAN
        found = take_people(Path(human), study, file)
        yield TakenPeople(file, found, sha256(Path(human)))


def keep_people(files: RunDirectory, taken: TakenPeople) -> None:
    """Make people's answers the human reference of a run; replaces an earlier one."""
    files.write_bytes(HUMAN, taken.file.read_bytes())
    told = {
        "at": now(),
        "sha256": taken.digest,
        "human_csv_sha256": sha256(files.human),
        **taken.found.to_json(),
    }
    files.write_run(files.read_run() | {REFERENCE: told})


def source_digest(files: RunDirectory) -> str:
    """SHA-256 of the table that the people of a run are from; of ``human.csv`` where unknown.

    Empty where the run has no people.
    """
    own, told = sha256(files.human), files.read_run().get(REFERENCE)
    if own and isinstance(told, dict) and told.get("human_csv_sha256") == own:
        return str(told.get("sha256", own))
    return own


def people_source(files: RunDirectory) -> str:
    """Where the people's answers of a run are from, and what was left out; a file by default."""
    told = files.read_run().get(REFERENCE)
    if not isinstance(told, dict):
        return HUMAN
    lines = [*told.get("account", ()), *(f"LOOK: {one}" for one in told.get("warnings", ()))]
    return " ".join(_ended(str(line)) for line in lines).rstrip(".") or HUMAN


def _ended(line: str) -> str:
    return line if line.endswith((".", "?")) else f"{line}."
