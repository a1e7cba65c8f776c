"""From a stored analysis to its report."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

import pandas as pd

from vaar.analyses.base import Analysis
from vaar.analyses.grouping import grouped
from vaar.analyses.grouping_options import GROUPS_SECTION
from vaar.analyses.options import plain
from vaar.errors import RunDirectoryError
from vaar.journal.journal import Journal
from vaar.pipeline.results.analyzed import Analyzed
from vaar.pipeline.results.layout import DEFAULT, folder
from vaar.pipeline.results.read import read_analysis
from vaar.pipeline.rundir import RunDirectory
from vaar.report.inputs import ReportInputs
from vaar.report.render import render
from vaar.responses.table import read_table
from vaar.scoring.factors import factors
from vaar.sessions.records import TABLE_NAMES, Session
from vaar.study.load import load_study
from vaar.study.model import Study


def write_report(
    directory: str | Path, name: str = DEFAULT, analyses: Sequence[Analysis] = ()
) -> Path:
    """Write the page of a stored analysis; nothing is fitted or asked.

    Parameters
    ----------
    name : str
        Name of the analysis. The page of the default one is ``report.html`` in the run directory;
        that of another one is in its own folder.
    analyses : sequence of Analysis
        Your own, beside those of this package.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    RunDirectoryError
        A file is missing or damaged, or the analysis no longer belongs to what is there.
    """
    files = RunDirectory(Path(directory))
    run, study = files.read_run(), load_study(files.study)
    analyzed = read_analysis(files, name, analyses)
    if analyzed.stale:
        raise RunDirectoryError(
            f"{files.path}: {analyzed.stale}; a page would mix the two. Run `vaar analyze` on it "
            "first; it asks no model."
        )
    with closing(Journal.existing(files.journal)) as journal:
        sessions, reported = _sessions(journal), journal.reported_models()
    by = analyzed.options[GROUPS_SECTION].by
    inputs = ReportInputs(
        study=study,
        run=run | {"reported": reported, **_told(analyzed, run)},
        fit={**analyzed.outcomes["alignment"].record, "options": _options(analyzed)},
        sessions=_grouped(sessions, study, by),
        responses=_grouped(read_table(files.responses), study, by),
        **analyzed.tables,
    )
    page = report_of(files, name)
    files.write_text(page.relative_to(files.path).as_posix(), render(inputs))
    return page


def report_of(files: RunDirectory, name: str) -> Path:
    """Where the page of an analysis is."""
    return files.report if name == DEFAULT else folder(files, name) / files.report.name


def _told(analyzed: Analyzed, run: dict[str, Any]) -> dict[str, Any]:
    """What run.json says of respondents, with the groups of this analysis, and the options."""
    groups = analyzed.groups[~analyzed.groups["people"].astype(bool)]
    own = {str(name): rows for name, rows in groups.groupby("respondent", sort=False)}
    respondents = [
        one
        | {
            "simulated": bool(own[one["name"]]["simulated"].any()),
            "groups": own[one["name"]]["group"].tolist(),
        }
        for one in run["respondents"]
        if one["name"] in own
    ]
    return {"respondents": respondents, "options": _options(analyzed)}


def _options(analyzed: Analyzed) -> dict[str, Any]:
    sections = (GROUPS_SECTION, "alignment")
    return {name: v for s in sections for name, v in plain(analyzed.options[s]).items()}


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
