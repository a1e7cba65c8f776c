"""What is planned, what was said, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

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
        Sampling seed; the same for one respondent and replicate in every condition.
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


@dataclass(frozen=True, slots=True)
class Turn:
    """One request's reply: position ``turn`` in the session, ``attempt`` 0 or a re-ask."""

    session: int
    turn: int
    attempt: int
    reply: Reply


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """The replies of one group that named one model.

    Attributes
    ----------
    model : str
        The model id that the server reported; empty where it reported none.
    replies, input_tokens, output_tokens, cached_tokens : int
        Summed over all sessions of the group, whatever became of them.
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
    with_distribution: int = 0
