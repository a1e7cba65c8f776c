from collections import Counter

import pytest

from vaar.cli.views.notices import (
    changed_models,
    changed_servers,
    failures,
    faults_words,
    money,
    untold,
)


def test_faults_are_summed_over_respondents_the_most_frequent_first():
    one, other = Counter(rate_limited=9, server_error=3), Counter(rate_limited=3, odd_kind=1)
    said = faults_words([one, other])
    assert said == "12 rate-limited, 3 server errors, 1 odd kind"
    assert faults_words([Counter(time_out=0), Counter()]) == ""


def test_only_a_respondent_of_several_models_is_told():
    models = {"steady": {"m-1": 9000}, "changing": {"m-1": 9000, "m-2": 12}}
    (line,) = changed_models(models)
    assert "changing answered as more than one model: m-1 (9,000 replies), m-2 (12 replies)" in line


def test_few_reasons_are_told_and_the_rest_counted():
    told = list(failures({f"reason {k}": k for k in range(1, 9)}))
    assert told[0] == "8 sessions failed: reason 8"
    assert told[-1] == "6 sessions failed for other reasons: see the report"
    assert len(told) == 6


@pytest.mark.parametrize(
    ("amount", "shown"), [(0, "0.00 USD"), (1234.5, "1,234.50 USD"), (0.0123, "0.0123 USD")]
)
def test_money(amount, shown):
    assert money(amount, "USD") == shown


def test_only_who_did_not_tell_all_probabilities_is_named():
    (line,) = untold({"all": (40, 40), "some": (1, 7_200)})
    assert line == "some told the probabilities of its answers in 1 of 7,200 replies"


def test_what_changed_at_the_server_is_told():
    changes = {"configuration": {"m": {"fp_1": 9_000, "fp_2": 3}}}
    (line,) = changed_servers(changes)
    assert line.startswith(
        "the configuration that served m changed: fp_1 (9,000 replies), fp_2 (3 replies)."
    )
