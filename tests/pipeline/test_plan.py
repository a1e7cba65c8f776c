import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.scripted import Scripted, tiny_study, with_condition
from vaar.errors import RespondentError
from vaar.pipeline.plan import RunPlan, plan
from vaar.sessions.plan import plan_sessions
from vaar.study.dump import dump_study


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


def forced_study(tmp_path, response):
    path = tmp_path / "study.yaml"
    tiny = with_condition(tiny_study(), response=response)
    path.write_text(dump_study(tiny).replace("description: ''", "description: Tiny."))
    return path


@pytest.mark.parametrize(
    ("model", "response"), [("deepseek/m", "schema"), ("inspect/openai/m", "choice")]
)
def test_answers_that_a_respondent_cannot_give_are_refused_before_it_is_asked(
    tmp_path, model, response
):
    models = ["simulated/noisy", model, "openai/m"]
    with pytest.raises(RespondentError) as raised:
        plan(forced_study(tmp_path, response), models, sessions=1)
    assert str(raised.value).startswith(f"{model}: `response: {response}` of the study")
    assert "\n" not in str(raised.value) and "`response: text`" in str(raised.value)


def test_how_answers_come_about_is_part_of_what_a_run_is(tmp_path):
    identities = []
    for response in ("text", "choice", "schema"):
        settled = plan(forced_study(tmp_path, response), ["vllm/m"], sessions=1)
        identities.append(settled.identity)
        record = settled.requests["vllm/m"]
        assert record.get("way") == {"choice": "probabilities", "schema": "schema"}.get(response)
    assert identities[0] != identities[1] != identities[2]


def test_sessions_are_those_given_else_the_studys_else_the_packages():
    models = ["simulated/always-first"]
    assert plan("value_conflict", models, 4).sessions_per_group == 4
    assert plan("value_conflict", models).sessions_per_group == 12
    assert plan("privacy_prosocial", models).sessions_per_group == 200


@pytest.mark.parametrize("name", ["a\ud800", "a\x1b[31m", "a\u202eb"])
def test_a_respondent_whose_name_cannot_be_shown_is_refused(name):
    study, asked = tiny_study(), (Scripted(name, lambda messages: "4"),)
    with pytest.raises(RespondentError, match="cannot be seen in it"):
        RunPlan(study, asked, tuple(plan_sessions(study, [name], 1, seed=1)), 1, 1, None)
