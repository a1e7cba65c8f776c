"""From a stored analysis to its report."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import astuple, fields
from pathlib import Path

import pandas as pd

from vaar.analyses.grouping import grouped
from vaar.journal.journal import Journal
from vaar.pipeline.rundir import REPORT, TABLES, RunDirectory
from vaar.report.inputs import ReportInputs
from vaar.report.render import render
from vaar.responses.table import read_table
from vaar.scoring.factors import factors
from vaar.sessions.records import TABLE_NAMES, Session
from vaar.study.load import load_study
from vaar.study.model import Study


def write_report(directory: str | Path) -> Path:
    """Write ``report.html`` from the files of a run directory; nothing is fitted or asked.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    RunDirectoryError
        A file is missing or damaged.
    """
    files = RunDirectory(Path(directory))
    run, fit, study = files.read_run(), files.read_fit(), load_study(files.study)
    by = fit.get("options", {}).get("by", ())
    with closing(Journal.existing(files.journal)) as journal:
        sessions, reported = _sessions(journal), journal.reported_models()
    inputs = ReportInputs(
        study=study,
        run=run | {"reported": reported},
        fit=fit,
        sessions=_grouped(sessions, study, by),
        responses=_grouped(read_table(files.responses), study, by),
        **{name: files.read_table(name) for name in TABLES},
    )
    files.write_text(REPORT, render(inputs))
    return files.report


def _grouped(table: pd.DataFrame, study: Study, by: Sequence[str]) -> pd.DataFrame:
    """The table under the groups of the last analysis."""
    if not by:
        return table
    return table.assign(group=grouped(table["group"], factors(table, study), by).astype(object))


def _sessions(journal: Journal) -> pd.DataFrame:
    rows = [(*astuple(s), status, reason or "") for s, status, reason in journal.sessions()]
    costs = pd.DataFrame(
        journal.costs(), columns=["session", "turns", "input_tokens", "output_tokens"]
    ).set_index("session")
    planned = (
        "session",
        *(TABLE_NAMES.get(field.name, field.name) for field in fields(Session)[1:]),
    )
    table = pd.DataFrame(rows, columns=[*planned, "status", "reason"])
    return (
        table.assign(order=table["order"].map(" ".join))
        .join(costs, on="session")
        .fillna({"turns": 0, "input_tokens": 0, "output_tokens": 0})
    )
