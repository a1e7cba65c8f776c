"""What was simulated, on the terminal: in words first, then the chances."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from vaar.cli.console import notes, out
from vaar.cli.views.progress import LINE_EVERY, write_line

if TYPE_CHECKING:
    from vaar.pipeline.calibration.kept import Simulated
    from vaar.pipeline.calibration.subject import Subject

Told = Callable[[str, int, int], None]


@contextmanager
def simulating() -> Iterator[Told]:
    """Show how many data sets are done until the block ends, or that it was stopped."""
    try:
        with _progress() as on_progress:
            yield on_progress
    except KeyboardInterrupt:
        notes.print("stopped; nothing of it is kept", style="yellow")
        raise


@contextmanager
def _progress() -> Iterator[Told]:
    if not notes.is_terminal:
        yield _lines()
        return
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=notes,
        transient=True,
    )
    tasks: dict[str, Any] = {}
    with bars:

        def on_progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done)

        yield on_progress


def _lines() -> Told:
    shown = monotonic()

    def on_progress(stage: str, done: int, total: int) -> None:
        nonlocal shown
        if monotonic() - shown >= LINE_EVERY:
            shown = monotonic()
            write_line(f"{stage}: {done:,} of {total:,}")

    return on_progress


def show_simulated(found: Simulated) -> None:
    """Show what was found: sentences, then tables."""
    from vaar.calibration.wording import method, short_group_table, short_path_table
    from vaar.tables.terminal import render

    for line in _words(found):
        _say(line)
    out.print(render(short_path_table(found.paths)))
    out.print(render(short_group_table(found.groups)))
    _say(method(found.record), "dim")
    if found.place:
        _say(f"kept in {found.place}")


def show_kept(subject: Subject) -> None:
    """Show in words what was simulated for a study before it is run, and whether it still holds."""
    from vaar.errors import DataError
    from vaar.pipeline.calibration.kept import KINDS, kept
    from vaar.pipeline.calibration.section import stale_words

    for kind in KINDS:
        try:
            found = kept(subject, kind)
        except DataError as error:
            notes.print(str(error), style="yellow", markup=False, soft_wrap=True)
            continue
        if found is not None:
            if stale := stale_words(found, subject):
                notes.print(stale, style="yellow", markup=False, soft_wrap=True)
            for line in _words(found):
                notes.print(line, markup=False, soft_wrap=True)


def _words(found: Simulated) -> Iterator[str]:
    from vaar.calibration.wording import lead, needed_lines

    if found.kind == "power":
        yield from needed_lines(found.needed)
    else:
        yield lead(found.paths)


def as_plain(found: Simulated) -> dict[str, Any]:
    """What was found as JSON holds it."""
    import json

    tables = {
        name: json.loads(table.to_json(orient="records")) for name, table in found.tables.items()
    }
    return {"kind": found.kind, **found.record, **tables}


def _say(text: str, style: str | None = None) -> None:
    out.print(text, style=style, markup=False, soft_wrap=True)
