from dataclasses import replace

import numpy as np
import pytest

from vaar.errors import ProviderError
from vaar.respondents.llama_cpp.engine import EVERY, LISTED, LoadedModel
from vaar.respondents.llama_cpp.model_config import LlamaModel
from vaar.respondents.local.answer_tokens import LEAST_SHARE
from vaar.respondents.local.loading import load
from vaar.respondents.local.model_config import LocalModel

SEVEN = tuple("1234567")
HUNDRED = tuple(str(point) for point in range(0, 101, 25))
WORDS = ("I worry.", "Businesses on the internet gather far more about me than they need.")


@pytest.fixture(scope="module")
def by_transformers(tiny_folder):
    """The same weights, computed by another library."""
    return load(LocalModel("hf/tiny", str(tiny_folder)))


@pytest.mark.parametrize("choices", [SEVEN, HUNDRED], ids=["one token", "several"])
@pytest.mark.parametrize("words", WORDS)
def test_probabilities_are_those_that_transformers_computes(
    loaded, by_transformers, say, choices, words
):
    """llama.cpp keeps keys and values in 16 bits: three digits are the same."""
    request = say(words, choices=choices, response="choice")
    ours, theirs = loaded.answer(request), by_transformers.answer([request])[0]
    assert ours.input_tokens == theirs.input_tokens
    assert ours.mass == pytest.approx(theirs.mass, rel=0.02)
    assert ours.distribution == pytest.approx(theirs.distribution, abs=0.003)


def test_the_likeliest_words_are_those_of_transformers(loaded, by_transformers, say):
    request = say("1", temperature=0.0)
    assert loaded.answer(request).text == by_transformers.answer([request])[0].text


def test_answers_are_drawn_with_their_probabilities(loaded, say):
    """Of 400 draws; cells in which less than 5 are expected are one."""
    replies = [
        loaded.answer(say(WORDS[0], seed, choices=SEVEN, response="choice")) for seed in range(400)
    ]
    expected = 400 * np.array(replies[0].distribution)
    counts = np.array([sum(reply.text == choice for reply in replies) for choice in SEVEN])
    small = expected < 5
    seen = np.append(counts[~small], counts[small].sum())
    wanted = np.append(expected[~small], expected[small].sum())
    assert ((seen - wanted) ** 2 / wanted).sum() < 22.5  # 99.9 % with 6 degrees
    assert {(r.output_tokens, r.finish_reason) for r in replies} == {(1, "stop")}


def test_a_reply_belongs_to_its_seed(loaded, say):
    texts = [loaded.answer(say("I worry.", seed)).text for seed in (1, 2, 1)]
    assert texts[0] == texts[2] != texts[1]


def test_text_with_probabilities_tells_those_of_its_first_words(loaded, say):
    forced = loaded.answer(say(WORDS[1], choices=SEVEN, response="choice"))
    free = loaded.answer(say(WORDS[1], choices=SEVEN))
    assert free.output_tokens > 1
    if forced.mass < LEAST_SHARE:
        assert free.distribution is None
    else:
        assert free.distribution == pytest.approx(forced.distribution, abs=1e-3)


def test_a_reply_says_where_it_comes_from(loaded, say):
    reply = loaded.answer(say("I worry."))
    assert reply.model.startswith(loaded.wanted.path + "@")
    assert reply.system_fingerprint.startswith("xllamacpp 20")
    again = loaded.answer(say("I worry."))
    assert again.cached_tokens > reply.input_tokens // 2


def test_a_conversation_that_does_not_fit_is_refused_with_both_lengths(loaded, say):
    with pytest.raises(ProviderError, match=r"has [\d,]+ tokens, and the model takes 512\. Short"):
        loaded.answer(say("I worry. " * 200))


def test_a_reply_ends_where_the_context_does(loaded, say):
    room = 512 - loaded.answer(say("I worry.", max_tokens=1)).input_tokens
    reply = loaded.answer(say("I worry.", seed=3, max_tokens=5000))
    assert reply.output_tokens <= room


def test_a_schema_is_enforced(loaded, say):
    schema = {
        "type": "object",
        "properties": {"a": {"enum": [1, 2]}},
        "required": ["a"],
        "additionalProperties": False,
    }
    request = replace(say("a", max_tokens=200), schema=schema)
    assert "".join(loaded.answer(request).text.split()) in ('{"a":1}', '{"a":2}')


class Scripted:
    """Answers as the library does, from a script."""

    def __init__(self, *payloads):
        self.payloads = list(payloads)
        self.bodies = []

    def handle_chat_completions(self, body):
        self.bodies.append(body)
        return self.payloads.pop(0)


def completion(**shares):
    top = [{"token": token, "logprob": np.log(p)} for token, p in shares.items()]
    content = [{"token": "x", "top_logprobs": top}]
    message = {"role": "assistant", "content": "x"}
    return {"choices": [{"message": message, "logprobs": {"content": content}}]}


def scripted(*payloads):
    return LoadedModel(LlamaModel("gguf/x", "x"), Scripted(*payloads), "x@1", "xllamacpp 1")


def test_an_answer_that_is_not_listed_is_looked_for_among_all_tokens(say):
    every = completion(**{"1": 0.5, "2": 0.1, "word": 0.4})
    loaded = scripted(completion(**{"1": 0.5, "word": 0.4}), every, every)
    reply = loaded.answer(say("?", choices=("1", "2"), response="choice"))
    assert reply.distribution == pytest.approx([5 / 6, 1 / 6])
    assert reply.mass == pytest.approx(0.6)
    most = [body["top_logprobs"] for body in loaded.server.bodies]
    assert most == [LISTED, EVERY, EVERY]  # the second for the texts of all tokens


@pytest.mark.parametrize("choices", [("1", "9"), ("1", "-1")], ids=["no token", "no sign"])
def test_an_answer_that_cannot_be_spelled(say, choices):
    loaded = scripted(*[completion(**{"1": 0.5, "word": 0.4})] * 4)
    with pytest.raises(ProviderError, match=r"none of the answers .* \(response: text"):
        loaded.answer(say("?", choices=choices, response="choice"))


def test_a_refusal_of_the_template_is_told(say):
    loaded = scripted({"error": {"code": 500, "message": "roles must alternate", "type": "x"}})
    with pytest.raises(ProviderError, match="refuses the conversation: roles must alternate"):
        loaded.answer(say("?"))


def test_a_temperature_of_its_own(say):
    loaded = scripted(completion())
    loaded.wanted = replace(loaded.wanted, temperature=0.2)
    loaded.answer(say("?", temperature=1.0))
    body = loaded.server.bodies[0]
    assert (body["temperature"], body["top_k"], body["top_p"], body["min_p"]) == (0.2, 0, 1.0, 0.0)
