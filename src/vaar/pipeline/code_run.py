"""From the journal to the table of responses: every reply coded by today's rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pyarrow import Table

from vaar.analyses.groups import AskedGroup
from vaar.coding.answer import Reason
from vaar.errors import RunDirectoryError
from vaar.files.write import part_of
from vaar.journal.journal import Journal
from vaar.pipeline.claiming.claim_run import planned_sessions
from vaar.pipeline.continuing import to_go_on
from vaar.pipeline.results.basis import journal_state
from vaar.pipeline.rundir import RunDirectory
from vaar.responses.recoding import Recoding, recoding
from vaar.responses.table import build_table, to_pandas, write_table
from vaar.sessions.records import Session, Status
from vaar.sessions.runner.limits import UNUSABLE
from vaar.study.model import Study


@dataclass(frozen=True)
class CodedRun:
    """The replies of a run, coded.

    Attributes
    ----------
    responses : DataFrame
        As in ``responses.parquet``.
    file : Path
        The same as a file, which waits to be put in the place of ``responses.parquet``.
    journal : str
        State of the journal before it was read: see
        :func:`vaar.pipeline.results.basis.journal_state`.
    groups : tuple of AskedGroup
        In the order of the run.
    recoding : Recoding or None
        What changed, where ``responses.parquet`` was coded by other rules than today's.
    """

    responses: pd.DataFrame
    file: Path
    journal: str
    groups: tuple[AskedGroup, ...]
    recoding: Recoding | None = None


@contextmanager
def coded_run(
    files: RunDirectory, study: Study, on_stage: Callable[[str], None] = lambda stage: None
) -> Iterator[CodedRun]:
    """Code every reply of the journal; the file vanishes with the block unless it was moved.

    Raises
    ------
    RunDirectoryError
        The journal is missing or damaged, or nothing has been answered yet.
    """
    waiting = part_of(files.responses)
    on_stage("coding the replies")
    with closing(Journal.existing(files.journal)) as journal:
        journal.require_planned(*planned_sessions(files, study, files.read_run()))
        state = journal_state(journal)
        table = coded_sessions(study, journal)
        groups = asked_groups(files, journal)
    responses = to_pandas(table)
    if responses["reason"].eq(Reason.NOT_ASKED).all():
        raise RunDirectoryError(
            f"{files.path}: no item has been answered yet. To go on with the run: "
            f"{to_go_on(files, files.read_run())}"
        )
    try:
        _write(table, waiting)
        yield CodedRun(responses, waiting, state, groups, recoding(files.responses, table))
    finally:
        waiting.unlink(missing_ok=True)


def _write(table: Table, path: Path) -> None:
    try:
        write_table(table, path)
    except OSError as error:
        raise RunDirectoryError(
            f"{path}: cannot be written ({error.strerror}). What was answered is kept in the "
            "journal; make room or allow writing, then analyse again."
        ) from error


def coded_sessions(study: Study, journal: Journal) -> Table:
    """Code every reply; sessions that several models answered belong to none, and are left out."""
    return build_table(study, _of_one_model(journal.sessions()), journal.turns(study))


def asked_groups(files: RunDirectory, journal: Journal) -> tuple[AskedGroup, ...]:
    """The groups that were asked, in the order of the run."""
    simulated = {one["name"] for one in files.read_run()["respondents"] if one["simulated"]}
    simulated |= journal.simulated_respondents()  # a server may tell it only in its replies
    groups: dict[str, AskedGroup] = {}
    for session, _, _ in journal.sessions():
        if session.group not in groups:
            of_it = (session.respondent, session.condition, session.respondent in simulated)
            groups[session.group] = AskedGroup(session.group, *of_it)
    return tuple(groups.values())


def _of_one_model(sessions: Sequence[tuple[Session, Status, str | None]]) -> list[Session]:
    """All sessions but those that several models answered, or that were not read as a whole."""
    return [session for session, _, reason in sessions if not (reason or "").startswith(UNUSABLE)]
