"""What is planned, what was said, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from vaar.respondents.base import Reply

Status = Literal["pending", "complete", "failed"]
STATUSES = get_args(Status)

TABLE_NAMES = {
    "instrument_order": "order",
    "item_order": "items",
    "scale_direction": "options",
    "paraphrase": "wording",
}
"""What study files, tables and ``--by`` call a field of a session that has another name here."""


@dataclass(frozen=True, slots=True)
class Session:
    """One respondent answering the whole study once.

    Attributes
    ----------
    number : int
        Unique within the run, counted from 1.
    group : str
        The unit compared in the MGSEM: respondent, or respondent × condition where a study has
        several conditions.
    replicate : int
        Counted from 1 within the group.
    seed : int
        Seed of the session; the same for one respondent and replicate in every condition.
    persona : str
        Id of the persona in the study's table; empty where the study has none.
    instrument_order : tuple of str
        Instrument codes in the order in which they are administered.
    item_order : {'fixed', 'shuffled'}
        Whether the items of each instrument come in the order of its file, or in one drawn from
        the seed.
    scale_direction : {'ascending', 'descending'}
        The end of the response scale that is listed first.
    paraphrase : str
        Name of the paraphrase set; ``'original'`` for the items' own text.
    facts : tuple of (str, str)
        What was drawn for the session of the facts that the study's texts name, as (fact, level).
    run_seed : int or None
        Seed of the run, from which every turn's own seed is drawn; None where all turns share the
        session's.
    earlier : int
        Replicates of the group that were drawn from other seeds before this seed's first.
    """

    number: int
    group: str
    respondent: str
    condition: str
    replicate: int
    seed: int
    persona: str = ""
    instrument_order: tuple[str, ...] = ()
    item_order: str = "fixed"
    scale_direction: str = "ascending"
    paraphrase: str = "original"
    facts: tuple[tuple[str, str], ...] = ()
    run_seed: int | None = None
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """One request's reply: position ``turn`` in the session, ``attempt`` 0 or a re-ask.

    Attributes
    ----------
    seed : int or None
        What was drawn from; None where it was not recorded.
    """

    session: int
    turn: int
    attempt: int
    reply: Reply
    seed: int | None = None


class Said(NamedTuple):
    """What a turn's reply says and took, without where it came from: see :class:`Reply`.

    Attributes
    ----------
    tokens : int
        In and out.
    """

    turn: int
    attempt: int
    text: str
    finish_reason: str
    tokens: int
    latency: float
    distribution: tuple[float, ...] | None
    mass: float | None


def said_in(turn: Turn) -> Said:
    """What the reply of a turn says and took."""
    reply = turn.reply
    return Said(
        turn.turn,
        turn.attempt,
        reply.text,
        reply.finish_reason,
        reply.input_tokens + reply.output_tokens,
        reply.latency,
        reply.distribution,
        reply.mass,
    )


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """The replies of one group that named one model.

    Attributes
    ----------
    model : str
        The model id that the server reported; empty where it reported none.
    replies, input_tokens, output_tokens, cached_tokens : int
        Summed over all sessions of the group, whatever became of them.
    cache_write_tokens, reasoning_tokens : int
        Likewise; parts of the tokens in and out.
    cost : float or None
        What the server said the replies cost; None where it never did.
    priced : int
        Replies of which it did.
    with_distribution : int
        Replies that came with a distribution over the answers.
    """

    group: str
    respondent: str
    model: str
    replies: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    cost: float | None = None
    priced: int = 0
    with_distribution: int = 0
