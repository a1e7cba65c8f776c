from __future__ import annotations

import io
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from support.tables import HOSTILE, mixed_table, table_of, texts
from vaar.tables import terminal
from vaar.tables.table import Table
from vaar.tables.text import on_one_line


def printed(table: Table, width: int = 300) -> str:
    file = io.StringIO()
    Console(file=file, width=width, color_system=None).print(terminal.render(table))
    return file.getvalue()


@given(st.lists(texts, min_size=1, max_size=3))
def test_no_text_holds_a_command_for_the_terminal(said: list[str]) -> None:
    shown = printed(table_of(*said))
    assert not [c for c in shown if unicodedata.category(c).startswith("C") and c != "\n"]


def test_every_text_is_there_and_none_is_markup() -> None:
    said = [*HOSTILE, "[bold red]x[/]", "[/]", ":smile:"]
    shown = printed(table_of(*said))
    for text in said:
        assert on_one_line(text).strip() in shown


def test_figures_stand_at_the_right_and_gaps_are_dashes() -> None:
    lines = printed(mixed_table()).splitlines()
    assert lines[0].strip() == "Means"
    assert "noisy (simulated)" in lines[-3] or "noisy (simulated)" in lines[-2]
    (first,) = (line for line in lines if "noisy" in line)
    (second,) = (line for line in lines if "m-1" in line)
    assert first.index("−0.50") + len("−0.50") == second.index("—") + 1
