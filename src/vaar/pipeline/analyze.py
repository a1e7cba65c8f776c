"""From a stored run to its conclusions, without asking a model anything."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from vaar.alignment.align import Alignment, align
from vaar.alignment.options import AnalysisOptions
from vaar.alignment.reference import HUMAN_GROUP
from vaar.errors import RunDirectoryError
from vaar.pipeline.rundir import RunDirectory
from vaar.responses.people import read_people
from vaar.responses.table import build_table, to_pandas, write_table
from vaar.scoring.profile import profile
from vaar.scoring.scales import score
from vaar.sem import Fit, MapChunks
from vaar.session.journal import Journal
from vaar.session.records import Session
from vaar.session.tally import MODEL_CHANGED
from vaar.study.load import load_study
from vaar.study.model import Study


@dataclass(frozen=True)
class Analysis:
    """A finished analysis: the tables of the run directory, in pandas.

    Attributes
    ----------
    directory : Path
        Where the files are.
    vaar, paths, profile, invariance, vaar_by_n, screening : DataFrame
        As in the files of the same names.
    simulated : tuple of str
        Groups whose answers are simulated.
    """

    directory: Path
    vaar: pd.DataFrame
    paths: pd.DataFrame
    profile: pd.DataFrame
    invariance: pd.DataFrame
    vaar_by_n: pd.DataFrame
    screening: pd.DataFrame
    simulated: tuple[str, ...]

    @property
    def estimated(self) -> bool:
        """Whether at least one group could be estimated."""
        return bool((self.vaar["status"] != "not_estimable").any())


def analyze(
    directory: str | Path,
    options: AnalysisOptions | None = None,
    on_stage: Callable[[str], None] = lambda stage: None,
    map_chunks: MapChunks | None = None,
) -> Analysis:
    """Code, score, fit and weigh a stored run; replaces its tables.

    Parameters
    ----------
    directory : str or Path
        A run directory; the run need not be complete.
    options : AnalysisOptions, optional
        Default: those of the last analysis, or else the package's defaults.
    map_chunks : callable, optional
        Computes chunks of bootstrap replicates elsewhere; see :func:`vaar.sem.bootstrap`.

    Raises
    ------
    RunDirectoryError
        A file is missing or damaged, or nothing has been answered yet.
    DataError
        The human reference cannot carry the model.
    """
    files = RunDirectory(Path(directory))
    run = files.read_run()
    options = options or last_options(directory)
    study = load_study(files.study)
    on_stage("coding the replies")
    responses, simulated = _responses(files, study)
    run |= {"options": asdict(options), "respondents": _marked(run["respondents"], simulated)}
    files.write_run(run)
    on_stage("scoring")
    with threadpool_limits(1, "blas"):
        scores = score(responses, study)
        profiles = profile(responses, scores, study)
        files.write_table("profile", profiles)
        on_stage("fitting the multi-group model and bootstrapping the VAAR")
        alignment = align(scores, study, options, map_chunks)
    _write(files, alignment, options)
    return _analysis(files, alignment, profiles, run)


def last_options(directory: str | Path) -> AnalysisOptions:
    """Return the options of a run's last analysis."""
    return AnalysisOptions(**RunDirectory(Path(directory)).read_run().get("options", {}))


def _marked(respondents: list[dict[str, Any]], simulated: set[str]) -> list[dict[str, Any]]:
    """Mark the respondents that turned out to be simulated, as a server may only say in replies."""
    return [r | {"simulated": r["simulated"] or r["name"] in simulated} for r in respondents]


def _responses(files: RunDirectory, study: Study) -> tuple[pd.DataFrame, set[str]]:
    with closing(Journal.existing(files.journal)) as journal:
        table = build_table(study, _of_one_model(journal), journal.turns())
        simulated = journal.simulated_respondents()
    write_table(table, files.responses)
    responses = to_pandas(table)
    if responses["reason"].eq("not_asked").all():
        raise RunDirectoryError(
            f"{files.path}: no item has been answered yet. Give the `vaar run` command that "
            "started this run again to continue it."
        )
    if files.human.is_file():
        people = read_people(files.human, study, HUMAN_GROUP)
        responses = pd.concat([responses, people], ignore_index=True)
    return responses, simulated


def _of_one_model(journal: Journal) -> list[Session]:
    """All sessions but those that several models answered, which belong to none of them."""
    return [
        session
        for session, _, reason in journal.sessions()
        if not (reason or "").startswith(f"{MODEL_CHANGED}:")
    ]


def _write(files: RunDirectory, alignment: Alignment, options: AnalysisOptions) -> None:
    measurement = alignment.measurement
    files.write_table("invariance", measurement.ladder)
    files.write_table("paths", alignment.paths)
    files.write_table("vaar", alignment.vaar)
    files.write_table("vaar_by_n", alignment.vaar_by_n)
    files.write_table("screening", measurement.screening)
    files.write_fit(
        {
            "estimator": options.estimator,
            "missing": options.missing,
            "level": measurement.level,
            "why": measurement.why,
            "dropped": dict(measurement.dropped),
            **_fitted(measurement.fit),
            "bootstrap": {
                "replicates": options.replicates,
                "failed": alignment.replicates_failed,
            },
            "options": asdict(options),
        }
    )


def _fitted(fit: Fit | None) -> dict[str, Any]:
    if fit is None:
        return {"groups": [], "outcome": "nothing was fitted", "group_outcome": {}, "measures": {}}
    return {
        "groups": list(fit.groups),
        "outcome": str(fit.outcome),
        "group_outcome": {group: str(o) for group, o in fit.group_outcome.items()},
        "measures": {name: _number(value) for name, value in fit.measures.items()},
    }


def _number(value: float) -> float | None:
    return float(value) if pd.notna(value) else None


def _analysis(
    files: RunDirectory, alignment: Alignment, profiles: pd.DataFrame, run: dict[str, Any]
) -> Analysis:
    return Analysis(
        directory=files.path,
        vaar=alignment.vaar,
        paths=alignment.paths,
        profile=profiles,
        invariance=alignment.measurement.ladder,
        vaar_by_n=alignment.vaar_by_n,
        screening=alignment.measurement.screening,
        simulated=simulated_groups(run),
    )


def simulated_groups(run: dict[str, Any]) -> tuple[str, ...]:
    """Groups of a run whose respondent is simulated."""
    simulated = (r for r in run["respondents"] if r["simulated"])
    return tuple(group for respondent in simulated for group in respondent["groups"])
