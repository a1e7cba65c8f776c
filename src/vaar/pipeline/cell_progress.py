"""Progress inside a notebook cell: one line that is written over, and gone when all is done.

Uses the IPython that the notebook itself runs on, and no widgets; elsewhere nothing is shown.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from vaar.tables.text import visible

if TYPE_CHECKING:
    from vaar.sessions.runner.progress import Progress

REFRESH = 0.3
"""Seconds between two drawings while sessions are asked."""

_LINE = Markup('<div role="status" style="font-family: system-ui, sans-serif">{}{}</div>')
_BAR = Markup('<progress aria-label="sessions" max="{}" value="{}"></progress> ')


class CellProgress:
    """The line of one cell.

    Parameters
    ----------
    show : callable
        Replaces what the cell shows by this HTML.
    sessions : int
        Sessions in all; 0 where none are asked.
    """

    def __init__(self, show: Callable[[str], None], sessions: int = 0) -> None:
        self._show = show
        self._sessions = sessions
        self._shown = -REFRESH

    def on_progress(self, asking: Progress, earlier: int) -> None:
        """Show how many sessions have ended, and what came back."""
        ended = earlier + asking.complete + asking.failed
        if monotonic() - self._shown < REFRESH and ended < self._sessions:
            return
        self._shown = monotonic()
        tokens = asking.input_tokens + asking.output_tokens
        parts = [f"{ended:,} of {self._sessions:,} sessions", f"{asking.turns:,} replies"]
        parts.append(f"{tokens:,} tokens")
        if asking.failed:
            parts.append(f"{asking.failed:,} failed")
        self._show(_LINE.format(_BAR.format(self._sessions, ended), ", ".join(parts)))

    def on_stage(self, stage: str) -> None:
        """Show what the analysis is doing."""
        self._show(_LINE.format("", f"{visible(stage)} …"))


@contextmanager
def cell_progress(sessions: int = 0) -> Iterator[CellProgress]:
    """Progress in the cell that is running; one that shows nothing where there is none."""
    display = _notebook()
    if display is None:
        yield CellProgress(lambda html: None, sessions)
        return
    handle = display.display(display.HTML(""), display_id=True)
    try:
        yield CellProgress(lambda html: handle.update(display.HTML(html)), sessions)
    finally:
        handle.update(display.HTML(""))


def _notebook() -> Any:
    """The module that draws in a notebook's cell; None outside a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return ipython.display if ipython and hasattr(shell, "kernel") else None
