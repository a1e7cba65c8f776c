"""`vaar report`: write a stored run's page again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vaar.cli.console import out


def report(
    directory: Annotated[Path, typer.Argument(help="A run directory.")],
    name: Annotated[str, typer.Option(help="Name of the analysis.")] = "default",
) -> None:
    """Write report.html again from the files of a run. Fits nothing, asks no model."""
    from vaar.pipeline.publishing.write_report import write_report

    page = write_report(directory, name)
    out.print(f"report: {page}", soft_wrap=True)
