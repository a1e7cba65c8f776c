"""Everything that an analysis shows, as files for papers and programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vaar.analyses.base import Analysis
from vaar.analyses.groups import GROUPS
from vaar.errors import RunDirectoryError
from vaar.files.write import replacing_folder
from vaar.pipeline.publishing.page import page_of
from vaar.pipeline.publishing.write_report import current_analysis
from vaar.pipeline.results.layout import DEFAULT
from vaar.pipeline.rundir import RunDirectory
from vaar.report.files import INDEX, MARK, files_of


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
    _require_free(target, overwrite)
    analyzed = current_analysis(files, name, analyses)
    specs = {s.name: s for one in analyzed.outcomes for s in analyzed.analyses[one].tables}
    data = [(GROUPS, analyzed.groups)]
    data += [(specs[own], table) for own, table in analyzed.tables.items()]
    contents = dict(files_of(page_of(files, analyzed), data))
    try:
        _write(target, contents)
    except OSError as error:
        raise RunDirectoryError(
            f"{target}: cannot be written ({error.strerror}). Choose another folder with --to."
        ) from error
    return tuple(target / name for name in contents)


def _require_free(target: Path, overwrite: bool) -> None:
    """Refuse a folder that holds anything but an earlier export that may be replaced."""
    try:
        there = sorted(entry.name for entry in target.iterdir()) if target.exists() else []
    except OSError as error:
        raise RunDirectoryError(
            f"{target}: cannot be used as a folder ({error.strerror}). Choose another with --to."
        ) from error
    if not there or (overwrite and _is_export(target)):
        return
    advice = "Choose a new or empty folder with --to"
    if _is_export(target):
        advice += ", or replace the earlier export with --overwrite"
    raise RunDirectoryError(f"{target}: is not empty ({', '.join(there[:3])}, …). {advice}.")


def _is_export(target: Path) -> bool:
    index = target / INDEX
    return index.is_file() and index.read_text("utf-8", "replace").startswith(MARK)


def _write(target: Path, contents: dict[str, str]) -> None:
    """Write beside the folder, then put it in its place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing_folder(target) as part:
        for name, content in contents.items():
            (part / name).parent.mkdir(exist_ok=True)
            (part / name).write_text(content, encoding="utf-8", newline="\n")
