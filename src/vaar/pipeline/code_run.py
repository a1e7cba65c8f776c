"""From the journal to the table of responses: every reply coded by today's rules."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import pandas as pd

from vaar.analyses.groups import AskedGroup
from vaar.errors import RunDirectoryError
from vaar.journal.journal import Journal
from vaar.pipeline.rundir import RunDirectory
from vaar.responses.table import build_table, to_pandas, write_table
from vaar.sessions.records import Session, Status
from vaar.sessions.runner.limits import MODEL_CHANGED
from vaar.study.model import Study


@dataclass(frozen=True)
class CodedRun:
    """The replies of a run, coded.

    Attributes
    ----------
    responses : DataFrame
        As in ``responses.parquet``.
    groups : tuple of AskedGroup
        In the order of the run.
    """

    responses: pd.DataFrame
    groups: tuple[AskedGroup, ...]


def code_run(files: RunDirectory, study: Study) -> CodedRun:
    """Code every reply of the journal and write ``responses.parquet``.

    Raises
    ------
    RunDirectoryError
        The journal is missing or damaged, or nothing has been answered yet.
    """
    recorded = {one["name"] for one in files.read_run()["respondents"] if one["simulated"]}
    with closing(Journal.existing(files.journal)) as journal:
        sessions = journal.sessions()
        table = build_table(study, _of_one_model(sessions), journal.turns())
        simulated = recorded | journal.simulated_respondents()  # a server may tell it in replies
    responses = to_pandas(table)
    if responses["reason"].eq("not_asked").all():
        raise RunDirectoryError(
            f"{files.path}: no item has been answered yet. Give the `vaar run` command that "
            "started this run again to continue it."
        )
    write_table(table, files.responses)
    firsts = {session.group: session for session, _, _ in reversed(sessions)}
    groups = (
        AskedGroup(s.group, s.respondent, s.condition, s.respondent in simulated)
        for s in sorted(firsts.values(), key=lambda session: session.number)
    )
    return CodedRun(responses, tuple(groups))


def _of_one_model(sessions: Sequence[tuple[Session, Status, str | None]]) -> list[Session]:
    """All sessions but those that several models answered, which belong to none of them."""
    return [
        session
        for session, _, reason in sessions
        if not (reason or "").startswith(f"{MODEL_CHANGED}:")
    ]
