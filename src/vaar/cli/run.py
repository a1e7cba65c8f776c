"""`vaar run`: the whole study, from the first question to the report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vaar.analyses.settings import Settings
from vaar.cli import choices
from vaar.cli.console import INCOMPLETE, fail, print_json, speak
from vaar.errors import DataError, VaarError

if TYPE_CHECKING:
    from vaar.pipeline.ask import CollectionOptions, CollectionResult
    from vaar.pipeline.plan import RunPlan
    from vaar.pipeline.results.analyzed import Analyzed
    from vaar.pipeline.rundir import RunDirectory

STOPPED = 130
AUTO = "auto"


def _valid_concurrency(given: str) -> str:
    if given == AUTO or (given.isdecimal() and int(given) >= 1):
        return given
    raise typer.BadParameter(f"{given!r} is neither `auto` nor a number from 1 on")


def _valid_shard(given: str | None) -> str | None:
    from vaar.sessions.shard import Shard

    try:
        return given and str(Shard.parse(given))
    except VaarError as error:
        raise typer.BadParameter(str(error)) from None


@choices.takes_options
def run(
    study: Annotated[
        str, typer.Argument(help="A bundled study, a study file, or a directory with study.yaml.")
    ] = "privacy_prosocial",
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            help="`simulated` (all populations), `simulated/NAME`, `PROVIDER/NAME` (`vaar models "
            "list` has the providers), `hf/PATH` or `gguf/PATH` "
            "(a model on this machine), `smollm2`, `inspect/PROVIDER/MODEL`, or a YAML file with a "
            "list of models. Repeat it. "
            "[default: simulated]",
        ),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="Address of `openai/` models and of servers of your own.")
    ] = None,
    sessions: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Sessions per model and condition; more than the run has are added to it. "
            "[default: as many as the run has, else as the study says, else 200]",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=2**63 - 1, help="Seed of the sessions and their turns.")
    ] = 1,
    out_dir: Annotated[
        Path | None, typer.Option("--out", help="Run directory. [default: runs/STUDY-MODELS]")
    ] = None,
    concurrency: Annotated[
        str,
        typer.Option(
            metavar="auto|N",
            help="Sessions side by side for each model; `auto` finds what each takes.",
            callback=_valid_concurrency,
        ),
    ] = "auto",
    max_tokens: Annotated[
        int | None, typer.Option(min=1, help="Stop once the run has spent so many tokens.")
    ] = None,
    max_cost: Annotated[
        float | None, typer.Option(min=0.0, help="Stop once it has spent so much money.")
    ] = None,
    max_minutes: Annotated[
        float | None, typer.Option(min=0.0, help="Stop this call after so many minutes.")
    ] = None,
    human: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A table of people's answers, as `vaar import people` takes it: the human "
            "reference.",
        ),
    ] = None,
    preregistration: Annotated[
        Path | None,
        typer.Option(help="File of `vaar study freeze`: the run must ask what it says."),
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Ask failed sessions again.")
    ] = False,
    distributions: Annotated[
        bool,
        typer.Option(
            "--distributions",
            help="Ask for the probabilities of all answers too, where a model can tell them.",
        ),
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option(help="CSV of items, for a study that takes them from a table."),
    ] = None,
    draw: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Draw so many items of --data by chance."),
    ] = None,
    ask_only: Annotated[
        bool, typer.Option("--ask-only", help="Leave the analysis to `vaar analyze`.")
    ] = False,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="i/N",
            help="Ask only this of N shares of the sessions; then `vaar merge`.",
            callback=_valid_shard,
        ),
    ] = None,
    ray: choices.Ray = None,
    allow_host: choices.AllowHost = None,
    show_plan: Annotated[
        bool, typer.Option("--plan", help="Show what would be sent, and send nothing.")
    ] = False,
    as_json: choices.Json = False,
    quiet: choices.Quiet = False,
    *,
    given: Settings,
) -> None:
    """Run a study: sessions → answers → scores → MGSEM → VAAR → report.

    Started again with the same --out, it goes on where it stopped. Exit codes: 0 done, 1 an error,
    2 wrong usage, 3 done but some sessions failed, a model could not be asked, a cap was reached or
    no group could be estimated, 130 stopped.
    """
    from vaar.cli.views.calibration import show_kept
    from vaar.cli.views.key_risks import allowed_hosts
    from vaar.cli.views.plan import show_plan_table
    from vaar.pipeline.ask import CollectionOptions
    from vaar.pipeline.calibration.subject import planned
    from vaar.pipeline.claiming.claim_run import as_it_stands
    from vaar.pipeline.plan import check_options, plan
    from vaar.sessions.runner.budget import Caps
    from vaar.sessions.shard import Shard

    share = Shard.parse(shard) if shard else None
    asked = model or ["simulated"]
    settled = plan(study, asked, sessions, seed, base_url, share, distributions, data, draw)
    check_options(given, settled.study)
    settled = as_it_stands(settled, out_dir)
    speak(quiet=quiet, as_json=as_json)
    caps = Caps(max_tokens, max_cost, max_minutes)
    show_plan_table(settled, caps)
    if show_plan:
        if subject := planned(settled, given, out_dir):
            show_kept(subject)
        return
    at_once = None if concurrency == AUTO else int(concurrency)
    hosts = allowed_hosts(settled.respondents, allow_host or [], keys_elsewhere=ray is not None)
    asking = CollectionOptions(at_once, retry_failed, caps, ray, hosts)
    try:
        whole = _carry_out(
            settled,
            out_dir,
            asking,
            human,
            preregistration,
            given,
            ask_only or bool(shard),
            as_json,
        )
    except KeyboardInterrupt:
        stopped = "Stopped. Every reply so far is kept: the same command goes on from here."
        raise typer.Exit(fail(stopped, STOPPED)) from None
    if not whole:
        raise typer.Exit(INCOMPLETE)


def _carry_out(
    settled: RunPlan,
    out_dir: Path | None,
    asking: CollectionOptions,
    human: Path | None,
    preregistration: Path | None,
    given: Settings,
    ask_only: bool,
    as_json: bool,
) -> bool:
    """Ask, analyse unless a cap was reached, and show both; whether all was done as wanted."""
    from vaar.cli.views.progress import live_progress
    from vaar.cli.views.summary import show_analysis, show_asked, show_kept_options, show_shard
    from vaar.pipeline.machines import connection
    from vaar.pipeline.run import carry_out, conclude

    asked = concluded = None
    try:
        with connection(asking.ray), live_progress(len(settled.sessions)) as live:
            files, asked = carry_out(
                settled,
                out_dir,
                asking,
                human=human,
                preregistration=preregistration,
                options=given,
                on_progress=live.on_progress,
            )
            if not (ask_only or asked.progress.stopped):
                concluded = conclude(files, given, live.on_stage, asking.ray)
    except DataError:
        if asked is not None:
            show_asked(asked, files)
        raise
    if concluded is not None:
        show_analysis(*concluded)
    show_asked(asked, files)
    if ask_only and given:
        show_kept_options(files)
    if settled.shard:
        show_shard(settled.shard, files)
    if as_json:
        print_json(_told(asked, files, concluded))
    progress = asked.progress
    estimated = concluded is None or concluded[0].estimated
    return estimated and not (asked.failed or progress.halted or progress.stopped)


def _told(
    asked: CollectionResult, files: RunDirectory, concluded: tuple[Analyzed, Path] | None
) -> dict[str, Any]:
    """How the asking ended and what came of it, as JSON."""
    from vaar.cli.views.analysis_json import analysis_json

    progress = asked.progress
    return {
        "directory": str(files.path),
        "sessions": {
            "earlier": asked.earlier,
            "complete": progress.complete,
            "failed": progress.failed,
            "pending": asked.pending,
        },
        "failed": asked.failed,
        "stopped": progress.stopped,
        "halted": dict(progress.halted),
        "models": asked.models,
        "analysis": analysis_json(*concluded) if concluded else None,
    }
