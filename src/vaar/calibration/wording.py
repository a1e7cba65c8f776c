"""What a calibration says, in words and tables: on the terminal and in the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import bdtr

from vaar.analyses.alignment.collect import MANY_PERSONAS
from vaar.calibration.table_specs import VERDICT_COLUMNS
from vaar.tables.numbers import coefficient, count, decimal, interval, percent
from vaar.tables.table import (
    Cell,
    Column,
    ColumnHead,
    Record,
    Row,
    Table,
    figures,
    number,
    tabulate,
    text,
)
from vaar.tables.text import NO_VALUE, is_missing

NOMINAL = 0.05
"""How often an exact 95 % interval gives a direction where there is none."""

OFTEN = 0.1
"""Share of data sets without an estimate that is told in the first sentence."""

_SHORT = {
    "as_in_people": "as people",
    "against": "against",
    "negligible": "negl.",
    "undecided": "undec.",
    "not_estimable": "n.e.",
}
"""Headings of verdicts where there is little room."""


def lead(paths: pd.DataFrame) -> str:
    """How often the design says so without cause, by who answers."""
    blank = _blank(paths)
    if (paths["not_estimable"] == 1).all():
        return blank
    told = [_worst(own) for _, own in paths.groupby("population", sort=False)]
    n = int(paths["data_sets"].max())
    most = np.searchsorted(bdtr(np.arange(n), n, NOMINAL), 0.975) / n
    words = (
        "Simulated respondents without any effect get a wrong verdict on a path (that on which "
        f"it is most frequent) in so many data sets: {'; '.join(told)}. Exact intervals would be "
        f"wrong in {percent(NOMINAL)}; a share of {count(n)} data sets then reaches up to "
        f"{percent(most)} by chance."
    )
    return f"{words} {blank}".strip()


def needed_lines(needed: pd.DataFrame) -> Iterator[str]:
    """How many sessions suffice, a sentence a path."""
    several = needed["group"].nunique() > 1
    for row in needed.to_dict("records"):
        where = f" in {row['group']}" if several else ""
        yield f"{_sought(row)}{where}, with a chance of {percent(row['chance'])}: {_number(row)}."


def path_table(paths: pd.DataFrame, caption: str) -> Table:
    """Chances of every verdict, with their Monte Carlo errors."""
    columns = [
        text("who answers", "population"),
        *_varying(paths),
        text("path", "path"),
        number("truth", "truth", coefficient),
        *(_share(str(verdict), name) for verdict, name in VERDICT_COLUMNS.items()),
        _share("wrong", "wrong"),
        _share("interval has the truth", "coverage"),
    ]
    return tabulate(caption, columns, paths.to_dict("records"))


def group_table(groups: pd.DataFrame, caption: str) -> Table:
    """What becomes of each group and of its rate."""
    columns = [
        text("who answers", "population"),
        *_varying(groups),
        _share("any path wrong", "any_wrong"),
        _share("fit flagged", "flagged"),
        _share("refused", "refused"),
        number("sessions left out", "left_out", percent),
        number("true VAAR", "true_vaar", coefficient),
        number("median", "median_vaar", coefficient),
        number("bias", "bias", coefficient),
        _share("interval has the truth", "coverage"),
    ]
    return tabulate(caption, columns, groups.to_dict("records"))


def short_path_table(paths: pd.DataFrame) -> Table:
    """The chances where there is little room: a heading for each population, then its paths."""
    heads = [
        ColumnHead("path"),
        *(ColumnHead(_SHORT[name], "number") for name in VERDICT_COLUMNS.values()),
        ColumnHead("wrong", "number"),
    ]
    rows: list[Row] = []
    before = ""
    for record in paths.to_dict("records"):
        if (told := _heading(record, paths)) != before:
            rows.append(Row((Cell(told), *(Cell("") for _ in heads[1:])), marked=True))
            before = told
        shares = [_bare(record[name]) for name in VERDICT_COLUMNS.values()]
        wrong = f"{_bare(record['wrong'])} ± {_bare(record['wrong_error'])}"
        figures = [Cell(text, "number") for text in (*shares, wrong)]
        rows.append(Row((Cell(str(record["path"])), *figures)))
    caption = "Chances of every verdict, in percent (n.e.: not estimable)"
    return Table(caption, tuple(heads), tuple(rows))


def _bare(share: Any) -> str:
    """A share in percent, without the sign."""
    return decimal(None if is_missing(share) else 100 * share, 1)


def short_group_table(groups: pd.DataFrame) -> Table:
    """What becomes of each group, where there is little room."""
    columns = [
        Column("who answers", lambda record: Cell(_heading(record, groups))),
        figures("flagged", lambda record: _bare(record["flagged"])),
        figures("refused", lambda record: _bare(record["refused"])),
        figures("left out", lambda record: _bare(record["left_out"])),
        number("VAAR", "true_vaar", coefficient),
        number("median", "median_vaar", coefficient),
        figures("covered", _covered),
    ]
    caption = "The fit, in percent; the true rate, its median estimate, how often intervals have it"
    return tabulate(caption, columns, groups.to_dict("records"))


def _covered(record: Record) -> str:
    if is_missing(record["coverage"]):
        return NO_VALUE
    return f"{_bare(record['coverage'])} ± {_bare(record['coverage_error'])}"


def method(record: Mapping[str, Any]) -> str:
    """How it was done, in one paragraph."""
    simulation = record["simulation"]
    return (
        f"{count(simulation['data_sets'])} data sets of every population, "
        f"{count(record['sessions'])} sessions of each condition, seed {simulation['seed']}. "
        "Answers are drawn from simulated respondents (loading of an item "
        f"{coefficient(simulation['loading'])}), asked as the study asks, then scored, screened, "
        f"fitted and judged as a model's are. {_errors(record['analysis']['replicates'])} After "
        "± stands the binomial standard error. A verdict is wrong that gives a direction where "
        "there is none or another one, or calls negligible what is not. Simulated numbers: they "
        "say nothing of any model."
    )


def _errors(replicates: int) -> str:
    """Where standard errors and intervals come from."""
    if not replicates:
        return (
            "As there are no bootstrap replicates, VAAR has no interval, and standard errors take "
            "sessions of one persona as independent."
        )
    return (
        "Standard errors are those of the analysis: where fewer than "
        f"{MANY_PERSONAS} personas repeat, from leaving out each of them in turn. In the place of "
        f"its {count(replicates)} bootstrap replicates stand as many draws of the paths from their "
        "sampling distribution."
    )


def with_error(record: Mapping[Any, Any], name: str) -> str:
    """A share as a percentage with its standard error."""
    if is_missing(record[name]):
        return NO_VALUE
    return f"{percent(record[name])} ± {decimal(100 * record[f'{name}_error'], 1)}"


def _blank(paths: pd.DataFrame) -> str:
    """That many data sets end without any verdict; empty where they are few."""
    share = paths.groupby("population", sort=False)["not_estimable"].max()
    if (share == 1).all():
        sessions = count(int(paths["sessions"].max()))
        return f"With {sessions} sessions of each condition no path can be estimated at all."
    often = [f"{name} {percent(value)}" for name, value in share.items() if value >= OFTEN]
    return f"Without any estimate end: {'; '.join(often)}." if often else ""


def _worst(paths: pd.DataFrame) -> str:
    """The share on that path of a population on which most verdicts are wrong."""
    row = max(paths.to_dict("records"), key=lambda record: float(record["wrong"]))
    bounds = interval(percent(row["wrong_lower"]), percent(row["wrong_upper"]))
    name = "content only (null)" if row["population"] == "null" else row["population"]
    return f"{name} {percent(row['wrong'])} {bounds}"


def _sought(row: Record) -> str:
    if is_missing(row["size"]):
        return "The right verdict on all paths at once"
    size = f"{decimal(row['size'])}, {row['source']}"
    return f"The verdict {row['verdict']!r} on {row['path']} ({size})"


def _number(row: Record) -> str:
    if is_missing(row["needed"]):
        return str(row["said"])
    bounds = interval(count(row["needed_lower"]), count(row["needed_upper"]))
    return f"about {count(row['needed'])} sessions{'' if bounds == NO_VALUE else ' ' + bounds}"


def _heading(record: Record, table: pd.DataFrame) -> str:
    """What sets the rows of a population apart from the others."""
    told = []
    if table["sessions"].nunique() > 1:
        told.append(f"{count(record['sessions'])} sessions")
    if table["population"].nunique() > 1 or not told:
        told.append(str(record["population"]))
    if table["group"].nunique() > 1:
        told.append(str(record["group"]))
    return ", ".join(told)


def _share(heading: str, name: str) -> Column:
    return figures(heading, lambda record: with_error(record, name))


def _varying(table: pd.DataFrame) -> Iterator[Column]:
    """Columns of what differs between the rows."""
    if table["sessions"].nunique() > 1:
        yield number("sessions", "sessions", count)
    if table["group"].nunique() > 1:
        yield text("group", "group")
