from dataclasses import replace

import pytest

from vaar.errors import StudyError
from vaar.respondents.simulated.traits import read_traits
from vaar.study.model import Hypothesis


def with_model(study, model, *hypotheses):
    return replace(study, structural_model=model, hypotheses=hypotheses)


def test_bundled_study(bundled):
    traits = read_traits(bundled)
    assert list(traits.indicators) == ["privacy", "prosocial", "aods"]
    assert traits.regressions == {"aods": ("privacy", "prosocial")}
    assert traits.exogenous == ["privacy", "prosocial"]
    assert [len(part) for part in traits.indicators["privacy"]] == [2, 2, 4]
    assert len(set(traits.items("aods"))) == 12


def test_subscales_items_and_outcomes_last(small):
    traits = read_traits(small)
    assert traits.indicators == {
        "calm_f": (("calm_1", "calm_2", "calm_3", "calm_4"),),
        "brave_f": (("brave_1",), ("brave_2",), ("brave_3",)),
    }


@pytest.mark.parametrize(
    "model",
    [
        "b =~ brave_1\na =~ calm_1 + calm_2\nb ~ a",
        "b ~ a  # first\nb =~ brave_1; a =~ NA*calm_1 + 1*calm_2 ! last",
        "a =~ calm_1 +\n  calm_2\nb =~ brave_1\nb ~ c(p, q)*a\na ~~ a\nb ~ 1\nx := p*q",
        "a =~ calm_1\n  + calm_2\na =~ 0*calm_2\nb =~ brave_1\nb~a",
    ],
)
def test_lavaan_syntax(small, model):
    traits = read_traits(with_model(small, model))
    assert traits.exogenous == ["a"]
    assert traits.indicators["a"][:2] == (("calm_1",), ("calm_2",))
    assert traits.indicators["b"] == (("brave_1",),)
    assert traits.regressions == {"b": ("a",)}


def test_observed_scales_are_traits_of_their_own(small):
    traits = read_traits(with_model(small, "brave ~ calm"))
    assert traits.exogenous == ["calm"]
    assert traits.items("brave") == ["brave_1", "brave_2", "brave_3"]


def test_causes_stand_before_their_outcomes(small):
    model = "c =~ spare_1\nb =~ brave_1\na =~ calm_1\nc ~ b\nb ~ a"
    assert list(read_traits(with_model(small, model)).indicators) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("a =~ calm_9", "measures 'a' by 'calm_9', which is no item"),
        ("a =~ calm_1\na ~ b", "measures 'b' by 'b'"),
        ("a =~ calm_1\nb =~ calm_2\na ~ b\nb ~ a", "form a circle"),
    ],
)
def test_models_that_cannot_be_simulated(small, model, message):
    with pytest.raises(StudyError, match=message):
        read_traits(with_model(small, model))


def test_hypothesis_without_a_path(small):
    hypothesis = Hypothesis("calm_f", "brave_f", 1)
    with pytest.raises(StudyError, match="'calm_f ~ brave_f' is about a path"):
        read_traits(with_model(small, small.structural_model, hypothesis))
