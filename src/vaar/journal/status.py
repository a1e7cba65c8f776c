"""Where the sessions of a journal stand, read beside the process that may be writing it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from vaar.journal.database import open_to_read, require_file, require_format, told
from vaar.journal.usage import read_spent, reported_models
from vaar.sessions.records import ModelUsage

_COUNTS = """
SELECT "group", respondent, sum(status = 'complete'), sum(status = 'pending'),
    sum(status = 'failed')
FROM sessions GROUP BY "group" ORDER BY min(number)
"""
_FAILURES = """
SELECT reason, count(*) FROM sessions WHERE status = 'failed' GROUP BY reason
ORDER BY count(*) DESC, min(number)
"""


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """Where one group stands.

    Attributes
    ----------
    complete, pending, failed : int
        Sessions.
    replies, input_tokens, output_tokens, cached_tokens : int
        Summed over them.
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


@dataclass(frozen=True)
class JournalStatus:
    """Where a run's sessions stand.

    Attributes
    ----------
    failures : dict
        Failed sessions by reason, the most frequent first. Hostile text.
    models : dict
        Replies by respondent and model id that the server reported. Hostile text.
    """

    groups: tuple[GroupStatus, ...]
    failures: Mapping[str, int]
    models: Mapping[str, Mapping[str, int]]


def read_status(path: Path) -> JournalStatus:
    """Read where a journal's sessions stand; nothing is written, and no writer waits.

    Raises
    ------
    RunDirectoryError
        There is no journal, or it cannot be read.
    """
    require_file(path)
    with told(path), closing(open_to_read(path)) as database:
        if not require_format(database, path):
            return JournalStatus((), {}, {})
        database.execute("BEGIN")  # all three answers describe one moment
        counts = database.execute(_COUNTS).fetchall()
        failures = dict(database.execute(_FAILURES).fetchall())
        spent = read_spent(database)
    return JournalStatus(
        tuple(_with_spent(row, spent) for row in counts), failures, reported_models(spent)
    )


def _with_spent(row: tuple[str, str, int, int, int], spent: list[ModelUsage]) -> GroupStatus:
    own = [part for part in spent if part.group == row[0]]
    return GroupStatus(
        *row,
        replies=sum(part.replies for part in own),
        input_tokens=sum(part.input_tokens for part in own),
        output_tokens=sum(part.output_tokens for part in own),
        cached_tokens=sum(part.cached_tokens for part in own),
    )
