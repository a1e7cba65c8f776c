"""Read a run in Python: what was asked, said, coded and found."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from vaar.analyses.base import Analysis
from vaar.analyses.groups import groups_table
from vaar.errors import RunDirectoryError, StaleResultsWarning
from vaar.journal.journal import Journal
from vaar.pipeline.claiming.claim_run import planned_sessions
from vaar.pipeline.code_run import asked_groups, coded_now
from vaar.pipeline.publishing.sessions_table import sessions_table
from vaar.pipeline.results.analyzed import Analyzed
from vaar.pipeline.results.basis import journal_state, sha256
from vaar.pipeline.results.format_1 import is_format_1
from vaar.pipeline.results.layout import DEFAULT, folder, stored_names
from vaar.pipeline.results.manifest import read_manifest
from vaar.pipeline.results.read import read_analysis
from vaar.pipeline.results.sections import run_cautions
from vaar.pipeline.rundir import RunDirectory
from vaar.report.fragment import fragment, next_key
from vaar.report.groups import Groups
from vaar.report.run.sessions import session_table
from vaar.report.section import Section
from vaar.responses.people import read_people
from vaar.responses.table import read_table
from vaar.sessions.records import Session, Status
from vaar.sessions.transcript import Transcript, transcript
from vaar.study.load import load_study
from vaar.study.model import Study
from vaar.vocabulary import HUMAN


class StoredRun:
    """A run as its directory holds it; nothing is asked, analysed or written.

    Attributes
    ----------
    directory : Path
    study : Study
        As it was asked.
    record : dict
        ``run.json``: versions, seed, command, respondents, prices, faults.
    """

    def __init__(self, directory: Path, analyses: Sequence[Analysis] = ()) -> None:
        self._files = RunDirectory(directory)
        self._own = tuple(analyses)
        self.directory = directory
        self.record: dict[str, Any] = self._files.read_run()
        self.study: Study = load_study(self._files.study, asked=True)

    def __repr__(self) -> str:
        named = ", ".join(self.analyses) or "not analysed"
        return f"StoredRun({str(self.directory)!r}, study {self.study.name!r}, {named})"

    def _repr_html_(self) -> str:
        """The study, its sessions, and what the default analysis found, for a notebook."""
        with self._journal() as journal:
            sessions = sessions_table(journal)
        groups = Groups.of(self.groups)
        section = Section(
            "run",
            self.study.title,
            repr(self),
            (),
            summary=(session_table(sessions, groups),),
            place=0,
        )
        found: tuple[Section, ...] = ()
        cautions = (*run_cautions(self.groups),)
        if DEFAULT in self.analyses:
            analyzed = read_analysis(self._files, DEFAULT, self._own)
            found = analyzed.sections
            cautions = analyzed.cautions
        return fragment(str(self.directory), (section, *found), cautions, next_key())

    @property
    def analyses(self) -> tuple[str, ...]:
        """Names of the stored analyses, the default one first."""
        names = stored_names(self._files)
        if DEFAULT not in names and is_format_1(self._files):
            return (DEFAULT, *names)
        return names

    def analysis(self, name: str = DEFAULT) -> Analyzed:
        """Read a stored analysis: every table and record, and the options in force.

        Where the run has gone on since, or something beneath was changed, a
        :class:`vaar.errors.StaleResultsWarning` is given, and :attr:`Analyzed.stale` says why.

        Raises
        ------
        RunDirectoryError
            There is none of this name, or a file of it is missing or was changed.
        """
        found = read_analysis(self._files, name, self._own)
        if found.stale:
            told = f"{self.directory}: {found.stale}; `vaar analyze` makes the analysis anew"
            warnings.warn(told, StaleResultsWarning, stacklevel=2)
        return found

    @cached_property
    def groups(self) -> pd.DataFrame:
        """The groups as they were asked, and people's: one row each, as in ``groups.csv``."""
        with self._journal() as journal:
            asked = asked_groups(self._files, journal)
        return groups_table(asked, {}, [HUMAN] if self._files.human.is_file() else [])

    @cached_property
    def responses(self) -> pd.DataFrame:
        """One row per session × item: every reply of the journal as it is coded.

        From ``responses.parquet`` where it belongs to the journal as it is now; else coded here.
        """
        with self._journal() as journal:
            if self._is_current(journal_state(journal)):
                return read_table(self._files.responses)
            return coded_now(self.study, journal)

    @cached_property
    def people(self) -> pd.DataFrame | None:
        """People's answers, in the form of :attr:`responses`; None where there are none."""
        if not self._files.human.is_file():
            return None
        return read_people(self._files.human, self.study, HUMAN)

    def sessions(
        self, group: str | None = None, status: Status | None = None
    ) -> Iterator[Transcript]:
        """Sessions with their whole conversations, prompts rebuilt from the study.

        Parameters
        ----------
        group : str, optional
            Only this group, as it was asked.
        status : {'complete', 'failed', 'pending'}, optional
            Only those that stand so.

        Raises
        ------
        RunDirectoryError
            There is no such group, or the journal is missing or damaged.
        """
        with self._journal() as journal:
            rows = journal.sessions()
            if group is not None:
                self._require_group(group, [session for session, _, _ in rows])
            for session, stands, reason in rows:
                if group in (None, session.group) and status in (None, stands):
                    turns = journal.turns_of(session.number)
                    yield transcript(self.study, session, turns, stands, reason)

    def session(self, number: int) -> Transcript:
        """One session with its whole conversation.

        Raises
        ------
        RunDirectoryError
            There is no session of this number.
        """
        with self._journal() as journal:
            for session, stands, reason in journal.sessions():
                if session.number == number:
                    turns = journal.turns_of(number)
                    return transcript(self.study, session, turns, stands, reason)
        raise RunDirectoryError(f"{self.directory}: there is no session {number}")

    @contextmanager
    def _journal(self) -> Iterator[Journal]:
        """The journal, with all sessions that stand in ``run.json`` and no others."""
        with closing(Journal.existing(self._files.journal)) as journal:
            run = self._files.read_run()
            journal.require_planned(*planned_sessions(self._files, self.study, run))
            yield journal

    def _is_current(self, journal: str) -> bool:
        """Whether ``responses.parquet`` belongs to a state of the journal."""
        parquet = sha256(self._files.responses)
        bases = (read_manifest(folder(self._files, n)).basis for n in stored_names(self._files))
        return any((basis.journal, basis.responses) == (journal, parquet) for basis in bases)

    def _require_group(self, group: str, sessions: Sequence[Session]) -> None:
        groups = dict.fromkeys(session.group for session in sessions)
        if group not in groups:
            raise RunDirectoryError(
                f"{self.directory}: there is no group {group!r}; there are {', '.join(groups)}"
            )


def open_run(directory: str | Path, analyses: Sequence[Analysis] = ()) -> StoredRun:
    """Open a run directory to read it.

    Parameters
    ----------
    analyses : sequence of Analysis
        Your own, beside those of this package, whose stored results are to be read too.

    Raises
    ------
    RunDirectoryError
        It is no run directory, or ``run.json`` is damaged.
    StudyError
        ``study.yaml`` is missing or damaged.

    Examples
    --------
    >>> import vaar
    >>> run = vaar.open_run("runs/one")  # doctest: +SKIP
    >>> run.analysis().vaar[["group", "vaar"]]  # doctest: +SKIP
    >>> next(run.sessions(status="failed")).messages  # doctest: +SKIP
    """
    return StoredRun(Path(directory), analyses)
