"""What the arms change: means over questions, differences paired by question."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vaar.analyses.bootstrap import Values, with_intervals
from vaar.analyses.value_control.arms import ARMS, KINDS, NONE, RANDOM, SHIFT
from vaar.analyses.value_control.tables import ARM_TABLE


def arms_table(items: pd.DataFrame, replicates: int, seed: int) -> pd.DataFrame:
    """Every arm on every kind of question, and how it differs from the model as it is.

    Parameters
    ----------
    items : DataFrame
        From :func:`vaar.analyses.value_control.items.items_table`.

    Returns
    -------
    DataFrame
        ``score``, ``change`` (less the arm without prompt and shift), ``beyond_random`` (the
        change of the shift less that of equally long random ones, their mean over directions; of
        the arm ``shift`` alone) and ``order_effect``, each with an interval over questions.
    """
    rows: list[dict[str, Any]] = []
    for keys, own in items.groupby(["respondent", "value", "kind"], sort=False):
        scores = _wide(own, "score")
        effects = _wide(own, "order_effect")
        for arm in (arm for arm in ARMS if arm in scores):
            columns = {"score": _values(scores[arm]), "order_effect": _values(effects[arm])}
            if arm != NONE and NONE in scores:
                columns["change"] = _values(scores[arm] - scores[NONE])
            if arm == SHIFT and RANDOM in scores:
                columns["beyond_random"] = _values(scores[arm] - scores[RANDOM])
            rows.append(
                {
                    **dict(zip(("respondent", "value", "kind"), keys, strict=True)),
                    "arm": arm,
                    "questions": int(scores[arm].notna().sum()),
                    "directions": int(own.loc[own["arm"] == arm, "condition"].nunique()),
                    **with_intervals(columns, replicates, seed),
                }
            )
    return _ordered(pd.DataFrame(rows, columns=list(ARM_TABLE.names)))


def _wide(own: pd.DataFrame, column: str) -> pd.DataFrame:
    """Questions as rows, arms as columns; the mean over random directions."""
    return own.pivot_table(index="item", columns="arm", values=column, aggfunc="mean", dropna=False)


def _values(column: pd.Series) -> Values:
    values: Values = column.to_numpy(dtype=float)
    return values


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    if table.empty:
        return table
    places = {
        name: {word: n for n, word in enumerate(dict.fromkeys(table[name]))}
        for name in ("respondent", "value")
    }
    places |= {"kind": {k: n for n, k in enumerate(KINDS)}}
    places |= {"arm": {a: n for n, a in enumerate(ARMS)}}
    keys = pd.DataFrame({name: table[name].map(known) for name, known in places.items()})
    return table.loc[keys.sort_values(list(places), kind="stable").index].reset_index(drop=True)
