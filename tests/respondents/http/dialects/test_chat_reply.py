import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.respondents.base import Request
from vaar.respondents.http.dialect import UnusableReplyError
from vaar.respondents.http.dialects.chat_reply import read_reply

ANY = Request([], 1, 1.0, 8)
CHOICES = ("1", "2", "3")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def from_payload(payload, latency=0.0):
    return read_reply(payload, ANY, latency)


def answered(message, **others):
    return {"choices": [{"message": message, "finish_reason": "stop"}], **others}


def test_reply_with_usage():
    usage = {
        "prompt_tokens": 11,
        "completion_tokens": 2,
        "prompt_tokens_details": {"cached_tokens": 8},
    }
    reply = from_payload(answered({"content": "4"}, model="m-1", usage=usage), 0.5)
    assert (reply.text, reply.finish_reason, reply.model, reply.latency) == (
        "4",
        "stop",
        "m-1",
        0.5,
    )
    assert (reply.input_tokens, reply.output_tokens, reply.cached_tokens) == (11, 2, 8)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": "4"}, "4"),
        ({"content": None}, ""),
        ({}, ""),
        ({"content": None, "refusal": "I will not."}, "I will not."),
        ({"content": [{"type": "refusal", "refusal": "No."}]}, "No."),
        ({"content": [{"type": "text", "text": "a"}, {"text": "b"}, "c", {"text": 4}]}, "ab"),
        ({"content": 4}, ""),
        ({"content": "x\ud800y"}, "x?y"),
        ({"content": "né"}, "né"),
    ],
)
def test_text(message, text):
    assert from_payload(answered(message), 0.0).text == text


@pytest.mark.parametrize(
    "usage", [None, 7, {"prompt_tokens": -1}, {"prompt_tokens": "9"}, {"prompt_tokens": True}]
)
def test_odd_usage_counts_as_none(usage):
    assert from_payload(answered({"content": "4"}, usage=usage), 0.0).input_tokens == 0


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (None, "no JSON object"),
        ([], "no JSON object"),
        ({}, "without choices"),
        ({"choices": []}, "without choices"),
        ({"choices": {"0": 1}}, "without choices"),
        ({"choices": ["x"]}, "without choices"),
        ({"choices": [{"text": "4"}]}, "without a message"),
    ],
)
def test_no_reply(payload, message):
    with pytest.raises(UnusableReplyError, match=message):
        from_payload(payload, 0.0)


def test_simulated_servers_say_so():
    answered = {"choices": [{"message": {"content": "4"}}]}
    assert from_payload(answered | {"system_fingerprint": "vaar-simulated"}, 0.0).simulated
    assert not from_payload(answered | {"system_fingerprint": "fp_1"}, 0.0).simulated
    assert not from_payload(answered, 0.0).simulated


def test_model_ids_are_one_short_line():
    assert from_payload(answered({"content": "4"}, model="a\n\x1b[31m" + "b" * 999), 0.0).model == (
        "a[31m" + "b" * 193
    )


def test_probabilities_are_read_where_choices_were_given():
    listed = [{"token": token, "logprob": -1.0} for token in ("1", " 3", "No")]
    answer = answered({"content": "3"})
    answer["choices"][0]["logprobs"] = {"content": [{**listed[1], "top_logprobs": listed}]}
    reply = read_reply(answer, replace(ANY, choices=CHOICES), 0.5)
    assert reply.distribution == pytest.approx((0.5, 0, 0.5))
    assert reply.mass == pytest.approx(2 * math.exp(-1))
    without = from_payload(answer)
    assert (without.distribution, without.mass) == (None, None)


def test_probabilities_in_the_form_of_together():
    answer = answered({"content": "3"})
    answer["choices"][0]["logprobs"] = {
        "tokens": ["3", "</s>"],
        "token_logprobs": [-1.0, 0.0],
        "top_logprobs": [{"1": -1.0, "No": -1.0}, {}],
    }
    reply = read_reply(answer, replace(ANY, choices=CHOICES), 0.5)
    assert reply.distribution == pytest.approx((0.5, 0, 0.5))


@pytest.mark.parametrize("logprobs", [None, 4, {}, {"content": None}, {"content": [None]}])
def test_a_server_that_tells_no_probabilities(logprobs):
    answer = answered({"content": "3"})
    answer["choices"][0]["logprobs"] = logprobs
    reply = read_reply(answer, replace(ANY, choices=CHOICES), 0.5)
    assert (reply.text, reply.distribution, reply.mass) == ("3", None, None)


THOUGHTS = {
    "field of DeepSeek": {"content": "4", "reasoning_content": "Maybe 2."},
    "field of vLLM": {"content": "4", "reasoning": "Maybe 2."},
    "field of Ollama's own API": {"content": "4", "thinking": "Maybe 2."},
    "details of OpenRouter": {
        "content": "4",
        "reasoning_details": [{"type": "reasoning.text", "text": "Maybe 2."}],
    },
    "parts of Mistral": {
        "content": [
            {"type": "thinking", "thinking": [{"type": "text", "text": "Maybe 2."}]},
            {"type": "text", "text": "4"},
        ]
    },
    "a part with a text of its own": {
        "content": [{"type": "reasoning", "text": "Maybe 2."}, {"type": "text", "text": "4"}]
    },
    "a part that says it is a thought": {
        "content": [{"text": "Maybe 2.", "thought": True}, {"type": "output_text", "text": "4"}]
    },
    "a summary": {"content": "4", "reasoning": {"summary": [{"text": "Maybe 2."}]}},
}


@pytest.mark.parametrize("message", THOUGHTS.values(), ids=THOUGHTS)
def test_thoughts_are_kept_apart(message):
    reply = from_payload(answered(message))
    assert (reply.text, reply.thoughts) == ("4", "Maybe 2.")


def test_a_reply_of_thoughts_alone_is_empty():
    reply = from_payload(answered({"content": None, "reasoning_content": "So it is 4"}))
    assert (reply.text, reply.thoughts) == ("", "So it is 4")


def test_a_refusal_in_its_own_field_is_one_whatever_its_words():
    reply = from_payload(answered({"content": None, "refusal": "Nein danke."}))
    assert (reply.text, reply.finish_reason) == ("Nein danke.", "refusal")


@pytest.mark.parametrize(
    ("usage", "received", "thought"),
    [
        ({"completion_tokens": 50, "completion_tokens_details": {"reasoning_tokens": 40}}, 50, 40),
        (  # thoughts counted beside the completion
            {
                "prompt_tokens": 10,
                "completion_tokens": 2,
                "total_tokens": 52,
                "completion_tokens_details": {"reasoning_tokens": 40},
            },
            42,
            40,
        ),
        ({"completion_tokens": 2, "reasoning_tokens": 9}, 2, 2),
    ],
)
def test_thoughts_are_part_of_what_was_received(usage, received, thought):
    reply = from_payload(answered({"content": "4"}, usage=usage))
    assert (reply.output_tokens, reply.reasoning_tokens) == (received, thought)


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": 9, "prompt_tokens_details": {"cached_tokens": 8}},
        {"prompt_tokens": 9, "prompt_cache_hit_tokens": 8, "prompt_cache_miss_tokens": 1},
        {"prompt_tokens": 9, "cached_tokens": 8},
    ],
)
def test_cached_tokens_under_all_their_names(usage):
    assert from_payload(answered({"content": "4"}, usage=usage)).cached_tokens == 8


@pytest.mark.parametrize("odd", [2**62, 2**63, -1, "9", 1.5, float("nan"), True, None, [9]])
def test_a_count_that_cannot_be_meant_is_none(odd):
    usage = {"prompt_tokens": odd, "completion_tokens": odd, "cost": odd}
    reply = from_payload(answered({"content": "4"}, usage=usage))
    assert (reply.input_tokens, reply.output_tokens) == (0, 0)
    assert reply.cost in (None, 1.5)


def test_who_served_and_what_it_cost():
    others = {
        "provider": "Someone",
        "system_fingerprint": "fp_1",
        "service_tier": "flex",
        "usage": {"prompt_tokens": 3, "cost": 0.0125},
    }
    reply = from_payload(answered({"content": "4"}, **others))
    assert (reply.provider, reply.system_fingerprint, reply.service_tier, reply.cost) == (
        *("Someone", "fp_1", "flex"),
        0.0125,
    )
    ticks = from_payload(answered({"content": "4"}, usage={"cost_in_usd_ticks": 37_756_000}))
    assert ticks.cost == pytest.approx(0.0037756)


@given(
    JSON
    | st.builds(
        answered,
        st.fixed_dictionaries({"content": JSON, "refusal": JSON, "reasoning": JSON}),
        usage=JSON,
        provider=JSON,
    )
)
def test_hostile_json(payload):
    try:
        assert isinstance(from_payload(payload).text, str)
    except UnusableReplyError as error:
        assert str(error)
