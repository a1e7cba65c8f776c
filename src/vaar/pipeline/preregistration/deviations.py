"""What a run and its analysis do otherwise than was settled before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vaar.pipeline.preregistration.registration import Registration

_SESSIONS, _RESPONDENTS = "sessions", "respondents"
_NAMES = {
    "study_hash": "the study's text or design (hash)",
    "base_url": "address of the models",
    "blocks": "respondents and sessions were added in steps",
    "requests": "what is sent beside the conversation",
    "shard": "share of the sessions",
    "distributions": "distributions asked for",
}


@dataclass(frozen=True)
class Deviation:
    """One thing that is otherwise: what, as it was registered, as it is."""

    what: str
    registered: str
    found: str


def of_asking(registered: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[Deviation]:
    """Differences between the identity that was registered and the one of a run.

    Fewer sessions than registered are no difference here: see :func:`of_counts`.
    """
    before, now = registered.get(_RESPONDENTS, []), asked.get(_RESPONDENTS, [])
    if sorted(before) != sorted(now):
        yield Deviation(_RESPONDENTS, ", ".join(before), ", ".join(now))
    planned, wanted = registered.get(_SESSIONS, 0), asked.get(_SESSIONS, 0)
    if wanted > planned:
        yield Deviation("sessions planned for each group", f"{planned:,}", f"{wanted:,}")
    for key in dict.fromkeys([*registered, *asked]):
        if key in (_RESPONDENTS, _SESSIONS) or registered.get(key) == asked.get(key):
            continue
        name = _NAMES.get(key, key.replace("_", " "))
        yield Deviation(name, _told(registered.get(key)), _told(asked.get(key)))


def of_counts(registered: Registration, complete: Mapping[str, int]) -> Iterator[Deviation]:
    """Groups that have fewer complete sessions than were registered, or more."""
    planned = int(registered.identity.get(_SESSIONS, 0))
    for group, n in complete.items():
        if n != planned:
            yield Deviation(f"complete sessions of {group}", f"{planned:,}", f"{n:,}")


def of_people(registered: Registration, people: str) -> Iterator[Deviation]:
    """Another human reference than was registered."""
    if registered.people != people:
        yield Deviation("people's answers", _file(registered.people), _file(people))


def of_options(
    registered: Mapping[str, Mapping[str, Any]], options: Mapping[str, Mapping[str, Any]]
) -> Iterator[Deviation]:
    """Options of the analyses that were done otherwise than registered."""
    for section, own in options.items():
        before = registered.get(section)
        if before is None:
            yield Deviation(f"analysis {section}", "none", "done")
            continue
        for name in dict.fromkeys([*before, *own]):
            if before.get(name) != own.get(name):
                told = _told(before.get(name)), _told(own.get(name))
                yield Deviation(f"{section}.{name}", *told)


def of_version(registered: Registration, version: str) -> Iterator[Deviation]:
    """Another version of this package analysed the answers."""
    if registered.vaar != version:
        yield Deviation("version of vaar", registered.vaar, version)


def in_words(deviations: Sequence[Deviation]) -> str:
    """A line for each."""
    return "\n".join(f"  {d.what}: registered {d.registered}, asked {d.found}" for d in deviations)


def _file(digest: str) -> str:
    return f"the file with SHA-256 {digest[:16]}…" if digest else "none"


def _told(value: Any) -> str:
    if value is None or value == []:
        return "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
