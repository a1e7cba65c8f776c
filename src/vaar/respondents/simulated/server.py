"""Simulated respondents behind an OpenAI-compatible endpoint, to rehearse a run over HTTP."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vaar.respondents.base import Message, Reply, Request
from vaar.respondents.http.choosing.enum_forms import ANSWER
from vaar.respondents.http.dialects.chat_reply import FINGERPRINT
from vaar.respondents.simulated.choosers import CHOOSERS
from vaar.respondents.simulated.choosing import ChoosingRespondent
from vaar.respondents.simulated.populations import POPULATIONS, SIMULATED
from vaar.respondents.simulated.respondent import SimulatedRespondent
from vaar.respondents.wire.payloads import mapping
from vaar.respondents.wire.session_header import session_in
from vaar.study.model import Study

_Simulated = SimulatedRespondent | ChoosingRespondent
_RESPONDENTS = web.AppKey("respondents", dict[str, _Simulated])
_LARGEST_REQUEST = 16 * 2**20
_DEFAULT_MAX_TOKENS = 1024
_IMPOSSIBLE = -9999.0
_END = "<|end|>"  # the token of a reply that ends at once


class _ChatMessage(BaseModel):
    role: str
    content: str


class _ChatRequest(BaseModel):
    """The fields of a chat-completions request that matter to a simulation; others are ignored."""

    model_config = ConfigDict(strict=True)

    model: str
    messages: list[_ChatMessage] = Field(min_length=1)
    seed: int = 0
    temperature: float | None = None
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    response_format: dict[str, Any] | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = Field(None, ge=0, le=20)
    stream: bool | None = None


def make_app(study: Study) -> web.Application:
    """The server as an aiohttp application: ``/v1/chat/completions`` and ``/v1/models``.

    Every population and every chooser answers to its bare name and to ``simulated/<name>``. A
    session is known by its header ``X-Session-ID``; a call without one stands for a session of its
    own, named by its seed. ``system_fingerprint``
    is ``vaar-simulated`` in every reply.
    """
    app = web.Application(client_max_size=_LARGEST_REQUEST)
    all_of_them: list[_Simulated] = [
        *(SimulatedRespondent(population, study) for population in POPULATIONS.values()),
        *(ChoosingRespondent(chooser, study) for chooser in CHOOSERS.values()),
    ]
    app[_RESPONDENTS] = {
        name: respondent
        for respondent in all_of_them
        for name in (respondent.name.removeprefix(SIMULATED), respondent.name)
    }
    app.router.add_post("/v1/chat/completions", _complete)
    app.router.add_get("/v1/models", _list_models)
    return app


async def start(study: Study, host: str = "127.0.0.1", port: int = 0) -> tuple[web.AppRunner, str]:
    """Start the server in the running event loop.

    Parameters
    ----------
    port : int
        0 picks a free one.

    Returns
    -------
    (AppRunner, str)
        What to ``cleanup()`` when done, and the base URL.

    Raises
    ------
    OSError
        The port is taken, or the host is not this machine's.
    """
    runner = web.AppRunner(make_app(study), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    address, bound = runner.addresses[0][:2]
    shown = f"[{address}]" if ":" in address else address
    return runner, f"http://{shown}:{bound}/v1"


async def _complete(received: web.Request) -> web.Response:
    try:
        asked = _ChatRequest.model_validate_json(await received.read())
    except ValidationError as error:
        return _error(400, _first_problem(error), "invalid_request_error")
    respondent = received.app[_RESPONDENTS].get(asked.model)
    if respondent is None:
        known = ", ".join((*POPULATIONS, *CHOOSERS))
        message = f"The model {asked.model[:100]!r} does not exist; this server has {known}."
        return _error(404, message, "model_not_found")
    if asked.stream:
        return _error(400, "Streaming is not supported; leave stream out.", "unsupported_value")
    request = replace(_to_request(asked), session_seed=session_in(received.headers))
    if asked.logprobs and asked.top_logprobs:
        request = replace(request, choices=respondent.choices(request.messages))
    if allowed := _allowed(asked.response_format):
        request = replace(request, choices=allowed, response="schema")
    reply = await respondent.reply(request)
    if reply.text in allowed:
        reply = replace(reply, text=json.dumps({ANSWER: reply.text}))
    completion = _completion(reply)
    if asked.logprobs:
        completion["choices"][0]["logprobs"] = {
            "content": _first_token(request.choices, reply, asked.top_logprobs or 0)
        }
    return web.json_response(completion)


async def _list_models(request: web.Request) -> web.Response:
    models = [
        {"id": name, "object": "model", "created": 0, "owned_by": "vaar-simulated"}
        for name in request.app[_RESPONDENTS]
    ]
    return web.json_response({"object": "list", "data": models})


def _to_request(asked: _ChatRequest) -> Request:
    messages: list[Message] = [
        {"role": message.role, "content": message.content} for message in asked.messages
    ]
    return Request(
        messages=messages,
        seed=asked.seed,
        temperature=1.0 if asked.temperature is None else asked.temperature,
        max_tokens=asked.max_completion_tokens or asked.max_tokens or _DEFAULT_MAX_TOKENS,
    )


def _allowed(response_format: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The answers of which a schema allows one; empty where it is no such schema."""
    schema = mapping(mapping(response_format, "json_schema"), "schema")
    listed = mapping(mapping(schema, "properties"), ANSWER).get("enum")
    return tuple(map(str, listed)) if isinstance(listed, list) else ()


def _completion(reply: Reply) -> dict[str, Any]:
    message = {"role": "assistant", "content": reply.text}
    return {
        "id": "chatcmpl-simulated",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": reply.model,
        "system_fingerprint": FINGERPRINT,
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish_reason}],
        "usage": {
            "prompt_tokens": reply.input_tokens,
            "completion_tokens": reply.output_tokens,
            "total_tokens": reply.input_tokens + reply.output_tokens,
        },
    }


def _first_token(choices: Sequence[str], reply: Reply, most: int) -> list[dict[str, Any]]:
    """The first token of a reply with its rivals; empty where their probabilities are not known."""
    if reply.distribution is None or reply.mass is None:
        return []
    chances = {c: p * reply.mass for c, p in zip(choices, reply.distribution, strict=True) if p}
    listed = sorted(chances, key=lambda choice: -chances[choice])[:most]
    said = reply.text.strip() or _END
    first = said[0] if said[0] in chances else said.split(maxsplit=1)[0]
    others = [_token(choice, chances[choice]) for choice in listed]
    return [_token(first, chances.get(first, 1 - reply.mass)) | {"top_logprobs": others}]


def _token(text: str, probability: float) -> dict[str, Any]:
    logprob = math.log(probability) if probability > 0 else _IMPOSSIBLE
    return {"token": text, "logprob": logprob, "bytes": list(text.encode())}


def _first_problem(error: ValidationError) -> str:
    finding = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in finding["loc"]) or "body"
    return f"{place}: {finding['msg']}"


def _error(status: int, message: str, code: str) -> web.Response:
    body = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return web.Response(
        status=status, text=json.dumps({"error": body}), content_type="application/json"
    )
