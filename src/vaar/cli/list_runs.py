"""`vaar list`: the runs of a directory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from vaar.cli import choices
from vaar.cli.console import notes, out, print_json
from vaar.tables.text import printable

if TYPE_CHECKING:
    from vaar.pipeline.reading.list_runs import ListedRun

MOST_NAMED = 3


def list_runs(
    directory: Annotated[Path, typer.Argument(help="A directory with run directories.")] = Path(
        "runs"
    ),
    as_json: choices.Json = False,
) -> None:
    """List the runs of a directory: study, models, sessions, analyses. Writes nothing."""
    from vaar.pipeline.reading.list_runs import list_runs as find

    found = list(find(directory))
    if as_json:
        print_json([asdict(run) | {"directory": str(run.directory)} for run in found])
        return
    if not found:
        notes.print(f"{directory}: holds no run.", markup=False, soft_wrap=True)
        return
    out.print(_table([run for run in found if not run.problem]))
    for run in found:
        if run.problem:
            out.print(Text(printable(run.problem)), soft_wrap=True)


def _table(found: Sequence[ListedRun]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ("run", "study", "models"):
        table.add_column(name, overflow="fold")
    for name in ("done", "failed", "pending"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("analysed", overflow="fold")
    for run in found:
        counts = (f"{count:,}" for count in (run.complete, run.failed, run.pending))
        stands = "running now" if run.running else ", ".join(run.analyses) or "not yet"
        cells = (str(run.directory), run.study, _models(run.respondents), *counts, stands)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def _models(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
