"""Forced answers from servers on this machine, of every provider and of odd kinds."""

import asyncio
from collections import Counter

import pytest

from support.odd_servers import behaving, completion, error
from support.providers import KEY
from support.providers.chat import FIRST_TOKENS
from support.providers.every import BASES, SERVICES, plain
from support.services import serving
from vaar.errors import ProviderError, RespondentHaltedError
from vaar.respondents.base import Message, Request
from vaar.respondents.http.call_options import CallOptions
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.registry import HTTP_PROVIDERS
from vaar.respondents.http.respondent import HttpRespondent
from vaar.respondents.wire import retries

FIVE = ("1", "2", "3", "4", "5")
TEN = tuple(map(str, range(11)))
SAID: list[Message] = [{"role": "system", "content": "Hello."}, {"role": "user", "content": "4?"}]


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.0)
    monkeypatch.delenv("GEMINI_API_KEY", raising=False)
    for provider in HTTP_PROVIDERS.values():
        monkeypatch.setenv(provider.key_env, KEY)


def asked(response="choice", choices=FIVE, seed=1, temperature=0.5):
    return Request(SAID, seed, temperature, 64, choices=choices, response=response)


def respondent_at(base_url, name="openai", options=None, model="m"):
    provider = HTTP_PROVIDERS[name]
    endpoint = Endpoint(f"{name}/{model}", model, base_url, provider, options or CallOptions())
    return HttpRespondent(endpoint)


def replies_of(respondent, requests):
    """Ask one after another."""

    async def go():
        try:
            return [await respondent.reply(request) for request in requests]
        finally:
            await respondent.close()

    return asyncio.run(go())


def of_provider(name, requests):
    """Ask a provider's service here: replies, what is recorded, and what was adapted to."""
    make, usual = SERVICES[name]
    options = CallOptions(routing=usual.get("provider"))
    with serving(make()) as (base_url, wrong):
        base = base_url.removesuffix("/v1") + BASES.get(name, "/v1")
        respondent = respondent_at(base, name, options, plain(name))
        replies = replies_of(respondent, requests)
    assert wrong == []
    return replies, respondent.sent(requests[0]), respondent.adaptations()


DRAWN = [
    *("openai", "openai-responses", "azure", "google", "openrouter", "deepseek", "xai", "together"),
    *("vllm", "sglang", "llamacpp", "tgi"),
]
WRITTEN = sorted(set(HTTP_PROVIDERS) - {"deepseek"})


@pytest.mark.parametrize("name", DRAWN)
def test_an_answer_is_drawn_where_probabilities_are_told(name):
    replies, record, adaptations = of_provider(name, [asked(seed=n) for n in range(40)])
    told = replies[0]
    likely = {"2": 0.2, "4": FIRST_TOKENS["4"] + FIRST_TOKENS[" 4"], "5": 0.05}
    assert told.mass == pytest.approx(sum(likely.values()))
    assert told.distribution == pytest.approx(
        [likely.get(answer, 0.0) / told.mass for answer in FIVE]
    )
    assert {reply.text for reply in replies} <= set(likely)
    assert len({reply.text for reply in replies}) > 1
    assert {reply.finish_reason for reply in replies} == {"stop"}
    assert (record["way"], record["drawn_at"]) == ("probabilities", 0.5)
    body = {**record["body"], **record["body"].get("generationConfig", {})}
    assert body["temperature"] == 1.0
    ceiling = body[HTTP_PROVIDERS[name].ceiling_field]
    assert ceiling == (16 if name == "openai-responses" else 1)
    assert adaptations == []


@pytest.mark.parametrize("name", ["anthropic", "mistral", "groq", "moonshot", "lmstudio", "ollama"])
def test_a_schema_is_sent_where_none_are(name):
    (reply,), _, adaptations = of_provider(name, [asked()])
    assert (reply.text, reply.distribution, reply.mass) == ("4", None, None)
    assert len(adaptations) == (2 if HTTP_PROVIDERS[name].logprobs != "none" else 0)


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("choices", [FIVE, TEN, ("-1", "0", "1")])
def test_an_answer_is_written_under_a_schema(name, choices):
    (reply,), record, adaptations = of_provider(name, [asked("schema", choices)])
    assert (reply.text, reply.finish_reason) == (choices[-2], "stop")
    assert (reply.distribution, reply.mass, adaptations) == (None, None, [])
    assert record["way"] == "schema" and "drawn_at" not in record
    body = {**record["body"], **record["body"].get("generationConfig", {})}
    assert body["temperature"] == 0.5 and not body.get("logprobs")


@pytest.mark.parametrize("choices", [TEN, ("-1", "0", "1")])
def test_answers_that_no_one_token_tells_apart_are_written_under_a_schema(choices):
    (reply,), record, _ = of_provider("vllm", [asked("choice", choices)])
    assert reply.text == choices[-2] and record["way"] == "schema"


def test_where_there_is_no_way_that_is_known_before_anything_is_asked():
    deepseek = respondent_at("http://127.0.0.1:1", "deepseek")
    assert deepseek.cannot_answer(asked("choice")) is None
    assert "write `response: text` or `response: choice`" in deepseek.cannot_answer(asked("schema"))
    assert "no probabilities of the answers 0 to 10" in deepseek.cannot_answer(asked("choice", TEN))
    never = respondent_at("http://127.0.0.1:1", "groq", CallOptions(structured="never"))
    assert "structured: never" in never.cannot_answer(asked())
    assert never.cannot_answer(asked("text", ())) is None


def test_a_model_that_was_told_to_think_is_given_a_schema():
    for options in (CallOptions(thinking_tokens=500), CallOptions(reasoning_effort="low")):
        sent = respondent_at("http://127.0.0.1:1", options=options).sent(asked())
        assert sent["way"] == "schema" and "logprobs" not in sent["body"]
    off = respondent_at("http://127.0.0.1:1", options=CallOptions(reasoning_effort="none"))
    assert off.sent(asked())["way"] == "probabilities"


def logprobs(*tokens):
    """What is told of the first token: the likeliest is written."""
    listed = [{"token": token, "logprob": number} for token, number in tokens]
    return {"logprobs": {"content": [{**listed[0], "top_logprobs": listed}]}}


def outcome(behaviour, requests, options=None):
    """Replies, or the error; the bodies that were sent; and what was adapted to."""
    with behaving(behaviour) as (base_url, seen):
        respondent = respondent_at(base_url, options=options)
        try:
            found = replies_of(respondent, requests)
        except (ProviderError, RespondentHaltedError) as raised:
            found = raised
    return found, seen, [made["change"] for made in respondent.adaptations()]


def under_schema(call, body):
    said = '{"answer": "3"}' if "response_format" in body else "3"
    return completion(said)


REFUSES = error(400, "logprobs is not supported with this model", param="logprobs")


def without_probabilities(call, body):
    return REFUSES if "logprobs" in body else under_schema(call, body)


@pytest.mark.parametrize(
    ("behaviour", "changes"),
    [
        (without_probabilities, ["5 tokens instead of 20", "left out"]),
        (under_schema, ["looked for in the first 4 tokens", "left out"]),
    ],
    ids=["refused", "passed over"],
)
def test_where_no_probabilities_are_told_a_schema_takes_their_place(behaviour, changes):
    replies, seen, made = outcome(behaviour, [asked(), asked(seed=2)])
    assert [reply.text for reply in replies] == ["3", "3"] and made == changes
    assert len(seen) == 4 and "logprobs" not in seen[-1] and "response_format" in seen[-1]


def test_neither_probabilities_nor_a_schema_halts():
    no_schema = error(400, "response_format json_schema is unavailable")

    def neither(call, body):
        if "logprobs" in body:
            return REFUSES
        return no_schema if "response_format" in body else completion("3")

    raised, seen, _ = outcome(neither, [asked()])
    assert isinstance(raised, RespondentHaltedError) and "write `response: text`" in str(raised)
    assert len(seen) == 3
    raised, seen, _ = outcome(neither, [asked()], CallOptions(structured="never"))
    assert "structured: never" in str(raised) and len(seen) == 2


def test_a_server_that_keeps_to_no_schema_is_left():
    prose = lambda call, body: completion("I would say 3.")  # noqa: E731
    raised, seen, _ = outcome(prose, [asked("schema")])
    assert isinstance(raised, RespondentHaltedError) and "takes no schema of answers" in str(raised)
    assert len(seen) == 3


def test_a_server_that_once_did_not_keep_to_its_schema_is_asked_again():
    def sometimes(call, body):
        return completion("Three!") if call in (2, 3, 4, 5) else under_schema(call, body)

    replies, seen, _ = outcome(sometimes, [asked("schema"), asked("schema")])
    assert [reply.text for reply in replies] == ["3", "3"] and len(seen) == 6


def test_white_space_first():
    def behaviour(call, body):
        blank = {"token": "\n", "logprob": -0.1, "top_logprobs": []}
        four = {"token": "4", "logprob": -0.1, "top_logprobs": [{"token": "4", "logprob": -0.1}]}
        told = [blank, four][: 2 if body["max_tokens"] > 1 else 1]
        return completion("\n4", choice={"logprobs": {"content": told}})

    replies, _, made = outcome(behaviour, [asked(), asked(seed=2)])
    assert [reply.text for reply in replies] == ["4", "4"]
    assert made == ["looked for in the first 4 tokens"]


def test_a_reply_that_would_begin_otherwise_has_no_answer_and_ten_of_them_halt():
    otherwise = logprobs(("Okay", -0.01), ("So", -5.0))
    behaviour = lambda call, body: completion("Okay", "length", choice=otherwise)  # noqa: E731
    (reply,), _, _ = outcome(behaviour, [asked()])
    assert (reply.text, reply.mass, reply.distribution) == ("", 0.0, None)
    raised, seen, _ = outcome(behaviour, [asked(seed=n) for n in range(12)])
    assert "less than 1% was the probability of any answer" in str(raised) and len(seen) == 10
    assert "reasoning_effort" in str(raised)


def test_probabilities_of_a_thought_are_no_answer():
    told = logprobs(("4", -0.1), ("2", -3.0))

    def behaviour(call, body):
        thinks = {"content": None, "reasoning_content": "4"}
        return completion(None, "length", message=thinks, choice=told)

    raised, seen, _ = outcome(behaviour, [asked(seed=n) for n in range(12)])
    assert "spent on thoughts" in str(raised) and len(seen) == 10


def test_a_share_of_one_percent_is_enough_to_go_on():
    told = logprobs(("Okay", -0.02), ("4", -4.5))  # e^-4.5 = .011
    behaviour = lambda call, body: completion("Okay", "length", choice=told)  # noqa: E731
    replies, _, _ = outcome(behaviour, [asked(seed=n) for n in range(12)])
    assert Counter(reply.text for reply in replies) == {"4": 12}


def test_a_reply_that_ends_at_once_is_missing():
    fine, nothing = logprobs(("4", -0.1)), {"logprobs": None}

    def behaviour(call, body):
        return completion("4", choice=fine) if call == 1 else completion("", choice=nothing)

    replies, _, made = outcome(behaviour, [asked(), asked(seed=2)])
    assert [reply.text for reply in replies] == ["4", ""] and made == []


def test_top_p_changes_no_draw():
    sent = respondent_at("http://127.0.0.1:1", options=CallOptions(top_p=0.5)).sent(asked())
    assert "top_p" not in sent["body"]
