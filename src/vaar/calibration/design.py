"""The sessions of a study as arrays: what is the same in every simulated data set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vaar.analyses.grouping import check_groupable, grouped, split
from vaar.analyses.groups import AskedGroup, groups_table
from vaar.responses.coded import facts_cell
from vaar.responses.schema import FACTS, VARIED
from vaar.scoring.design_factors import design_factors, require_known
from vaar.sessions.plan import plan_sessions
from vaar.sessions.questions import questions
from vaar.sessions.records import Session
from vaar.study.model import Study

RESPONDENT = "simulated"
"""Name of the one respondent; its groups are the conditions, split as the analysis splits them."""


@dataclass(frozen=True)
class Design:
    """One respondent asked as a study asks it.

    Attributes
    ----------
    sessions : DataFrame
        A row a session, in the order of the plan: the columns of the responses that say how it was
        run, under the groups that the analysis compares.
    factors : DataFrame
        What each session was given, indexed by row: see
        :func:`vaar.scoring.design_factors.design_factors`.
    groups : DataFrame
        See :func:`vaar.analyses.groups.groups_table`.
    codes : tuple of str
        The n_items items that are coded, in the study's order.
    descending : ndarray of bool, shape (n_sessions, n_items)
        Whether the options of an item are listed from the highest.
    conversation : ndarray of int, shape (n_sessions, n_items)
        In which conversation of its session an item is asked, from 0; a new one remembers nothing.
        −1 for an item that the session's condition does not ask.
    persona : ndarray of int, shape (n_sessions,)
        Number of the session's persona; −1 for none.
    """

    study: Study
    sessions: pd.DataFrame
    factors: pd.DataFrame
    groups: pd.DataFrame
    codes: tuple[str, ...]
    descending: NDArray[np.bool_]
    conversation: NDArray[np.intp]
    persona: NDArray[np.intp]
    by: tuple[str, ...] = ()

    @property
    def n_conversations(self) -> int:
        """Conversations of the session that has the most."""
        return int(self.conversation.max(initial=0)) + 1

    def responses(self, values: NDArray[np.int64]) -> pd.DataFrame:
        """The table of responses that answers make, shape (n_sessions, n_items)."""
        told = self.sessions.loc[self.sessions.index.repeat(len(self.codes))]
        answered = np.where(self.conversation < 0, np.nan, values)
        return told.reset_index(drop=True).assign(
            item=list(self.codes) * len(self.sessions), value=answered.ravel()
        )


def design_of(study: Study, sessions: int, seed: int, by: tuple[str, ...] = ()) -> Design:
    """Plan the sessions of one respondent.

    Parameters
    ----------
    sessions : int
        Of each condition.
    seed : int
        Seed of the run: of what is drawn of orders, personas and facts.
    by : tuple of str
        Factors that split the groups.

    Raises
    ------
    DataError
        A factor of `by` is not known, does not vary, or varies too much.
    """
    require_known(study, by)
    planned = plan_sessions(study, [RESPONDENT], sessions, seed)
    asked = tuple(dict.fromkeys((s.group, s.condition) for s in planned))
    table = _table(planned)
    found, became = design_factors(table, study), {}
    if by:
        check_groupable(table["group"], found, by)
        became = split(table["group"], found, by)
        table = table.assign(group=grouped(table["group"], found, by).astype(object))
    codes = tuple(item.code for part in study.instruments for item in part.coded_items)
    descending, conversation = _asked(study, planned, codes)
    ids = {persona.id: n for n, persona in enumerate(study.personas)}
    return Design(
        study=study,
        sessions=table,
        factors=found,
        groups=groups_table([AskedGroup(g, RESPONDENT, c, True) for g, c in asked], became, ()),
        codes=codes,
        descending=descending,
        conversation=conversation,
        persona=np.array([ids.get(s.persona, -1) for s in planned], np.intp),
        by=by,
    )


def _table(planned: list[Session]) -> pd.DataFrame:
    rows = [
        (
            *(s.group, s.number, s.condition, s.replicate, s.persona),
            *(" ".join(s.instrument_order), s.item_order, s.scale_direction, s.paraphrase),
            facts_cell(s.facts),
        )
        for s in planned
    ]
    return pd.DataFrame(
        rows, columns=["group", "session", "condition", "replicate", *VARIED, FACTS]
    )


def _asked(
    study: Study, planned: list[Session], codes: tuple[str, ...]
) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """For each session × item: whether its options are descending, and its conversation."""
    place = {code: column for column, code in enumerate(codes)}
    descending = np.zeros((len(planned), len(codes)), bool)
    conversation = np.full((len(planned), len(codes)), -1, np.intp)
    for row, session in enumerate(planned):
        carried = study.condition[session.condition].history == "carried"
        number = -1
        for question in questions(study, session):
            if number < 0 or (question.opens_instrument and not carried):
                number += 1
            columns = [place[code] for code in question.codes if code in place]
            descending[row, columns] = question.scale_direction == "descending"
            conversation[row, columns] = number
    return descending, conversation
