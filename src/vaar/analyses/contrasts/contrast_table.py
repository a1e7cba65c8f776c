"""Every contrast of paths between groups that may be compared."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vaar.analyses.contrasts.comparisons import comparisons
from vaar.analyses.contrasts.table_specs import CONTRASTS
from vaar.analyses.contrasts.wald import difference, holm

MOST_KEPT = 10_000
"""Contrasts of one kind in the table; of a thousand models there are half a million a path."""

ALPHA = 0.05

_ESTIMATE = ["std_estimate", "std_se", "df"]


def contrast_table(groups: pd.DataFrame, paths: pd.DataFrame) -> pd.DataFrame:
    """Differences of standardised paths, as :data:`CONTRASTS` describes them.

    Parameters
    ----------
    groups : DataFrame
        As :func:`vaar.analyses.groups.groups_table` lays them out.
    paths : DataFrame
        As in ``paths.csv``. A pair of which one path is not estimable has no row.
    """
    known = paths.dropna(subset=["std_estimate", "std_se"])[["group", "path", *_ESTIMATE]]
    pairs = pd.DataFrame(
        [(str(pair.kind), pair.one, pair.other) for pair in comparisons(groups)],
        columns=["kind", "one", "other"],
    )
    first = pairs.merge(known, left_on="one", right_on="group").drop(columns="group")
    both = first.merge(
        known, left_on=["other", "path"], right_on=["group", "path"], suffixes=("_x", "_y")
    )
    if both.empty:
        return CONTRASTS.of({})
    made = difference(
        both["std_estimate_x"],
        both["std_se_x"],
        both["std_estimate_y"],
        both["std_se_y"],
        both["df_x"].astype(float),
        both["df_y"].astype(float),
    )
    table = pd.DataFrame(
        {
            "kind": both["kind"],
            "one": both["one"],
            "other": both["other"],
            "path": both["path"],
            "std_one": both["std_estimate_x"],
            "std_other": both["std_estimate_y"],
            "difference": made.value,
            "se": made.se,
            "df": np.where(np.isfinite(made.df), made.df, np.nan),
            "lower": made.lower,
            "upper": made.upper,
            "p": made.p,
        }
    )
    table["p_holm"] = table.groupby("kind")["p"].transform(lambda p: holm(p.to_numpy()))
    return table


def counted(contrasts: pd.DataFrame) -> dict[str, dict[str, int]]:
    """By kind, how many contrasts there are, and how many are beyond chance after Holm's method."""
    sure = contrasts["p_holm"] < ALPHA
    return {
        str(kind): {"all": len(own), "sure": int(sure[own.index].sum())}
        for kind, own in contrasts.groupby("kind", sort=False)
    }


def surest(contrasts: pd.DataFrame, most: int = MOST_KEPT) -> pd.DataFrame:
    """Of each kind the surest, by their p-values, in the order in which they stood."""
    kept = [own.nsmallest(most, "p", keep="first") for _, own in contrasts.groupby("kind")]
    return pd.concat(kept).sort_index() if kept else contrasts
