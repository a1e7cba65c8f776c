"""Everything that an analysis shows, as files for papers and programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vaar.analyses.base import Analysis
from vaar.analyses.groups import GROUPS
from vaar.pipeline.publishing.folders import require_free, write_files
from vaar.pipeline.publishing.page import page_of
from vaar.pipeline.publishing.write_report import current_analysis
from vaar.pipeline.results.layout import DEFAULT
from vaar.pipeline.rundir import RunDirectory
from vaar.report.files import files_of


def export(
    directory: str | Path,
    to: str | Path,
    name: str = DEFAULT,
    analyses: Sequence[Analysis] = (),
    overwrite: bool = False,
) -> tuple[Path, ...]:
    """Write every table as CSV, LaTeX (booktabs) and Markdown, every figure as SVG, and an index.

    Parameters
    ----------
    to : str or Path
        A new or empty folder. It is written whole or not at all.
    name : str
        Name of the analysis.
    analyses : sequence of Analysis
        Your own, beside those of this package.
    overwrite : bool
        Whether the folder may hold an earlier export, which is replaced.

    Returns
    -------
    tuple of Path
        The files, the index first.

    Raises
    ------
    RunDirectoryError
        A file of the run is missing or damaged, the analysis no longer belongs to what is there,
        or the folder holds something else or cannot be written.
    """
    files, target = RunDirectory(Path(directory)), Path(to)
    require_free(target, overwrite)
    analyzed = current_analysis(files, name, analyses)
    specs = {s.name: s for one in analyzed.outcomes for s in analyzed.analyses[one].tables}
    data = [(GROUPS, analyzed.groups)]
    data += [(specs[own], table) for own, table in analyzed.tables.items()]
    contents = dict(files_of(page_of(files, analyzed), data))
    write_files(target, contents)
    return tuple(target / name for name in contents)
