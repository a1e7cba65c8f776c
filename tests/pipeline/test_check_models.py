import pytest
import yaml

from support.odd_servers import behaving, completion, error, fine, refusing
from support.providers import KEY, hosted
from support.services import serving
from vaar.pipeline.check_models import check_models, offered

SEED = error(422, "seed is not permitted")[1]


@pytest.fixture
def check(tmp_path):
    """Check one model of a server that behaves in some way: (what was found, calls)."""

    def go(behaviour, keys=None, name="openai/m"):
        with behaving(behaviour) as (base_url, sent):
            path = tmp_path / "models.yaml"
            entry = {"name": name, "base_url": base_url, **(keys or {})}
            path.write_text(yaml.safe_dump({"models": [entry]}))
            (found,) = check_models([path])
        return found, len(sent)

    return go


def test_one_call_shows_what_a_model_takes(check):
    found, calls = check(fine)
    assert (found.usable, calls) == (True, 1)
    assert found.said == "'4' (stop)"
    assert found.sent["seed"] and found.sent["temperature"] == 1.0
    assert any("tells no probabilities" in finding for finding in found.findings)


def test_what_is_refused_and_what_is_not_heeded(check):
    found, calls = check(refusing("seed", 422, SEED))
    assert found.usable and calls == 2
    assert any(finding.startswith("seed: left out") for finding in found.findings)
    found, _ = check(fine, {"provider": "deepseek"})
    assert any("temperature is sent, but" in finding for finding in found.findings)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (completion("", "length"), "cut at the ceiling"),
        (completion(None, message={"reasoning_content": "So"}), "spent on thoughts"),
        (completion(""), "the reply is empty"),
        (completion("", "content_filter"), "a filter withheld"),
        (completion("4", usage={}), "tells no count of tokens"),
    ],
)
def test_what_a_reply_shows(check, answer, said):
    found, _ = check(lambda call, body: answer)
    assert any(said in finding for finding in found.findings)
    assert found.usable is (said == "tells no count of tokens")


def test_advice_on_thoughts(check):
    answer = completion("", "length", message={"reasoning_content": "So"})
    found, _ = check(lambda call, body: answer, {"provider": "vllm"})
    assert any("reasoning_effort: none" in finding for finding in found.findings)


def test_a_model_that_cannot_be_asked(check):
    found, _ = check(lambda call, body: error(401, "bad key"))
    assert not found.usable and "OPENAI_API_KEY" in found.said
    assert not found.said.startswith("openai/m")


def test_simulated_respondents_are_usable():
    (found,) = check_models(["simulated/noisy"])
    assert found.usable and found.findings == () and found.sent == {}


def test_what_servers_offer(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    listed = {"data": {"endpoints": [{"tag": "a/fp8"}, {"provider_name": "B"}, 3]}}
    ours = hosted.openrouter()

    def gateway(path, headers, body):
        return (200, listed) if path.endswith("/endpoints") else ours(path, headers, body)

    with serving(gateway) as (base_url, wrong):
        path = tmp_path / "models.yaml"
        entry = {"name": "openrouter/org/m", "base_url": base_url}
        path.write_text(yaml.safe_dump({"models": [entry]}))
        found = offered([path, "simulated/noisy"])
    assert wrong == []
    assert found == {"openrouter/org/m": (["plain", "thinker"], ["a/fp8", "B"])}
