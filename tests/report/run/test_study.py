from __future__ import annotations

import dataclasses

from support.made_up_run import MadeUp
from vaar.report.run.study import (
    condition_table,
    instrument_table,
    item_table,
    study_method,
)
from vaar.report.section import Prose
from vaar.tables.table import Table


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_instruments_say_whose_wording_they_use(made: MadeUp) -> None:
    first, second, third = made.study.instruments
    published = dataclasses.replace(first, wording="published")
    balanced = dataclasses.replace(second, wording="balanced")
    study = dataclasses.replace(made.study, instruments=(published, balanced, third))
    wordings = [row[5] for row in rows(instrument_table(study))]
    assert wordings == ["published text", "balanced form", "parallel form"]
    assert rows(instrument_table(study))[0][3] == "8, of them reversed: 1"


def test_conditions_in_words(made: MadeUp) -> None:
    (row,) = rows(condition_table(made.study))
    assert row[1:4] == ["carried", "one item a turn", "privacy → psa → aods"]


def test_the_bounds_of_a_session_are_those_of_the_study(made: MadeUp) -> None:
    def said(reasks: int) -> str:
        limits = dataclasses.replace(made.study.limits, reasks=reasks, turns=1234)
        study = dataclasses.replace(made.study, limits=limits, temperature=0.7)
        return " ".join(b.text for b in study_method(study) if isinstance(b, Prose))

    assert "temperature 0.7" in said(2) and "at most 1\u202f234 requests" in said(2)
    assert "at most 2 times" in said(2) and "at most 5 times" in said(5)


def test_parallel_forms_are_told_apart_from_norms(made: MadeUp) -> None:
    published = [dataclasses.replace(i, wording="published") for i in made.study.instruments]
    study = dataclasses.replace(made.study, instruments=tuple(published))
    assert "parallel form" in str(study_method(made.study)[-1])
    assert not [b for b in study_method(study) if "parallel form" in str(b)]


def test_every_item_stands_there_as_it_is_worded(made: MadeUp) -> None:
    table = rows(item_table(made.study))
    assert len(table) == made.study.n_items
    assert table[3] == ["privacy", "privacy_03", "Statement 3", "reversed"]
    assert table[4] == ["privacy", "privacy_04", "Statement 4", "as it stands"]
