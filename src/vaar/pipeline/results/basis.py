"""What an analysis rests on, as hashes: two results belong together where these are the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from vaar.journal.journal import Journal
from vaar.pipeline.rundir import RunDirectory


@dataclass(frozen=True)
class Basis:
    """What an analysis rests on beside its options.

    Attributes
    ----------
    study, people : str
        SHA-256 of ``study.yaml`` and of ``human.csv``; ``people`` is empty where there are none.
    journal : str
        SHA-256 of the state of every session and of the number and length of its replies.
    responses : str
        SHA-256 of ``responses.parquet``, and so of how the replies were coded.
    by : tuple of str
        Factors that split the groups.
    vaar : str
        Version of this package.
    """

    study: str
    people: str
    journal: str
    responses: str
    by: tuple[str, ...]
    vaar: str

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Basis:
        """The basis that :meth:`to_json` wrote."""
        values = {name: str(content[name]) for name in ("study", "people", "journal", "responses")}
        return cls(**values, by=tuple(map(str, content["by"])), vaar=str(content["vaar"]))

    def to_json(self) -> dict[str, Any]:
        """As JSON holds it, with the hash of all."""
        return {**asdict(self), "by": list(self.by), "hash": self.hash}

    @property
    def hash(self) -> str:
        """SHA-256 of all."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def outdated_by(self, now: Basis) -> Iterator[str]:
        """What has changed in the run directory since, in words."""
        if self.study != now.study:
            yield "study.yaml was changed"
        if self.people != now.people:
            yield "human.csv was changed"
        if self.journal != now.journal:
            yield "more was asked, or asked again"
        if self.responses != now.responses:
            lost = not now.responses
            yield "responses.parquet is missing" if lost else "the replies were coded again"


def sha256(path: Path) -> str:
    """Hash of a file's bytes; empty where there is none."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def journal_state(journal: Journal) -> str:
    """Hash of how every session of a journal stands, and of the size of what was said in it."""
    digest = hashlib.sha256()
    for session, status, reason in journal.sessions():
        digest.update(f"{session.number}\0{session.group}\0{status}\0{reason or ''}\n".encode())
    for row in sorted(journal.costs()):
        digest.update(f"{row}\n".encode())
    return digest.hexdigest()


def basis_now(files: RunDirectory, by: tuple[str, ...], *, people: bool = True) -> Basis:
    """What an analysis of a run directory would rest on, as its files are now.

    Parameters
    ----------
    people : bool
        Whether it takes the human reference.

    Raises
    ------
    RunDirectoryError
        The journal is missing or damaged.
    """
    with closing(Journal.existing(files.journal)) as journal:
        state = journal_state(journal)
    return basis_of(files, state, files.responses, by, people=people)


def basis_of(
    files: RunDirectory,
    journal: str,
    responses: Path,
    by: tuple[str, ...],
    *,
    people: bool = True,
) -> Basis:
    """What an analysis of a run directory rests on.

    Parameters
    ----------
    journal : str
        From :func:`journal_state`, taken before the replies were read.
    responses : Path
        The coded responses.
    people : bool
        Whether the analysis takes the human reference.
    """
    return Basis(
        study=sha256(files.study),
        people=sha256(files.human) if people else "",
        journal=journal,
        responses=sha256(responses),
        by=by,
        vaar=version("vaar"),
    )
