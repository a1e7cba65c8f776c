"""What the replies of a journal cost, and which models gave them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from vaar.sessions.records import Spent

_SPENT = """
SELECT "group", respondent, model, sum(replies), sum(sent), sum(received), sum(cached), sum(told)
FROM (
    SELECT session, model, count(*) AS replies, sum(input_tokens) AS sent,
        sum(output_tokens) AS received, sum(cached_tokens) AS cached,
        count(distribution) AS told
    FROM turns GROUP BY session, model
) JOIN sessions ON number = session
GROUP BY "group", respondent, model ORDER BY min(number), model
"""


def read_spent(database: sqlite3.Connection) -> list[Spent]:
    """Sum the replies of a journal by group and reported model."""
    return [Spent(*row) for row in database.execute(_SPENT)]


def told_replies(spent: Iterable[Spent]) -> dict[str, tuple[int, int]]:
    """By respondent: replies that came with a distribution over the answers, and all replies."""
    told: dict[str, tuple[int, int]] = {}
    for part in spent:
        with_one, replies = told.get(part.respondent, (0, 0))
        told[part.respondent] = with_one + part.told, replies + part.replies
    return told


def reported_models(spent: Iterable[Spent]) -> dict[str, dict[str, int]]:
    """Replies by respondent and reported model id; replies without an id are left out."""
    reported: dict[str, dict[str, int]] = {}
    for part in spent:
        if part.model:
            ids = reported.setdefault(part.respondent, {})
            ids[part.model] = ids.get(part.model, 0) + part.replies
    return reported
