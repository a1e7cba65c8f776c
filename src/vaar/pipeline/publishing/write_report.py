"""From a stored analysis to its report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vaar.analyses.base import Analysis
from vaar.errors import RunDirectoryError
from vaar.pipeline.publishing.page import page_of
from vaar.pipeline.results.analyzed import Analyzed
from vaar.pipeline.results.layout import DEFAULT, folder, require_own_folder
from vaar.pipeline.results.one_at_a_time import one_at_a_time
from vaar.pipeline.results.read import read_analysis
from vaar.pipeline.rundir import RunDirectory
from vaar.report.page import render


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
    with one_at_a_time(files.path):
        return write_page(files, current_analysis(files, name, analyses))


def write_page(files: RunDirectory, analyzed: Analyzed) -> Path:
    """Write the page of an analysis that has just been made or read.

    Raises
    ------
    RunDirectoryError
        A file is missing or damaged, or the page cannot be written.
    """
    page = report_of(files, analyzed.name)
    with one_at_a_time(files.path):
        require_own_folder(files)
        files.write_text(page.relative_to(files.path).as_posix(), render(page_of(files, analyzed)))
    return page


def current_analysis(files: RunDirectory, name: str, analyses: Sequence[Analysis] = ()) -> Analyzed:
    """Read a stored analysis that belongs to what the run directory holds.

    Raises
    ------
    RunDirectoryError
        A file is missing or damaged, or the analysis no longer belongs to what is there.
    """
    analyzed = read_analysis(files, name, analyses)
    if analyzed.stale:
        raise RunDirectoryError(
            f"{files.path}: {analyzed.stale}; a page would mix the two. Run `vaar analyze` on it "
            "first; it asks no model."
        )
    return analyzed


def report_of(files: RunDirectory, name: str) -> Path:
    """Where the page of an analysis is."""
    return files.report if name == DEFAULT else folder(files, name) / files.report.name
