"""Find conversations of a run: those of a group, on an item, or with a reply that was coded so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vaar.coding.answer import Reason
from vaar.errors import RunDirectoryError
from vaar.pipeline.reading.open_run import open_run
from vaar.sessions.transcript import Exchange, Transcript


@dataclass(frozen=True)
class Found:
    """A session, and the exchanges of it that were looked for."""

    transcript: Transcript
    exchanges: tuple[Exchange, ...]


def find_transcripts(
    directory: str | Path,
    group: str | None = None,
    item: str | None = None,
    reason: str | None = None,
) -> Iterator[Found]:
    """Find sessions with a reply, and in them the exchanges that were looked for, in their order.

    Parameters
    ----------
    group : str, optional
        Only this group, as it was asked.
    item : str, optional
        Only exchanges that ask this item.
    reason : str, optional
        Only exchanges whose reply was coded as missing for this reason, whatever came of a re-ask.

    Raises
    ------
    RunDirectoryError
        There is no such group, item or reason, or a file is missing or damaged.
    """
    run = open_run(directory)
    items = {item.code for instrument in run.study.instruments for item in instrument.items}
    _require("item", item, sorted(items))
    _require("reason", reason, [r for r in Reason if r not in _WITHOUT_REPLY])
    for found in run.sessions(group):
        exchanges = tuple(e for e in found.exchanges if _is_wanted(e, item, reason))
        if exchanges:
            yield Found(found, exchanges)


_WITHOUT_REPLY = (Reason.NOT_ASKED, Reason.PROVIDER_ERROR)


def _is_wanted(exchange: Exchange, item: str | None, reason: str | None) -> bool:
    answers = exchange.answers if item is None else {item: exchange.answers.get(item)}
    coded = [answer for answer in answers.values() if answer is not None]
    return bool(coded) if reason is None else any(one.reason == reason for one in coded)


def _require(kind: str, given: str | None, known: list[str]) -> None:
    if given is not None and given not in known:
        raise RunDirectoryError(f"there is no {kind} {given!r}; there are {', '.join(known)}")
