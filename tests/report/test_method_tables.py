from __future__ import annotations

import dataclasses

from vaar.report import method_tables
from vaar.report.inputs import ReportInputs
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
    assert rows(method_tables.option_table("Options", options)) == [
        ["limits.reasks", "2"],
        ["limits.deep.x", "null"],
        ["levels", '["metric"]'],
        ["note", "é"],
        ["n", "{}"],
    ]


def test_instruments_say_whose_wording_they_use(inputs: ReportInputs) -> None:
    first, *others = inputs.study.instruments
    published = dataclasses.replace(first, wording="published")
    study = dataclasses.replace(inputs.study, instruments=(published, *others))
    wordings = [row[5] for row in rows(method_tables.instrument_table(study))]
    assert wordings == ["published text", "parallel form", "parallel form"]
    assert rows(method_tables.instrument_table(study))[0][3] == "8, of them reversed: 1"


def test_hypotheses_carry_their_evidence(inputs: ReportInputs) -> None:
    supported, bare = rows(method_tables.hypothesis_table(inputs.study))
    finding, source = "r = .27 <wave 1>", "Wnuk et al. 2021"
    assert supported == ["aods ~ psa", "+ positive", "1.00", finding, source]
    assert bare[3:] == ["none given", "—"]


def test_versions_name_every_package(inputs: ReportInputs) -> None:
    named = dict(rows(method_tables.version_table(inputs.run)))
    assert named["numpy"] == "2.4.6"
    assert named["seed"] == "1"


def test_an_imported_run_says_where_its_replies_come_from(inputs: ReportInputs) -> None:
    log = {"file": "a.eval", "model": "p/m", "inspect_ai": "0.3.2", "sampling": {"top_p": 0.9}}
    run = inputs.run | {"imported": [log | {"sha256": "ab12"}]}
    said = dict(rows(method_tables.version_table(run)))["imported from"]
    assert said == "a.eval: p/m, Inspect AI 0.3.2, top_p 0.9; SHA-256 ab12"


def test_conditions_in_words(inputs: ReportInputs) -> None:
    (row,) = rows(method_tables.condition_table(inputs.study))
    assert row[1:4] == ["carried", "one item a turn", "privacy → psa → aods"]
