"""How much was released, of all and of each kind of data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from vaar.analyses.release.tables import RELEASED
from vaar.coding.form import Entry
from vaar.scoring.profile import mean_with_interval

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
    return RELEASED.filled(rows)


def _share(fields: pd.DataFrame, kind: str) -> dict[str, Any]:
    own = fields if kind == ALL else fields[fields["kind"] == kind]
    given, changed = (
        np.asarray((own["entry"] == entry).groupby(own["session"]).mean(), np.float64)
        for entry in (Entry.GIVEN, Entry.CHANGED)
    )
    if not len(given):
        return {"read": 0}
    told = mean_with_interval(given)
    return {
        "read": len(given),
        "given": told["mean"],
        "lower": told["ci_lower"],
        "upper": told["ci_upper"],
        "changed": changed.mean(),
    }


def unread(forms: pd.DataFrame) -> Iterator[tuple[str, int]]:
    """Why forms cannot be read, and how often."""
    counted = forms.loc[forms["reason"] != "", "reason"].value_counts()
    yield from ((str(reason), int(n)) for reason, n in counted.items())
