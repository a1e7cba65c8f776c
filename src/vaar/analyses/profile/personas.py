"""How often personas were asked."""

from __future__ import annotations

import pandas as pd

from vaar.analyses.columns import GROUP
from vaar.tables.spec import ColumnSpec, TableSpec

PERSONAS = TableSpec(
    "personas",
    "a group in which sessions were given personas",
    (
        GROUP,
        ColumnSpec("personas", "count", "personas", "different ones that were asked", least=1),
        ColumnSpec("sessions", "count", "sessions", "of all personas together", least=1),
        ColumnSpec("most_sessions", "count", "sessions", "of the persona asked most", least=1),
    ),
)


def personas_table(groups: pd.Series, persona: pd.Series) -> pd.DataFrame:
    """Personas of each group: their number, their sessions, and the most sessions of one.

    Parameters
    ----------
    groups, persona : Series
        Of the same sessions; a session without a persona has none or an empty one.

    Returns
    -------
    DataFrame
        One row per group in which there are personas.
    """
    table = pd.DataFrame({"group": groups, "persona": persona})
    named = table[table["persona"].notna() & (table["persona"] != "")]
    counts = named.groupby(["group", "persona"], sort=False, observed=True).size()
    told = counts.groupby("group", sort=False).agg(["size", "sum", "max"]).reset_index()
    return told.set_axis(list(PERSONAS.names), axis="columns")
