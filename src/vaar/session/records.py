"""The records of the session floor: what is planned, and what was said."""

from __future__ import annotations

from dataclasses import dataclass

from vaar.respondents.base import Reply


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
    order : tuple of str
        Instrument codes in the order in which they are administered.
    items : {'fixed', 'shuffled'}
        Whether the items of each instrument come in the order of its file, or in one drawn from
        the seed.
    options : {'ascending', 'descending'}
        The end of the response scale that is listed first.
    wording : str
        Name of the paraphrase set; ``'original'`` for the items' own text.
    """

    number: int
    group: str
    respondent: str
    condition: str
    replicate: int
    seed: int
    persona: str = ""
    order: tuple[str, ...] = ()
    items: str = "fixed"
    options: str = "ascending"
    wording: str = "original"


@dataclass(frozen=True, slots=True)
class Turn:
    """One request's reply: position ``turn`` in the session, ``attempt`` 0 or a re-ask."""

    session: int
    turn: int
    attempt: int
    reply: Reply
