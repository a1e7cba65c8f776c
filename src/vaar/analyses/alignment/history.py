"""What carrying the conversation from one questionnaire to the next did to the paths."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import permutations
from math import sqrt
from typing import Any

import pandas as pd

from vaar.analyses.base import Coded
from vaar.study.model import Condition, Study
from vaar.tables.spec import ColumnSpec, TableSpec
from vaar.vocabulary import Z_95

HISTORY = TableSpec(
    "history",
    "a path × two groups that differ in nothing but the history",
    (
        ColumnSpec("carried", "text", "", "the group whose sessions are one conversation"),
        ColumnSpec("isolated", "text", "", "the group with a conversation per questionnaire"),
        ColumnSpec("path", "text", "", "outcome ~ predictor"),
        ColumnSpec("std_carried", "number", "", "standardised estimate, history carried"),
        ColumnSpec("std_isolated", "number", "", "standardised estimate, history isolated"),
        ColumnSpec("difference", "number", "", "carried less isolated"),
        ColumnSpec("se", "number", "", "its standard error, the groups taken as independent"),
        ColumnSpec("lower", "number", "", "lower end of its 95 % interval"),
        ColumnSpec("upper", "number", "", "its upper end"),
    ),
)


@dataclass(frozen=True)
class Pair:
    """Two groups that differ in nothing but the history."""

    carried: str
    isolated: str


def sharing_nothing(data: Coded) -> list[str]:
    """Groups whose questionnaires had fresh conversations each, and no persona in common."""
    isolated = [one.name for one in data.study.conditions if one.history == "isolated"]
    groups = data.groups.loc[data.groups["condition"].isin(isolated), "group"]
    none = data.design_factors["persona"].fillna("") == ""
    nobody = none.groupby(data.scores["group"], observed=True).all()
    return [str(group) for group in groups if nobody.get(group, True)]


def history_table(
    study: Study, groups: pd.DataFrame, paths: pd.DataFrame, empty: Collection[str] = ()
) -> pd.DataFrame:
    """Differences of standardised paths, history carried less isolated.

    Parameters
    ----------
    groups : DataFrame
        As :func:`vaar.analyses.groups.groups_table` lays them out.
    paths : DataFrame
        As in ``paths.csv``.
    empty : collection of str
        Isolated groups whose questionnaires share nothing, not even a persona: the difference from
        them is no effect of history, and is not computed.

    Returns
    -------
    DataFrame
        As :data:`HISTORY` describes; no rows where no two groups differ in the history only.

    Notes
    -----
    The standard error is √(se² + se²), as different sessions answered; NaN where either path has
    none.
    """
    rows = paths.set_index(["group", "path"])
    found = [
        _difference(pair, path, rows.loc[(pair.carried, path)], rows.loc[(pair.isolated, path)])
        for pair in pairs(study, groups)
        if pair.isolated not in empty
        for path in paths["path"].unique()
        if (pair.carried, path) in rows.index and (pair.isolated, path) in rows.index
    ]
    return HISTORY.filled(found)


def pairs(study: Study, groups: pd.DataFrame) -> Iterator[Pair]:
    """Groups of one respondent and the same levels in conditions that differ in history only."""
    for one, other in permutations(study.conditions, 2):
        if not _differ_in_history_only(one, other):
            continue
        isolated = groups[groups["condition"] == other.name]
        for own in groups[groups["condition"] == one.name].to_dict("records"):
            same = (isolated["respondent"] == own["respondent"]) & (
                isolated["levels"] == own["levels"]
            )
            for partner in isolated.loc[same, "group"]:
                yield Pair(str(own["group"]), str(partner))


def _differ_in_history_only(one: Condition, other: Condition) -> bool:
    def rest(condition: Condition) -> tuple[object, ...]:
        return condition.presentation, condition.order, condition.framing

    return (one.history, other.history) == ("carried", "isolated") and rest(one) == rest(other)


def _difference(pair: Pair, path: str, one: Any, other: Any) -> dict[str, Any]:
    difference = one["std_estimate"] - other["std_estimate"]
    se = sqrt(one["std_se"] ** 2 + other["std_se"] ** 2)
    return {
        "carried": pair.carried,
        "isolated": pair.isolated,
        "path": path,
        "std_carried": one["std_estimate"],
        "std_isolated": other["std_estimate"],
        "difference": difference,
        "se": se,
        "lower": difference - Z_95 * se,
        "upper": difference + Z_95 * se,
    }
