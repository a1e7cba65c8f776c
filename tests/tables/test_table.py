from __future__ import annotations

from typing import Any

from vaar.tables.numbers import decimal
from vaar.tables.table import Cell, figures, number, tabulate, text


def test_records_are_laid_out_in_columns() -> None:
    columns = [
        text("Path", "path"),
        number("b", "b", decimal),
        figures("b (se)", lambda r: f"{decimal(r['b'])} ({r['se']})"),
    ]
    records: list[dict[str, Any]] = [
        {"path": "y ~ x", "b": -0.123, "se": 1},
        {"path": None, "b": None, "se": 2},
    ]
    table = tabulate("Paths", columns, records, marked=lambda r: r["se"] == 2)
    assert [c.kind for c in table.headings] == ["text", "number", "number"]
    assert [cell.text for cell in table.rows[0].cells] == ["y ~ x", "−0.12", "−0.12 (1)"]
    assert [cell.text for cell in table.rows[1].cells] == ["—", "—", "— (2)"]
    assert [row.marked for row in table.rows] == [False, True]
    assert len(table) == 2


def test_a_figure_keeps_the_number_behind_it() -> None:
    (row, gap, told) = tabulate(
        "T", [number("b", "b", str)], [{"b": -0.123456}, {"b": float("nan")}, {"b": "scaled"}]
    ).rows
    assert row.cells[0].value == -0.123456
    assert gap.cells[0].value is None and told.cells[0].value is None


def test_a_tag_is_said_once() -> None:
    assert Cell("m", tag="simulated").tagged == "m (simulated)"
    assert Cell("simulated/m", tag="simulated").tagged == "simulated/m"
    assert Cell("m").tagged == "m"
