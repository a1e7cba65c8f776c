"""The whole way: sessions → answers → scores → MGSEM → VAAR → report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from vaar.analyses.alignment.options import AnalysisOptions
from vaar.analyses.settings import Settings, as_settings
from vaar.errors import CapReachedError, RespondentHaltedError
from vaar.journal.lock import locked
from vaar.pipeline.ask import CollectionOptions, CollectionResult, ask
from vaar.pipeline.cell_progress import cell_progress
from vaar.pipeline.claiming.claim_run import claim_run, prices_of
from vaar.pipeline.continuing import with_cap
from vaar.pipeline.machines import connection, mapper, runner
from vaar.pipeline.people.reference import taken_people
from vaar.pipeline.plan import DEFAULT_MODELS, DEFAULT_STUDY, RunPlan, check_options, plan
from vaar.pipeline.preregistration.keep import keep_registration, require_fit, require_place
from vaar.pipeline.preregistration.registration import Registration
from vaar.pipeline.provenance import now
from vaar.pipeline.requests import REQUESTS, adopt, with_adaptations, with_measured
from vaar.pipeline.rundir import GROWN_FROM, RunDirectory, make_directory
from vaar.respondents.key_safety import require_allowed
from vaar.sessions.runner.budget import Budget, Caps, price_of, tells_cost
from vaar.sessions.runner.progress import Progress
from vaar.tables.text import visible

if TYPE_CHECKING:
    from vaar.pipeline.results.analyzed import Analyzed


@dataclass(frozen=True)
class Run:
    """A finished run: how the asking ended, what it showed, and the page that tells it."""

    asked: CollectionResult
    analysis: Analyzed
    report: Path

    def _repr_html_(self) -> str:
        """What was found and where it is told, for a notebook."""
        told = Markup("<p>report: {}</p>").format(visible(str(self.report)))
        return self.analysis._repr_html_() + told


def run(
    study: str | Path = DEFAULT_STUDY,
    models: Sequence[str | Path] = DEFAULT_MODELS,
    *,
    sessions: int | None = None,
    seed: int = 1,
    out: str | Path | None = None,
    base_url: str | None = None,
    concurrency: int | None = None,
    caps: Caps | None = None,
    human: str | Path | None = None,
    retry_failed: bool = False,
    distributions: bool = False,
    data: str | Path | None = None,
    draw: int | None = None,
    ray: str | None = None,
    allow_hosts: Collection[str] = (),
    preregistration: str | Path | None = None,
    options: AnalysisOptions | Settings | None = None,
) -> Run:
    """Run a study and analyse it; started again on the same directory, go on where it stopped.

    Parameters
    ----------
    study : str or Path
        A bundled study's name, a study file, or a directory that holds one.
    models : sequence of str or Path
        ``'simulated'`` (all simulated populations), ``'simulated/NAME'``, ``'PROVIDER/NAME'``,
        ``'hf/PATH'``, ``'gguf/PATH'``, ``'smollm2'``, ``'inspect/PROVIDER/MODEL'``, or YAML files
        that list models.
    sessions : int, optional
        Sessions per respondent and condition; at least 1. Default: as many as the directory has
        already, else as the study says, else 200. More than it has are added to it, as are further
        models.
    seed : int
        Seed of the sessions' sampling seeds.
    out : str or Path, optional
        The run directory; by default in ``runs/``, named for the study, and for the models where
        they are not all the simulated ones.
    base_url : str, optional
        Address of ``openai/`` models and of servers of one's own.
    concurrency : int, optional
        Sessions side by side for each respondent; by default, as many as each takes.
    caps : Caps, optional
        What the run may spend.
    human : str or Path, optional
        A table of people's answers, one row a person: see
        :func:`vaar.import_people`; the human reference, kept in the directory.
    retry_failed : bool
        Ask failed sessions again, from the turn at which each failed.
    distributions : bool
        Ask for the probabilities of all answers to an item beside each reply, where a respondent
        can tell them.
    data : str or Path, optional
        CSV file of items in place of those of a study that takes them from a table.
    draw : int, optional
        How many of its items are drawn by chance, the same ones each time; default: all.
    ray : str, optional
        Address of a Ray cluster that asks and bootstraps; ``'local'`` starts one here.
    allow_hosts : collection of str
        Hosts to which keys may be sent over plain http, or because a models file says so.
    preregistration : str or Path, optional
        The file that ``vaar study freeze`` wrote; the run must ask what it says.
    options : AnalysisOptions or mapping, optional
        Choices of the analysis: see :func:`vaar.analyze`.

    Raises
    ------
    CapReachedError
        A cap was reached, and sessions are still pending.
    VaarError
        With a message that says what to do. What has been answered is kept.

    Examples
    --------
    >>> import vaar
    >>> done = vaar.run(models=["simulated/human-like"], out="runs/one")  # doctest: +SKIP
    >>> done.analysis.vaar[["group", "vaar", "vaar_lower", "vaar_upper"]]  # doctest: +SKIP
    """
    settled = plan(
        study, models, sessions, seed, base_url, distributions=distributions, data=data, draw=draw
    )
    asking = CollectionOptions(concurrency, retry_failed, caps or Caps(), ray, allow_hosts)
    with connection(ray), cell_progress(len(settled.sessions)) as shown:
        files, asked = carry_out(
            settled,
            out,
            asking,
            human=human,
            preregistration=preregistration,
            options=options,
            on_progress=shown.on_progress,
        )
        if asked.progress.stopped:
            raise CapReachedError(how_to_go_on(files, asked))
        analysis, report = conclude(files, options, shown.on_stage, ray)
    return Run(asked, analysis, report)


def carry_out(
    settled: RunPlan,
    out: str | Path | None = None,
    asking: CollectionOptions | None = None,
    *,
    human: str | Path | None = None,
    preregistration: str | Path | None = None,
    options: AnalysisOptions | Settings | None = None,
    on_progress: Callable[[Progress, int], None] = lambda progress, earlier: None,
) -> tuple[RunDirectory, CollectionResult]:
    """Ask what a plan holds, in a directory made for it or that holds it already.

    Parameters are those of :func:`run`; nothing is analysed.
    """
    asking = asking or CollectionOptions()
    given = as_settings(options)
    check_options(given, settled.study)
    prices = {respondent.name: price_of(respondent) for respondent in settled.respondents}
    telling = [r.name for r in settled.respondents if tells_cost(r)]
    Budget(asking.caps, prices, telling=telling)
    elsewhere = asking.ray is not None
    require_allowed(settled.respondents, asking.allow_hosts, keys_elsewhere=elsewhere)
    for respondent in () if elsewhere else settled.respondents:
        respondent.prepare()  # on a cluster each worker prepares its own
    directory = Path(out) if out is not None else settled.directory
    registered = _registered(preregistration, settled, human, directory)
    with taken_people(human, settled.study) as people, _made_and_locked(directory):
        claimed = claim_run(directory, settled, people, given)
        files = claimed.files
        if registered is not None:
            keep_registration(files, registered)
        with _findings_kept(files, settled), runner(settled, asking.ray) as run_all:
            asked = ask(
                settled.study,
                claimed.sessions,
                settled.respondents,
                files,
                asking,
                on_progress,
                run_all,
                wanted=claimed.wanted,
                earlier=claimed.earlier,
                surely=claimed.surely,
            )
        run = with_cap(files.read_run(), asked.progress.stopped)
        files.write_run(_finished(run, asked))
    if asked.progress.halted and not (asked.progress.turns or asked.earlier):
        raise RespondentHaltedError("\n".join(dict.fromkeys(asked.progress.halted.values())))
    return files, asked


def _registered(
    path: str | Path | None, settled: RunPlan, human: str | Path | None, directory: Path
) -> Registration | None:
    """The preregistration that a run is to be held against, if the plan and the place fit it."""
    if path is None:
        return None
    registered = require_fit(Path(path), settled, None if human is None else Path(human))
    require_place(directory, registered)
    return registered


@contextmanager
def _made_and_locked(directory: Path) -> Iterator[None]:
    make_directory(directory)
    with locked(directory):
        RunDirectory(directory).remove_half_written()
        yield


def conclude(
    files: RunDirectory,
    options: AnalysisOptions | Settings | None = None,
    on_stage: Callable[[str], None] = lambda stage: None,
    ray: str | None = None,
) -> tuple[Analyzed, Path]:
    """Analyse what a run directory holds, and write its report."""
    from vaar.pipeline.analyze import analyze
    from vaar.pipeline.publishing.write_report import write_page
    from vaar.pipeline.results.one_at_a_time import one_at_a_time

    with one_at_a_time(files.path), mapper(ray) as map_chunks:
        analysis = analyze(files.path, options, on_stage, map_chunks)
        on_stage("writing the report")
        return analysis, write_page(files, analysis)


def how_to_go_on(files: RunDirectory, asked: CollectionResult) -> str:
    """Say which cap ended the asking, and what can be done now."""
    return (
        f"{asked.progress.stopped}. Nothing further was sent; every reply is kept, and "
        f"{asked.pending:,} sessions are still pending. Give the same command with a higher cap, "
        f"or none, to go on; `vaar analyze {files.path}` analyses what is there."
    )


def _finished(run: dict[str, Any], asked: CollectionResult) -> dict[str, Any]:
    if asked.repair is None:
        return run | {"finished": now()}
    repair = asdict(asked.repair) | {"kept_as": asked.repair.kept_as.name, "at": now()}
    return run | {"finished": now(), "repairs": [*run.get("repairs", []), repair]}


@contextmanager
def _findings_kept(files: RunDirectory, settled: RunPlan) -> Iterator[None]:
    """Add what this call found out to ``run.json``, however it ends.

    That is its faults, the prices known now, and what servers were found to refuse, which the
    respondents begin with where an earlier call has found it out.
    """
    respondents = settled.respondents
    adopt(files.read_run().get(REQUESTS) or {}, respondents)
    before = {respondent.name: Counter(respondent.faults) for respondent in respondents}
    entered = False  # what was added, into the journal
    try:
        yield
        entered = True
    finally:
        run = files.read_run()
        sent = with_adaptations({**settled.requests, **(run.get(REQUESTS) or {})}, respondents)
        sent = with_measured(sent, respondents)
        faults = run.get("faults", {})
        for respondent in respondents:
            total = Counter(faults.get(respondent.name, {}))
            total.update(respondent.faults - before[respondent.name])
            faults[respondent.name] = dict(total)
        prices = run.get("prices", {}) | prices_of(respondents)
        kept = {key: value for key, value in run.items() if not entered or key != GROWN_FROM}
        kept |= {"faults": faults, "prices": prices}
        files.write_run(kept | ({REQUESTS: sent} if sent else {}))
