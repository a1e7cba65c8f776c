"""Groups of the MGSEM made finer: respondent × level of one or several factors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import pandas as pd

from vaar.errors import DataError
from vaar.scoring.design_factors import MAX_LEVELS, levels
from vaar.tables.text import printable_line
from vaar.vocabulary import HUMAN

NO_LEVEL = "(none)"
"""Level of a session that has no such thing, as a persona without that attribute."""


def grouped(groups: pd.Series, factors: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """Name the group of each row: ``respondent [options: descending, order: a b]``.

    Parameters
    ----------
    groups : Series
        The group of each row before; the people's stays whole.
    factors : DataFrame
        From :func:`vaar.scoring.design_factors.design_factors`, of the same rows.
    by : sequence of str
        Columns of it; none leaves the groups as they are.
    """
    if not by:
        return groups
    first, *others = (f"{name}: " + _named(factors[name]) for name in by)
    label = reduce(lambda told, part: told + ", " + part, others, first)
    return groups.where(groups == HUMAN, groups.astype("string") + " [" + label + "]")


def split(
    groups: pd.Series, factors: pd.DataFrame, by: Sequence[str]
) -> dict[str, dict[str, dict[str, str]]]:
    """What each group becomes: the finer groups, each with the level of every factor.

    Parameters are those of :func:`grouped`.
    """
    if not by:
        return {}
    told = pd.DataFrame({name: _named(factors[name]) for name in by}, dtype=object)
    told = told.assign(_was=groups, _now=grouped(groups, factors, by).astype(object))
    became: dict[str, dict[str, dict[str, str]]] = {}
    for row in told[groups != HUMAN].drop_duplicates(["_was", "_now"]).to_dict("records"):
        levels_here = {name: str(row[name]) for name in by}
        became.setdefault(str(row["_was"]), {})[str(row["_now"])] = levels_here
    return became


def check_groupable(groups: pd.Series, factors: pd.DataFrame, by: Sequence[str]) -> None:
    """Refuse to group by what does not vary, or varies too much.

    Raises
    ------
    DataError
        A factor has one level, more than :data:`MAX_LEVELS`, or levels that cannot be told apart
        once they are printed.
    """
    asked = factors[groups != HUMAN]
    for name in by:
        named = _named(asked[name])
        n = asked[name].fillna("").nunique()
        if n < 2:
            raise DataError(
                f"--by {name}: every session of this run has the same {name}; {_varying(asked)}"
            )
        if n > MAX_LEVELS:
            raise DataError(
                f"--by {name}: it has {n:,} levels, and a group is fitted for each; at most "
                f"{MAX_LEVELS} are taken. Use a factor with fewer levels, or --covariate"
            )
        if named.nunique() < n:
            raise DataError(
                f"--by {name}: some of its levels differ only in characters that cannot be "
                "printed; rename them"
            )


def _named(factor: pd.Series) -> pd.Series:
    printable = {level: printable_line(level) for level in levels(factor)}
    return factor.map(printable).astype("string").fillna(NO_LEVEL)


def _varying(factors: pd.DataFrame) -> str:
    counts = factors.nunique()
    told = ", ".join(f"{name} ({n} levels)" for name, n in counts[counts > 1].items())
    return f"what varies: {told}" if told else "nothing varies between its sessions"
