"""From the journal to the table of responses: every reply coded by today's rules."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from pyarrow import RecordBatch, Table

from vaar.analyses.groups import AskedGroup
from vaar.coding.answer import Reason
from vaar.errors import RunDirectoryError
from vaar.files.write import part_of
from vaar.journal.journal import Journal
from vaar.pipeline.claiming.claim_run import planned_sessions
from vaar.pipeline.continuing import to_go_on
from vaar.pipeline.results.basis import journal_state
from vaar.pipeline.rundir import RUN, RunDirectory
from vaar.responses.coded import Conversation, coded_batches
from vaar.responses.recoding import Recoding, recoding
from vaar.responses.said_once import Repeated, said_once
from vaar.responses.table import read_table, to_pandas, write_table
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
    repeated : mapping of str to int
        Sessions that count once with another one, by group: see
        :mod:`vaar.responses.said_once`.
    """

    responses: pd.DataFrame
    file: Path
    journal: str
    groups: tuple[AskedGroup, ...]
    recoding: Recoding | None = None
    repeated: Mapping[str, int] = field(default_factory=dict)


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
    state, groups, repeated = _coded_into(waiting, files, study)
    try:
        responses = read_table(waiting)
        _require_answers(files, responses)
        changed = recoding(files.responses, responses)
        yield CodedRun(responses, waiting, state, groups, changed, repeated)
    finally:
        waiting.unlink(missing_ok=True)


def _coded_into(
    waiting: Path, files: RunDirectory, study: Study
) -> tuple[str, tuple[AskedGroup, ...], Repeated]:
    """Code every reply into a file: state of the journal, groups, and what was left out.

    What it took is let go of.
    """
    repeated = Repeated()
    with closing(Journal.existing(files.journal)) as journal:
        journal.require_planned(*planned_sessions(files, study, files.read_run()))
        state = journal_state(journal)
        groups = asked_groups(files, journal)
        try:
            with _no_search_for_cycles():
                _write(coded_batches(study, countable(journal, study, repeated)), waiting)
        except BaseException:
            waiting.unlink(missing_ok=True)
            raise
    return state, groups, repeated


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Rows are many and refer to nothing that refers back; to look for it takes a third longer.
    What else does is looked for once, at the end."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
            gc.collect()


def _require_answers(files: RunDirectory, responses: pd.DataFrame) -> None:
    if responses["reason"].eq(Reason.NOT_ASKED).all():
        raise RunDirectoryError(
            f"{files.path}: no item has been answered yet. To go on with the run: "
            f"{to_go_on(files, files.read_run())}"
        )


def _write(batches: Iterable[RecordBatch], path: Path) -> None:
    try:
        write_table(batches, path)
    except OSError as error:
        raise RunDirectoryError(
            f"{path}: cannot be written ({error.strerror}). What was answered is kept in the "
            "journal; make room or allow writing, then analyse again."
        ) from error


def coded_now(study: Study, journal: Journal) -> pd.DataFrame:
    """Code every reply, as in ``responses.parquet``."""
    said = countable(journal, study, Repeated())
    return to_pandas(Table.from_batches(coded_batches(study, said)))


def asked_groups(files: RunDirectory, journal: Journal) -> tuple[AskedGroup, ...]:
    """The groups that were asked, in the order of the run.

    Raises
    ------
    RunDirectoryError
        ``run.json`` does not say who was asked.
    """
    try:
        simulated = {one["name"] for one in files.read_run()["respondents"] if one["simulated"]}
    except (KeyError, TypeError) as error:
        raise RunDirectoryError(
            f"{files.path / RUN}: does not say who was asked ({type(error).__name__}: {error}). "
            "Restore it from a copy."
        ) from error
    simulated |= journal.simulated_respondents()  # a server may tell it only in its replies
    groups: dict[str, AskedGroup] = {}
    for session, _, _ in journal.sessions():
        if session.group not in groups:
            of_it = (session.respondent, session.condition, session.respondent in simulated)
            groups[session.group] = AskedGroup(session.group, *of_it)
    return tuple(groups.values())


def countable(journal: Journal, study: Study, repeated: Repeated) -> Iterator[Conversation]:
    """All sessions but those that are another one over again, which are counted."""
    planned = [session for session, _, _ in journal.sessions()]
    return said_once(_of_one_model(journal, study), planned, repeated)


def _of_one_model(journal: Journal, study: Study) -> Iterator[Conversation]:
    """All sessions but those that several models answered, or that were not read as a whole."""
    for stored, said in journal.said(study):
        if not (stored.reason or "").startswith(UNUSABLE):
            yield stored.session, said
