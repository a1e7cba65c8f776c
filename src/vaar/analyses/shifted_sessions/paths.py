"""The change of paths under a shift, from the contrasts of the groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from vaar.analyses.contrasts.wald import holm
from vaar.analyses.shifted_sessions.pairs import ShiftedPair
from vaar.vocabulary import Estimability


def paths_table(contrasts: pd.DataFrame, pairs: Iterable[ShiftedPair]) -> pd.DataFrame:
    """The contrasts of each shifted group with its base, turned so that it is shifted less base.

    Holm's correction is for these contrasts alone: no other is asked about here.

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
    table = pd.DataFrame(rows)
    return table.assign(p_holm=holm(table["p"])) if rows else table


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
    }


def untold(
    table: pd.DataFrame, rates: pd.DataFrame, pairs: Iterable[ShiftedPair]
) -> Iterator[dict[str, str]]:
    """The pairs whose paths could not be held against each other, and why.

    Parameters
    ----------
    table : DataFrame
        From :func:`paths_table`.
    rates : DataFrame
        The table ``vaar``, which says of every group whether its paths could be estimated.

    Yields
    ------
    dict
        ``base``, ``shift``, ``group`` (the one of the two without paths) and ``why``.
    """
    told = set(table["group"]) if len(table) else set()
    known = rates.set_index("group")
    for pair in pairs:
        if pair.group in told:
            continue
        for group in (pair.base, pair.group):
            why = _why_not(known, group)
            if why:
                yield {"base": pair.base, "shift": pair.words, "group": group, "why": why}


def _why_not(rates: pd.DataFrame, group: str) -> str:
    if group not in rates.index:
        return "it has no sessions left"
    if rates.loc[group, "status"] == Estimability.ESTIMATED:
        return ""
    return str(rates.loc[group, "reason"] or "") or "its paths could not be estimated"
