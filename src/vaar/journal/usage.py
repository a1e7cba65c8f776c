"""What the replies of a journal used, and which models gave them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from vaar.sessions.records import ModelUsage

_USAGE = """
SELECT "group", respondent, model, sum(replies), sum(sent), sum(received), sum(cached),
    sum(written), sum(reasoning), sum(cost), sum(priced), sum(given)
FROM (
    SELECT session, source, count(*) AS replies, sum(input_tokens) AS sent,
        sum(output_tokens) AS received, sum(cached_tokens) AS cached,
        sum(cache_write_tokens) AS written, sum(reasoning_tokens) AS reasoning,
        sum(cost) AS cost, count(cost) AS priced, count(distribution) AS given
    FROM turns GROUP BY session, source
)
JOIN (SELECT number, "group", respondent FROM sessions) ON number = session
JOIN (SELECT id, model FROM sources) ON id = source
GROUP BY "group", respondent, model ORDER BY min(number), model
"""

_SIMULATED = """
SELECT DISTINCT respondent FROM sessions WHERE EXISTS (
    SELECT 1 FROM turns JOIN sources ON id = source WHERE session = number AND simulated
)
"""


def read_usage(database: sqlite3.Connection) -> list[ModelUsage]:
    """Sum the replies of a journal by group and reported model."""
    return [ModelUsage(*row) for row in database.execute(_USAGE)]


def simulated_respondents(database: sqlite3.Connection) -> set[str]:
    """Names of the respondents of whose replies at least one is simulated."""
    return {name for (name,) in database.execute(_SIMULATED)}


def distribution_counts(usage: Iterable[ModelUsage]) -> dict[str, tuple[int, int]]:
    """By respondent: replies that came with a distribution over the answers, and all replies."""
    counts: dict[str, tuple[int, int]] = {}
    for part in usage:
        with_one, replies = counts.get(part.respondent, (0, 0))
        counts[part.respondent] = with_one + part.with_distribution, replies + part.replies
    return counts


def reported_models(usage: Iterable[ModelUsage]) -> dict[str, dict[str, int]]:
    """Replies by respondent and reported model id; replies without an id are left out."""
    reported: dict[str, dict[str, int]] = {}
    for part in usage:
        if part.model:
            ids = reported.setdefault(part.respondent, {})
            ids[part.model] = ids.get(part.model, 0) + part.replies
    return reported
