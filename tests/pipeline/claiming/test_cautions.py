import pytest

from vaar.pipeline.claiming.cautions import cautions, shared_seeds


def run(rule, *names, simulated=()):
    identity = {"respondents": list(names), "sessions": 2, "seed": 1}
    identity |= {"seed_rule": rule} if rule else {}
    respondents = [{"name": name, "simulated": name in simulated} for name in names]
    return {"identity": identity, "respondents": respondents}


def test_a_run_of_one_seed_a_session_is_cautioned_about():
    names = ("openai/m", "simulated/noisy", "hf/models/m", "openai/simulation")
    told = run(None, *names, simulated=("simulated/noisy", "openai/simulation"))
    assert shared_seeds(told) == ["openai/m"]
    (sentence,) = cautions(told)
    assert sentence.startswith("openai/m: ") and "correlate" in sentence


def test_a_run_with_seeds_of_turns_is_not():
    assert not list(cautions(run("turn", "openai/m")))


def test_of_a_merged_run_those_of_the_earlier_rule_are():
    told = run("turn", "openai/m", "openai/n")
    blocks = [
        {"respondents": ["openai/m"], "sessions": 2, "seed": 1, "seed_rule": "session"},
        {"respondents": ["openai/n"], "sessions": 2, "seed": 1, "seed_rule": "turn"},
    ]
    told["identity"]["blocks"] = blocks
    assert shared_seeds(told) == ["openai/m"]


def test_what_was_missing_and_asked_again_is_told():
    told = run("turn", "openai/m") | {"repairs": [{"reason": "session 3 …", "sessions": 1}]}
    (sentence,) = cautions(told)
    assert "session 3 …" in sentence and "1 sessions were asked again" in sentence


@pytest.mark.parametrize("broken", [{}, {"identity": 3}, {"identity": {}, "repairs": 3}])
def test_a_damaged_record_tells_nothing(broken):
    assert not list(cautions(broken))
