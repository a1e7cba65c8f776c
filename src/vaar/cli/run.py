"""`vaar run`: the whole study, from the first question to the report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vaar.cli import choices
from vaar.cli.analyze import resolve
from vaar.cli.console import fail

SOME_FAILED = 3
STOPPED = 130


def run(
    study: Annotated[
        str, typer.Argument(help="A bundled study, a study file, or a directory with study.yaml.")
    ] = "privacy_prosocial",
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            help="`simulated` (all populations), `simulated/NAME`, `openai/NAME`, or a YAML file "
            "with a list of models. Repeat it. [default: simulated]",
        ),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="OpenAI-compatible endpoint for the `openai/` models.")
    ] = None,
    sessions: Annotated[int, typer.Option(min=1, help="Sessions per model and condition.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the sessions.")] = 1,
    out_dir: Annotated[
        Path | None, typer.Option("--out", help="Run directory. [default: runs/STUDY]")
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Sessions side by side.")] = 64,
    human: Annotated[
        Path | None, typer.Option(help="CSV of people's answers: the human reference.")
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Ask failed sessions again.")
    ] = False,
    show_plan: Annotated[
        bool, typer.Option("--plan", help="Show what would be sent, and send nothing.")
    ] = False,
    estimator: choices.Estimator = None,
    missing: choices.Missing = None,
    level: choices.Level = None,
    confidence: choices.Confidence = None,
    smallest_effect: choices.SmallestEffect = None,
    replicates: choices.Replicates = None,
) -> None:
    """Run a study: sessions → answers → scores → MGSEM → VAAR → report.

    Started again with the same --out, it goes on where it stopped. Exit codes: 0 done, 1 an error,
    2 wrong usage, 3 done but some sessions failed or a model could not be asked, 130 stopped.
    """
    from vaar.alignment.options import AnalysisOptions
    from vaar.cli.progress import live_progress
    from vaar.cli.summary import show_analysis, show_asked, show_plan_table
    from vaar.pipeline.run import carry_out, plan

    settled = plan(study, model or ["simulated"], sessions, seed, base_url)
    show_plan_table(settled)
    if show_plan:
        return
    options = resolve(
        AnalysisOptions(),
        estimator=estimator,
        missing=missing,
        level=level,
        confidence=confidence,
        smallest_effect=smallest_effect,
        replicates=replicates,
    )
    try:
        with live_progress(len(settled.sessions)) as live:
            done = carry_out(
                settled,
                out_dir,
                concurrency,
                human=human,
                retry_failed=retry_failed,
                options=options,
                on_progress=live.on_progress,
                on_stage=live.on_stage,
            )
    except KeyboardInterrupt:
        stopped = "Stopped. Every reply so far is kept: the same command goes on from here."
        raise typer.Exit(fail(stopped, STOPPED)) from None
    show_analysis(done.analysis, done.report)
    show_asked(done.asked)
    if done.asked.failed or done.asked.progress.halted:
        raise typer.Exit(SOME_FAILED)
