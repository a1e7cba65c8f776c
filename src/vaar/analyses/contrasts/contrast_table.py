"""Every contrast of paths between groups that may be compared."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vaar.analyses.contrasts.comparisons import comparisons
from vaar.analyses.contrasts.table_specs import CONTRASTS
from vaar.analyses.contrasts.wald import difference, holm


def contrast_table(groups: pd.DataFrame, paths: pd.DataFrame) -> pd.DataFrame:
    """Differences of standardised paths, as :data:`CONTRASTS` describes them.

    Parameters
    ----------
    groups : DataFrame
        As :func:`vaar.analyses.groups.groups_table` lays them out.
    paths : DataFrame
        As in ``paths.csv``. A pair of which one path is not estimable has no row.
    """
    known = paths.dropna(subset=["std_estimate", "std_se"]).set_index("group")
    found = []
    for pair in comparisons(groups):
        if pair.one not in known.index or pair.other not in known.index:
            continue
        both = known.loc[[pair.one]].merge(known.loc[[pair.other]], on="path")
        made = difference(
            both["std_estimate_x"],
            both["std_se_x"],
            both["std_estimate_y"],
            both["std_se_y"],
            both["df_x"].astype(float),
            both["df_y"].astype(float),
        )
        found.append(
            pd.DataFrame(
                {
                    "kind": str(pair.kind),
                    "one": pair.one,
                    "other": pair.other,
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
        )
    if not found:
        return CONTRASTS.of({})
    table = pd.concat(found, ignore_index=True)
    table["p_holm"] = table.groupby("kind")["p"].transform(lambda p: holm(p.to_numpy()))
    return table
