from __future__ import annotations

from support.made_up_run import MadeUp
from vaar.report.run.reproduce import reproduce, version_table
from vaar.report.section import Code
from vaar.tables.spec import ColumnSpec, TableSpec
from vaar.tables.table import Table


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_versions_name_every_package(made: MadeUp) -> None:
    named = dict(rows(version_table(made.run)))
    assert named["numpy"] == "2.4.6"
    assert named["seed"] == "1"


def test_an_imported_run_says_where_its_replies_come_from(made: MadeUp) -> None:
    log = {"file": "a.eval", "model": "p/m", "inspect_ai": "0.3.2", "sampling": {"top_p": 0.9}}
    run = made.run | {"imported": [log | {"sha256": "ab12"}]}
    said = dict(rows(version_table(run)))["imported from"]
    assert said == "a.eval: p/m, Inspect AI 0.3.2, top_p 0.9; SHA-256 ab12"


def test_the_command_and_every_file_are_there(made: MadeUp) -> None:
    spec = TableSpec("own", "a group", (ColumnSpec("group", "text", "", "name"),))
    section = reproduce(made.run, [spec], ["vaar run --seed 1", "vaar run --model simulated/noisy"])
    assert Code("vaar run --seed 1\nvaar run --model simulated/noisy") in section.blocks
    (files,) = (table for table in section.tables if table.caption == "Files")
    assert ["own.csv", "one row is a group"] in rows(files)
    (asked,) = (t for t in section.tables if t.caption == "What was asked for")
    assert rows(asked)[1:] == [["limits.reasks", "2"], ["base_url", "null"]]
