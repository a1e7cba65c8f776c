"""A conversation as servers take it: no message empty, the system message where it may stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from vaar.respondents.base import Message
from vaar.respondents.wire.payloads import NO_REPLY

SystemRole = Literal["system", "developer", "user"]
"""The role in which a system message is sent."""


def system_text(messages: Sequence[Message]) -> str:
    """The text of the system messages; empty where there is none."""
    return "\n\n".join(m["content"] for m in messages if m["role"] == "system" and m["content"])


def spoken(messages: Sequence[Message]) -> list[Message]:
    """What user and assistant said, in turn."""
    return [_never_empty(message) for message in messages if message["role"] != "system"]


def apart(messages: Sequence[Message], system: SystemRole) -> tuple[str, list[Message]]:
    """The system message and what was said, for services that keep the two apart.

    Parameters
    ----------
    system : {'system', 'developer', 'user'}
        ``'user'`` puts the text in front of the first question, and leaves no system message.
    """
    text = system_text(messages)
    if system != "user" or not text:
        return text, spoken(messages)
    first, *later = spoken(messages)
    return "", [{"role": first["role"], "content": f"{text}\n\n{first['content']}"}, *later]


def folded(messages: Sequence[Message], system: SystemRole) -> Sequence[Message]:
    """The whole conversation, its system message in the role that the server takes.

    Parameters
    ----------
    system : {'system', 'developer', 'user'}
        ``'user'`` puts the text in front of the first question.
    """
    if system == "system":
        return messages
    if system == "user":
        return apart(messages, system)[1]
    return [
        {"role": system, "content": message["content"]} if message["role"] == "system" else message
        for message in messages
    ]


def _never_empty(message: Message) -> Message:
    if message["content"] and not message["content"].isspace():
        return message
    return {"role": message["role"], "content": NO_REPLY}
