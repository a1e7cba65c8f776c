"""Providers as they document themselves, each with the source of what it does.

A service is a function from path, headers and body to status and payload, which
`support.services.serving` puts behind HTTP on this machine. Every one has two models: ``plain``
answers 4 at once; ``thinker`` thinks first wherever it is not told to leave that, and needs 400
tokens for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

KEY = "key-0123456789abcdef"
THOUGHT = 400
"""Tokens that the thinking model spends before its answer."""

Service = Callable[[str, Mapping[str, str], Any], tuple[int, Any]]


def tokens_of(messages: list[dict[str, Any]]) -> int:
    """A count of tokens that grows with the conversation."""
    return sum(3 + len(str(message.get("content", ""))) // 4 for message in messages)
