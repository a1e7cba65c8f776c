"""A share of a run's sessions, for one of several machines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from vaar.errors import VaarError
from vaar.sessions.records import Session


@dataclass(frozen=True)
class Shard:
    """One of ``count`` shares of a run, counted from 1; written ``2/8``.

    Raises
    ------
    VaarError
        The number is not one of 1 … ``count``.
    """

    number: int
    count: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.count:
            raise _wrong(str(self))

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read ``i/N``.

        Raises
        ------
        VaarError
            It is of another form.
        """
        found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text)
        if found is None:
            raise _wrong(text)
        return cls(*map(int, found.groups()))

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def share(self, sessions: Iterable[Session]) -> list[Session]:
        """The sessions of this shard, out of all sessions of the run.

        Every session belongs to exactly one shard, whatever the machine. The replicates of a group
        go round the shards, those of the next group one shard on, so that every shard has its
        share of every group and no shard is larger than another by more than a round.
        """
        position: dict[str, int] = {}
        return [
            session
            for session in sessions
            if (session.replicate - 1 + position.setdefault(session.group, len(position)))
            % self.count
            == self.number - 1
        ]


def _wrong(text: str) -> VaarError:
    return VaarError(
        f"the shard {text!r} is none: write i/N with i from 1 to N, such as 1/4 on the first of "
        "four machines"
    )
