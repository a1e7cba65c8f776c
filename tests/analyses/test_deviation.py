"""What differs from the papers is told alike in the documentation and in the report."""

from importlib import import_module
from pathlib import Path

import pytest

from vaar.analyses.deviation import Deviation, deviations_table

DOCS = Path(__file__).parents[2] / "docs" / "measures"
PAGES = {
    "value_conflict": "value-conflict.md",
    "social_value_orientation": "social-value.md",
    "national_values": "national-values.md",
    "value_control": "value-control.md",
}


@pytest.mark.parametrize(("analysis", "page"), PAGES.items())
def test_the_page_has_the_same_departures_as_the_report(analysis, page):
    own = import_module(f"vaar.analyses.{analysis}.deviations")
    text = (DOCS / page).read_text(encoding="utf-8")
    part = text.split("## What differs")[1].split("\n\n")[1]
    rows = [tuple(map(str.strip, line.strip("|").split("|"))) for line in part.splitlines()[2:]]
    assert rows == [(one.here, one.there, one.reason) for one in own.DEVIATIONS]
    assert all(all(row) for row in rows)
    assert own.PAPER.split("arXiv:")[1].split(",")[0] in text


def test_each_departure_is_a_row():
    table = deviations_table("A (2020)", [Deviation("both orders", "one", "a preference")])
    assert table.caption == "What differs from A (2020)"
    assert [cell.text for cell in table.rows[0].cells] == [
        "both orders",
        "one",
        "a preference",
    ]
