"""Live progress: sessions that ended, replies, tokens, faults, and what the analysis is doing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from vaar.cli.console import err
from vaar.cli.views.notices import faults_words

if TYPE_CHECKING:
    from vaar.sessions.runner.run import Progress as Asking

REFRESH = 0.1  # seconds; replies can come faster than a terminal can draw


class Live:
    """What is shown while a run is on its way."""

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


def detail(asking: Asking) -> str:
    """Replies, tokens, failed sessions and faults in one line."""
    parts = [f"{asking.turns:,} replies", f"{asking.input_tokens + asking.output_tokens:,} tokens"]
    if asking.failed:
        parts.append(f"{asking.failed:,} failed")
    if faults := faults_words(asking.faults.values()):
        parts.append(faults)
    return ", ".join(parts)


@contextmanager
def live_progress(sessions: int) -> Iterator[Live]:
    """Show progress on standard error until the block ends."""
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[detail]}"),
        console=err,
        transient=True,
    )
    with bars:
        yield Live(bars, sessions)
