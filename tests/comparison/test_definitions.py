from dataclasses import replace

from support.compared import figure, reading
from vaar.comparison.definitions import (
    option_differences,
    same_study,
    study_differences,
)
from vaar.study.model import Study


def test_title_name_and_number_of_sessions_change_nothing_that_is_asked(study):
    told = replace(study, name="b", title="B", description="c", sessions=9, analyses={"a": {}})
    assert same_study(study, told)


def test_what_differs_is_named_part_by_part(study: Study) -> None:
    first, second = study.instruments
    other = replace(
        study,
        instruments=(first, replace(second, instructions="Else.")),
        conditions=(replace(study.conditions[0], system="You are asked."),),
        temperature=0.5,
    )
    assert list(study_differences(study, other)) == [
        "instruments (beta)",
        "conditions (carried)",
        "temperature",
    ]
    assert not same_study(study, other)


def test_an_order_that_differs_is_told_as_one(study):
    turned = replace(study, instruments=study.instruments[::-1])
    assert list(study_differences(study, turned)) == ["instruments (their order)"]


def test_an_expected_sign_is_part_of_what_is_measured(study):
    turned = replace(study, hypotheses=(replace(study.hypotheses[0], sign=-1),))
    assert list(study_differences(study, turned)) == ["hypotheses (beta_1 ~ alpha_1)"]


def test_options_differ_but_for_those_of_precision():
    one = reading(figure("m", 1), estimator="ML", replicates=10, seed=1)
    other = reading(figure("m", 1), estimator="MLR", replicates=99, seed=2)
    assert list(option_differences(one, other)) == ["one.estimator 'ML' and 'MLR'"]
