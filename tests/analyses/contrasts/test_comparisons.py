import pytest

from vaar.analyses.contrasts.comparisons import Kind, comparisons, contexts_of_models
from vaar.analyses.groups import AskedGroup, groups_table


@pytest.fixture(scope="module")
def groups():
    """Two real models in two conditions, a simulated respondent in one, and people."""
    asked = [
        AskedGroup("a [x]", "a", "x", False),
        AskedGroup("a [y]", "a", "y", False),
        AskedGroup("b [x]", "b", "x", False),
        AskedGroup("b [y]", "b", "y", False),
        AskedGroup("s [x]", "s", "x", True),
    ]
    return groups_table(asked, {}, ["human"])


def of(kind, groups):
    return [(c.one, c.other) for c in comparisons(groups) if c.kind == kind]


def test_every_model_is_held_against_people(groups):
    names = ["a [x]", "a [y]", "b [x]", "b [y]", "s [x]"]
    assert of(Kind.PEOPLE, groups) == [(name, "human") for name in names]


def test_models_under_one_condition_only_and_simulated_ones_apart(groups):
    assert of(Kind.MODELS, groups) == [("a [x]", "b [x]"), ("a [y]", "b [y]")]


def test_conditions_of_one_model(groups):
    assert of(Kind.CONDITIONS, groups) == [("a [x]", "a [y]"), ("b [x]", "b [y]")]


def test_neither_people_nor_simulated_respondents_are_pooled(groups):
    found = {(condition, names) for condition, _, names in contexts_of_models(groups)}
    assert found == {("x", ("a [x]", "b [x]")), ("y", ("a [y]", "b [y]"))}
