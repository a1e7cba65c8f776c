"""What vaar writes into an Inspect log, and reads from it: the shapes, checked at the border.

The eval's metadata hold the study and the plan (:class:`StudyRecord`), each sample's metadata the
session as it was planned, and each sample's store what was said in it (:class:`SaidRecord`).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from vaar.respondents.base import Reply
from vaar.sessions.records import TABLE_NAMES, Session, Turn
from vaar.sessions.seeds import SeedRule

KEY = "vaar"
"""Under which both the eval's metadata and a sample's store keep what is vaar's."""

FORMAT: Final = 1

_BY_MODEL = ("group", "respondent")  # known once a model is chosen

_LATER: dict[str, object] = {"facts": (), "run_seed": None, "earlier": 0}
"""What the sessions of earlier logs had not, with what it was then; told where it is another."""

Count = Annotated[int, Field(ge=0, lt=2**63)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class StudyRecord(_Record):
    """The study and the plan of one eval.

    Attributes
    ----------
    study : str
        The text of one self-contained study file.
    study_hash : str
    sessions, seed : int
        As given to the task; with the study, they say which sessions there are.
    seed_rule : {'turn', 'session'}
        Whether every turn has a seed of its own; logs of earlier versions do not say, and in them
        all turns of a session share one.
    """

    format: Literal[1] = FORMAT
    vaar_version: str
    study: str
    study_hash: str
    sessions: int = Field(ge=1, le=1_000_000)
    seed: int
    seed_rule: SeedRule = "session"


class TurnRecord(_Record):
    """One reply, as in the journal's table of turns."""

    turn: Count
    attempt: Count
    text: str
    finish_reason: str
    input_tokens: Count
    output_tokens: Count
    cached_tokens: Count
    latency: float = Field(ge=0)
    model: str
    simulated: bool
    distribution: Annotated[tuple[float, ...] | None, Field(strict=False)] = None
    mass: float | None = Field(None, ge=0, le=1)
    reasoning_tokens: Count = 0
    cache_write_tokens: Count = 0
    cost: float | None = Field(None, ge=0)
    provider: str = ""
    system_fingerprint: str = ""
    service_tier: str = ""
    thoughts: str = ""
    seed: Count | None = None

    @classmethod
    def of(cls, turn: int, attempt: int, reply: Reply, seed: int | None = None) -> Self:
        """The record of a reply."""
        return cls(turn=turn, attempt=attempt, seed=seed, **asdict(reply))

    def in_session(self, number: int) -> Turn:
        """The reply as a turn of a session."""
        said = self.model_dump(exclude={"turn", "attempt", "seed"})
        return Turn(number, self.turn, self.attempt, Reply(**said), self.seed)


class SaidRecord(_Record):
    """What was said in one sample.

    Attributes
    ----------
    reason : str
        Why the session failed; empty where it did not.
    """

    format: Literal[1] = FORMAT
    reason: str = ""
    turns: list[TurnRecord] = Field(default_factory=list)


def sample_metadata(session: Session) -> dict[str, Any]:
    """A planned session as the metadata of a sample: all but what depends on the model."""
    planned = asdict(session)
    return {
        TABLE_NAMES.get(key, key): _plain(value)
        for key, value in planned.items()
        if key not in _BY_MODEL and not (key in _LATER and value == _LATER[key])
    }


def _plain(value: Any) -> Any:
    return [_plain(part) for part in value] if isinstance(value, tuple) else value
