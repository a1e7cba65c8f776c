"""`vaar import`: logs of Inspect AI become a run directory."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vaar.cli.console import notes, out
from vaar.tables.text import printable


def import_logs(
    logs: Annotated[
        list[Path],
        typer.Argument(help="Logs of `inspect eval vaar/privacy_prosocial`, .eval or .json."),
    ],
    out_dir: Annotated[Path, typer.Option("--out", help="A new or empty run directory.")],
    name: Annotated[
        list[str] | None,
        typer.Option(
            help="The respondent's name, once for each log. [default: inspect/PROVIDER/MODEL]"
        ),
    ] = None,
) -> None:
    """Make a run directory of logs of Inspect AI. Asks no model, and analyses nothing."""
    from vaar.pipeline.import_logs import import_logs as import_all

    imported = import_all(logs, out_dir, name or ())
    counts = imported.sessions
    said = (
        f"{imported.directory}: {counts.total():,} sessions of "
        f"{', '.join(imported.respondents)}: {counts['complete']:,} complete, "
        f"{counts['failed']:,} failed, {counts['pending']:,} pending"
    )
    out.print(printable(said), markup=False, soft_wrap=True)
    if imported.simulated:
        names = printable(", ".join(imported.simulated))
        notes.print(
            f"Simulated: {names}. Such numbers say nothing about any model.",
            style="bold",
            markup=False,
            soft_wrap=True,
        )
    if counts["pending"]:
        notes.print(
            "Pending sessions are in no log, or their sample did not end: "
            f"`vaar status {imported.directory}` says how to have them.",
            markup=False,
            soft_wrap=True,
        )
    notes.print(f"To analyse: vaar analyze {imported.directory}", markup=False, soft_wrap=True)
