"""Where the sessions of a journal stand, read beside the process that may be writing it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from vaar.journal.database import damaged, explained, open_to_read, require_file
from vaar.journal.format.rows import is_sound_session
from vaar.journal.lock import read_count
from vaar.journal.usage import Changes, read_changes, read_usage, reported_models
from vaar.sessions.records import ModelUsage, Status


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """Where one group stands.

    Attributes
    ----------
    complete, pending, failed : int
        Sessions.
    replies, input_tokens, output_tokens, cached_tokens : int
        Summed over them.
    cache_write_tokens, reasoning_tokens : int
        Likewise; parts of the tokens in and out.
    cost : float or None
        What the server said the replies cost; None where it never did.
    priced : int
        Replies of which it did.
    """

    group: str
    respondent: str
    complete: int
    pending: int
    failed: int
    replies: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    cost: float | None = None
    priced: int = 0


@dataclass(frozen=True)
class JournalStatus:
    """Where a run's sessions stand.

    Attributes
    ----------
    failures : dict
        Failed sessions by reason, the most frequent first. Hostile text.
    models : dict
        Replies by respondent and model id that the server reported. Hostile text.
    changes : dict
        What else changed between the replies of a respondent; see
        :func:`vaar.journal.usage.read_changes`. Hostile text.
    lost_replies : int
        Replies that were committed and are not there.
    """

    groups: tuple[GroupStatus, ...]
    failures: Mapping[str, int]
    models: Mapping[str, Mapping[str, int]]
    changes: Changes
    lost_replies: int = 0


def read_status(path: Path, *, money: bool = True) -> JournalStatus:
    """Read where a journal's sessions stand; nothing is written, and no writer waits.

    Parameters
    ----------
    money : bool
        Whether what replies cost is wanted: all kinds of tokens, and what servers told.

    Raises
    ------
    RunDirectoryError
        There is no journal, or it cannot be read.
    """
    require_file(path)
    committed = read_count(path.parent) or 0
    with explained(path), closing(open_to_read(path)) as database:
        database.execute("BEGIN")  # both answers describe one moment
        ends = _ends(path, database)
        known = {end[0]: end[1:3] for end in ends}
        usage, changes = read_usage(database, known, briefly=not money), read_changes(database)
    groups = dict.fromkeys(end[1:3] for end in ends)
    counts = Counter((group, status) for _, group, _, status, _ in ends)
    failures = Counter(reason or "" for _, _, _, status, reason in ends if status == "failed")
    return JournalStatus(
        tuple(_group(*group, counts, usage) for group in groups),
        dict(failures.most_common()),
        reported_models(usage),
        changes,
        max(0, committed - sum(part.replies for part in usage)),
    )


_End = tuple[int, str, str, Status, str | None]


def _ends(path: Path, database: sqlite3.Connection) -> list[_End]:
    """Number, group, respondent, status and reason of every session."""
    ends: list[_End] = []
    for row in database.execute("SELECT * FROM sessions ORDER BY number"):
        if not is_sound_session(row):
            raise damaged(path, f"session {row[0]} is not what was written")
        ends.append((*row[:3], *row[-4:-2]))
    return ends


def _group(
    group: str,
    respondent: str,
    counts: Mapping[tuple[str, Status], int],
    usage: Sequence[ModelUsage],
) -> GroupStatus:
    own = [part for part in usage if part.group == group]
    return GroupStatus(
        group,
        respondent,
        complete=counts.get((group, "complete"), 0),
        pending=counts.get((group, "pending"), 0),
        failed=counts.get((group, "failed"), 0),
        replies=sum(part.replies for part in own),
        input_tokens=sum(part.input_tokens for part in own),
        output_tokens=sum(part.output_tokens for part in own),
        cached_tokens=sum(part.cached_tokens for part in own),
        cache_write_tokens=sum(part.cache_write_tokens for part in own),
        reasoning_tokens=sum(part.reasoning_tokens for part in own),
        cost=sum(told) if (told := [part.cost for part in own if part.cost is not None]) else None,
        priced=sum(part.priced for part in own),
    )
