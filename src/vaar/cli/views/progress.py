"""Progress on standard error: drawn on a terminal, else a line now and then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from vaar.cli.console import notes
from vaar.cli.views.notices import faults_words
from vaar.tables.text import number_of

if TYPE_CHECKING:
    from vaar.sessions.runner.progress import Progress as Asking

REFRESH = 0.1  # seconds; replies can come faster than a terminal can draw
LINE_EVERY = 30.0  # seconds between lines where there is no terminal


class Shown(Protocol):
    """What shows how far a run is."""

    def on_progress(self, asking: Asking, earlier: int) -> None:
        """Show how many sessions have ended."""

    def on_stage(self, stage: str) -> None:
        """Show what the analysis is doing."""


class Live:
    """What is drawn on a terminal while a run is on its way."""

    def __init__(self, bars: Progress, sessions: int) -> None:
        self._bars = bars
        self._sessions = bars.add_task("sessions", total=sessions, detail="")
        self._shown = 0.0

    def on_progress(self, asking: Asking, earlier: int) -> None:
        """Show how many sessions have ended."""
        if monotonic() - self._shown > REFRESH:
            self._draw(asking, earlier)

    def _draw(self, asking: Asking, earlier: int) -> None:
        self._shown = monotonic()
        self._bars.update(
            self._sessions,
            description="waiting for calls under way" if asking.stopped else "sessions",
            completed=earlier + asking.complete + asking.failed,
            detail=escape(detail(asking)),
        )

    def on_stage(self, stage: str) -> None:
        """Show what the analysis is doing."""
        self._bars.update(self._sessions, visible=False)
        self._bars.stop_task(self._sessions)
        for task in self._bars.task_ids[1:]:
            self._bars.remove_task(task)
        self._bars.add_task(f"{stage} …", total=None, detail="")


class Lines:
    """What is written where there is no terminal: a line every half minute, and one a stage."""

    def __init__(self, sessions: int) -> None:
        self._sessions = sessions
        self._shown = monotonic()

    def on_progress(self, asking: Asking, earlier: int) -> None:
        """Write how many sessions have ended, unless that was written just now."""
        if monotonic() - self._shown >= LINE_EVERY:
            self._shown = monotonic()
            ended = earlier + asking.complete + asking.failed
            write_line(f"sessions: {ended:,} of {self._sessions:,}, {detail(asking)}")

    def on_stage(self, stage: str) -> None:
        """Write what the analysis is doing."""
        write_line(f"{stage} …")


def detail(asking: Asking) -> str:
    """Replies, tokens, failed sessions and faults in one line."""
    replies = number_of(asking.turns, "reply", "replies")
    parts = [replies, f"{asking.input_tokens + asking.output_tokens:,} tokens"]
    if asking.failed:
        parts.append(f"{asking.failed:,} failed")
    if faults := faults_words(asking.faults.values()):
        parts.append(faults)
    return ", ".join(parts)


def write_line(text: str) -> None:
    """Write one line of progress."""
    notes.print(text, markup=False, soft_wrap=True)


@contextmanager
def live_progress(sessions: int) -> Iterator[Shown]:
    """Show the progress of so many sessions until the block ends."""
    if not notes.is_terminal:
        yield Lines(sessions)
        return
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[detail]}"),
        console=notes,
        transient=True,
    )
    with bars:
        yield Live(bars, sessions)


@contextmanager
def live_stages() -> Iterator[Callable[[str], None]]:
    """Show what an analysis is doing until the block ends."""
    if not notes.is_terminal:
        yield lambda stage: write_line(f"{stage} …")
        return
    with notes.status("") as status:
        yield lambda stage: status.update(f"{escape(stage)} …")
