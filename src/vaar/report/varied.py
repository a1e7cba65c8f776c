"""What varied between sessions: how many at each level, what it did to profile and paths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from math import sqrt
from typing import Any

import pandas as pd

from vaar.report import charts
from vaar.report.answer_tables import whole_scales
from vaar.report.charts import Figure
from vaar.report.groups import Groups, group_column, label_of
from vaar.report.inputs import ReportInputs
from vaar.report.vaar_tables import drawable
from vaar.study.model import Condition, Study
from vaar.tables.numbers import coefficient, count, decimal, estimate, interval, share
from vaar.tables.table import Record, Table, figures, number, tabulate, text

_Z_95 = charts.Z_95


@dataclass(frozen=True)
class History:
    """What carrying the conversation from one questionnaire to the next did."""

    figure: Figure | None
    paths: Table
    vaar: Table


@dataclass(frozen=True)
class Varied:
    """The section; absent where nothing varied.

    Attributes
    ----------
    factors : tuple of str
        Those described level by level.
    n_shuffled : int
        Sessions in which the items of each questionnaire came in an order of their own.
    """

    factors: tuple[str, ...]
    n_shuffled: int
    figures: tuple[Figure, ...]
    sessions: Table
    profiles: Table
    personas: Table
    history: History


def varied(inputs: ReportInputs, groups: Groups) -> Varied | None:
    """Arrange what varied; None where nothing did."""
    table = inputs.profile_by_factor
    personas, history = _personas(inputs.sessions, groups), _history(inputs, groups)
    factors = tuple(str(name) for name in table["factor"].unique())
    n_shuffled = int(inputs.sessions.get("items", pd.Series(dtype=str)).eq("shuffled").sum())
    if not (factors or n_shuffled or personas.rows or history.paths.rows):
        return None
    whole = whole_scales(table, inputs.study)
    drawn = (
        charts.by_level(factor, instrument, whole, groups)
        for factor in factors
        for instrument in inputs.study.instruments
    )
    return Varied(
        factors,
        n_shuffled,
        tuple(figure for figure in drawn if figure),
        _sessions(table, groups),
        _profiles(whole, groups),
        personas,
        history,
    )


def _sessions(table: pd.DataFrame, groups: Groups) -> Table:
    once = table.drop_duplicates(["factor", "level", "group"])
    columns = [
        text("Factor", "factor"),
        text("level", "level"),
        group_column(groups),
        number("sessions", "n_sessions", count),
    ]
    return tabulate("Sessions at each level", columns, _in_order(once, groups))


def _profiles(whole: pd.DataFrame, groups: Groups) -> Table:
    columns = [
        text("Factor", "factor"),
        text("scale", "scale"),
        group_column(groups),
        text("level", "level"),
        number("sessions", "n", count),
        number("mean", "mean", decimal),
        figures(
            "95 % interval", lambda r: interval(decimal(r["ci_lower"]), decimal(r["ci_upper"]))
        ),
        number("standard deviation", "sd", decimal),
    ]
    return tabulate("Scale means at each level", columns, _in_order(whole, groups))


def _in_order(table: pd.DataFrame, groups: Groups) -> list[Record]:
    """By factor, scale and group; levels keep their order."""
    ranks = [pd.factorize(table["factor"])[0], pd.factorize(table["scale"])[0]]
    ranked = table.assign(_factor=ranks[0], _scale=ranks[1], _group=table["group"].map(groups.rank))
    return list(
        ranked.sort_values(["_factor", "_scale", "_group"], kind="stable").to_dict("records")
    )


def _personas(sessions: pd.DataFrame, groups: Groups) -> Table:
    """How often each group's personas were asked, where there are personas."""
    persona = sessions["persona"] if "persona" in sessions else pd.Series("", sessions.index)
    with_one = sessions.assign(persona=persona)[persona.fillna("") != ""]
    counts = with_one.groupby(["group", "persona"]).size()
    table = counts.groupby("group").agg(["size", "sum", "max"]).reset_index()
    columns = [
        group_column(groups),
        number("personas", "size", count),
        number("sessions", "sum", count),
        number("most sessions of one", "max", count),
    ]
    return tabulate("Personas", columns, groups.sort(table).to_dict("records"))


def _history(inputs: ReportInputs, groups: Groups) -> History:
    pairs = list(_pairs(inputs.study, inputs.sessions, groups))
    differences = _differences(inputs.paths, pairs)
    return History(
        charts.differences("history", differences),
        _path_differences(differences),
        _vaar_beside(inputs.vaar, pairs),
    )


@dataclass(frozen=True)
class _Pair:
    """Two groups that differ in nothing but the history."""

    label: str
    carried: str
    isolated: str


def _pairs(study: Study, sessions: pd.DataFrame, groups: Groups) -> Iterator[_Pair]:
    there = set(sessions["group"])
    for one, other in permutations(study.conditions, 2):
        if not _differ_in_history_only(one, other):
            continue
        own = sessions[sessions["condition"] == one.name]
        for group, respondent in own.groupby("group", sort=False)["respondent"].first().items():
            begins = f"{respondent} [{one.name}]"
            partner = str(group).replace(begins, f"{respondent} [{other.name}]", 1)
            if str(group).startswith(begins) and partner in there:
                name = str(group).replace(begins, str(respondent), 1)
                label = label_of(name, groups.by_name[str(group)].simulated)
                yield _Pair(label, str(group), partner)


def _differ_in_history_only(one: Condition, other: Condition) -> bool:
    def rest(condition: Condition) -> tuple[object, ...]:
        return condition.presentation, condition.order, condition.framing

    return (one.history, other.history) == ("carried", "isolated") and rest(one) == rest(other)


def _differences(paths: pd.DataFrame, pairs: list[_Pair]) -> list[dict[str, Any]]:
    """Difference of standardised paths, carried less isolated, with its standard error."""
    rows = paths.set_index(["group", "path"])
    return [
        _difference(pair, path, rows.loc[(pair.carried, path)], rows.loc[(pair.isolated, path)])
        for pair in pairs
        for path in paths["path"].unique()
        if (pair.carried, path) in rows.index and (pair.isolated, path) in rows.index
    ]


def _difference(pair: _Pair, path: str, one: Any, other: Any) -> dict[str, Any]:
    difference = one["std_estimate"] - other["std_estimate"]
    se = sqrt(one["std_se"] ** 2 + other["std_se"] ** 2)
    return {
        "label": pair.label,
        "path": path,
        "carried": one["std_estimate"],
        "isolated": other["std_estimate"],
        "difference": difference,
        "se": se,
        "lower": difference - _Z_95 * se,
        "upper": difference + _Z_95 * se,
    }


def _path_differences(records: list[dict[str, Any]]) -> Table:
    columns = [
        text("Group", "label"),
        text("path", "path"),
        number("carried", "carried", coefficient),
        number("isolated", "isolated", coefficient),
        figures(
            "difference [95 % interval]",
            lambda r: estimate(*(coefficient(r[k]) for k in ("difference", "lower", "upper"))),
        ),
        number("standard error", "se", coefficient),
    ]
    return tabulate("Standardised paths: history carried less isolated", columns, records)


def _vaar_beside(vaar: pd.DataFrame, pairs: list[_Pair]) -> Table:
    known = drawable(vaar).set_index("group")

    def figure(group: str) -> str:
        if group not in known.index:
            return "not estimable"
        row = known.loc[group]
        return estimate(*(share(row[f]) for f in ("vaar", "vaar_lower", "vaar_upper")))

    columns = [
        text("Group", "label"),
        figures("VAAR, carried", lambda r: figure(r["carried"])),
        figures("VAAR, isolated", lambda r: figure(r["isolated"])),
    ]
    return tabulate("VAAR, history carried and isolated", columns, [vars(pair) for pair in pairs])
