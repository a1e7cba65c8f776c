"""From a stored run to its conclusions, without asking a model anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from vaar.analyses.alignment.options import AnalysisOptions
from vaar.analyses.base import Analysis, Coded, Outcome, Status, Work
from vaar.analyses.grouping_options import GroupOptions
from vaar.analyses.registry import known
from vaar.pipeline.code_run import code_run
from vaar.pipeline.group_run import group_run
from vaar.pipeline.rundir import RunDirectory
from vaar.scoring.factors import require_known
from vaar.sem import MapChunks
from vaar.study.load import load_study


@dataclass(frozen=True)
class Analyzed:
    """A finished analysis of a run.

    Every table of every outcome is an attribute too: ``analyzed.vaar``, ``analyzed.profile``.

    Attributes
    ----------
    directory : Path
        Where the files are.
    groups : DataFrame
        One row per group: see :func:`vaar.analyses.groups.groups_table`.
    outcomes : mapping of str to Outcome
        By analysis.
    """

    directory: Path
    groups: pd.DataFrame
    outcomes: Mapping[str, Outcome]

    def __getattr__(self, name: str) -> pd.DataFrame:
        for outcome in self.outcomes.values():
            if name in outcome.tables:
                return outcome.tables[name]
        raise AttributeError(f"the analysis has no table {name!r}")

    @property
    def simulated(self) -> tuple[str, ...]:
        """Groups whose answers are simulated."""
        return tuple(self.groups.loc[self.groups["simulated"], "group"])

    @property
    def estimated(self) -> bool:
        """Whether every analysis could estimate at least one group."""
        return all(one.status is not Status.NOT_ESTIMABLE for one in self.outcomes.values())


def analyze(
    directory: str | Path,
    options: AnalysisOptions | None = None,
    on_stage: Callable[[str], None] = lambda stage: None,
    map_chunks: MapChunks | None = None,
    analyses: Sequence[Analysis] = (),
) -> Analyzed:
    """Code, score, fit and weigh a stored run; replaces its tables.

    Parameters
    ----------
    directory : str or Path
        A run directory; the run need not be complete.
    options : AnalysisOptions, optional
        Default: those of the last analysis, or else the package's defaults.
    map_chunks : callable, optional
        Computes chunks of bootstrap replicates elsewhere; see :func:`vaar.sem.bootstrap`.
    analyses : sequence of Analysis
        Your own, beside those of this package.

    Raises
    ------
    RunDirectoryError
        A file is missing or damaged, or nothing has been answered yet.
    DataError
        The human reference cannot carry the model, or a factor that was asked for does not vary,
        varies too much, or is not known of people.
    """
    files = RunDirectory(Path(directory))
    options = options or last_options(directory)
    study = load_study(files.study)
    require_known(study, (*options.by, *options.covariates))
    on_stage("coding the replies")
    coded = code_run(files, study)
    on_stage("scoring")
    data = group_run(files, coded, study, GroupOptions(options.by))
    outcomes = _outcomes(known(analyses), data, options, Work(on_stage, map_chunks))
    _write(files, data.groups, outcomes, options)
    return Analyzed(files.path, data.groups, outcomes)


def _outcomes(
    analyses: Mapping[str, Analysis], data: Coded, options: AnalysisOptions, work: Work
) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for name, analysis in analyses.items():
        own = _own(analysis.options, options)
        if why := analysis.applies(data.study):
            outcomes[name] = Outcome(name, Status.NOT_APPLICABLE, why, own)
            continue
        with threadpool_limits(1, "blas"):
            outcomes[name] = analysis.run(data, own, outcomes, work)
    return outcomes


def _own(cls: Any, options: AnalysisOptions) -> Any:
    return cls(
        **{f.name: getattr(options, f.name) for f in fields(cls) if hasattr(options, f.name)}
    )


def last_options(directory: str | Path) -> AnalysisOptions:
    """Return the options of a run's last analysis."""
    return AnalysisOptions(**RunDirectory(Path(directory)).read_run().get("options", {}))


def _write(
    files: RunDirectory,
    groups: pd.DataFrame,
    outcomes: Mapping[str, Outcome],
    options: AnalysisOptions,
) -> None:
    run = files.read_run()
    rows = groups[~groups["people"]]
    respondents = [
        one
        | {
            "simulated": bool(rows.loc[rows["respondent"] == one["name"], "simulated"].any()),
            "groups": rows.loc[rows["respondent"] == one["name"], "group"].tolist(),
        }
        for one in run["respondents"]
    ]
    files.write_run(run | {"options": asdict(options), "respondents": respondents})
    for outcome in outcomes.values():
        for name, table in outcome.tables.items():
            files.write_table(name, table)
    files.write_table("groups", groups)
    files.write_fit({**outcomes["alignment"].record, "options": asdict(options)})
