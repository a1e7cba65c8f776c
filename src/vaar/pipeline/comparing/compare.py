"""Compare runs: read them, set their figures side by side, write the page and the tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from vaar.analyses.base import Analysis
from vaar.comparison.contrasts import contrasts_table
from vaar.comparison.correlations import correlations_table
from vaar.comparison.differences import facts_table
from vaar.comparison.figures import figures_table, runs_table
from vaar.comparison.retests import retests_table
from vaar.comparison.runs import ComparedRun
from vaar.comparison.tables import TABLES
from vaar.pipeline.comparing.comparison import PAGE, Comparison
from vaar.pipeline.comparing.read import read_runs
from vaar.pipeline.publishing.folders import require_free, write_files
from vaar.pipeline.results.layout import DEFAULT
from vaar.report.files import files_of
from vaar.report.page import render


def compare(
    runs: Sequence[str | Path],
    out: str | Path | None = None,
    *,
    name: str = DEFAULT,
    analyses: Sequence[Analysis] = (),
    overwrite: bool = False,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> Comparison:
    """Set the figures of runs side by side: over models, and over runs of the same model.

    Nothing is asked, and nothing is written into the run directories. Each must be analysed.

    Parameters
    ----------
    runs : sequence of str or Path
        Two run directories or more.
    out : str or Path, optional
        A new or empty folder for ``comparison.html`` and the tables; it is written whole or not at
        all. None: nothing is written.
    name : str
        Name of the analysis that is taken of each run.
    analyses : sequence of Analysis
        Your own, beside those of this package; those with a method ``headlines`` are compared: see
        :class:`vaar.analyses.headlines.OffersHeadlines`.
    overwrite : bool
        Whether the folder may hold an earlier comparison, which is replaced.
    on_stage : callable
        Told in a few words what is being done.

    Returns
    -------
    Comparison

    Raises
    ------
    RunDirectoryError
        There are fewer than two runs, one is given twice, damaged, no run directory, or has no
        analysis of this name that belongs to its replies; or the folder holds something else or
        cannot be written.

    Examples
    --------
    >>> import vaar
    >>> found = vaar.compare(["runs/spring", "runs/autumn"])  # doctest: +SKIP
    >>> found.contrasts[["respondent", "title", "difference", "p_holm"]]  # doctest: +SKIP
    """
    if out is not None:
        require_free(Path(out), overwrite, "--out", [PAGE])
    on_stage("reading the runs")
    compared = read_runs(runs, name, analyses)
    on_stage("comparing")
    found = Comparison(compared, tables_of(compared), None if out is None else Path(out))
    if out is not None:
        on_stage("writing the page")
        data = [(spec, found.tables[spec.name]) for spec in TABLES]
        contents = {PAGE: render(found.page), **dict(files_of(found.page, data))}
        write_files(Path(out), contents, "--out")
    return found


def tables_of(runs: tuple[ComparedRun, ...]) -> dict[str, pd.DataFrame]:
    """All tables of a comparison, by name."""
    figures = figures_table(runs)
    return {
        "runs": runs_table(runs),
        "figures": figures,
        "correlations": correlations_table(figures),
        "contrasts": contrasts_table(figures, runs),
        "run_retest": retests_table(runs),
        "run_facts": facts_table(runs),
    }
