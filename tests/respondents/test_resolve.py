import pytest

from vaar.errors import MissingKeyError, RespondentError, UnknownModelError
from vaar.respondents.http.respondent import HttpRespondent
from vaar.respondents.llama_cpp.respondent import LlamaRespondent
from vaar.respondents.local.respondent import LocalRespondent
from vaar.respondents.price import Price
from vaar.respondents.resolve import resolve
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.respondents.simulated.respondent import SimulatedRespondent
from vaar.sessions.runner.budget import price_of

NEAR = "http://127.0.0.1:8000/v1"
ALL = [f"simulated/{name}" for name in POPULATIONS]


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


def names(respondents):
    return [respondent.name for respondent in respondents]


@pytest.mark.parametrize("model", ["simulated", "simulated/all"])
def test_all_populations(small, model):
    respondents = resolve([model], small)
    assert names(respondents) == ALL
    assert all(isinstance(respondent, SimulatedRespondent) for respondent in respondents)


def test_names_in_order(small):
    models = ["openai/org/m-1", "simulated/noisy", "openai/human-like"]
    respondents = resolve(models, small, base_url=NEAR)
    assert names(respondents) == models
    assert [respondent.simulated for respondent in respondents] == [False, True, False]


def test_the_base_url_comes_from_the_call_then_the_environment(small, monkeypatch):
    with pytest.raises(MissingKeyError, match=r"https://api\.openai\.com/v1 wants a key"):
        resolve(["openai/m"], small)[0].prepare()
    monkeypatch.setenv("OPENAI_BASE_URL", NEAR)
    near = resolve(["openai/m"], small)[0]
    near.prepare()
    assert isinstance(near, HttpRespondent)
    with pytest.raises(MissingKeyError, match=r"https://other\.example/v1"):
        resolve(["openai/m"], small, base_url="https://other.example/v1")[0].prepare()


def test_a_models_file(small, tmp_path):
    path = tmp_path / "models.yaml"
    path.write_text(
        f"models:\n  - name: mine\n    base_url: {NEAR}\n    concurrency: 3\n"
        "    price: {input: 1, output: 2}\n"
        "  - name: simulated/constant\n",
        encoding="utf-8",
    )
    for given in (path, str(path)):
        mine, constant = resolve([given], small)
        assert (mine.name, mine.capacity) == ("mine", 3)
        assert price_of(mine) == Price(1.0, 2.0, 1.0)
        assert isinstance(constant, SimulatedRespondent)


@pytest.mark.parametrize(
    ("model", "hint"),
    [
        ("simulated/humanlike", "Did you mean simulated/human-like"),
        ("human-like", "simulated/human-like"),
        ("noisey", "simulated/noisy"),
        ("gpt-nano", "Did you mean openai/gpt-nano"),
        ("antropic/claude-x", "Did you mean anthropic/claude-x"),
        ("google/", "Did you mean google/NAME"),
        ("openai/", "for any model behind an OpenAI-compatible endpoint"),
        ("openai/a\nb", "openai/NAME"),
        ("", "Allowed are simulated/all"),
    ],
)
def test_unknown_models(small, model, hint):
    with pytest.raises(UnknownModelError) as raised:
        resolve([model], small, base_url=NEAR)
    assert hint in str(raised.value)
    assert repr(model) in str(raised.value)
    assert str(raised.value).isprintable()


def test_no_models(small):
    with pytest.raises(UnknownModelError, match="no model is given; allowed are simulated/all"):
        resolve([], small)


@pytest.mark.parametrize("models", [["simulated", "simulated/noisy"], ["openai/m", "openai/m"]])
def test_names_given_twice(small, models):
    with pytest.raises(UnknownModelError, match=f"the model '{models[1]}' is given twice"):
        resolve(models, small, base_url=NEAR)


def test_a_wrong_base_url(small):
    with pytest.raises(RespondentError, match="begins with neither"):
        resolve(["openai/m"], small, base_url="127.0.0.1:8000")


def test_a_model_on_this_machine(small, tmp_path):
    path = tmp_path / "models.yaml"
    path.write_text("models:\n  - name: hf/other\n    batch: 3\n", encoding="utf-8")
    one, other = resolve([f"hf/{tmp_path}", path], small)
    assert isinstance(one, LocalRespondent)
    assert (one.name, one.capacity) == (f"hf/{tmp_path}", 32)
    assert other.capacity == 6


def test_a_directory_is_taken_for_a_model_on_this_machine(small, tmp_path):
    with pytest.raises(UnknownModelError, match=f"Did you mean hf/{tmp_path}"):
        resolve([str(tmp_path)], small)


def test_a_gguf_file(small, tmp_path):
    path = tmp_path / "models.yaml"
    path.write_text("models:\n  - name: gguf/other\n    batch: 7\n", encoding="utf-8")
    one, other = resolve([f"gguf/{tmp_path}/a.gguf", path], small)
    assert isinstance(one, LlamaRespondent)
    assert (one.name, one.capacity, other.capacity) == (f"gguf/{tmp_path}/a.gguf", 4, 7)
    with pytest.raises(UnknownModelError, match=f"Did you mean gguf/{tmp_path}/a.gguf"):
        resolve([f"{tmp_path}/a.gguf"], small)


def test_a_published_model_has_a_name_of_its_own(small):
    (one,) = resolve(["smollm2"], small)  # nothing is fetched before it is prepared
    assert (one.name, one.simulated) == ("smollm2", False)


@pytest.mark.parametrize("models", [["anthropic/m"], ["google/m", "simulated/human-like"]])
def test_a_base_url_that_no_model_takes_is_refused(models, small):
    with pytest.raises(RespondentError, match="no model would be asked at the base URL"):
        resolve(models, small, base_url=NEAR)


def test_a_base_url_beside_a_model_with_its_own_address(small):
    assert len(resolve(["anthropic/m", "openai/m"], small, base_url=NEAR)) == 2
