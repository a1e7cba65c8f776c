from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vaar.report.examples import examples
from vaar.report.groups import collect
from vaar.report.inputs import ReportInputs


def said(inputs: ReportInputs, group: str) -> list[tuple[str, ...]]:
    found = {e.group.name: e.table for e in examples(inputs.responses, collect(inputs))}
    return [tuple(cell.text for cell in row.cells) for row in found[group].rows]


def test_first_coded_of_each_instrument_and_each_kind_of_missing(inputs: ReportInputs) -> None:
    assert said(inputs, "noisy") == [
        ("privacy_00", "4", "4"),
        ("psa_00", "I would say 3 - sometimes.", "4"),
        ("aods_00", "4", "4"),
        ("aods_01", "I cannot say. 4", "missing: refused"),
        ("aods_02", "(no text)", "missing: provider error"),
    ]


def test_long_replies_are_cut(new_inputs: Callable[..., ReportInputs]) -> None:
    run = new_inputs(["a"], [], [], said=["x" * 4000])
    reply = said(run, "a")[0][1]
    assert reply.startswith("x" * 300 + " …") and len(reply) < 340


def test_a_kind_of_missing_is_shown_once(inputs: ReportInputs) -> None:
    everything_refused = inputs.responses.assign(reason="refused", value=np.nan)
    for example in examples(everything_refused, collect(inputs)):
        assert len(example.table.rows) == 1
