"""Mean answers of every respondent to every item, for the agreement of runs."""

from __future__ import annotations

import pandas as pd

from vaar.comparison.tables import ITEMS
from vaar.study.model import Study


def item_means(responses: pd.DataFrame, groups: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Mean answer to every item, by respondent and condition.

    Parameters
    ----------
    responses : DataFrame
        The tidy table of responses.
    groups : DataFrame
        The groups as they were asked, one row each: see ``groups.csv``.

    Returns
    -------
    DataFrame
        ``respondent``, ``facet`` (the condition), ``simulated``, ``instrument``, ``item``, ``n``
        answers, ``mean``: a share of the item's scale, 0 for its lowest point.
    """
    known = responses[responses["value"].notna()]
    grouped = known.groupby(["group", "instrument", "item"], sort=False)["value"]
    means = grouped.agg(["size", "mean"]).reset_index()
    whose = groups.set_index("group")
    ends = [study.item[code][1].scale_of(study.item[code][0]).range for code in means["item"]]
    low = pd.Series([end[0] for end in ends], index=means.index, dtype=float)
    high = pd.Series([end[1] for end in ends], index=means.index, dtype=float)
    table = pd.DataFrame(
        {
            "respondent": means["group"].map(whose["respondent"]),
            "facet": means["group"].map(whose["condition"]),
            "simulated": means["group"].map(whose["simulated"]).astype(bool),
            "instrument": means["instrument"],
            "item": means["item"],
            "n": means["size"],
            "mean": (means["mean"].astype(float) - low) / (high - low),
        }
    )
    return table[list(ITEMS)]
