import pandas as pd

from vaar.analyses.specifications.summary import agreement


def rows(**verdicts):
    lines = {"main": "main", "ml": "estimator=ML", "wlsmv": "estimator=WLSMV", "k": "kappa=0.2"}
    return pd.DataFrame(
        [{"specification": lines[name], "verdict": told} for name, told in verdicts.items()]
    )


def test_those_that_agree_are_counted_and_the_others_named():
    found = agreement(rows(main="as in people", ml="as in people", wlsmv="undecided"), [])
    assert found.text == (
        "2 of 3 specifications say ‘as in people’; ‘undecided’ under: WLSMV on items"
    )
    assert not found.unanimous


def test_what_cannot_change_a_verdict_is_not_counted():
    assert agreement(rows(main="against", k="against"), []).counted == 1


def test_failures_count_against_nobody_and_are_named():
    found = agreement(rows(main="against", ml="against"), ["estimator=WLSMV"])
    assert (found.agreeing, found.counted) == (2, 3) and found.unanimous
    assert "‘not estimable’ under: WLSMV on items" in found.text


def test_of_a_tie_the_main_verdict_leads():
    assert agreement(rows(ml="undecided", main="against"), []).leading == "against"
    assert agreement(rows(ml="not estimable"), []).text == "no specification could be estimated"
