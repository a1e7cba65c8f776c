"""What a session has used of its bounds, and whether one model answered it."""

from __future__ import annotations

from dataclasses import dataclass

from vaar.respondents.base import Reply
from vaar.study.model import Limits

MODEL_CHANGED = "model_changed"
"""How the reason of a session begins that was answered by more than one model."""


class SessionFailedError(Exception):
    """The session cannot go on; the message is its reason."""


@dataclass
class SessionUsage:
    """Replies and tokens of one session, set against the study's limits.

    Attributes
    ----------
    model : str
        The first model id that the server named.
    """

    limits: Limits
    turns: int = 0
    tokens: int = 0
    model: str = ""

    def add(self, reply: Reply) -> None:
        """Count one reply.

        Raises
        ------
        SessionFailedError
            It comes from another model than those before it.
        """
        self.turns += 1
        self.tokens += reply.input_tokens + reply.output_tokens
        if reply.model and self.model and reply.model != self.model:
            raise SessionFailedError(f"{MODEL_CHANGED}: {self.model!r} then {reply.model!r}")
        self.model = self.model or reply.model

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
