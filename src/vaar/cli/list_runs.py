"""`vaar list`: the runs of a directory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
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
    for run in found:
        told = (run.problem,) if run.problem else _lines(run)
        out.print(Text("\n  ".join(map(printable, told))), soft_wrap=True)


def _lines(run: ListedRun) -> tuple[str, str, str]:
    stands = f"analysed: {', '.join(run.analyses)}" if run.analyses else "not analysed yet"
    facts = (run.study, _sessions(run), "running now" if run.running else stands)
    return str(run.directory), " · ".join(facts), _models(run.respondents)


def _sessions(run: ListedRun) -> str:
    planned = run.complete + run.failed + run.pending
    done = f"{run.complete:,}" + (f" of {planned:,}" if run.complete < planned else "")
    return f"{done} sessions" + (f", {run.failed:,} failed" if run.failed else "")


def _models(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
