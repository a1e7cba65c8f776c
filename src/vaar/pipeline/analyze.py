"""From a stored run to its conclusions, without asking a model anything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from vaar.analyses.alignment.options import AnalysisOptions
from vaar.analyses.base import Analysis, Coded, Outcome, Status, Work
from vaar.analyses.grouping_options import GROUPS_SECTION
from vaar.analyses.registry import done_unasked, known, with_needs
from vaar.analyses.settings import Settings, as_settings, in_force, layered
from vaar.errors import OptionError
from vaar.journal.lock import locked
from vaar.pipeline.cell_progress import cell_progress
from vaar.pipeline.code_run import CodedRun, coded_run
from vaar.pipeline.group_run import group_run
from vaar.pipeline.people.reference import keep_people, taken_people
from vaar.pipeline.results.analyzed import Analyzed
from vaar.pipeline.results.basis import basis_of
from vaar.pipeline.results.commit import Computed, commit
from vaar.pipeline.results.layout import DEFAULT, require_own_folder
from vaar.pipeline.results.one_at_a_time import one_at_a_time
from vaar.pipeline.results.stored_settings import stored_settings
from vaar.pipeline.rundir import RunDirectory
from vaar.processes.pool import sharing
from vaar.sem import MapChunks
from vaar.study.load import load_study
from vaar.study.model import Study


def analyze(
    directory: str | Path,
    options: AnalysisOptions | Settings | None = None,
    on_stage: Callable[[str], None] | None = None,
    map_chunks: MapChunks | None = None,
    *,
    human: str | Path | None = None,
    analyses: Sequence[Analysis] = (),
    only: Collection[str] = (),
    name: str = DEFAULT,
    defaults: bool = False,
) -> Analyzed:
    """Analyse a stored run; replaces the analysis of this name, whole or not at all.

    Parameters
    ----------
    directory : str or Path
        A run directory; the run need not be complete.
    options : AnalysisOptions or mapping, optional
        Options of the grouping and the alignment; or options by analysis, such as
        ``{"alignment": {"estimator": "ML"}, "groups": {"by": ["order"]}}``. Those that are not
        given stay as in the last analysis of this name; of a new name, as in the default one; else
        as the run was started with; else as the package has them.
    on_stage : callable, optional
        Told in a few words what is being done; by default that is shown in a notebook's cell, and
        nowhere else.
    map_chunks : callable, optional
        Computes chunks of bootstrap replicates and the like elsewhere; see
        :func:`vaar.sem.bootstrap`. By default long ones are shared with further processes of this
        machine, up to four in all and one for each processor (``PYTHON_CPU_COUNT=1`` in the
        environment: none); no result depends on it.
    human : str or Path, optional
        A table of people's answers: see :func:`vaar.import_people`. It becomes the human reference
        of the run, in place of an earlier one. ``{"groups": {"people": False}}`` among the options
        leaves people out.
    analyses : sequence of Analysis
        Your own, beside those of this package.
    only : collection of str
        Names of the analyses to do, with those they need; default: all but those that are done on
        request only (``specifications``), unless options of theirs are given. Earlier results of
        the others are kept as long as they rest on the same data.
    name : str
        Name of the analysis. One beside ``default`` overwrites nothing of that.
    defaults : bool
        Forget the options of earlier analyses: what is not given is as the study has it, and
        where that says nothing, as the package has it.

    Raises
    ------
    RunDirectoryError
        A file is missing or damaged, nothing has been answered yet, or another process analyses
        this directory.
    OptionError
        There is no such analysis or option, or a value is not allowed.
    DataError
        The human reference cannot carry the model, or a factor that was asked for does not vary,
        varies too much, or is not known of people.
    """
    if on_stage is None:
        with cell_progress() as shown:
            return analyze(
                directory,
                options,
                shown.on_stage,
                map_chunks,
                human=human,
                analyses=analyses,
                only=only,
                name=name,
                defaults=defaults,
            )
    files = RunDirectory(Path(directory))
    everything = known(analyses)
    given = as_settings(options)
    wanted = with_needs(only or done_unasked(everything, given), everything)
    _check_used(given, wanted)
    require_own_folder(files)
    stored = {} if defaults else stored_settings(files, name)
    study = load_study(files.study, asked=True)
    settings = in_force(everything, layered(study.analyses, stored), given)
    with (
        one_at_a_time(files.path),
        _mapper(map_chunks) as mapped,
        _with_people(files, human, study, on_stage) as coded,
    ):
        on_stage("scoring")
        data = group_run(files, coded, study, settings[GROUPS_SECTION])
        chosen = {own: analysis for own, analysis in everything.items() if own in wanted}
        outcomes = _run(chosen, data, settings, Work(on_stage, mapped))
        basis = basis_of(
            files, coded.journal, coded.file, data.by, people=settings[GROUPS_SECTION].people
        )
        found = Computed(name, data.groups, outcomes, settings, basis, coded.recoding)
        return commit(files, found, everything, coded.file)


def _mapper(given: MapChunks | None) -> AbstractContextManager[MapChunks]:
    """What was given, else this machine's processors."""
    return sharing() if given is None else nullcontext(given)


@contextmanager
def _with_people(
    files: RunDirectory,
    human: str | Path | None,
    study: Study,
    on_stage: Callable[[str], None],
) -> Iterator[CodedRun]:
    """The coded replies, once the people who are given are the human reference."""
    with taken_people(human, study) as people:
        if people is not None:
            with locked(files.path):
                keep_people(files, people)
    with coded_run(files, study, on_stage) as coded:
        yield coded


def _run(
    analyses: Mapping[str, Analysis], data: Coded, settings: Mapping[str, Any], work: Work
) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for name, analysis in analyses.items():
        own = settings[name]
        undone = [outcomes[n] for n in analysis.needs if outcomes[n].status is not Status.DONE]
        if why := analysis.applies(data.study):
            outcomes[name] = Outcome(name, Status.NOT_APPLICABLE, why, own)
        elif undone:
            why = f"it needs {undone[0].analysis}: {undone[0].reason}"
            outcomes[name] = Outcome(name, undone[0].status, why, own)
        else:
            earlier = {need: outcomes[need] for need in analysis.needs}
            with threadpool_limits(1, "blas"):
                outcomes[name] = _checked(analysis.run(data, own, earlier, work), analysis)
    return outcomes


def _checked(outcome: Outcome, analysis: Analysis) -> Outcome:
    """The outcome with its tables as their specifications have them, and as they will be read."""
    specs = {spec.name: spec for spec in analysis.tables}
    if unknown := [name for name in outcome.tables if name not in specs]:
        raise OptionError(
            f"the analysis {analysis.name} gave the tables {', '.join(unknown)}, which its "
            f"`tables` do not specify; they specify {', '.join(specs) or 'none'}"
        )
    tables = {name: specs[name].checked(table) for name, table in outcome.tables.items()}
    return replace(outcome, tables=tables)


def _check_used(given: Settings, wanted: Collection[str]) -> None:
    if unused := [name for name in given if name not in wanted and name != GROUPS_SECTION]:
        raise OptionError(
            f"options of {', '.join(unused)} were given, and that is not among the analyses to be "
            f"done ({', '.join(sorted(wanted))}): leave them out, or name it in --only"
        )
