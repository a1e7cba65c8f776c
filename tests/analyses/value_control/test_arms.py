from dataclasses import replace

import pytest

from vaar.analyses.value_control.arms import RANDOM, arms_of, kind_of, values_of, wrong_arms
from vaar.study.load import load_study


@pytest.fixture(scope="module")
def study():
    return load_study("value_control")


def test_the_bundled_study_has_every_arm_of_both_values(study):
    assert values_of(study) == ["privacy", "prosociality"]
    assert wrong_arms(study) == ""
    for value in values_of(study):
        own = [arm.arm for arm in arms_of(study) if arm.value == value]
        assert own.count(RANDOM) == 3
        assert set(own) == {
            *("none", "prompt", "shift", "shift_prompt", "gated", "lowered", "random")
        }


def test_arms_differ_in_nothing_but_prompt_and_shift(study):
    """What the model reads is the same with and without a shift."""
    none = study.condition["none"]
    for arm in arms_of(study):
        condition = study.condition[arm.condition]
        prompted = condition.framing != none.framing
        assert prompted == (arm.arm in ("prompt", "shift_prompt"))
        assert (condition.history, condition.presentation, condition.response) == (
            *("fresh", "item", "choice"),
        )


def test_kinds_of_questions():
    assert kind_of("privacy_dilemmas", "privacy") == "dilemmas"
    assert kind_of("privacy_dilemmas", "prosociality") == ""
    assert kind_of("prosociality_stated", "prosociality") == "stated"
    assert kind_of("neutral", "privacy") == "neutral"


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("privacy_shift", {"shift": None}, "does not shift activations"),
        ("privacy_shift", {"value": "prosociality"}, "shifts prosociality"),
        ("privacy_gated", {"gate": False}, "is not what its name says"),
        ("privacy_random_1", {"random": 0}, "is not what its name says"),
        ("privacy_lowered", {"direction": "raise"}, "is not what its name says"),
    ],
)
def test_a_condition_that_does_not_do_what_its_name_says(study, name, change, said):
    def changed(condition):
        if condition.name != name:
            return condition
        shift = None if "shift" in change else replace(condition.shift, **change)
        return replace(condition, shift=shift)

    wrong = replace(study, conditions=tuple(map(changed, study.conditions)))
    assert said in wrong_arms(wrong)


def test_other_studies_have_none():
    assert "no dilemmas" in wrong_arms(load_study("privacy_prosocial"))


def test_there_are_forty_dilemmas_a_value_and_thirty_neutral_questions(study):
    """Each with two options of like length, none of them asked twice."""
    for code, n in (("privacy_dilemmas", 40), ("prosociality_dilemmas", 40), ("neutral", 30)):
        items = study.instrument[code].items
        assert len({item.text for item in items}) == n, code
        assert all(len(item.scale.labels) == 2 for item in items), code
    for code in ("privacy_dilemmas", "prosociality_dilemmas"):
        lengths = [
            [len(s.split()) for s in item.scale.labels] for item in study.instrument[code].items
        ]
        against, by_value = (sum(side) / len(lengths) for side in zip(*lengths, strict=True))
        assert abs(against - by_value) < 1.5, code
