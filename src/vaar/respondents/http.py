"""A chat model behind an endpoint, over plain HTTP, in the dialect that its server speaks."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from difflib import get_close_matches
from typing import NoReturn

from vaar.errors import ProviderError, RespondentHaltedError
from vaar.respondents.base import Reply, Request
from vaar.respondents.completions import CHAT_COMPLETIONS
from vaar.respondents.dialect import Dialect, UnusableReplyError
from vaar.respondents.endpoint import Endpoint
from vaar.respondents.redaction import quote
from vaar.respondents.retries import TransientError, is_transient, retry_after, wait_before
from vaar.respondents.transport import Response, Transport

_MOST_MODELS_LISTED = 10
_SPENT = ("insufficient_quota", "billing_hard_limit_reached")


class HttpRespondent:
    """A chat model behind an endpoint.

    Failures that may pass (429, 5xx, time-outs, resets, damaged replies) are tried again a bounded
    number of times with growing, jittered waits. Failures that cannot pass halt the respondent.

    Parameters
    ----------
    endpoint : Endpoint
    dialect : Dialect
        What its server speaks.

    Attributes
    ----------
    simulated : bool
        Becomes True with the first reply of a server that announces simulated respondents
        (``vaar simulate serve``); False until then.
    """

    def __init__(self, endpoint: Endpoint, dialect: Dialect = CHAT_COMPLETIONS) -> None:
        self.name = endpoint.name
        self.simulated = False
        self.faults: Counter[str] = Counter()
        limit = endpoint.concurrency
        self._slots = asyncio.Semaphore(limit) if limit is not None else nullcontext()
        self._endpoint = endpoint
        self._dialect = dialect
        self._key: str | None = None
        self._transport: Transport | None = None
        self._sends_schema = endpoint.structured != "never"

    async def reply(self, request: Request) -> Reply:
        """Answer one turn; see :class:`vaar.respondents.base.Respondent`."""
        attempt = 0
        while True:
            try:
                async with self._slots:
                    return await self._call(request)
            except TransientError as failure:
                attempt += 1
                if attempt >= self._endpoint.attempts:
                    self._give_up(attempt, failure)
                await asyncio.sleep(wait_before(attempt, failure.retry_after))

    @property
    def capacity(self) -> int:
        """Conversations that it takes side by side."""
        return self._endpoint.concurrency or 64

    @property
    def concurrency(self) -> int | None:
        """Most calls in flight that its owner allows; None where nothing is said."""
        return self._endpoint.concurrency

    def prepare(self) -> None:
        """Take the key from the environment; the first call does it where nobody else has.

        Raises
        ------
        MissingKeyError
            The endpoint is not on this machine and the environment holds no key for it.
        """
        if self._transport is None:
            self._key = self._endpoint.key()
            headers = self._dialect.headers(self._key)
            self._transport = Transport(self._endpoint, headers, self._key)

    async def close(self) -> None:
        """Release connections."""
        if self._transport is not None:
            await self._transport.close()

    async def _exchange(self, method: str, path: str, body: bytes | None = None) -> Response:
        if self._transport is None:
            self.prepare()
        assert self._transport is not None
        return await self._transport.exchange(method, path, body)

    def _give_up(self, attempts: int, failure: TransientError) -> NoReturn:
        raised = RespondentHaltedError if failure.lasting else ProviderError
        raise raised(f"{self.name}: gave up after {attempts} calls; the last: {failure}") from None

    async def _call(self, request: Request) -> Reply:
        with_schema = self._sends_schema and request.schema is not None
        body = self._dialect.body(request, self._endpoint, with_schema)
        started = time.perf_counter()
        response = await self._exchange("POST", self._dialect.path(self._endpoint), body)
        latency = time.perf_counter() - started
        payload = _parse(response.content)
        if response.status == 200:
            return self._take(payload, request, latency)
        if response.status == 400 and self._dialect.error_code(payload) == "content_filter":
            return Reply(text="", finish_reason="content_filter", latency=latency)
        if with_schema and self._refuses_schema(response.status, payload):
            self._sends_schema = False
            return await self._call(request)
        return await self._fail(response, payload)

    def _take(self, payload: object, request: Request, latency: float) -> Reply:
        try:
            reply = self._dialect.reply(payload, request, latency)
        except UnusableReplyError as error:
            said = quote(self._dialect.error_text(payload), self._key)
            raise TransientError(f"it answered with {error}{said and f': {said}'}") from None
        self.simulated = self.simulated or reply.simulated
        if self._key and self._key in reply.text + reply.model:
            text, model = (part.replace(self._key, "[key]") for part in (reply.text, reply.model))
            return replace(reply, text=text, model=model)
        return reply

    def _refuses_schema(self, status: int, payload: object) -> bool:
        said = self._dialect.error_text(payload).lower()
        refused = "response_format" in said or "schema" in said
        return self._endpoint.structured == "auto" and status in (400, 422) and refused

    async def _fail(self, response: Response, payload: object) -> NoReturn:
        """Turn an error response into the error it calls for."""
        status, code = response.status, self._dialect.error_code(payload)
        raw = self._dialect.error_text(payload) or response.content.decode(errors="replace")
        said = f"HTTP {status}: {quote(raw, self._key) or 'no further word'}"
        if code in _SPENT:
            self._halt(f"its account has no quota left ({said}); top it up, then start again")
        if is_transient(status):
            raise TransientError(said, retry_after(response.headers))
        if status == 404 or code == "model_not_found":
            self._halt(f"{said}. {await self._offers()}")
        if remedy := self._remedy(status, raw):
            self._halt(f"{said}. {remedy}")
        raise ProviderError(f"{self.name}: {said}")

    def _remedy(self, status: int, said: str) -> str | None:
        """What to do about an error response that every further call would get."""
        endpoint = self._endpoint
        if status in (401, 403):
            return (
                f"Check the key in the environment variable {endpoint.api_key_env}, and that its "
                f"owner may use {endpoint.model!r} at {endpoint.base_url}"
            )
        if 300 <= status < 400:
            return (
                f"{endpoint.base_url} redirects elsewhere; that is not followed, since the key "
                "would travel along. Give the final address as base URL"
            )
        if endpoint.max_tokens_field == "max_tokens" and "max_completion_tokens" in said:
            return "Write max_tokens_field: max_completion_tokens for this model in a models file"
        return None

    async def _offers(self) -> str:
        """What the server offers instead of a model that it does not know."""
        wanted, base_url = self._endpoint.model, self._endpoint.base_url
        try:
            response = await self._exchange("GET", self._dialect.models_path)
        except TransientError:
            response = Response(0, {}, b"")
        names = self._dialect.model_ids(_parse(response.content)) if response.status == 200 else []
        if not names:
            return f"Check that {base_url} is right (many end in /v1) and that it knows {wanted!r}"
        near = get_close_matches(wanted, names, n=_MOST_MODELS_LISTED, cutoff=0.4)
        ordered = [*near, *(name for name in sorted(names) if name not in near)]
        shown = ", ".join(quote(name, self._key) for name in ordered[:_MOST_MODELS_LISTED])
        further = len(names) - _MOST_MODELS_LISTED
        also = f" and {further} more" if further > 0 else ""
        return f"{base_url} does not know {wanted!r}; it offers: {shown}{also}"

    def _halt(self, message: str) -> NoReturn:
        raise RespondentHaltedError(f"{self.name}: {message}") from None


def _parse(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
