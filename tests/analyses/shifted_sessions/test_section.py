import math

import pytest

from vaar.analyses.shifted_sessions.section import what_changed
from vaar.study.load import load_study


@pytest.fixture(scope="module")
def study():
    return load_study("privacy_prosocial")


@pytest.mark.parametrize(
    ("outcome", "ends", "said"),
    [
        ("released", (0.1, 0.3), "releases more of its record"),
        ("released", (-0.3, -0.1), "releases less of its record"),
        ("released", (-0.3, 0.1), "releases neither surely more nor surely less of its record"),
        ("aods_balanced", (-0.3, -0.1), "scores lower on "),
        ("aods_balanced", (0.1, 0.3), "scores higher on "),
        ("aods_balanced", (math.nan, math.nan), "scores neither surely higher nor surely lower"),
    ],
)
def test_a_change_in_words(study, outcome, ends, said):
    record = {"outcome": outcome, "change_lower": ends[0], "change_upper": ends[1]}
    assert what_changed(record, study).startswith(said)
    if outcome != "released":
        assert study.instrument[outcome].title in what_changed(record, study)
