"""Holm's correction within families of tests."""

from __future__ import annotations

import pandas as pd

from vaar.analyses.contrasts.wald import holm


def with_holm(table: pd.DataFrame, family: str) -> pd.DataFrame:
    """The table with ``p_holm``: its ``p``, corrected over the rows of one family.

    Parameters
    ----------
    family : str
        Column that is the same for the rows of a family.
    """
    table = table.astype({"p": float, "p_holm": float})
    for member in table[family].unique():
        own = table[family].eq(member)
        table.loc[own, "p_holm"] = holm(table.loc[own, "p"].to_numpy(float))
    return table
