"""Save what is sound of a run whose journal is damaged."""

from __future__ import annotations

from pathlib import Path

from vaar.journal.lock import locked
from vaar.journal.salvage import Salvaged
from vaar.journal.salvage import salvage as salvage_journal
from vaar.pipeline.claiming.claim_run import planned_sessions
from vaar.pipeline.rundir import RunDirectory
from vaar.study.load import load_study


def salvage(directory: str | Path) -> Salvaged:
    """Replace a damaged journal by what is sound of it; the damaged one is kept.

    Raises
    ------
    RunDirectoryError
        ``run.json`` is missing or damaged, or a process is running here.
    StudyError
        ``study.yaml`` is missing or damaged.
    """
    files = RunDirectory(Path(directory))
    run, study = files.read_run(), load_study(files.study, asked=True)
    planned, _ = planned_sessions(files, study, run)
    with locked(files.path):
        return salvage_journal(files.journal, study, planned)
