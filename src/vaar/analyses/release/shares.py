"""How much was released, of all and of each kind of data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vaar.analyses.release.tables import RELEASED
from vaar.coding.form import Entry

ALL = "all"


def shares(fields: pd.DataFrame, forms: pd.DataFrame) -> pd.DataFrame:
    """Mean share of fields given, by group and kind of data.

    Parameters
    ----------
    fields, forms : DataFrame
        From :func:`vaar.analyses.release.filled_forms.filled_forms`.

    Returns
    -------
    DataFrame
        As :data:`vaar.analyses.release.tables.RELEASED`.
    """
    kinds = [ALL, *dict.fromkeys(fields["kind"])]
    rows = [
        {"group": group, "kind": kind, "asked": own["session"].nunique()}
        | _share(fields[fields["group"] == group], kind)
        for group, own in forms.groupby("group", sort=False)
        for kind in kinds
    ]
    return pd.DataFrame(rows, columns=list(RELEASED.names))


def _share(fields: pd.DataFrame, kind: str) -> dict[str, Any]:
    own = fields if kind == ALL else fields[fields["kind"] == kind]
    given = (own["entry"] == Entry.GIVEN).groupby(own["session"]).mean().to_numpy(float)
    changed = (own["entry"] == Entry.CHANGED).groupby(own["session"]).mean().to_numpy(float)
    if not len(given):
        return {"read": 0}
    lower, upper = t_interval(given)
    return {
        "read": len(given),
        "given": given.mean(),
        "lower": lower,
        "upper": upper,
        "changed": changed.mean(),
    }


def t_interval(values: np.ndarray) -> tuple[float, float]:
    """95 % t-interval of a mean; NaN where the values do not vary or are fewer than two."""
    if len(values) < 2 or not np.ptp(values):
        return float("nan"), float("nan")
    reach = stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return float(values.mean() - reach), float(values.mean() + reach)


def unread(forms: pd.DataFrame) -> Iterator[tuple[str, int]]:
    """Why forms cannot be read, and how often."""
    counted = forms.loc[forms["reason"] != "", "reason"].value_counts()
    yield from ((str(reason), int(n)) for reason, n in counted.items())
