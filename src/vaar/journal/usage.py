"""What the replies of a journal cost, and which models gave them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from vaar.sessions.records import ModelUsage

_SPENT = """
SELECT "group", respondent, model, sum(replies), sum(sent), sum(received), sum(cached), sum(given)
FROM (
    SELECT session, model, count(*) AS replies, sum(input_tokens) AS sent,
        sum(output_tokens) AS received, sum(cached_tokens) AS cached,
        count(distribution) AS given
    FROM turns GROUP BY session, model
) JOIN sessions ON number = session
GROUP BY "group", respondent, model ORDER BY min(number), model
"""


def read_spent(database: sqlite3.Connection) -> list[ModelUsage]:
    """Sum the replies of a journal by group and reported model."""
    return [ModelUsage(*row) for row in database.execute(_SPENT)]


def distribution_counts(spent: Iterable[ModelUsage]) -> dict[str, tuple[int, int]]:
    """By respondent: replies that came with a distribution over the answers, and all replies."""
    counts: dict[str, tuple[int, int]] = {}
    for part in spent:
        with_one, replies = counts.get(part.respondent, (0, 0))
        counts[part.respondent] = with_one + part.with_distribution, replies + part.replies
    return counts


def reported_models(spent: Iterable[ModelUsage]) -> dict[str, dict[str, int]]:
    """Replies by respondent and reported model id; replies without an id are left out."""
    reported: dict[str, dict[str, int]] = {}
    for part in spent:
        if part.model:
            ids = reported.setdefault(part.respondent, {})
            ids[part.model] = ids.get(part.model, 0) + part.replies
    return reported
