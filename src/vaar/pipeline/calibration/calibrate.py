"""How often a design says so without cause, and what it takes to find what is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from vaar.analyses.alignment.options import AnalysisOptions
from vaar.analyses.options import plain
from vaar.analyses.settings import Settings, as_settings
from vaar.calibration.data_sets import Cell, Replay, judging
from vaar.calibration.options import COUNTERFEITING, SimulationOptions
from vaar.calibration.populations import expected_effects, with_effects, without_effects
from vaar.calibration.power import FEWEST, search
from vaar.calibration.table_specs import GROUPS, NEEDED, PATHS
from vaar.calibration.tally import tables_of
from vaar.errors import OptionError
from vaar.pipeline.calibration.kept import Simulated, kept_in, require_place, rests_on
from vaar.pipeline.calibration.subject import Subject, subject_of
from vaar.pipeline.plan import DEFAULT_STUDY

Progress = Callable[[str, int, int], None]
"""Told what is simulated, how many data sets of it are done, and of how many."""

CHANCE = 0.8
MOST_SESSIONS = 5000


def calibrate(
    study: str | Path = DEFAULT_STUDY,
    *,
    sessions: int | None = None,
    data_sets: int = 500,
    populations: Sequence[str] = COUNTERFEITING,
    loading: float = 0.7,
    persona_share: float = 0.5,
    seed: int = 1,
    options: AnalysisOptions | Settings | None = None,
    workers: int = 1,
    keep: bool = False,
    out: str | Path | None = None,
    on_progress: Progress = lambda stage, done, total: None,
) -> Simulated:
    """Replay a study with simulated respondents without any effect: how often is one found?

    Each data set is one respondent, asked as the study asks: its instruments, keys, conditions,
    orders, options and personas. It is scored, screened, fitted and judged as a model's answers
    are.

    Parameters
    ----------
    study : str or Path
        A bundled study, a study file, its directory, or a run directory.
    sessions : int, optional
        Of each condition. Default: as the run has, else as the study says, else 200.
    data_sets : int
        Of every population.
    populations : sequence of str
        Out of null, yes-saying, carry-over, first-option, straight-lining, copies and ceiling.
    loading : float
        Standardised loading of an item on its trait.
    persona_share : float
        Share of a trait's variance that lies between personas, where the study has some.
    seed : int
        Equal seeds give equal results, however many workers there are.
    options : AnalysisOptions or mapping, optional
        As of :func:`vaar.analyze`; what is not given is as in the run's last analysis, else as the
        study has it, else as the package has it.
    workers : int
        Processes side by side, at most; further ones are begun where there is enough to do.
    keep : bool
        Keep the results of a study beside the place of its run, where ``vaar run --plan`` and the
        report find them. Those of a run directory are always kept in it.
    out : str or Path, optional
        The place of that run; results are kept there. Default: ``runs/STUDY``.

    Returns
    -------
    Simulated
        Tables of shares of data sets, each with its binomial standard error.

    Raises
    ------
    StudyError
        The study cannot be read, or expects nothing of a structural model.
    OptionError
        An option is not known, or a value is not allowed.
    DataError
        Something else stands where results are kept, or they cannot be written.
    """
    simulation = SimulationOptions(data_sets, seed, loading, persona_share)
    subject = _subject(study, options, sessions, out)
    chosen = without_effects(populations, simulation.loading)
    if not chosen:
        raise OptionError("no population was named; leave populations out for the usual five")
    keep = keep or bool(out) or subject.asked
    if keep:
        require_place(subject.directory, "calibration")
    replay = _replay(subject, simulation)
    cells = [Cell(population, subject.sessions) for population in chosen]
    with judging(replay, _count(workers)) as judge:
        judged = judge(cells, lambda done, total: on_progress("data sets", done, total))
    paths, groups = tables_of(replay, cells, judged)
    record = _record(subject, simulation) | {"populations": [one.name for one in chosen]}
    tables = {PATHS.name: paths, GROUPS.name: groups}
    found = Simulated("calibration", record, tables)
    return kept_in(subject.directory, found) if keep else found


def power(
    study: str | Path = DEFAULT_STUDY,
    *,
    effects: float | Mapping[str, float] | None = None,
    chance: float = CHANCE,
    most: int = MOST_SESSIONS,
    sessions: int | None = None,
    data_sets: int = 500,
    loading: float = 0.7,
    persona_share: float = 0.5,
    seed: int = 1,
    options: AnalysisOptions | Settings | None = None,
    workers: int = 1,
    keep: bool = False,
    out: str | Path | None = None,
    on_progress: Progress = lambda stage, done, total: None,
) -> Simulated:
    """Replay a study with expected effects: how often are they found, and with how many sessions?

    Parameters
    ----------
    effects : float or mapping of str to float, optional
        Standardised size of all paths, or of some, as ``{"aods ~ privacy": 0.2}``; positive in the
        expected direction. Default: the first published coefficient of the hypothesis' evidence
        that has its sign, else the size in simulated people. Column ``source`` tells which.
    chance : float
        Of the right verdict; sought by a search over the number of sessions.
    most : int
        No more sessions of each condition are tried.

    Other parameters, errors and the result are as of :func:`calibrate`.
    """
    simulation = SimulationOptions(data_sets, seed, loading, persona_share)
    if not 0.05 <= chance <= 0.99:
        raise OptionError(f"chance is {chance:g}; allowed is a number from 0.05 to 0.99")
    subject = _subject(study, options, sessions, out)
    if most < max(FEWEST, subject.sessions):
        raise OptionError(
            f"most is {most}; allowed is {max(FEWEST, subject.sessions)} or more: the design's own "
            "number of sessions is tried first"
        )
    keep = keep or bool(out) or subject.asked
    if keep:
        require_place(subject.directory, "power")
    expected = expected_effects(subject.study, {} if effects is None else effects)
    population = with_effects(subject.study, expected, simulation.loading)
    replay = _replay(subject, simulation)
    tried = subject.sessions
    with judging(replay, _count(workers)) as judge:
        found = search(judge, replay, population, expected, tried, chance, most, on_progress)
    paths, groups = tables_of(replay, found.cells, found.judged)
    tables = {PATHS.name: paths, GROUPS.name: groups, NEEDED.name: found.needed}
    record = _record(subject, simulation) | {
        "chance": chance,
        "effects": {one.path: {"value": one.value, "source": one.source} for one in expected},
    }
    simulated = Simulated("power", record, tables)
    return kept_in(subject.directory, simulated) if keep else simulated


def _subject(
    study: str | Path,
    options: AnalysisOptions | Settings | None,
    sessions: int | None,
    out: str | Path | None,
) -> Subject:
    if sessions is not None and sessions < 2:
        raise OptionError(f"sessions is {sessions}; allowed is 2 or more")
    return subject_of(study, as_settings(options), sessions, None if out is None else Path(out))


def _replay(subject: Subject, simulation: SimulationOptions) -> Replay:
    return Replay(subject.study, subject.analysis, simulation, subject.seed, subject.by)


def _count(workers: int) -> int:
    if workers < 1:
        raise OptionError(f"workers is {workers}; allowed is 1 or more")
    return workers


def _record(subject: Subject, simulation: SimulationOptions) -> dict[str, Any]:
    return {
        **rests_on(subject),
        "design_seed": subject.seed,
        "simulation": plain(simulation),
        "vaar": version("vaar"),
    }
