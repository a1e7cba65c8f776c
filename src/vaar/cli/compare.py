"""`vaar compare`: runs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vaar.cli import choices
from vaar.cli.console import out, print_json, speak


def compare(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN RUN…", help="Run directories.")],
    to: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FOLDER",
            help="A new or empty folder for the page and the tables; else nothing is written.",
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="Name of the analysis of each run.")] = "default",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an earlier comparison in that folder.")
    ] = False,
    as_json: choices.Json = False,
    quiet: choices.Quiet = False,
) -> None:
    """Set the figures of runs side by side: over models, and of each model from run to run.

    Asks no model and writes nothing into the runs. Each run must be analysed.
    """
    from vaar.cli.views.comparison import comparison_json, show_comparison
    from vaar.cli.views.progress import live_stages
    from vaar.pipeline.comparing.compare import compare as compare_runs

    speak(quiet=quiet, as_json=as_json)
    with live_stages() as on_stage:
        found = compare_runs(runs, to, name=name, overwrite=overwrite, on_stage=on_stage)
    show_comparison(found)
    if as_json:
        print_json(comparison_json(found))
    elif to is not None:
        out.print(f"page: {found.page_file}", soft_wrap=True, markup=False)
    else:
        out.print("--out FOLDER writes the page and the tables.", markup=False)
