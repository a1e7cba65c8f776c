"""From a stored analysis to its report."""

from __future__ import annotations

from contextlib import closing
from dataclasses import astuple, fields
from pathlib import Path

import pandas as pd

from vaar.pipeline.rundir import REPORT, TABLES, RunDirectory
from vaar.report.inputs import ReportInputs
from vaar.report.render import render
from vaar.responses.table import read_table
from vaar.session.journal import Journal
from vaar.session.records import Session
from vaar.study.load import load_study


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
    run = files.read_run()
    with closing(Journal.existing(files.journal)) as journal:
        sessions, reported = _sessions(journal), journal.reported_models()
    inputs = ReportInputs(
        study=load_study(files.study),
        run=run | {"reported": reported},
        fit=files.read_fit(),
        sessions=sessions,
        responses=read_table(files.responses),
        **{name: files.read_table(name) for name in TABLES},
    )
    files.write_text(REPORT, render(inputs))
    return files.report


def _sessions(journal: Journal) -> pd.DataFrame:
    rows = [(*astuple(s), status, reason or "") for s, status, reason in journal.sessions()]
    costs = pd.DataFrame(
        journal.costs(), columns=["session", "turns", "input_tokens", "output_tokens"]
    ).set_index("session")
    planned = ("session", *(field.name for field in fields(Session)[1:]))
    return (
        pd.DataFrame(rows, columns=[*planned, "status", "reason"])
        .join(costs, on="session")
        .fillna({"turns": 0, "input_tokens": 0, "output_tokens": 0})
    )
