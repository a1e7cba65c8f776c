"""The change of paths under a shift, from the contrasts of the groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from vaar.analyses.shifted_sessions.pairs import ShiftedPair


def paths_table(contrasts: pd.DataFrame, pairs: Iterable[ShiftedPair]) -> pd.DataFrame:
    """The contrasts of each shifted group with its base, turned so that it is shifted less base.

    Parameters
    ----------
    contrasts : DataFrame
        The table ``contrasts``.
    """
    rows: list[dict[str, Any]] = []
    records = contrasts.to_dict("records")
    for pair in pairs:
        for record in records:
            ends = (record["one"], record["other"])
            if set(ends) == {pair.group, pair.base}:
                rows.append(_row(pair, record, sign=1 if ends[0] == pair.group else -1))
    return pd.DataFrame(rows)


def _row(pair: ShiftedPair, record: dict[Any, Any], sign: int) -> dict[str, Any]:
    own, other = ("std_one", "std_other")[::sign]
    lower, upper = (sign * record[end] for end in ("lower", "upper")[::sign])
    return {
        "group": pair.group,
        "base": pair.base,
        "shift": pair.words,
        "path": record["path"],
        "unshifted": record[other],
        "shifted": record[own],
        "change": sign * record["difference"],
        "change_lower": lower,
        "change_upper": upper,
        "p": record["p"],
        "p_holm": record["p_holm"],
    }
