"""What the replies of a journal used, and which models gave them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from vaar.sessions.records import ModelUsage

_SUMS = """
SELECT session, min(source), max(source), count(*), sum(input_tokens), sum(output_tokens),
    sum(cached_tokens), {further}
FROM turns {which} GROUP BY session{apart}
"""
"""By session, which the table is ordered by: no sorting, however many turns there are."""

_OF_SEVERAL = "SELECT session FROM turns GROUP BY session HAVING min(source) < max(source)"
_FURTHER = (
    "sum(cache_write_tokens), sum(reasoning_tokens), sum(cost), count(cost), count(distribution)"
)
_NOTHING_FURTHER = "0, 0, NULL, 0, 0"

_COUNTS = "SELECT session, source, count(*) FROM turns GROUP BY session, source"

_SERVED = {
    "provider": "provider",
    "configuration": "system_fingerprint",
    "class of service": "service_tier",
}

Changes = dict[str, dict[str, dict[str, int]]]
"""Replies by what changed, respondent and value."""

_SIMULATED = """
SELECT DISTINCT respondent FROM sessions WHERE EXISTS (
    SELECT 1 FROM turns JOIN sources ON id = source WHERE session = number AND simulated
)
"""


def read_usage(
    database: sqlite3.Connection,
    groups: Mapping[int, tuple[str, str]] | None = None,
    *,
    briefly: bool = False,
) -> list[ModelUsage]:
    """Sum the replies of a journal by group and reported model.

    Parameters
    ----------
    groups : mapping of int to (str, str), optional
        Group and respondent by number of the session, where they have been read already.
    briefly : bool
        Leave out what is not told of a group: all but replies, and tokens in, out and cached.
    """
    further = _NOTHING_FURTHER if briefly else _FURTHER
    if groups is None:
        sessions = database.execute('SELECT number, "group", respondent FROM sessions')
        groups = {number: (group, respondent) for number, group, respondent in sessions}
    models = dict(database.execute("SELECT id, model FROM sources"))
    totals: dict[tuple[str, str, str], list[Any]] = {}
    several = False
    for number, least, most, *sums in database.execute(
        _SUMS.format(further=further, which="", apart="")
    ):
        if least == most:
            _add(totals, groups.get(number), models.get(least), sums)
        else:
            several = True
    if several:
        which = f"WHERE session IN ({_OF_SEVERAL})"
        for number, source, _, *sums in database.execute(
            _SUMS.format(further=further, which=which, apart=", source")
        ):
            _add(totals, groups.get(number), models.get(source), sums)
    return [ModelUsage(*key, *sums) for key, sums in totals.items()]


def _add(
    totals: dict[tuple[str, str, str], list[Any]],
    group: tuple[str, str] | None,
    model: str | None,
    sums: list[Any],
) -> None:
    if group is None or model is None:  # of no session or no source: the journal is not whole
        return
    total = totals.get((*group, model))
    if total is None:
        totals[(*group, model)] = sums
        return
    for place, value in enumerate(sums):
        if value is not None:
            total[place] = value + (total[place] or 0)


def read_changes(database: sqlite3.Connection) -> Changes:
    """Who served the replies of a respondent, and how, where that is not the same for all.

    Returns
    -------
    dict
        Under ``'provider'``, ``'configuration'`` (``system_fingerprint``) and ``'class of
        service'``, as far as servers name them: replies by respondent and name. Hostile text.
    """
    named = _named(database)
    several = {what: names for what, names in named.items() if len({*names.values()}) > 1}
    changed = {
        what: {respondent: own for respondent, own in by_name.items() if len(own) > 1}
        for what, by_name in _counted(database, several).items()
    }
    return {what: by_name for what, by_name in changed.items() if by_name}


def read_served(database: sqlite3.Connection) -> Changes:
    """Who served the replies of every respondent, and how, as far as servers name them.

    Returns
    -------
    dict
        As :func:`read_changes`, whether or not it changed. Hostile text.
    """
    served = _counted(database, _named(database))
    return {what: by_name for what, by_name in served.items() if by_name}


def _named(database: sqlite3.Connection) -> dict[str, dict[int, str]]:
    """By what servers name: the name of each source that has one."""
    return {
        what: dict(database.execute(f"SELECT id, {column} FROM sources WHERE {column} != ''"))
        for what, column in _SERVED.items()
    }


def _counted(database: sqlite3.Connection, named: Mapping[str, Mapping[int, str]]) -> Changes:
    """Replies by what is named, respondent and name; reads no reply where nothing is named."""
    replies: Changes = {what: {} for what, names in named.items() if names}
    if not replies:
        return {}
    respondents = dict(database.execute("SELECT number, respondent FROM sessions ORDER BY number"))
    for session, source, count in database.execute(_COUNTS):
        for what, by_name in replies.items():
            if source in named[what] and session in respondents:
                own = by_name.setdefault(respondents[session], {})
                own[named[what][source]] = own.get(named[what][source], 0) + count
    return replies


def simulated_respondents(database: sqlite3.Connection) -> set[str]:
    """Names of the respondents of whose replies at least one is simulated."""
    return {name for (name,) in database.execute(_SIMULATED)}


def distribution_counts(
    usage: Iterable[ModelUsage], in_words: Mapping[str, int]
) -> dict[str, tuple[int, int]]:
    """By respondent: replies that came with a distribution over the answers, and all replies.

    Parameters
    ----------
    in_words : mapping of str to int
        By respondent, replies to items that have no answers to choose from; not counted.
    """
    counts = {name: (0, -replies) for name, replies in in_words.items()}
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
