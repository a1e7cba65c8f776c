import asyncio
import json
import logging
from dataclasses import replace
from time import monotonic

import pytest
from aiohttp import web

from vaar.errors import MissingKeyError, ProviderError, RespondentHaltedError
from vaar.respondents.base import Request
from vaar.respondents.http.call_options import CallOptions
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.respondent import HttpRespondent

KEY = "sk-test-0123456789abcdef"


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


@pytest.fixture
def talk(script, ask, no_waits):
    """Ask a scripted server once or more: (replies, the script, the respondent)."""

    def run(*responses, calls=1, schema=None, choices=(), sent=None, **settings):
        async def go():
            async with script(*responses) as (played, base_url):
                endpoint = Endpoint("openai/m", "m", base_url, options=sent or CallOptions())
                respondent = HttpRespondent(replace(endpoint, **settings))
                try:
                    request = ask("Hello?", schema=schema, choices=choices)
                    replies = [await respondent.reply(request) for _ in range(calls)]
                finally:
                    await respondent.close()
                return replies, played, respondent

        return asyncio.run(go())

    return run


@pytest.fixture
def fails(talk):
    """The message of the error that a talk ends in; the key is nowhere in it."""

    def run(error, *responses, **options):
        with pytest.raises(error) as raised:
            talk(*responses, **options)
        message = str(raised.value)
        assert message.startswith("openai/m: ")
        assert KEY not in message and len(message) < 900 and message.isprintable()
        return message

    return run


def test_one_exchange(talk, respond):
    usage = {"prompt_tokens": 5, "completion_tokens": 1}
    (reply,), played, respondent = talk(respond.completion("4", usage=usage))
    line, headers, _ = played.requests[0]
    assert line == "POST /v1/chat/completions HTTP/1.1"
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["content-type"] == "application/json"
    assert played.body()["messages"][-1] == {"role": "user", "content": "Hello?"}
    assert (reply.text, reply.input_tokens, reply.model) == ("4", 5, "served-1")
    assert reply.latency > 0
    assert (respondent.name, respondent.simulated) == ("openai/m", False)


def test_without_a_key_none_is_sent(talk, respond, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    _, played, _ = talk(respond.completion())
    assert "authorization" not in played.requests[0][1]


def test_a_far_endpoint_needs_its_key_as_soon_as_it_is_asked(monkeypatch, ask):
    monkeypatch.delenv("OPENAI_API_KEY")
    respondent = HttpRespondent(Endpoint("openai/m", "m"))
    with pytest.raises(MissingKeyError, match="OPENAI_API_KEY is not set"):
        respondent.prepare()
    with pytest.raises(MissingKeyError, match="OPENAI_API_KEY is not set"):
        asyncio.run(respondent.reply(ask("Hello?")))


def test_simulated_servers_are_labelled(talk, respond):
    _, _, respondent = talk(respond.completion(system_fingerprint="vaar-simulated"))
    assert respondent.simulated


TRANSIENT = {
    "429": lambda respond: respond.http(429, {"error": {"message": "slow"}}, "Retry-After: 0"),
    "500": lambda respond: respond.http(500, b"oops"),
    "502": lambda respond: respond.http(502, b"<html>Bad gateway</html>"),
    "503": lambda respond: respond.http(503, {}),
    "504": lambda respond: respond.http(504, {}),
    "reset": lambda respond: b"",
    "truncated body": lambda respond: respond.http(200, b'{"choices": [', length=500),
    "truncated head": lambda respond: b"HTTP/1.1 200 OK\r\nConte\r\nConnection: close\r\n\r\n",
    "not http": lambda respond: b"hello\r\nConnection: close\r\n\r\n",
    "malformed JSON": lambda respond: respond.http(200, b'{"choices": ['),
    "nested JSON": lambda respond: respond.http(200, b"[" * 100_000),
    "empty body": lambda respond: respond.http(200, b""),
    "empty choices": lambda respond: respond.http(200, {"choices": []}),
    "error in 200": lambda respond: respond.http(200, {"error": {"message": "overloaded"}}),
    "huge": lambda respond: respond.http(200, b"x" * 4_100_000),
}


COUNTED = dict.fromkeys(TRANSIENT, "unusable_reply") | {
    "429": "rate_limited",
    **dict.fromkeys(("500", "502", "503", "504"), "server_error"),
    **dict.fromkeys(("reset", "truncated body", "truncated head", "not http"), "connection"),
}


@pytest.mark.parametrize("name", TRANSIENT)
def test_faults_that_pass_are_tried_again_and_counted(talk, respond, name):
    fault = TRANSIENT[name](respond)
    (reply,), played, respondent = talk(fault, fault, respond.completion("4"))
    assert reply.text == "4"
    assert len(played.requests) == 3
    assert respondent.faults == {COUNTED[name]: 2}


@pytest.mark.parametrize("fault", TRANSIENT.values(), ids=TRANSIENT)
def test_faults_that_stay_end_the_session(fails, respond, fault):
    message = fails(ProviderError, fault(respond), attempts=3)
    assert "gave up after 3 calls; the last: " in message


def test_what_the_server_said_is_told(fails, respond):
    error = respond.http(503, {"error": {"message": f"busy\x1b[2J {KEY}" + "!" * 9_999}})
    assert "HTTP 503: busy[2J [key]!!!" in fails(ProviderError, error, attempts=2)


def test_a_hanging_server_is_left(fails):
    assert "no answer within 0.05 s" in fails(ProviderError, b"hang", attempts=2, timeout=0.05)


def test_a_hanging_server_is_counted(talk, respond):
    _, played, respondent = talk(b"hang", respond.completion(), timeout=1.0)
    late = len(played.requests) - 1  # more than one only where this machine hangs too
    assert late >= 1 and respondent.faults == {"time_out": late}


def test_every_failed_call_is_counted_also_those_that_are_not_repeated(script, ask, respond):
    async def go():
        async with script(respond.http(400, {"error": {"message": "no"}})) as (_, base_url):
            respondent = HttpRespondent(Endpoint("openai/m", "m", base_url))
            with pytest.raises(ProviderError):
                await respondent.reply(ask("Hello?"))
            await respondent.close()
            return respondent.faults

    assert asyncio.run(go()) == {"rejected": 1}


def test_a_server_that_is_not_there_is_counted(ask):
    async def go():
        respondent = HttpRespondent(Endpoint("openai/m", "m", "http://127.0.0.1:1/v1"))
        try:
            with pytest.raises(RespondentHaltedError, match="nothing listens"):
                await respondent.reply(ask("Hello?"))
        finally:
            await respondent.close()
        return respondent.faults

    assert asyncio.run(go()) == {"connection": 1}


def test_a_pause_that_the_server_asks_for_holds_back_every_call(script, ask, respond, no_waits):
    busy = respond.http(429, {}, "Retry-After: 0.5")

    async def go():
        async with script(busy, respond.completion()) as (played, base_url):
            respondent = HttpRespondent(Endpoint("openai/m", "m", base_url))
            began = monotonic()
            first = asyncio.create_task(respondent.reply(ask("Hello?")))
            while not respondent.faults:
                await asyncio.sleep(0.01)
            second = asyncio.create_task(respondent.reply(ask("Hello?")))
            await asyncio.gather(first, second)
            await respondent.close()
            return [at - began for at in played.times]

    earliest, *others = asyncio.run(go())
    assert earliest >= 0 and len(others) == 2 and min(others) >= 0.5


def test_capacity_follows_what_the_server_takes(talk, respond):
    full = respond.http(429, {}, "Retry-After: 0")
    _, _, respondent = talk(*[respond.completion()] * 9, full, respond.completion(), calls=10)
    assert respondent.capacity == 1  # one call in flight was refused
    _, _, fixed = talk(full, respond.completion(), concurrency=7)
    assert fixed.capacity == fixed.concurrency == 7


def test_a_rejected_key_halts(fails, respond):
    for status in (401, 403):
        error = respond.http(status, {"error": {"message": f"Incorrect API key: {KEY[:15]}***"}})
        message = fails(RespondentHaltedError, error)
        assert f"HTTP {status}" in message and "OPENAI_API_KEY" in message
        assert KEY[:15] not in message


def test_an_unknown_model_lists_the_nearest_first(fails, respond):
    error = respond.http(404, {"error": {"code": "model_not_found", "message": "no such model"}})
    offered = respond.http(200, {"data": [{"id": name} for name in ("z", "mm", "a", KEY)]})
    message = fails(RespondentHaltedError, error, offered)
    assert "does not know 'm'; it offers: mm, " in message


def test_a_long_list_of_models_is_cut(fails, respond):
    offered = respond.http(200, {"data": [{"id": f"x{n:03}"} for n in range(500)]})
    message = fails(RespondentHaltedError, respond.http(404, {}), offered)
    assert message.endswith("x008, x009 and 490 more")


@pytest.mark.parametrize("second", [b"", b"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n"])
def test_a_wrong_path_is_suspected(fails, respond, second):
    message = fails(RespondentHaltedError, respond.http(404, b"<html>Not Found</html>"), second)
    assert "many end in /v1" in message


def test_spent_quota_halts_at_once(fails, respond):
    error = respond.http(429, {"error": {"code": "insufficient_quota", "message": "pay"}})
    assert "no quota left" in fails(RespondentHaltedError, error)


def test_a_bad_request_ends_the_session_at_once(fails, respond):
    error = respond.http(400, {"error": {"message": "context length exceeded"}})
    assert "HTTP 400: context length exceeded" in fails(ProviderError, error)


UNSUPPORTED = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."


def test_another_name_for_the_ceiling_is_taken_up(talk, respond):
    error = respond.http(400, {"error": {"message": UNSUPPORTED}})
    _, played, respondent = talk(error, respond.completion("4"), calls=2)
    sent = [
        json.loads(body).keys() & {"max_tokens", "max_completion_tokens"}
        for *_, body in played.requests
    ]
    assert sent == [{"max_tokens"}, {"max_completion_tokens"}, {"max_completion_tokens"}]
    (adaptation,) = respondent.adaptations()
    assert adaptation["field"] == "max_tokens" and UNSUPPORTED in adaptation["because"]


def test_a_name_for_the_ceiling_that_was_written_is_not_changed_unasked(fails, respond):
    error = respond.http(400, {"error": {"message": UNSUPPORTED}})
    written = CallOptions(max_tokens_field="max_tokens")
    assert "max_tokens_field" in fails(RespondentHaltedError, error, sent=written)


def test_redirects_are_not_followed(script, fails, respond):
    redirect = respond.http(307, b"", "Location: http://127.0.0.1:9/v1/chat/completions")
    assert "redirects elsewhere" in fails(RespondentHaltedError, redirect)


def test_a_filtered_reply_is_a_reply(talk, respond):
    (reply,), _, _ = talk(respond.completion(None, finish_reason="content_filter"))
    assert (reply.text, reply.finish_reason) == ("", "content_filter")
    (reply,), _, _ = talk(respond.http(400, {"error": {"code": "content_filter", "message": "x"}}))
    assert (reply.text, reply.finish_reason) == ("", "content_filter")


def test_a_reply_that_tells_the_key_is_cleaned(talk, respond):
    (reply,), _, _ = talk(respond.completion(f"your key is {KEY}", model=KEY))
    assert (reply.text, reply.model) == ("your key is [key]", "[key]")


def test_a_refused_schema_is_left_out_from_then_on(talk, respond):
    refusal = respond.http(400, {"error": {"message": "response_format is not supported"}})
    _, played, _ = talk(refusal, respond.completion("{}"), calls=2, schema={"type": "object"})
    sent = ["response_format" in json.loads(body) for _, _, body in played.requests]
    assert sent == [True, False, False]


def test_a_schema_that_must_be_sent_is_not_left_out(fails, respond):
    refusal = respond.http(400, {"error": {"message": "response_format is not supported"}})
    fails(ProviderError, refusal, schema={"type": "object"}, sent=CallOptions(structured="always"))


def test_a_schema_that_must_not_be_sent_is_not(talk, respond):
    _, played, _ = talk(
        respond.completion("{}"), schema={"type": "object"}, sent=CallOptions(structured="never")
    )
    assert "response_format" not in played.body()


def test_probabilities_that_the_server_does_not_tell_are_asked_for_less_and_less(talk, respond):
    refusal = respond.http(400, {"error": {"message": "top_logprobs must be at most 5"}})
    never = respond.http(403, {"error": {"message": "You are not allowed to request logprobs"}})
    answers = (refusal, never, respond.completion("4"))
    replies, played, respondent = talk(*answers, calls=2, choices=("3", "4"))
    sent = [json.loads(body).get("top_logprobs") for _, _, body in played.requests]
    assert sent == [20, 5, None, None]
    assert [reply.text for reply in replies] == ["4", "4"]
    assert respondent.faults == {"rejected": 2}


def test_a_complaint_about_probabilities_that_nobody_asked_for_is_an_error(fails, respond):
    fails(ProviderError, respond.http(400, {"error": {"message": "logprobs?"}}))


def test_nothing_is_logged_or_shown_about_the_key(talk, respond, caplog):
    caplog.set_level(logging.DEBUG)
    _, _, respondent = talk(respond.http(500, b""), respond.completion())
    assert KEY not in caplog.text
    assert KEY not in repr(respondent)


def test_no_more_calls_are_in_flight_than_the_models_file_allows():
    in_flight = calls = most = 0
    three = asyncio.Event()

    async def answer(request):
        """All calls but the first, which is made alone, wait until three are there."""
        nonlocal in_flight, calls, most
        in_flight, calls = in_flight + 1, calls + 1
        most = max(most, in_flight)
        if in_flight == 3:
            three.set()
        if calls > 1:
            await asyncio.wait_for(three.wait(), 60)
            await asyncio.sleep(0.01)  # in which a fourth would come
        in_flight -= 1
        message = {"role": "assistant", "content": "4"}
        return web.json_response({"choices": [{"message": message, "finish_reason": "stop"}]})

    async def go():
        app = web.Application()
        app.router.add_post("/v1/chat/completions", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        endpoint = Endpoint("m", "m", f"http://127.0.0.1:{port}/v1", concurrency=3)
        respondent = HttpRespondent(endpoint)
        request = Request([{"role": "user", "content": "?"}], 1, 1.0, 8)
        try:
            await asyncio.gather(*(respondent.reply(request) for _ in range(12)))
        finally:
            await respondent.close()
            await runner.cleanup()

    asyncio.run(go())
    assert most == 3
