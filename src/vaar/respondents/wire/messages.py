"""A conversation as services take it that keep the system message apart and no message empty."""

from __future__ import annotations

from collections.abc import Sequence

from vaar.respondents.base import Message

NO_REPLY = "(no reply)"
"""What stands in the history for an empty message, which these services refuse."""


def system_text(messages: Sequence[Message]) -> str:
    """The text of the system messages; empty where there is none."""
    return "\n\n".join(m["content"] for m in messages if m["role"] == "system" and m["content"])


def spoken(messages: Sequence[Message]) -> list[Message]:
    """What user and assistant said, in turn."""
    return [
        {"role": m["role"], "content": m["content"] if m["content"].strip() else NO_REPLY}
        for m in messages
        if m["role"] != "system"
    ]
