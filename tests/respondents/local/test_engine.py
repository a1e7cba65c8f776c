import numpy as np
import pytest
import torch

from support.tiny_model import TEMPLATE
from vaar.errors import ProviderError, RespondentHaltedError
from vaar.respondents.local import engine as answering
from vaar.respondents.local.generation import write
from vaar.respondents.local.model_config import LocalModel


def test_tokens_are_counted_and_the_model_named(loaded, tiny, say):
    (reply,) = loaded.answer([say("How are you?", max_tokens=7, choices=("1", "2"))])
    request = say("How are you?")
    assert reply.input_tokens == len(loaded.chat.ids(request.messages))
    assert (reply.output_tokens, reply.finish_reason) == (7, "length")
    assert reply.cached_tokens == 0
    assert reply.model.startswith(f"{tiny}@")
    assert reply.distribution is None or sum(reply.distribution) == pytest.approx(1)


def test_a_reply_that_the_model_closes(loaded, say):
    loaded.closing = frozenset(range(len(loaded.chat._tokenizer)))
    (closed,) = loaded.answer([say("Go on.")])
    assert (closed.text, closed.finish_reason, closed.output_tokens) == ("", "stop", 1)


def conversation(loaded, say, seeds, turns=4):
    replies, earlier = {seed: [] for seed in seeds}, {seed: [] for seed in seeds}
    for turn in range(turns):
        requests = [say(f"Question {turn}?", seed, earlier=earlier[seed]) for seed in seeds]
        for seed, request, reply in zip(seeds, requests, loaded.answer(requests), strict=True):
            replies[seed].append(reply)
            said = {"role": "assistant", "content": reply.text}
            earlier[seed] = [*request.messages[1:], said]
    return replies


def test_what_is_kept_changes_the_cost_of_a_turn_and_not_its_words(loaded, say):
    with_memory = conversation(loaded, say, (1, 2, 3))
    loaded.memory.forget()
    without = conversation(loaded, say, (3, 1))
    for seed in (1, 3):
        assert [r.text for r in with_memory[seed]] == [r.text for r in without[seed]]
    assert with_memory[2][0].cached_tokens == 0
    assert all(r.cached_tokens > r.input_tokens / 2 for r in with_memory[2][1:])
    assert not any(r.cached_tokens for replies in without.values() for r in replies)


FIVE = ("1", "2", "3", "4", "5")


def choices_of(loaded, say, seeds, **more):
    requests = [
        say("How many?", seed, choices=FIVE, session_seed=seed, response="choice", **more)
        for seed in seeds
    ]
    return loaded.answer(requests)


def test_a_forced_choice_is_drawn_from_the_model_s_own_distribution(loaded, say):
    replies = choices_of(loaded, say, range(600))
    distribution = np.array(replies[0].distribution)
    assert distribution.sum() == pytest.approx(1)
    assert 0 < replies[0].mass < 1
    counts = np.array([sum(reply.text == choice for reply in replies) for choice in FIVE])
    assert counts.sum() == 600
    expected = 600 * distribution
    assert ((counts - expected) ** 2 / expected).sum() < 18.5  # 99.9 % of χ² with 4 degrees
    assert {(r.output_tokens, r.finish_reason) for r in replies} == {(1, "stop")}


def test_a_forced_choice_depends_on_seed_and_conversation_alone(loaded, say):
    alone = [choices_of(loaded, say, [seed])[0].text for seed in range(8)]
    assert [reply.text for reply in choices_of(loaded, say, range(8))] == alone
    assert len(set(alone)) > 1


def test_without_temperature_the_likeliest_is_chosen(loaded, say):
    for reply in choices_of(loaded, say, range(3), temperature=0.0):
        assert reply.text == FIVE[int(np.argmax(reply.distribution))]


def test_forced_conversations_go_on_together_and_say_what_they_say_alone(loaded, say):
    def session(seeds):
        earlier, said = {seed: [] for seed in seeds}, {seed: [] for seed in seeds}
        for turn in range(4):
            requests = [
                say(
                    f"Question {turn}?",
                    100 * seed + turn,
                    choices=FIVE,
                    earlier=earlier[seed],
                    session_seed=seed,
                    response="choice",
                )
                for seed in seeds
            ]
            for seed, request, reply in zip(seeds, requests, loaded.answer(requests), strict=True):
                said[seed].append(reply)
                answer = {"role": "assistant", "content": reply.text}
                earlier[seed] = [*request.messages[1:], answer]
        return said

    together = session([1, 2, 3])
    assert all(reply.cached_tokens for replies in together.values() for reply in replies[1:])
    loaded.memory.forget()
    for seed, replies in together.items():
        again = session([seed])[seed]
        assert [reply.text for reply in again] == [reply.text for reply in replies]
        for one, other in zip(again, replies, strict=True):
            assert one.distribution == pytest.approx(other.distribution, rel=1e-4)


def test_answers_that_cannot_be_given_are_an_error_of_that_call(loaded, say, monkeypatch):
    monkeypatch.setattr(loaded.spellings, "of", lambda choices, exact: [frozenset()] * 2)
    (reply,) = loaded.answer([say("Yes?", choices=("a", "b"), response="choice")])
    assert isinstance(reply, ProviderError)
    assert "response: text" in str(reply)


def test_a_temperature_of_its_own(loaded, say):
    loaded.wanted = LocalModel("hf/tiny", "tiny", temperature=0.0)
    first, second = loaded.answer([say("Go.", seed=1), say("Go.", seed=2)])
    assert first.text == second.text


def test_a_conversation_that_is_too_long(loaded, say):
    loaded.longest = 60
    long, short = loaded.answer([say("Word. " * 40), say("Hello?", max_tokens=500)])
    assert isinstance(long, ProviderError)
    assert "and the model takes 60. Shorten the study" in str(long)
    assert short.input_tokens + short.output_tokens == 60


def test_a_conversation_that_the_template_refuses(loaded, say):
    loaded.chat._tokenizer.chat_template = TEMPLATE + (
        "{% if messages | length > 2 %}{{ raise_exception('too many\n\x1b[31m') }}{% endif %}"
    )
    fine, refused = loaded.answer(
        [say("Hi."), say("Hi.", earlier=[{"role": "user", "content": ""}])]
    )
    assert fine.text
    assert "the chat template refuses: too many [31m" in str(refused)


class Crowded:
    """Stands before a model and takes so many rows at a time."""

    def __init__(self, most, error, write):
        self.most, self.error, self.write, self.tried = most, error, write, []

    def __call__(self, network, rows, *others):
        self.tried.append(len(rows))
        if len(rows) > self.most:
            raise self.error
        return self.write(network, rows, *others)


ERRORS = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate"),
    RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
    RuntimeError("MPS backend out of memory"),
    MemoryError(),
]


@pytest.fixture
def crowded(monkeypatch):
    def make(most, error):
        gate = Crowded(most, error, write)
        monkeypatch.setattr(answering, "write", gate)
        return gate

    return make


@pytest.mark.parametrize("error", ERRORS, ids=["cuda", "cpu", "mps", "python"])
def test_a_batch_that_does_not_fit_is_halved(loaded, say, crowded, error):
    requests = [say("Hello?", seed) for seed in range(9)]
    wanted = [reply.text for reply in loaded.answer(requests)]
    gate = crowded(2, error)
    assert [reply.text for reply in loaded.answer(requests)] == wanted
    assert gate.tried == [9, 4, 2, 2, 2, 2, 1]
    assert loaded.batch == 2
    assert loaded.faults == {"out_of_memory": 2}
    assert loaded.memory.empty


def test_a_single_conversation_that_does_not_fit(loaded, say, crowded):
    loaded.answer([say("Hello?")])
    gate = crowded(0, torch.OutOfMemoryError("out of memory"))
    with pytest.raises(RespondentHaltedError, match="out of memory with a single conversation"):
        loaded.answer([say("Hello?"), say("Hello?", seed=2)])
    assert gate.tried == [2, 1]


def test_another_error_is_not_taken_for_it(loaded, say, crowded):
    crowded(0, RuntimeError("shapes do not match"))
    with pytest.raises(RuntimeError, match="shapes"):
        loaded.answer([say("Hello?")])
