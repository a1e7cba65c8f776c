"""From a stored run to its conclusions, without asking a model anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from vaar.analyses.alignment.align import Alignment, align
from vaar.analyses.alignment.covariates import Covariate, code_covariates
from vaar.analyses.alignment.grouping import check_groupable, grouped
from vaar.analyses.alignment.options import AnalysisOptions
from vaar.analyses.alignment.reference import HUMAN_GROUP
from vaar.errors import RunDirectoryError
from vaar.journal.journal import Journal
from vaar.pipeline.rundir import RunDirectory
from vaar.responses.people import read_people
from vaar.responses.people_attributes import read_people_attributes
from vaar.responses.table import build_table, to_pandas, write_table
from vaar.scoring.factors import factors, require_known
from vaar.scoring.profile import profile
from vaar.scoring.profile_by_factor import profile_by_factor
from vaar.scoring.scales import score
from vaar.sem import Fit, MapChunks
from vaar.sessions.records import Session, Status
from vaar.sessions.runner.limits import MODEL_CHANGED
from vaar.study.load import load_study
from vaar.study.model import Study


@dataclass(frozen=True)
class Analysis:
    """A finished analysis: the tables of the run directory, in pandas.

    Attributes
    ----------
    directory : Path
        Where the files are.
    vaar, paths, profile, profile_by_factor, invariance, vaar_by_n, screening : DataFrame
        As in the files of the same names.
    simulated : tuple of str
        Groups whose answers are simulated.
    """

    directory: Path
    vaar: pd.DataFrame
    paths: pd.DataFrame
    profile: pd.DataFrame
    profile_by_factor: pd.DataFrame
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
        The human reference cannot carry the model, or a factor that was asked for does not vary,
        varies too much, or is not known of people.
    """
    files = RunDirectory(Path(directory))
    run = files.read_run()
    options = options or last_options(directory)
    study = load_study(files.study)
    require_known(study, (*options.by, *options.covariates))
    on_stage("coding the replies")
    responses, asked = _responses(files, study)
    responses, regrouped = _grouped(responses, study, options)
    on_stage("scoring")
    scores = score(responses, study)
    found = factors(scores, study)
    covariates, columns = _covariates(files, scores, found, options)
    run |= {
        "options": asdict(options),
        "respondents": _respondents(run["respondents"], asked, regrouped),
    }
    files.write_run(run)
    with threadpool_limits(1, "blas"):
        profiles = profile(responses, scores, study), profile_by_factor(scores, found, study)
        files.write_table("profile", profiles[0])
        files.write_table("profile_by_factor", profiles[1])
        on_stage("fitting the multi-group model and bootstrapping the VAAR")
        names = [name for covariate in covariates for name in covariate.columns]
        alignment = align(scores.join(columns), study, options, map_chunks, names)
    _write(files, alignment, options, covariates)
    return _analysis(files, alignment, profiles, run)


def _grouped(
    responses: pd.DataFrame, study: Study, options: AnalysisOptions
) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """The responses under the groups asked for, and what each group has become."""
    if not options.by:
        return responses, {}
    found = factors(responses, study)
    check_groupable(responses["group"], found, options.by)
    finer = grouped(responses["group"], found, options.by)
    pairs = pd.DataFrame({"was": responses["group"], "now": finer}).drop_duplicates()
    became = {str(was): rows["now"].tolist() for was, rows in pairs.groupby("was", sort=False)}
    return responses.assign(group=finer.astype(object)), became


def _covariates(
    files: RunDirectory, scores: pd.DataFrame, found: pd.DataFrame, options: AnalysisOptions
) -> tuple[tuple[Covariate, ...], pd.DataFrame]:
    names = options.covariates
    people = scores["group"] == HUMAN_GROUP
    if names and people.any():
        theirs = read_people_attributes(files.human, names)
        for name in names:
            own = scores.loc[people, "session"].map(theirs[name])
            found = found.assign(**{name: found[name].mask(people, own.astype("string"))})
    return code_covariates(found, names)


def last_options(directory: str | Path) -> AnalysisOptions:
    """Return the options of a run's last analysis."""
    return AnalysisOptions(**RunDirectory(Path(directory)).read_run().get("options", {}))


@dataclass(frozen=True)
class _Asked:
    """What the journal tells of respondents: which are simulated, and the groups of each."""

    simulated: set[str]
    groups: dict[str, list[str]]


def _respondents(
    recorded: list[dict[str, Any]], asked: _Asked, regrouped: dict[str, list[str]]
) -> list[dict[str, Any]]:
    """The respondents with the groups they now have, and the word whether they are simulated.

    A server may say only in its replies that it simulates.
    """
    return [
        one
        | {
            "simulated": one["simulated"] or one["name"] in asked.simulated,
            "groups": [
                now
                for was in asked.groups.get(one["name"], [])
                for now in regrouped.get(was, [was])
            ],
        }
        for one in recorded
    ]


def _responses(files: RunDirectory, study: Study) -> tuple[pd.DataFrame, _Asked]:
    with closing(Journal.existing(files.journal)) as journal:
        sessions = journal.sessions()
        table = build_table(study, _of_one_model(sessions), journal.turns())
        groups: dict[str, dict[str, None]] = {}
        for session, _, _ in sessions:
            groups.setdefault(session.respondent, {})[session.group] = None
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
    return responses, _Asked(simulated, {name: list(own) for name, own in groups.items()})


def _of_one_model(sessions: Sequence[tuple[Session, Status, str | None]]) -> list[Session]:
    """All sessions but those that several models answered, which belong to none of them."""
    return [
        session
        for session, _, reason in sessions
        if not (reason or "").startswith(f"{MODEL_CHANGED}:")
    ]


def _write(
    files: RunDirectory,
    alignment: Alignment,
    options: AnalysisOptions,
    covariates: tuple[Covariate, ...],
) -> None:
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
                "personas": alignment.personas,
            },
            "covariates": [asdict(covariate) for covariate in covariates],
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
    files: RunDirectory,
    alignment: Alignment,
    profiles: tuple[pd.DataFrame, pd.DataFrame],
    run: dict[str, Any],
) -> Analysis:
    return Analysis(
        directory=files.path,
        vaar=alignment.vaar,
        paths=alignment.paths,
        profile=profiles[0],
        profile_by_factor=profiles[1],
        invariance=alignment.measurement.ladder,
        vaar_by_n=alignment.vaar_by_n,
        screening=alignment.measurement.screening,
        simulated=simulated_groups(run),
    )


def simulated_groups(run: dict[str, Any]) -> tuple[str, ...]:
    """Groups of a run whose respondent is simulated."""
    simulated = (r for r in run["respondents"] if r["simulated"])
    return tuple(group for respondent in simulated for group in respondent["groups"])
