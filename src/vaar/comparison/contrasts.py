"""Each model less itself: the same figure in two runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from vaar.comparison.change import Estimate, change
from vaar.comparison.families import with_holm
from vaar.comparison.figures import COLUMN
from vaar.comparison.tables import CONTRASTS

NO_INTERVAL = "one of the two figures has no interval"


def contrasts_table(figures: pd.DataFrame) -> pd.DataFrame:
    """Every figure that a model has in two runs or more, each later one less the first.

    Only figures of one definition are held against each other; those with a flaw, and people's, are
    left out.

    Parameters
    ----------
    figures : DataFrame
        From :func:`vaar.comparison.figures.figures_table`, the earliest run first.

    Returns
    -------
    DataFrame
        As :data:`vaar.comparison.tables.CONTRASTS`.
    """
    known = figures[figures["flaw"].eq("") & figures["value"].notna() & ~figures["people"]]
    grouped = known.groupby([*COLUMN, "respondent", "simulated"], sort=False)
    rows = [row for _, own in grouped for row in _rows(own)]
    table = pd.DataFrame(rows, columns=list(CONTRASTS.names))
    return CONTRASTS.checked(with_holm(table, "leading"))


def _rows(own: pd.DataFrame) -> Iterator[dict[str, Any]]:
    first, *later = own.to_dict("records")
    for record in later:
        found = change(_estimate(record), _estimate(first))
        yield {
            **{str(name): record[name] for name in (*COLUMN, "title", "respondent", "unit")},
            "simulated": record["simulated"],
            "leading": record["leading"],
            "earlier": first["run"],
            "later": record["run"],
            "earlier_value": first["value"],
            "later_value": record["value"],
            "difference": found.value,
            "difference_lower": found.lower,
            "difference_upper": found.upper,
            "p": found.p,
            "why_not": NO_INTERVAL if np.isnan(found.p) else "",
        }


def _estimate(record: dict[Any, Any]) -> Estimate:
    return Estimate(record["value"], record["value_lower"], record["value_upper"])
