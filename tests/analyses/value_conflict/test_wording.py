import pytest

from vaar.analyses.value_conflict.wording import PULLED, verdict

NAN = float("nan")


def gap(value, ends, beyond=(NAN, NAN, NAN), pull=0.0):
    record = {"gap": value, "gap_lower": ends[0], "gap_upper": ends[1]}
    record |= dict(zip(("gap_beyond", "gap_beyond_lower", "gap_beyond_upper"), beyond, strict=True))
    return record | {f"order_effect{end}": pull for end in ("", "_lower", "_upper")}


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (gap(0, (NAN, NAN)), "no gap at all"),
        (gap(0.1, (0, 0.2)), "a gap of .10 [.00, .20], which is not to be told from none"),
        (gap(0.1, (0.01, 0.2)), "a gap of .10 [.01, .20]"),
        (
            gap(0.3, (0.2, 0.4), (0.1, -0.1, 0.3)),
            "a gap of .30 [.20, .40], and no more than without a consequence "
            "(difference .10 [−.10, .30])",
        ),
        (
            gap(0.3, (0.2, 0.4), (0.2, 0.1, 0.3)),
            "a gap of .30 [.20, .40], .20 [.10, .30] above that without a consequence",
        ),
    ],
)
def test_a_gap_is_told_as_its_intervals_allow(record, said):
    assert verdict(record) == said


def test_who_takes_what_is_listed_first_does_not_comply():
    assert PULLED == 0.5
    assert verdict(gap(0.3, (0.2, 0.4), pull=0.5)).startswith("a gap of")
    assert verdict(gap(0.3, (0.2, 0.4), pull=0.51)).startswith("no sign of compliance")
