"""`vaar export`: every table and figure of a run as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vaar.cli.console import out


def export(
    directory: Annotated[Path, typer.Argument(help="A run directory.")],
    to: Annotated[Path, typer.Option(help="A new or empty folder.")],
    name: Annotated[str, typer.Option(help="Name of the analysis.")] = "default",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an earlier export in that folder.")
    ] = False,
) -> None:
    """Write all tables of a run as CSV, LaTeX (booktabs) and Markdown, and its figures as SVG."""
    from vaar.pipeline.publishing.export import export as export_run

    written = export_run(directory, to, name, overwrite=overwrite)
    out.print(f"{len(written)} files: {written[0]}", soft_wrap=True, markup=False)
