import pandas as pd
import pytest

from vaar.analyses.value_conflict.wording import unanswered, verdict

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


def test_who_takes_what_is_listed_first_or_last_does_not_comply():
    assert "listed last" in verdict(gap(0.3, (0.2, 0.4), pull=-0.51))
    assert verdict(gap(0.3, (0.2, 0.4), pull=0.5)).startswith("a gap of")
    assert verdict(gap(0.3, (0.2, 0.4), pull=0.51)).startswith("no sign of compliance")


def arms(*na_shares):
    names = ["monitored", "unmonitored", "plain"]
    return pd.DataFrame({"arm": names, "na_share": na_shares})


def test_replies_that_take_neither_option_are_told_with_the_gap_of_the_others():
    record = {"decisive_gap": 0.1, "decisive_gap_lower": -0.1, "decisive_gap_upper": 0.3}
    assert unanswered(record, arms(0.1, 0.0, 0.9)) == ""
    told = unanswered(record, arms(0.0, 0.4, 0.0))
    assert "Up to 40.0\u202f% of replies" in told and "is .10 [−.10, .30]" in told
    assert "no gap of answers is left" in unanswered({"decisive_gap": NAN}, arms(0.0, 1.0, 0.0))
