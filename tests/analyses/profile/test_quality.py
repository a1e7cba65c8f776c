from __future__ import annotations

import numpy as np

from support.made_up_run import MadeUp
from vaar.analyses.profile import quality
from vaar.tables.table import Table


def column(table: Table, heading: str) -> list[str]:
    at = [c.heading for c in table.headings].index(heading)
    return [row.cells[at].text for row in table.rows]


def test_reliability_keeps_its_sign_and_its_gaps(made: MadeUp) -> None:
    profile = made.profile.assign(alpha=-0.21, alpha_lower=-0.4, alpha_upper=0.02)
    table = quality.reliability_table(profile, made.groups)
    assert set(column(table, "α [95 % interval]")) == {"−.21 [−.40, .02]"}
    assert column(table, "ω [95 % interval]")[5] == "—"


def test_missing_rates_are_shaded_by_their_size(made: MadeUp) -> None:
    rates = {"refusal_rate": 0.0, "first_refusal_rate": 0.125, "missing_rate": 0.25}
    profile = made.profile.assign(**rates)
    table = quality.missing_table(profile, made.study, made.groups)
    assert column(table, "psa: refused") == ["0.0\u202f%"] * 6
    assert column(table, "psa: refused at first") == ["12.5\u202f%"] * 6
    assert column(table, "psa: missing") == ["25.0\u202f%"] * 6
    assert [cell.share for cell in table.rows[0].cells[1:4]] == [0.0, 0.125, 0.25]


def test_a_group_that_lacks_a_scale_has_a_gap_there(made: MadeUp) -> None:
    lacks = (made.profile["group"] == "noisy") & (made.profile["scale"] == "psa")
    table = quality.missing_table(made.profile[~lacks], made.study, made.groups)
    at = column(table, "Group").index("noisy")
    assert column(table, "psa: missing")[at] == "—"


def test_reliability_that_is_missing_says_why(made: MadeUp) -> None:
    profile = made.profile.assign(alpha=np.nan, alpha_flaw="no item varies")
    table = quality.reliability_table(profile, made.groups)
    assert set(column(table, "α [95 % interval]")) == {"no item varies"}
