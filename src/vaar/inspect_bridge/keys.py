"""Keys in a log: servers repeat them, and Inspect keeps what they say.

The variables of this machine tell which keys its user has. The log may come from another machine,
whose keys are known by the form that their providers have published, and by no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from vaar.respondents.inspect_models.failures import Secrets
from vaar.respondents.wire.redaction import clear_reply, withhold_published
from vaar.sessions.records import Turn


def quoted(text: str) -> str:
    """One short printable line of what a log says, without a key."""
    return Secrets().quote(withhold_published(text))


def without_keys(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Turns whose replies hold no key; one that did is missing, and says why."""
    secrets = Secrets()
    return tuple(
        replace(turn, reply=secrets.cleared(clear_reply(turn.reply, withhold_published)))
        for turn in turns
    )
