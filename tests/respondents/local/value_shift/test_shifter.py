import pytest
import torch

from support.tiny_model import save_tiny_model
from vaar.errors import RespondentError
from vaar.respondents.base import Request
from vaar.respondents.local.loading import load
from vaar.respondents.local.model_config import LocalModel
from vaar.study.conditions import Shift

PRIVACY = Shift("privacy", p0=0.99)
WORDS = ("My name is mine to tell.", "Do you lend me a coat?", "It rains.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("models") / "four", num_hidden_layers=4)


@pytest.fixture(scope="module")
def model(folder):
    """A model with four layers, whose probes are used whatever they tell."""
    return load(
        LocalModel(
            "hf/four",
            str(folder),
            probe_accuracy=0.0,
            dtype="float32",
            asked_shifts=(PRIVACY,),
        )
    )


def ask(model, words, shift=None, seed=1, earlier=(), **more):
    messages = [*earlier, {"role": "user", "content": words}]
    return Request(messages, seed, 1.0, 8, shift=shift, **more)


def texts(model, shift, **more):
    return [r.text for r in model.answer([ask(model, w, shift, **more) for w in WORDS])]


def test_a_shift_of_nothing_gives_the_same_tokens(model):
    """P is above so small a target everywhere, so that every least shift is 0."""
    plain = texts(model, None)
    assert texts(model, Shift("privacy", p0=1e-12)) == plain
    assert texts(model, PRIVACY) != plain


def test_rows_with_and_without_a_shift_share_a_batch(model):
    mixed = model.answer([ask(model, w, s) for w in WORDS for s in (None, PRIVACY)])
    assert [r.text for r in mixed[::2]] == texts(model, None)
    assert [r.text for r in mixed[1::2]] == texts(model, PRIVACY)


def test_a_random_direction_is_as_long_and_another(model):
    ids = [model.chat.ids(ask(model, w).messages) for w in WORDS]
    keys = [("length", n) for n in range(3)]
    own = model.shifter.shifts_of(keys, [PRIVACY] * 3, ids)
    for number in (1, 2):
        random = Shift("privacy", p0=0.99, random=number)
        other = model.shifter.shifts_of([(*k, number) for k in keys], [random] * 3, ids)
        for one, two in zip(own, other, strict=True):
            assert two.vectors.norm(dim=1) == pytest.approx(one.vectors.norm(dim=1), abs=1e-4)
            apart = torch.nn.functional.cosine_similarity(one.vectors, two.vectors, dim=1)
            assert float(apart.abs().max()) < 0.9


def test_the_shift_of_a_conversation_is_that_of_its_opening(model):
    """So that what was computed of earlier turns holds, and a resumed session is the same."""
    opening = ask(model, WORDS[0], PRIVACY, seed=7)
    later = ask(
        model,
        WORDS[1],
        PRIVACY,
        seed=7,
        earlier=[*opening.messages, {"role": "assistant", "content": "1"}],
    )
    first = model.answer([opening])[0]
    kept, cached = model.answer([later])[0], model.answer([later])[0]
    assert first.cached_tokens == 0 and kept.cached_tokens > 0
    fresh = load(model.wanted)
    assert fresh.answer([later])[0].text == kept.text == cached.text


def test_found_anew_every_turn_nothing_is_kept(model):
    shift = Shift("privacy", p0=0.99, timing="turn")
    opening = ask(model, WORDS[2], shift)
    model.answer([opening])
    later = ask(
        model, WORDS[1], shift, earlier=[*opening.messages, {"role": "assistant", "content": "1"}]
    )
    assert model.answer([later])[0].cached_tokens == 0


def test_a_gate_that_stays_closed_leaves_the_model_as_it_is(model):
    shift = Shift("privacy", p0=0.99, gate=True)
    model.shifter.fit(shift)
    detector = model.shifter.detector("privacy")
    ids = [model.chat.ids(ask(model, w).messages) for w in WORDS]
    found = model.shifter.shifts_of([("gate", n) for n in range(3)], [shift] * 3, ids)
    streams = model.shifter._last_states(ids)
    opens = [bool(detector.probe.probability(s[detector.layer]) >= 0.5) for s in streams]
    assert [one is not None for one in found] == opens
    told = texts(model, shift)
    plain, moved = texts(model, None), texts(model, PRIVACY)
    assert told == [moved[n] if opens[n] else plain[n] for n in range(3)]


def test_what_was_measured(model):
    texts(model, PRIVACY)
    known = model.shifter.measured()["privacy"]
    assert [layer["layer"] for layer in known["layers"]] == [1, 2, 3]
    assert known["of_layers"] == 4 and known["pairs"] >= 100
    own = model.tally.sums["privacy raised to 0.99"]
    n = own["shifted"]
    assert n == own["replies"] and own["tokens"] > 0 and own["log_probability"] < 0
    for layer in own["layers"].values():
        assert layer["before"] <= layer["after"] + 1e-6
        assert layer["asked"] / n >= 0.99 - 1e-5
        assert layer["writing"] / layer["written"] != pytest.approx(0.99, abs=1e-3)


def test_where_no_layer_tells_the_value_it_is_said_before_anything_is_asked(folder):
    wanted = LocalModel("hf/four", str(folder), asked_shifts=(PRIVACY,))
    with pytest.raises(RespondentError, match=r"no layer .* above 0\.9 \(best: layer .*probe_acc"):
        load(wanted)
