"""Find run directories, and say of each where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vaar.errors import RunDirectoryError, VaarError
from vaar.pipeline.reading.status import status
from vaar.pipeline.results.layout import stored_names
from vaar.pipeline.rundir import RUN, RunDirectory


@dataclass(frozen=True)
class ListedRun:
    """One run directory.

    Attributes
    ----------
    problem : str
        Why nothing can be said of it; the rest is then empty.
    complete, failed, pending : int
        Sessions.
    running : bool
        Whether a process is asking there.
    analyses : tuple of str
        Names of its analyses.
    report : bool
        Whether there is a page.
    """

    directory: Path
    problem: str = ""
    study: str = ""
    respondents: tuple[str, ...] = ()
    started: str = ""
    complete: int = 0
    failed: int = 0
    pending: int = 0
    running: bool = False
    analyses: tuple[str, ...] = ()
    report: bool = False


def list_runs(directory: str | Path) -> Iterator[ListedRun]:
    """Say where each run stands in a directory, itself or those directly below it, by name.

    Raises
    ------
    RunDirectoryError
        There is no such directory.
    """
    where = Path(directory)
    if not where.is_dir():
        raise RunDirectoryError(
            f"{where}: there is no such directory; `vaar run` makes its runs below runs/"
        )
    for path in (where, *sorted(where.iterdir())):
        if (path / RUN).is_file():
            yield _listed(path)


def _listed(path: Path) -> ListedRun:
    files = RunDirectory(path)
    try:
        run, found = files.read_run(), status(path)
        groups = found.journal.groups
        return ListedRun(
            directory=path,
            study=found.study,
            respondents=tuple(run["identity"]["respondents"]),
            started=str(run.get("started", "")),
            complete=sum(group.complete for group in groups),
            failed=sum(group.failed for group in groups),
            pending=sum(group.pending for group in groups),
            running=found.holder is not None,
            analyses=stored_names(files),
            report=found.reported,
        )
    except (VaarError, KeyError, TypeError) as error:
        return ListedRun(path, problem=str(error))
