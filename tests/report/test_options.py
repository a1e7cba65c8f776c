from __future__ import annotations

from vaar.report.options import option_table
from vaar.tables.table import Table


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_nested_options_get_dotted_names() -> None:
    options = {
        "limits": {"reasks": 2, "deep": {"x": None}},
        "levels": ["metric"],
        "note": "é",
        "n": {},
    }
    assert rows(option_table("Options", options)) == [
        ["limits.reasks", "2"],
        ["limits.deep.x", "null"],
        ["levels", '["metric"]'],
        ["note", "é"],
        ["n", "{}"],
    ]
