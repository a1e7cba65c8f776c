"""`vaar status`: where a run stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from vaar.cli.console import out
from vaar.cli.views.notices import (
    changed_models,
    changed_servers,
    failures,
    faults_words,
    money,
)
from vaar.tables.text import printable

if TYPE_CHECKING:
    from vaar.journal.status import GroupStatus
    from vaar.pipeline.reading.status import RunStatus

BAR_WIDTH = 10
LEGEND = "█ done  ▒ failed  · pending"
COUNTS = ("done", "failed", "pending", "replies", "tokens")


def status(directory: Annotated[Path, typer.Argument(help="A run directory.")]) -> None:
    """Say where a run stands, also while it goes on. Writes nothing, and holds up no run."""
    from vaar.pipeline.reading.status import status as read

    show_status(read(directory))


def show_status(found: RunStatus) -> None:
    """Show a bar for each group, the numbers behind it, what went wrong, and what to do next."""
    out.print(_table(found))
    for line in _lines(found):
        out.print(Text(printable(line)), soft_wrap=True)


def _table(found: RunStatus) -> Table:
    title = Text(f"{printable(found.study)}    {LEGEND}")
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("group", overflow="fold", min_width=14)
    table.add_column("", no_wrap=True)
    for name in COUNTS:
        table.add_column(name, justify="right", no_wrap=True)
    priced = any(price is not None and price.output for price in found.prices.values()) or any(
        group.cost is not None for group in found.journal.groups
    )
    if priced:
        table.add_column("money", justify="right", no_wrap=True)
    for group in found.journal.groups:
        cells = [Text(cell) for cell in _cells(found, group)]
        table.add_row(*(cells if priced else cells[:-1]))
    return table


def _cells(found: RunStatus, group: GroupStatus) -> Iterator[str]:
    yield printable(group.group)
    yield _bar(group)
    tokens = group.input_tokens + group.output_tokens
    for count in (group.complete, group.failed, group.pending, group.replies):
        yield f"{count:,}"
    yield _short(tokens)
    cost = found.cost(group)
    yield "unknown" if cost is None else money(*cost)


def _short(tokens: int) -> str:
    if tokens < 100_000:
        return f"{tokens:,}"
    return f"{tokens / 1e6:,.1f} M" if tokens >= 10_000_000 else f"{tokens / 1e3:,.0f} k"


def _bar(group: GroupStatus) -> str:
    """Complete and failed sessions as parts of a line; none that is there vanishes from it."""
    total = group.complete + group.failed + group.pending
    done, failed = (
        max(1, round(BAR_WIDTH * part / total)) if part else 0
        for part in (group.complete, group.failed)
    )
    done = min(done, BAR_WIDTH - failed - bool(group.pending))
    return "█" * done + "▒" * failed + "·" * (BAR_WIDTH - done - failed)


def _lines(found: RunStatus) -> Iterator[str]:
    yield from _lost(found)
    yield from _calls(found)
    yield from failures(found.journal.failures)
    for respondent, ids in found.journal.models.items():
        if len(ids) == 1 and respondent not in ids:
            yield f"{respondent} answered as {next(iter(ids))}"
    yield from changed_models(found.journal.models)
    yield from changed_servers(found.journal.changes)
    if faults := faults_words(found.faults.values()):
        yield f"calls that did not succeed, repeated ones included: {faults}"
    yield from _next(found)


def _lost(found: RunStatus) -> Iterator[str]:
    """What had been written and is not there; while a run goes on, it may be on its way."""
    lost = {"replies that were committed": found.journal.lost_replies}
    lost["sessions in run.json"] = found.lost_sessions
    told = [f"{count:,} {what}" for what, count in lost.items() if count]
    if told and found.holder is None:
        yield (
            f"The journal is not whole: {' and '.join(told)} are not in it. Restore it from a "
            f"copy, or: vaar salvage {found.directory}"
        )


def _calls(found: RunStatus) -> Iterator[str]:
    """Which commands asked for what is there, where there were several."""
    if len(found.calls) < 2:
        return
    from vaar.pipeline.continuing import as_told

    yield f"{len(found.calls)} commands asked for this, the first at the top:"
    for call in found.calls:
        names = ", ".join(call.respondents)
        asked = f"{call.sessions:,} sessions each of {names}"
        what = {"merge": "brought together", "import": f"imported {names}"}.get(call.by, asked)
        yield f"  {call.at}  {what}: {as_told(call)}"


def _next(found: RunStatus) -> Iterator[str]:
    groups = found.journal.groups
    pending = sum(group.pending for group in groups) + found.to_come
    if found.holder is not None:
        number = f" (process {found.holder})" if found.holder else ""
        yield f"It is running now{number}."
        return
    if pending or found.to_come or not groups:
        yield f"Not running; {pending:,} sessions pending. To go on: {found.command}"
    if any(group.failed for group in groups):
        yield f"To ask failed sessions again: {found.retry}"
    if groups and not pending:
        shown = f"report: {found.directory / 'report.html'}"
        if found.outdated:
            shown += f", older than the analysis. To write it anew: vaar report {found.directory}"
        yield shown if found.reported else f"Asked in full. Next: vaar analyze {found.directory}"
