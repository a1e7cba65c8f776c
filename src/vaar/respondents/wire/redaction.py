"""Text from a server made fit for a message: one short line, without the key."""

from __future__ import annotations

import re

LONGEST_QUOTE = 300
_LONGEST_READ = 10_000
_SHORTEST_SECRET_PART = 8


def quote(text: str, key: str | None) -> str:
    """A bounded, printable line from hostile text.

    Control and formatting characters go, white space collapses, the key and every run of eight or
    more of its characters become ``[key]``.
    """
    words = " ".join(text[:_LONGEST_READ].split())
    line = withhold("".join(filter(str.isprintable, words)), key)
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE]}…"


def withhold(text: str, key: str | None) -> str:
    """The text with the key, whole or in pieces of eight or more characters, taken out.

    A shorter key, such as the ``EMPTY`` that local servers are given, is no secret, and may well
    be a word that a reply means.
    """
    if not key or len(key) < _SHORTEST_SECRET_PART or len(text) < _SHORTEST_SECRET_PART:
        return text
    whole = text.replace(key, "[key]")
    return re.sub(
        rf"[\w.\-]{{{_SHORTEST_SECRET_PART},}}",
        lambda run: "[key]" if run[0] in key else run[0],
        whole,
    )
