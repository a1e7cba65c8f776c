"""One call to an endpoint: what is sent, what comes back, and what an error means."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple, NoReturn
from urllib.parse import quote as url_quote

from vaar.errors import ProviderError, RespondentHaltedError
from vaar.respondents.base import Reply, Request
from vaar.respondents.http import error_advice
from vaar.respondents.http.adaptation import Adaptations
from vaar.respondents.http.choosing.forcing import Choices
from vaar.respondents.http.choosing.ways import Way, why_none
from vaar.respondents.http.dialect import UnusableReplyError
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.error_meaning import Meaning, meaning_of
from vaar.respondents.http.refused_fields import Call, Refused
from vaar.respondents.http.request_form import RequestWriter, Taken
from vaar.respondents.http.transport import MOST_BYTES, Response, Transport
from vaar.respondents.wire.error_reading import ErrorSaid, read_error
from vaar.respondents.wire.event_stream import is_event_stream, read_event_stream
from vaar.respondents.wire.payloads import line, mapping, objects
from vaar.respondents.wire.redaction import clear_reply, quote, withhold
from vaar.respondents.wire.retries import TransientError, fault_of, retry_after, says_full
from vaar.respondents.wire.session_header import session_header

MOST_REJECTIONS = 10
"""Calls rejected in a row, and none accepted, after which no other is made."""

MOST_FAILED_DRAWS = 2
"""Replies in a row that did not fit the schema, after which it is left out."""

_BYTES, _PER_TOKEN, _PER_LOGPROB = 200_000, 100, 200  # a reply with its thoughts, generously
_BAD_GATEWAY = 502


class Caller:
    """Makes the calls to one endpoint, and adapts to its server before the first accepted reply.

    Attributes
    ----------
    writer : RequestWriter
    adaptations : Adaptations
    choices : Choices
    faults : Counter
        Calls that did not succeed and are not repeated, by kind.
    """

    def __init__(self, endpoint: Endpoint, transport: Transport, key: str | None) -> None:
        self.writer = RequestWriter(endpoint)
        self.adaptations = Adaptations(endpoint.options)
        self.faults: Counter[str] = Counter()
        self._endpoint = endpoint
        self._dialect = endpoint.provider.dialect
        self._transport = transport
        self._key = key
        self._path = self._dialect.path(endpoint.model)
        self.choices = Choices(endpoint, self.writer, self.adaptations, key)
        self._rejections = self._failed_draws = 0

    def adopt(self, adaptations: Iterable[Mapping[str, str]]) -> None:
        """Begin with what an earlier call of the same run has found out."""
        self.writer.taken = self.adaptations.adopt(adaptations, self.writer.taken)

    async def call(self, request: Request) -> Reply:
        """Ask one turn; again at once where the server's refusal was adapted to.

        Raises
        ------
        TransientError
            Another call may fare better.
        ProviderError
            No other call of this session can.
        RespondentHaltedError
            No other call to this endpoint can.
        """
        while True:
            taken, way = self.writer.taken, self.writer.way(request)
            if way is None:
                self._halt(why_none(self._endpoint, request.response, request.choices))
            started = time.perf_counter()
            response = await self._exchange(request)
            latency = time.perf_counter() - started
            payload = self._payload(response)
            failure = _failure_in(payload) if response.status == 200 else payload
            if response.status == 200 and failure is None:
                reply = self._take(payload, request, latency)
                self.adaptations.accepted(taken, request, way is Way.SCHEMA)
                self._rejections = 0
                if (answer := self.choices.answer(reply, request, way, taken)) is not None:
                    return answer
                continue
            said = read_error(failure, response.content[:10_000].decode(errors="replace"))
            status = response.status
            if status == 200:
                status = said.status or _BAD_GATEWAY
            asked = _Asked(request, taken, way)
            if (stand_in := await self._handle(status, said, response, asked)) is not None:
                return replace(stand_in, latency=latency)

    async def models(self) -> list[str]:
        """The ids of the models that the server lists; empty where it lists none."""
        listed = self._dialect.model_ids(await self._listed(self._dialect.models_path))
        return [withhold(name, self._key) for name in listed]

    async def hosts(self) -> list[str]:
        """Whom the gateway may ask for the model; empty where it is none, or lists none."""
        path = self._endpoint.provider.hosts_path
        if not path:
            return []
        listed = await self._listed(path.format(model=url_quote(self._endpoint.model)))
        found = objects(mapping(listed, "data"), "endpoints")
        names = (line(host.get("tag") or host.get("provider_name")) for host in found)
        return [withhold(name, self._key) for name in names]

    async def _listed(self, path: str) -> object:
        try:
            response = await self._transport.exchange("GET", path)
        except TransientError:
            return None
        return _parse(response.content) if response.status == 200 else None

    async def _exchange(self, request: Request) -> Response:
        body, most = self.writer.body(request), self._most_bytes(request)
        try:
            headers = session_header(request)
            return await self._transport.exchange("POST", self._path, body, most, headers)
        except RespondentHaltedError:
            self.faults["connection"] += 1
            raise

    def _payload(self, response: Response) -> object:
        """The JSON of a response; None where it is none."""
        if is_event_stream(response.content_type, response.content):
            return read_event_stream(response.content)
        payload = _parse(response.content)
        if response.status == 200 and payload is None and response.is_page:
            self.faults["rejected"] += 1
            said = "it answered with a web page"
            self._halt(f"{said}. {error_advice.wrong_address(self._endpoint)}")
        return payload

    def _take(self, payload: object, request: Request, latency: float) -> Reply:
        try:
            reply = self._dialect.reply(payload, request, latency)
        except UnusableReplyError as error:
            raise TransientError(f"it answered with {error}", "unusable_reply") from None
        return self._without_key(reply)

    def _without_key(self, reply: Reply) -> Reply:
        return clear_reply(reply, lambda text: withhold(text, self._key)) if self._key else reply

    def _most_bytes(self, request: Request) -> int:
        options = self._endpoint.options
        told = self.writer.taken.top_logprobs if request.choices else 0
        each = _PER_TOKEN + _PER_LOGPROB * told
        return min(MOST_BYTES, _BYTES + each * options.ceiling_for(request.max_tokens))

    async def _handle(
        self, status: int, said: ErrorSaid, response: Response, asked: _Asked
    ) -> Reply | None:
        """Deal with an error: a reply that stands for it, None to call again, or an exception."""
        wait = retry_after(response.headers)
        meaning = meaning_of(status, said, said.wait if wait is None else wait)
        told = f"HTTP {status}: {quote(said.text, self._key) or 'no further word'}"
        if meaning is Meaning.WITHHELD:
            return Reply(text="", finish_reason="content_filter")
        if meaning is Meaning.CUT:
            return Reply(text="", finish_reason="length")
        if meaning is Meaning.FAILED_DRAW:
            self._draw_again(asked.request, told)
        if meaning not in _FINAL and self._adapts(status, said, asked, told):
            self.faults["rejected"] += 1
            return None
        if meaning is Meaning.TRANSIENT:
            kind = "unusable_reply" if response.status == 200 else fault_of(status)
            pause = said.wait if wait is None else wait
            raise TransientError(told, kind, pause, says_full(status))
        self.faults[fault_of(status)] += 1
        if meaning is Meaning.MODEL:
            names = await self.models()
            self._halt(f"{told}. {error_advice.offers(self._endpoint, names, self._key)}")
        if advice := error_advice.remedy(self._endpoint, meaning, status, told):
            self._halt(advice)
        self._reject(told)

    def _adapts(self, status: int, said: ErrorSaid, asked: _Asked, told: str) -> bool:
        """Whether the call is to be made again in another form."""
        if asked.taken != self.writer.taken:
            return True  # another call has found out meanwhile
        request, forced = asked.request, asked.way is Way.SCHEMA
        has_system = any(message["role"] == "system" for message in request.messages)
        call = Call(self.writer.resolved(request), self.writer.taken, has_system, forced)
        found = self.adaptations.find(status, said, call, told)
        if isinstance(found, Refused):
            self.faults["rejected"] += 1
            self._halt(error_advice.refused(self._endpoint, found.field, told))
        if found is None:
            return False
        self.writer.taken = found
        return True

    def _draw_again(self, request: Request, told: str) -> NoReturn:
        """Repeat a call whose reply did not fit the schema, at last without the schema."""
        self._failed_draws += 1
        optional = self._endpoint.options.structured == "auto" and request.schema is not None
        if optional and self._failed_draws >= MOST_FAILED_DRAWS and self.writer.taken.schema:
            self.writer.taken = self.adaptations.without_schema(self.writer.taken, told)
        raise TransientError(told, "unusable_reply")

    def _reject(self, told: str) -> NoReturn:
        self._rejections += 1
        if self._rejections >= MOST_REJECTIONS and not self.adaptations.any_accepted:
            self._halt(
                f"{told}. So were the {self._rejections} calls before, and none was accepted. "
                "`vaar models check` shows what this model takes"
            )
        raise ProviderError(f"{self._endpoint.name}: {told}") from None

    def _halt(self, message: str) -> NoReturn:
        raise RespondentHaltedError(f"{self._endpoint.name}: {message}") from None


class _Asked(NamedTuple):
    """One call: what was asked, what the server was held to take, and the way to the answer."""

    request: Request
    taken: Taken
    way: Way


_FINAL = frozenset({Meaning.SPENT, Meaning.ANOTHER_DAY, Meaning.LOCATION, Meaning.CONTEXT})
"""Meanings of errors that are not looked into for a field to leave out."""


def _failure_in(payload: object) -> object:
    """What went wrong, where a response that says 200 tells it: on its top or on the choice."""
    if not isinstance(payload, Mapping):
        return None
    choices = payload.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    on_choice = first.get("error") if isinstance(first, Mapping) else None
    return on_choice or payload.get("error") or None


def _parse(content: bytes) -> object:
    try:
        found: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found
