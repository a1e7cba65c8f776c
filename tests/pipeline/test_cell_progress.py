from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from vaar.pipeline.cell_progress import CellProgress, cell_progress
from vaar.sessions.runner.progress import Progress


class Cell:
    """What a cell showed, in place of a notebook."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def update(self, html: str) -> None:
        self.shown.append(html)


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> Cell:
    """A notebook that has just begun to run a cell."""
    cell = Cell()
    ipython: Any = ModuleType("IPython")
    ipython.get_ipython = lambda: SimpleNamespace(kernel=object())
    ipython.display = SimpleNamespace(HTML=str, display=lambda html, display_id: cell)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    return cell


def test_sessions_and_stages_are_shown_and_wiped_at_the_end(cell: Cell) -> None:
    with cell_progress(1200) as shown:
        shown.on_progress(Progress(complete=3, failed=2, turns=90, input_tokens=1000), 1000)
        shown.on_stage("fitting <the> model\u202e")
    asked, stage, nothing = cell.shown
    assert 'max="1200" value="1005"' in asked
    assert "1,005 of 1,200 sessions, 90 replies, 1,000 tokens, 2 failed" in asked
    assert "fitting &lt;the&gt; model‹U+202E› …" in stage
    assert nothing == ""


def test_a_cell_is_wiped_when_something_went_wrong(cell: Cell) -> None:
    with pytest.raises(ValueError), cell_progress() as shown:
        shown.on_stage("scoring")
        raise ValueError
    assert cell.shown[-1] == ""


def test_quick_replies_are_not_all_drawn_but_the_last_is() -> None:
    shown: list[str] = []
    progress = CellProgress(shown.append, 50)
    for complete in range(51):
        progress.on_progress(Progress(complete=complete), 0)
    assert len(shown) < 51
    assert "50 of 50 sessions" in shown[-1]


def test_a_terminal_or_script_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    with cell_progress(5) as shown:
        shown.on_progress(Progress(complete=1), 0)
    terminal: Any = ModuleType("IPython")
    terminal.get_ipython = lambda: SimpleNamespace()
    monkeypatch.setitem(sys.modules, "IPython", terminal)
    with cell_progress(5) as shown:
        shown.on_stage("scoring")
