"""What is calibrated: a study that has not been asked, or a run, each with its own options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vaar.analyses.alignment.analysis import AlignmentAnalysis
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.grouping_options import GROUPS_SECTION
from vaar.analyses.registry import known
from vaar.analyses.settings import Settings, in_force, layered
from vaar.errors import StudyError
from vaar.pipeline.plan import DEFAULT_SESSIONS, RUNS, RunPlan
from vaar.pipeline.results.layout import DEFAULT
from vaar.pipeline.results.stored_settings import stored_settings
from vaar.pipeline.rundir import RUN, RunDirectory
from vaar.study.load import load_study
from vaar.study.model import Study


@dataclass(frozen=True)
class Subject:
    """A study with its design and the options that will judge it.

    Attributes
    ----------
    sessions, seed : int
        Of each condition, and of the run.
    directory : Path
        Where the run is, or would be.
    asked : bool
        Whether there is a run.
    """

    study: Study
    analysis: AlignmentOptions
    by: tuple[str, ...]
    sessions: int
    seed: int
    directory: Path
    asked: bool


def subject_of(
    study: str | Path, options: Settings, sessions: int | None, out: Path | None = None
) -> Subject:
    """Read a study, or a run directory's own.

    Parameters
    ----------
    study : str or Path
        A bundled study, a study file, its directory, or a run directory.
    options : mapping
        Options of the grouping and the alignment in place of the study's and the run's.
    sessions : int, optional
        Of each condition; default: those of the run, else of the study, else the package's.
    out : Path, optional
        Where a study would be run.

    Raises
    ------
    StudyError
        The study has no structural model, or expects nothing of it.
    OptionError
        An option is not known, or a value is not allowed.
    """
    files = RunDirectory(Path(study))
    asked = (files.path / RUN).is_file()
    loaded = load_study(files.study, asked=True) if asked else load_study(study)
    if why := AlignmentAnalysis().applies(loaded):
        raise StudyError(f"{study}: {why}, so that there is no path to be judged")
    stored = stored_settings(files, DEFAULT) if asked else {}
    settings = in_force(known(), layered(loaded.analyses, stored), options)
    identity = _identity(files) if asked else {}
    usual = _whole(identity.get("sessions"), loaded.sessions or DEFAULT_SESSIONS)
    return Subject(
        study=loaded,
        analysis=settings["alignment"],
        by=settings[GROUPS_SECTION].by,
        sessions=usual if sessions is None else sessions,
        seed=_whole(identity.get("seed"), 1),
        directory=files.path if asked else out or RUNS / loaded.name,
        asked=asked,
    )


def planned(settled: RunPlan, options: Settings, directory: Path | None = None) -> Subject | None:
    """What a plan would ask, as it would be analysed; None where it expects nothing of a model.

    Parameters
    ----------
    directory : Path, optional
        Where the run would be; default: where the plan would put it.
    """
    if AlignmentAnalysis().applies(settled.study):
        return None
    files = RunDirectory(directory or settled.directory)
    asked = (files.path / RUN).is_file()
    stored = stored_settings(files, DEFAULT) if asked else {}
    settings = in_force(known(), layered(settled.study.analyses, stored), options)
    return Subject(
        study=settled.study,
        analysis=settings["alignment"],
        by=settings[GROUPS_SECTION].by,
        sessions=settled.sessions_per_group,
        seed=settled.seed,
        directory=files.path,
        asked=asked,
    )


def analysed(files: RunDirectory, study: Study, options: Mapping[str, Any]) -> Subject | None:
    """A run as it was analysed; None where its paths were not.

    Parameters
    ----------
    options : mapping of str to options
        In force, by analysis.
    """
    if "alignment" not in options or AlignmentAnalysis().applies(study):
        return None
    identity = _identity(files)
    return Subject(
        study=study,
        analysis=options["alignment"],
        by=options[GROUPS_SECTION].by,
        sessions=_whole(identity.get("sessions"), 0),
        seed=_whole(identity.get("seed"), 1),
        directory=files.path,
        asked=True,
    )


def _identity(files: RunDirectory) -> Mapping[str, Any]:
    found = files.read_run().get("identity")
    return found if isinstance(found, dict) else {}


def _whole(told: object, usual: int) -> int:
    """A number of a stranger's file, or the usual one where it is none."""
    return told if isinstance(told, int) and told >= 0 else usual
