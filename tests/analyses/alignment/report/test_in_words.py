"""Every path in words a layman understands."""

from __future__ import annotations

import pytest
from scipy.stats import norm

from support.made_up_run import MadeUp
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.report.in_words import (
    how_sure,
    verdict_in_words,
    verdict_table,
    what_would_change,
)

OPTIONS = AlignmentOptions()


def row(verdict: str, b: float = 0.3, se: float = 0.05, df: float = float("nan")) -> dict:
    known = dict(std_estimate=b, std_se=se, df=df, reason="constant answers")
    return known | dict(verdict=verdict, confidence=0.99, p_context=0.95)


def test_one_row_a_path_and_model_by_the_words_of_the_study(made: MadeUp) -> None:
    fits = {"human-like": {"cfi": 0.973, "rmsea": 0.031}}
    table = verdict_table(made.paths, made.vaar, OPTIONS, made.ranked, made.study, fits)
    assert len(table.rows) == 12
    first = [cell.text for cell in table.rows[0].cells]
    assert first[:4] == [
        *("more privacy → less aods", "human-like", "as in people", "−.34 [−.48, −.20]"),
    ]
    assert first[5:] == [
        "a context that moves it by more than .34 (.10 is reckoned with)",
        "200 sessions; a model that fits (CFI .97, RMSEA .03)",
    ]
    assert table.rows[1].cells[6].text == "200 sessions"


@pytest.mark.parametrize(
    ("verdict", "people", "told"),
    [
        ("as in people", "", "as in people"),
        ("as in people", "as in people", "as in people"),
        ("as in people", "against", "as the study expects; the people of this run show the opp"),
        ("against", "against", "not as expected; the people of this run show the opposite"),
        ("against", "undecided", "not as expected; the people of this run show no direction"),
        ("as in people", "negligible", "in the people of this run it is negligible"),
        ("not estimable", "", "not estimable: constant answers"),
        ("undecided", "against", "undecided"),
    ],
)
def test_a_verdict_is_held_against_what_the_people_show(verdict, people, told) -> None:
    assert told in verdict_in_words(row(verdict), people)


def test_certain_and_negligible_is_said_of_both_at_once() -> None:
    assert "though its direction is certain" in verdict_in_words(row("negligible", 0.05, 0.01))
    assert verdict_in_words(row("negligible", 0.02, 0.03)) == "negligible"
    assert verdict_in_words(row("negligible", 0.05, 0.0254, df=10)) == "negligible"


def test_few_clusters_widen_the_interval_that_is_shown() -> None:
    assert how_sure(row("against"))[0] == ".30 [.20, .40]"
    assert how_sure(row("against", df=4))[0] == ".30 [.16, .44]"
    assert how_sure(row("not estimable", se=float("nan"))) == ("—", "—")


def test_what_would_change_an_undecided_path_is_the_number_of_sessions() -> None:
    b, se, n = 0.10, 0.10, 100
    wanted = n * ((norm.ppf(0.975) + norm.ppf(0.8)) * se / b) ** 2
    told = what_would_change(row("undecided", b, se), n, OPTIONS, 0.1)
    assert f"about {-(-wanted // 10) * 10:.0f} sessions, if the path is as it seems" in told
    assert "more than 10\u202f000" in what_would_change(row("undecided", 0, se), n, OPTIONS, 0.1)


def test_what_would_change_a_negligible_path_is_its_bound() -> None:
    told = what_would_change(row("negligible", 0.02, 0.03), 100, OPTIONS, 0.1)
    assert told == "a bound δ below .07 (it is .10)"
    assert "data that can carry" in what_would_change(row("not estimable"), 100, OPTIONS, 0.1)
