"""The tables of measurement: the invariance ladder, fit measures, screening."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from vaar.report.groups import Groups, group_column
from vaar.tables.numbers import coefficient, count, decimal, probability
from vaar.tables.table import Cell, Column, Record, Table, figures, number, tabulate, text
from vaar.tables.text import is_missing, words

SCREENING_ROWS = 200


def invariance_table(invariance: pd.DataFrame) -> Table:
    """The ladder: each level, its fit, what it lost against the level before, the verdict."""
    columns = [
        text("Level", "level"),
        Column("verdict", lambda r: Cell(_verdict(r))),
        number("χ²", "chisq", decimal),
        number("df", "df", count),
        number("p", "pvalue", probability),
        number("CFI", "cfi", lambda v: coefficient(v, 3)),
        number("TLI", "tli", lambda v: coefficient(v, 3)),
        number("RMSEA", "rmsea", lambda v: coefficient(v, 3)),
        number("SRMR", "srmr", lambda v: coefficient(v, 3)),
        figures("Δχ² (Δdf)", _difference),
        number("p of Δχ²", "delta_pvalue", probability),
        number("ΔCFI", "delta_cfi", lambda v: coefficient(v, 3)),
        number("ΔRMSEA", "delta_rmsea", lambda v: coefficient(v, 3)),
        number("ΔSRMR", "delta_srmr", lambda v: coefficient(v, 3)),
        number("AIC", "aic", lambda v: decimal(v, 1)),
        number("BIC", "bic", lambda v: decimal(v, 1)),
        text("outcome", "outcome"),
    ]
    return tabulate(
        "Invariance ladder",
        columns,
        invariance.to_dict("records"),
        marked=lambda record: _holds(record["chosen"]),
    )


def measure_table(measures: dict[str, Any]) -> Table:
    """Fit measures of the model that the paths were read from, under lavaan's names."""
    records = [{"name": name, "value": value} for name, value in measures.items()]
    columns = [text("Measure", "name"), number("value", "value", _measure)]
    return tabulate("Fit measures", columns, records)


def screening_table(screening: pd.DataFrame, groups: Groups) -> Table:
    """What was found wrong with the data, and what was done about it."""
    columns = [
        group_column(groups),
        text("item", "item"),
        text("finding", "finding"),
        text("action", "action"),
        text("detail", "detail"),
    ]
    first = groups.sort(screening).head(SCREENING_ROWS)
    return tabulate("Findings of the screening", columns, first.to_dict("records"))


def dropped_table(dropped: dict[str, str], groups: Groups) -> Table:
    """Groups left out of the fit, each with its reason."""
    records = [{"group": name, "reason": reason} for name, reason in dropped.items()]
    return tabulate(
        "Groups left out of the fit", [group_column(groups), text("reason", "reason")], records
    )


def replicate_table(failed: Mapping[str, int], groups: Groups) -> Table:
    """Bootstrap replicates in which a group could not be fitted again."""
    records = [{"group": name, "lost": lost} for name, lost in failed.items() if lost]
    columns = [group_column(groups), number("replicates lost", "lost", count)]
    return tabulate("Bootstrap replicates lost", columns, records)


def outcome_table(outcomes: Mapping[str, str], groups: Groups) -> Table:
    """How the fit ended for each group."""
    records = [{"group": name, "outcome": outcome} for name, outcome in outcomes.items()]
    return tabulate("Outcome by group", [group_column(groups), text("outcome", "outcome")], records)


def _difference(record: Record) -> str:
    chisq, df = decimal(record["delta_chisq"]), count(record["delta_df"])
    return chisq if is_missing(record["delta_df"]) else f"{chisq} ({df})"


def _verdict(record: Record) -> str:
    if is_missing(record["tenable"]):
        verdict = words(None)
    else:
        verdict = "tenable" if _holds(record["tenable"]) else "not tenable"
    return f"{verdict}; paths read here" if _holds(record["chosen"]) else verdict


def _holds(value: Any) -> bool:
    return not is_missing(value) and str(value) == "True"


def _measure(value: Any) -> str:
    if isinstance(value, str):
        return value
    whole = not is_missing(value) and float(value).is_integer()
    return count(value) if whole else coefficient(value, 3)
