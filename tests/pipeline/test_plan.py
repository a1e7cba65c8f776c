import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.pipeline.plan import RunPlan, plan


@pytest.fixture
def directory(study):
    return lambda *models: str(RunPlan(study, (), (), 1, 1, None, models).directory)


def test_the_default_run_is_named_for_its_study():
    assert str(plan(sessions=2).directory) == "runs/privacy_prosocial"


@pytest.mark.parametrize(
    ("models", "name"),
    [
        (["simulated"], "tiny"),
        (["simulated/human-like"], "tiny-simulated-human-like"),
        (["openai/gpt-4o.1"], "tiny-openai-gpt-4o.1"),
        (["anthropic/a", "google/b"], "tiny-anthropic-a+google-b"),
        (["models.yaml"], "tiny-models"),
        (["hf/../../models/x y"], "tiny-hf-..-..-models-x-y"),
        (["/models.yml"], "tiny-models"),
    ],
)
def test_other_models_have_a_directory_of_their_own(directory, models, name):
    assert directory(*models) == f"runs/{name}"


def test_names_that_are_too_long_are_cut_and_stay_apart(directory):
    one, other = (directory(*[f"openai/a-long-name-{k}" for k in range(9)], last) for last in "xy")
    assert one != other
    assert max(map(len, (one, other))) == len("runs/") + 100


@given(st.lists(st.text(min_size=1), min_size=1))
def test_no_name_leaves_the_folder_of_runs(models):
    place = RunPlan(plan(sessions=1).study, (), (), 1, 1, None, tuple(models)).directory
    assert len(place.parts) == 2 and place.parts[0] == "runs"
    assert place.name.isprintable() and not place.name.startswith(".")
