import asyncio
from dataclasses import replace

import aiohttp
import pytest

from vaar.errors import RespondentHaltedError
from vaar.respondents.base import Recorded
from vaar.respondents.resolve import resolve
from vaar.respondents.simulated.choosers import CHOOSERS
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.respondents.simulated.server import start
from vaar.sessions.prompts import block_question, item_question


@pytest.fixture
def post(small):
    """Post a body to the server: (status, JSON)."""

    def run(body, method="POST", path="/chat/completions", **options):
        async def go():
            runner, base_url = await start(small)
            options.setdefault("json", body)
            async with (
                aiohttp.ClientSession() as client,
                client.request(method, base_url + path, **options) as response,
            ):
                answer = response.status, await response.json()
            await runner.cleanup()
            return answer

        return asyncio.run(go())

    return run


@pytest.fixture
def body(small):
    instrument = small.instruments[0]
    question = item_question(instrument, instrument.items[0], True)
    return {"model": "constant", "messages": [{"role": "user", "content": question}], "seed": 4}


@pytest.mark.parametrize("condition", ["item", "block", "isolated"])
def test_answers_are_those_given_in_process(small, run_sessions, condition):
    seeds = (1, 2**63 - 1)

    async def go():
        runner, base_url = await start(small)
        served = resolve([f"openai/{name}" for name in POPULATIONS], small, base_url)
        for far, near in zip(served, resolve(["simulated"], small), strict=True):
            over_http = await run_sessions(far, small, small.condition[condition], seeds)
            assert over_http == await run_sessions(near, small, small.condition[condition], seeds)
            assert far.simulated
            await far.close()
        await runner.cleanup()

    asyncio.run(go())


def test_a_completion(post, body):
    status, answer = post(body)
    assert status == 200
    choice = {"index": 0, "message": {"role": "assistant", "content": "3"}, "finish_reason": "stop"}
    assert answer["choices"] == [choice]
    assert answer["model"] == "simulated/constant"
    assert answer["object"] == "chat.completion"
    assert answer["system_fingerprint"] == "vaar-simulated"
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 1


def test_both_forms_of_a_name(post, body):
    plain, prefixed = (
        post(body | {"model": name})[1]["choices"] for name in ("noisy", "simulated/noisy")
    )
    assert plain == prefixed


def test_the_ceiling_on_tokens_is_kept(post, body):
    lost = [{"role": "user", "content": "How are you?"}]
    for name in ("max_tokens", "max_completion_tokens"):
        _, answer = post(body | {"messages": lost, name: 1})
        assert answer["choices"][0]["finish_reason"] == "length"
        assert answer["choices"][0]["message"]["content"] == "I am"


def test_the_list_of_models(post):
    status, answer = post(None, "GET", "/models")
    assert status == 200 and answer["object"] == "list"
    ids = {entry["id"] for entry in answer["data"]}
    known = {*POPULATIONS, *CHOOSERS}
    assert ids == known | {f"simulated/{name}" for name in known}


@pytest.mark.parametrize(
    ("change", "status", "code", "message"),
    [
        ({"model": "gpt"}, 404, "model_not_found", "'gpt' does not exist; this server has human"),
        ({"model": 7}, 400, "invalid_request_error", "model: "),
        ({"messages": []}, 400, "invalid_request_error", "messages: "),
        ({"messages": "hi"}, 400, "invalid_request_error", "messages: "),
        ({"messages": [{"role": "user"}]}, 400, "invalid_request_error", "messages.0.content: "),
        ({"seed": "x"}, 400, "invalid_request_error", "seed: "),
        ({"max_tokens": 0}, 400, "invalid_request_error", "max_tokens: "),
        ({"stream": True}, 400, "unsupported_value", "Streaming is not supported"),
    ],
)
def test_requests_that_are_refused(post, body, change, status, code, message):
    got, answer = post(body | change)
    assert got == status
    assert answer["error"]["code"] == code
    assert answer["error"]["message"].startswith(message) or message in answer["error"]["message"]


def test_what_is_no_json(post):
    status, answer = post(None, json=None, data=b"{")
    assert status == 400 and answer["error"]["type"] == "invalid_request_error"


def test_an_unknown_model_is_explained_to_the_respondent(small, ask):
    async def go():
        runner, base_url = await start(small)
        (respondent,) = resolve(["openai/human"], small, base_url)
        try:
            await respondent.reply(ask("Hello?"))
        finally:
            await respondent.close()
            await runner.cleanup()

    with pytest.raises(RespondentHaltedError, match="it offers: human-like"):
        asyncio.run(go())


def test_a_port_in_use(small):
    async def go():
        runner, base_url = await start(small)
        try:
            await start(small, port=int(base_url.split(":")[2].split("/")[0]))
        finally:
            await runner.cleanup()

    with pytest.raises(OSError, match="in use"):
        asyncio.run(go())


@pytest.mark.parametrize("name", POPULATIONS)
def test_distributions_are_those_given_in_process(small, name, ask):
    instrument = small.instruments[0]
    question = item_question(instrument, instrument.items[0], True)
    choices = tuple(str(value) for value in instrument.scale.values)
    requests = [ask(question, seed=seed, choices=choices) for seed in range(20)]

    async def go():
        runner, base_url = await start(small)
        (far,) = resolve([f"openai/{name}"], small, base_url)
        (near,) = resolve([f"simulated/{name}"], small)
        pairs = [(await far.reply(r), await near.reply(r)) for r in requests]
        await far.close()
        await runner.cleanup()
        return pairs

    for over_http, in_process in asyncio.run(go()):
        assert over_http.text == in_process.text
        if over_http.text.strip():
            assert over_http.distribution == pytest.approx(in_process.distribution, abs=1e-9)
            assert over_http.mass == pytest.approx(in_process.mass)


def test_probabilities_of_a_block_are_not_told(small, post):
    question = block_question(small.instruments[0])
    body = {"model": "constant", "messages": [{"role": "user", "content": question}]}
    _, answer = post(body | {"logprobs": True, "top_logprobs": 5})
    assert answer["choices"][0]["logprobs"] == {"content": []}


@pytest.mark.parametrize("response", ["choice", "schema"])
def test_forced_answers_are_those_given_in_process(small, ask, response):
    calm = small.instruments[0]
    asked = replace(
        ask(item_question(calm, calm.items[0], True), choices=tuple("12345")),
        response=response,
        session_seed=7,
        temperature=0.3,
    )

    async def go():
        runner, base_url = await start(small)
        served = resolve([f"openai/{name}" for name in POPULATIONS], small, base_url)
        for far, near in zip(served, resolve(["simulated"], small), strict=True):
            for seed in range(12):
                one = replace(asked, seed=seed)
                over_http, here = await far.reply(one), await near.reply(one)
                assert over_http.text == here.text
                if response == "choice":
                    assert over_http.mass == pytest.approx(here.mass, abs=1e-9)
                    assert over_http.distribution == pytest.approx(here.distribution, abs=1e-9)
            assert isinstance(far, Recorded) and far.adaptations() == []
            await far.close()
        await runner.cleanup()

    asyncio.run(go())
