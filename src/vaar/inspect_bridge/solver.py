"""The solver: one sample is one session, asked by vaar's own protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inspect_ai.model import ChatMessage, Model, get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import LimitExceededError

from vaar.inspect_bridge.records import KEY, SaidRecord, TurnRecord
from vaar.inspect_bridge.sessions import session_in
from vaar.respondents.base import Message, Reply
from vaar.respondents.inspect_models.conversion import to_chat_message, to_config, to_reply
from vaar.respondents.inspect_models.failures import Secrets, plain_message
from vaar.respondents.wire.session_header import SESSION_HEADER
from vaar.sessions.protocol import TurnRequest, conduct
from vaar.sessions.records import Session
from vaar.sessions.runner.limits import SessionFailedError, SessionUsage
from vaar.sessions.seeds import turn_seed
from vaar.study.model import Study


@solver
def session(study: Study) -> Solver:
    """Ask one session of a study.

    Prompts, re-asks and bounds are those of ``vaar run``. A session that reaches a limit of the
    study ends there, with its reason in the store; one whose call fails ends as an error of the
    sample, after the repetitions that Inspect allows.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        asking = _Asking(state, get_model())
        try:
            await _converse(study, state, asking)
        except SessionFailedError as failure:
            asking.fail(str(failure))
        return state

    return solve


async def _converse(study: Study, state: TaskState, asking: _Asking) -> None:
    planned = session_in(state.metadata, study, str(state.model))
    conversation, usage = conduct(study, planned), SessionUsage(study.limits)
    try:
        ask = next(conversation)
        while True:
            usage.check()
            reply = await asking.put(ask, planned)
            usage.add(reply)
            ask = conversation.send(reply)
    except StopIteration:
        return


class _Asking:
    """Puts asks to the model; what was said goes to the sample's store, reply by reply."""

    def __init__(self, state: TaskState, model: Model) -> None:
        self._state = state
        self._model = model
        self._secrets = Secrets(model.api)
        self._headers = dict(model.config.extra_headers or {})
        self._said: dict[str, Any] = SaidRecord().model_dump()
        self._conversation: Sequence[Message] | None = None
        self._sent: list[ChatMessage] = []
        state.messages = []
        state.store.set(KEY, self._said)

    async def put(self, ask: TurnRequest, planned: Session) -> Reply:
        messages = self._messages(ask.messages)
        seed = turn_seed(planned, ask.turn, ask.attempt)
        config = to_config(seed, ask.max_tokens, ask.schema)
        config.extra_headers = self._headers | {SESSION_HEADER: str(planned.seed)}
        try:
            output = await self._model.generate(messages, config=config)
        except LimitExceededError:
            raise
        except Exception as error:
            self.fail(f"provider_error: {self._secrets.quote(plain_message(error))}")
            raise
        if output.empty:
            self.fail("provider_error: an answer without a choice")
            raise ValueError(f"{self._model} gave an answer without a choice")
        self._state.output = output
        reply = self._secrets.cleared(to_reply(output, str(self._model)))
        self._add([{"role": "assistant", "content": reply.text}])  # as the protocol will
        self._said["turns"].append(TurnRecord.of(ask.turn, ask.attempt, reply, seed).model_dump())
        return reply

    def fail(self, reason: str) -> None:
        self._said["reason"] = reason

    def _messages(self, conversation: Sequence[Message]) -> list[ChatMessage]:
        """The conversation in Inspect's form; what was sent before is sent as the same objects."""
        if conversation is not self._conversation:
            self._conversation, self._sent = conversation, []
        self._add(conversation[len(self._sent) :])
        return list(self._sent)

    def _add(self, messages: Sequence[Message]) -> None:
        new = [to_chat_message(message) for message in messages]
        self._sent += new
        self._state.messages.extend(new)
