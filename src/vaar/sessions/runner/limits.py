"""What a session has used of its bounds, and whether one model answered it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from vaar.respondents.base import Message, Reply
from vaar.sessions.runner.context_watch import ContextWatch
from vaar.study.model import Limits

MODEL_CHANGED = "model_changed"
"""How the reason of a session begins that was answered by more than one model."""


CONTEXT_CUT = "context_cut"
"""How the reason of a session begins whose conversation was not read from its beginning."""


UNUSABLE = (f"{MODEL_CHANGED}:", f"{CONTEXT_CUT}:")
"""How the reasons begin of sessions whose replies are no data, and which begin anew."""


class SessionFailedError(Exception):
    """The session cannot go on; the message is its reason."""


class ContextCutError(SessionFailedError):
    """The server leaves out the beginning of conversations, and does not say so."""


@dataclass
class SessionUsage:
    """Replies and tokens of one session, set against the study's limits.

    Attributes
    ----------
    model, provider : str
        The first model id, and the first provider, that the server named.
    """

    limits: Limits
    turns: int = 0
    tokens: int = 0
    model: str = ""
    provider: str = ""
    _watch: ContextWatch = field(default_factory=ContextWatch)

    def add(self, reply: Reply, messages: Sequence[Message] = ()) -> None:
        """Count one reply.

        Parameters
        ----------
        messages : sequence of Message
            The conversation that it replies to.

        Raises
        ------
        SessionFailedError
            It comes from another model, or by another provider, than those before it.
        ContextCutError
            The beginning of the conversation was left out.
        """
        self.turns += 1
        self.tokens += reply.input_tokens + reply.output_tokens
        if reply.model and self.model and reply.model != self.model:
            raise SessionFailedError(f"{MODEL_CHANGED}: {self.model!r} then {reply.model!r}")
        if reply.provider and self.provider and reply.provider != self.provider:
            told = f"answered by {self.provider!r} then {reply.provider!r}"
            raise SessionFailedError(f"{MODEL_CHANGED}: {told}")
        self.model = self.model or reply.model
        self.provider = self.provider or reply.provider
        if not reply.simulated and self._watch.is_cut(messages, reply.input_tokens):
            raise ContextCutError(
                f"{CONTEXT_CUT}: at turn {self.turns} the server counted {reply.input_tokens:,} "
                "tokens, no more than before, though the conversation had grown: it leaves out its "
                "beginning"
            )

    def check(self) -> None:
        """Refuse a further request where a limit is reached.

        Raises
        ------
        SessionFailedError
        """
        if self.turns >= self.limits.turns:
            raise SessionFailedError(f"limit: {self.limits.turns} turns")
        if self.tokens >= self.limits.session_tokens:
            raise SessionFailedError(f"limit: {self.limits.session_tokens} tokens")
