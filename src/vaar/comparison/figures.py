"""All figures of all runs as one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import pandas as pd

from vaar.comparison.definitions import numbered
from vaar.comparison.runs import ComparedRun
from vaar.comparison.tables import FIGURES, RUNS

COLUMN = ["analysis", "measure", "facet", "definition"]
"""What makes one measure: figures that are the same in these can be compared."""


def runs_table(runs: Sequence[ComparedRun]) -> pd.DataFrame:
    """The runs, one row each."""
    rows = [
        (run.label, run.directory, run.study.name, run.started, len(run.respondents))
        for run in runs
    ]
    return RUNS.checked(RUNS.filled(rows))


def figures_table(runs: Sequence[ComparedRun]) -> pd.DataFrame:
    """Every figure of every run.

    Parameters
    ----------
    runs : sequence of ComparedRun
        The earliest first.

    Returns
    -------
    DataFrame
        As :data:`vaar.comparison.tables.FIGURES`.
    """
    definition = numbered(runs)
    rows = []
    for run in runs:
        for place, reading in enumerate(run.readings):
            own = asdict(reading.headline)
            rows.append(
                own
                | {
                    "run": run.label,
                    "short": reading.headline.short or reading.headline.title,
                    "study": run.study.name,
                    "analysis": reading.analysis,
                    "definition": definition[run.label, place],
                    "value_lower": own.pop("lower"),
                    "value_upper": own.pop("upper"),
                    "latest": False,
                }
            )
    table = FIGURES.filled(rows)
    table["latest"] = ~table.duplicated([*COLUMN, "respondent"], keep="last")
    return FIGURES.checked(table)


def told_apart(figures: pd.DataFrame) -> pd.Series:
    """A name for each row's measure that no other measure has.

    The title; where others have it too, with its facet, and where definitions differ, with the
    study or the number of the definition.
    """
    measures = figures.drop_duplicates(COLUMN)
    names = measures["title"].astype(str)
    facet = measures["facet"].where(measures["facet"].eq(""), " (" + measures["facet"] + ")")
    study = " in " + measures["study"]
    number = ", definition " + measures["definition"].astype(str)
    for further in (facet, study, number):
        names = names.where(~names.duplicated(keep=False), names + further)
    keys = (list(map(tuple, table[COLUMN].to_numpy())) for table in (measures, figures))
    known = dict(zip(next(keys), names, strict=True))
    return pd.Series([known[key] for key in next(keys)], figures.index, dtype=object)
