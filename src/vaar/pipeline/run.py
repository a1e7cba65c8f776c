"""The whole way: sessions → answers → scores → MGSEM → VAAR → report."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vaar.alignment.options import AnalysisOptions
from vaar.alignment.reference import HUMAN_GROUP
from vaar.errors import RespondentHaltedError
from vaar.pipeline.analyze import Analysis, analyze
from vaar.pipeline.ask import Asked, ask
from vaar.pipeline.provenance import command, now, versions
from vaar.pipeline.rundir import claim
from vaar.pipeline.write_report import write_report
from vaar.respondents.base import Respondent
from vaar.respondents.models import resolve
from vaar.responses.people import read_people
from vaar.sem.syntax import parse
from vaar.session.plan import plan_sessions
from vaar.session.records import Session
from vaar.session.run import Progress
from vaar.study.dump import dump_study, study_hash
from vaar.study.load import load_study
from vaar.study.model import Study

DEFAULT_STUDY = "privacy_prosocial"
DEFAULT_MODELS = ("simulated",)


@dataclass(frozen=True)
class RunPlan:
    """What a run is going to do, settled before anything is sent."""

    study: Study
    respondents: tuple[Respondent, ...]
    sessions: tuple[Session, ...]
    sessions_per_group: int
    seed: int
    base_url: str | None

    @property
    def identity(self) -> dict[str, Any]:
        """What makes two runs the same."""
        return {
            "study": self.study.name,
            "study_hash": study_hash(self.study),
            "respondents": [respondent.name for respondent in self.respondents],
            "base_url": self.base_url,
            "sessions": self.sessions_per_group,
            "seed": self.seed,
        }


@dataclass(frozen=True)
class Run:
    """A finished run: how the asking ended, what it showed, and the page that tells it."""

    asked: Asked
    analysis: Analysis
    report: Path


def plan(
    study: str | Path = DEFAULT_STUDY,
    models: Sequence[str | Path] = DEFAULT_MODELS,
    sessions: int = 200,
    seed: int = 1,
    base_url: str | None = None,
) -> RunPlan:
    """Settle what a run would do, without sending anything.

    Parameters are those of :func:`run`.
    """
    loaded = load_study(study)
    parse(loaded.model)
    respondents = tuple(resolve(models, loaded, base_url))
    names = [respondent.name for respondent in respondents]
    planned = tuple(plan_sessions(loaded, names, sessions, seed))
    return RunPlan(loaded, respondents, planned, sessions, seed, base_url)


def run(
    study: str | Path = DEFAULT_STUDY,
    models: Sequence[str | Path] = DEFAULT_MODELS,
    *,
    sessions: int = 200,
    seed: int = 1,
    out: str | Path | None = None,
    base_url: str | None = None,
    concurrency: int = 64,
    human: str | Path | None = None,
    retry_failed: bool = False,
    options: AnalysisOptions | None = None,
) -> Run:
    """Run a study and analyse it; started again on the same directory, go on where it stopped.

    Parameters
    ----------
    study : str or Path
        A bundled study's name, a study file, or a directory that holds one.
    models : sequence of str or Path
        ``'simulated'`` (all simulated populations), ``'simulated/NAME'``, ``'openai/NAME'``, or
        YAML files that list models.
    sessions : int
        Sessions per respondent and condition; at least 1.
    seed : int
        Seed of the sessions' sampling seeds.
    out : str or Path, optional
        The run directory; default ``runs/`` and the study's name.
    base_url : str, optional
        An OpenAI-compatible endpoint for the ``openai/`` models.
    concurrency : int
        Sessions side by side.
    human : str or Path, optional
        CSV of people's answers, one row a person and one column an item; replaces the signs from
        the literature.
    retry_failed : bool
        Ask failed sessions again, from the turn at which each failed.
    options : AnalysisOptions, optional
        Choices of the analysis.

    Raises
    ------
    VaarError
        With a message that says what to do. What has been answered is kept.

    Examples
    --------
    >>> import vaar
    >>> done = vaar.run(models=["simulated/human-like"], out="runs/one")  # doctest: +SKIP
    >>> done.analysis.vaar[["group", "vaar", "vaar_lower", "vaar_upper"]]  # doctest: +SKIP
    """
    settled = plan(study, models, sessions, seed, base_url)
    return carry_out(
        settled, out, concurrency, human=human, retry_failed=retry_failed, options=options
    )


def carry_out(
    settled: RunPlan,
    out: str | Path | None = None,
    concurrency: int = 64,
    *,
    human: str | Path | None = None,
    retry_failed: bool = False,
    options: AnalysisOptions | None = None,
    on_progress: Callable[[Progress, int], None] = lambda progress, earlier: None,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> Run:
    """Carry a settled plan out; parameters as in :func:`run`."""
    directory = Path(out) if out is not None else Path("runs") / settled.study.name
    if human is not None:
        read_people(Path(human), settled.study, HUMAN_GROUP)
    files, continued = claim(directory, settled.identity)
    if not continued:
        files.write_text(files.study.name, dump_study(settled.study))
        files.write_run(_run_record(settled, options or AnalysisOptions()))
    if human is not None and not (files.human.exists() and files.human.samefile(human)):
        shutil.copyfile(human, files.human)
    asked = ask(
        settled.study,
        settled.sessions,
        settled.respondents,
        files,
        concurrency,
        retry_failed,
        on_progress,
    )
    files.write_run(files.read_run() | {"finished": now()})
    if asked.progress.halted and not (asked.progress.turns or asked.earlier):
        raise RespondentHaltedError("\n".join(dict.fromkeys(asked.progress.halted.values())))
    analysis = analyze(directory, options, on_stage)
    on_stage("writing the report")
    return Run(asked, analysis, write_report(directory))


def _run_record(settled: RunPlan, options: AnalysisOptions) -> dict[str, Any]:
    return {
        "identity": settled.identity,
        **versions(),
        "command": command(),
        "started": now(),
        "finished": None,
        "seed": settled.seed,
        "sessions": settled.sessions_per_group,
        **_respondents(settled),
        "options": asdict(options),
    }


def _respondents(settled: RunPlan) -> dict[str, Any]:
    groups: dict[str, list[str]] = {respondent.name: [] for respondent in settled.respondents}
    for session in settled.sessions:
        if session.group not in groups[session.respondent]:
            groups[session.respondent].append(session.group)
    return {
        "respondents": [
            {"name": r.name, "simulated": r.simulated, "groups": groups[r.name]}
            for r in settled.respondents
        ]
    }
