"""The sessions of a journal as a table: how each was planned, how it ended, what it cost."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter

import pandas as pd

from vaar.journal.journal import Journal
from vaar.responses.coded import facts_cell
from vaar.sessions.records import TABLE_NAMES, Session


def sessions_table(journal: Journal) -> pd.DataFrame:
    """One row per session.

    Returns
    -------
    DataFrame
        The attributes of :class:`vaar.sessions.records.Session` under their names in tables, then
        ``status``, ``reason``, ``turns``, ``input_tokens`` and ``output_tokens``.
    """
    told = attrgetter(*(field.name for field in fields(Session)))
    rows = [(*told(s), status, reason or "") for s, status, reason in journal.sessions()]
    costs = pd.DataFrame(
        journal.costs(), columns=["session", "turns", "input_tokens", "output_tokens"]
    ).set_index("session")
    planned = (
        "session",
        *(TABLE_NAMES.get(field.name, field.name) for field in fields(Session)[1:]),
    )
    table = pd.DataFrame(rows, columns=[*planned, "status", "reason"])
    return (
        table.assign(order=table["order"].map(" ".join), facts=table["facts"].map(facts_cell))
        .join(costs, on="session")
        .fillna({"turns": 0, "input_tokens": 0, "output_tokens": 0})
    )
