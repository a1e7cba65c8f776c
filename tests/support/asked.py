"""Asks respondents a study without a run directory, and gives the coded answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from vaar.analyses.base import Coded
from vaar.analyses.groups import AskedGroup, groups_table
from vaar.journal.journal import Journal
from vaar.respondents.base import Respondent
from vaar.responses.table import build_table, to_pandas
from vaar.scoring.design_factors import design_factors
from vaar.scoring.scales import score
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.run import run_sessions
from vaar.study.model import Study


def asked(
    study: Study, respondents: Sequence[Respondent], sessions: int, folder: Path, seed: int = 4
) -> Coded:
    """The coded answers of so many sessions of each respondent in each condition."""
    by_name = {respondent.name: respondent for respondent in respondents}
    planned = plan_sessions(study, list(by_name), sessions, seed=seed)
    with closing(Journal(folder / "journal.sqlite")) as journal:
        journal.plan(planned)
        asyncio.run(run_sessions(study, planned, by_name, journal))
        table = to_pandas(build_table(study, planned, journal.turns(study)))
    scores = score(table, study)
    groups = {s.group: AskedGroup(s.group, s.respondent, s.condition, True) for s in planned}
    return Coded(
        study, table, scores, design_factors(scores, study), groups_table(groups.values(), {}, [])
    )
