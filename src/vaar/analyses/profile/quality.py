"""How good the answers are: reliability, refusals, missing answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from vaar.analyses.profile.means import by_scale
from vaar.analyses.profile.scale_range import whole_scales
from vaar.report.groups import Groups, group_column
from vaar.study.model import Study
from vaar.tables.numbers import coefficient, estimate_named, percent
from vaar.tables.table import Cell, Column, Record, Table, figures, tabulate, text
from vaar.tables.text import is_missing, words


def reliability_table(profile: pd.DataFrame, groups: Groups) -> Table:
    """Cronbach's α and McDonald's ω with their intervals, or why there are none."""
    columns = [
        text("Scale", "scale"),
        group_column(groups),
        figures("α [95 % interval]", lambda r: _reliability(r, "alpha")),
        figures("ω [95 % interval]", lambda r: _reliability(r, "omega")),
    ]
    return tabulate(
        "Reliability of each scale",
        columns,
        by_scale(profile, groups),
        nothing="No reliability was computed.",
    )


_RATES = (
    ("refused", "refusal_rate"),
    ("refused at first", "first_refusal_rate"),
    ("missing", "missing_rate"),
)


def missing_table(profile: pd.DataFrame, study: Study, groups: Groups) -> Table:
    """Refused and missing answers, a row a group, three columns a questionnaire."""
    whole = whole_scales(profile, study)
    by_group = {str(name): rows.set_index("scale") for name, rows in whole.groupby("group")}
    columns = [group_column(groups)]
    for scale in whole["scale"].unique():
        for heading, rate in _RATES:
            columns.append(Column(f"{scale}: {heading}", _rate(by_group, scale, rate), "number"))
    records = [{"group": group.name} for group in groups if group.name in by_group]
    return tabulate(
        "Share of answers refused, and missing for any reason",
        columns,
        records,
        nothing="No answers were scored.",
    )


def _reliability(record: Record, name: str) -> str:
    if is_missing(record[name]):
        return words(record.get(f"{name}_flaw"))
    return estimate_named(record, coefficient, name)


def _rate(by_group: dict[str, pd.DataFrame], scale: str, rate: str) -> Callable[[Record], Cell]:
    def cell(record: Record) -> Cell:
        value: Any = by_group[record["group"]][rate].get(scale)
        known = None if is_missing(value) else float(value)
        return Cell(percent(value), "number", known, value=known)

    return cell
