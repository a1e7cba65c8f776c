"""Measurement in the report: can the groups be compared, and what was done to the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from vaar.report.groups import Groups, group_column
from vaar.report.section import Block, Fold, Heading, Prose
from vaar.sem.comparisons.tenable import CFI_DROP, RMSEA_RISE
from vaar.tables.numbers import coefficient, count, decimal, probability
from vaar.tables.table import Cell, Column, Record, Table, figures, number, tabulate, text
from vaar.tables.text import is_missing, words

SCREENING_ROWS = 200

_LADDER_NOTE = (
    f"A level is tenable when CFI falls by at most {coefficient(-CFI_DROP, 3)} and RMSEA rises by "
    f"at most {coefficient(RMSEA_RISE, 3)} against the level before (Chen, F. F., 2007, Structural "
    "Equation Modeling 14, 464–504). The level that the paths were read from is set off and marked "
    "in words."
)


def measurement_blocks(
    record: Mapping[str, Any], invariance: pd.DataFrame, screening: pd.DataFrame, groups: Groups
) -> Iterator[Block]:
    """The invariance ladder, fit measures, and what screening found."""
    yield Heading("Can the groups be compared?", "measurement")
    if record["groups"]:
        yield Prose(f"Paths were read from the {record['level']} model. {record['why']}")
        yield Prose(f"Outcome of that fit: {record['outcome']}")
    else:
        yield Prose(str(record["why"]))
    yield invariance_table(invariance)
    yield Prose(_LADDER_NOTE, "note")
    yield Fold(
        f"All fit measures of the {record['level']} model", (measure_table(record["measures"]),)
    )
    yield fit_table(record.get("group_fits", {}), record.get("item_fits", {}), groups)
    yield Heading("Screening", "screening")
    yield Prose(
        "Every group and item is checked before the fit. What was found, and what was done about "
        "it:"
    )
    yield from _screening(screening, groups)
    yield dropped_table(record["dropped"], groups)
    if record.get("group_outcome"):
        yield outcome_table(record["group_outcome"], groups)
    if record["bootstrap"]["replicates"]:
        yield replicate_table(record["bootstrap"]["failed"], groups)


def _screening(screening: pd.DataFrame, groups: Groups) -> Iterator[Block]:
    table = screening_table(screening, groups)
    yield table
    if len(screening) > len(table.rows):
        yield Prose(
            f"{count(len(table.rows))} of {count(len(screening))} findings are shown; all are in "
            "screening.csv.",
            "note",
        )


def invariance_table(invariance: pd.DataFrame) -> Table:
    """The ladder: each level, its fit, what it lost against the level before, the verdict."""

    def third(heading: str, field: str) -> Column:
        return number(heading, field, lambda value: coefficient(value, 3))

    columns = [
        text("Level", "level"),
        Column("verdict", lambda r: Cell(_verdict(r))),
        number("χ²", "chisq", decimal),
        number("df", "df", count),
        number("p", "pvalue", probability),
        *(third(name.upper(), name) for name in ("cfi", "tli", "rmsea", "srmr")),
        figures("Δχ² (Δdf)", _difference),
        number("p of Δχ²", "delta_pvalue", probability),
        *(third(f"Δ{name.upper()}", f"delta_{name}") for name in ("cfi", "rmsea", "srmr")),
        number("AIC", "aic", lambda v: decimal(v, 1)),
        number("BIC", "bic", lambda v: decimal(v, 1)),
        text("outcome", "outcome"),
    ]
    return tabulate(
        "Invariance ladder",
        columns,
        invariance.to_dict("records"),
        marked=lambda record: _holds(record["chosen"]),
        nothing="No ladder was fitted in this run.",
    )


def measure_table(measures: Mapping[str, Any]) -> Table:
    """Fit measures of the model that the paths were read from, under lavaan's names."""
    records = [{"name": name, "value": value} for name, value in measures.items()]
    columns = [text("Measure", "name"), number("value", "value", _measure)]
    return tabulate("Fit measures", columns, records, nothing="No fit measures were recorded.")


def fit_table(
    parcels: Mapping[str, Mapping[str, Any]], items: Mapping[str, Mapping[str, Any]], groups: Groups
) -> Table:
    """How the model fits each group alone: as it is, and on items, which parcels hide."""
    records = [
        {"group": name, **own, **{f"item_{key}": v for key, v in items.get(name, {}).items()}}
        for name, own in parcels.items()
    ]

    def third(heading: str, field: str) -> Column:
        return figures(heading, lambda r: coefficient(r.get(field), 3))

    columns = [
        group_column(groups),
        third("CFI", "cfi"),
        third("RMSEA", "rmsea"),
        figures("df", lambda r: count(r["df"])),
        third("largest loading", "largest_loading"),
        third("CFI on items", "item_cfi"),
        third("RMSEA on items", "item_rmsea"),
        third("SRMR on items", "item_srmr"),
        figures("df on items", lambda r: count(r.get("item_df"))),
    ]
    return tabulate(
        "Fit of every group alone",
        columns,
        records,
        nothing="No group was fitted alone.",
    )


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
    return tabulate(
        "Findings of the screening",
        columns,
        first.to_dict("records"),
        nothing="Screening found nothing wrong.",
    )


def dropped_table(dropped: Mapping[str, str], groups: Groups) -> Table:
    """Groups left out of the fit, each with its reason."""
    records = [{"group": name, "reason": reason} for name, reason in dropped.items()]
    columns = [group_column(groups), text("reason", "reason")]
    return tabulate(
        "Groups left out of the fit", columns, records, nothing="None: every group was fitted."
    )


def replicate_table(failed: Mapping[str, int], groups: Groups) -> Table:
    """Bootstrap replicates in which a group could not be fitted again."""
    records = [{"group": name, "lost": lost} for name, lost in failed.items() if lost]
    columns = [group_column(groups), number("replicates lost", "lost", count)]
    return tabulate(
        "Bootstrap replicates lost",
        columns,
        records,
        nothing="None: every replicate could be fitted for every group.",
    )


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
