"""Which sessions are waiting, which run where, and how many may."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from vaar.sessions.records import Session


@dataclass
class Load:
    """What one worker is doing.

    Attributes
    ----------
    capacity : dict
        How many conversations each respondent takes there.
    running : dict
        Its sessions by number.
    """

    capacity: dict[str, int]
    running: dict[int, Session] = field(default_factory=dict)
    by_respondent: Counter[str] = field(default_factory=Counter)

    def room(self, respondent: str) -> int:
        """How many more sessions of a respondent it takes."""
        return self.capacity[respondent] - self.by_respondent[respondent]

    def add(self, session: Session) -> None:
        self.running[session.number] = session
        self.by_respondent[session.respondent] += 1

    def remove(self, number: int) -> Session:
        session = self.running.pop(number)
        self.by_respondent[session.respondent] -= 1
        return session


class Queue:
    """Sessions that wait for a worker.

    Parameters
    ----------
    sessions : sequence of Session
        In the order in which they are to begin.
    bounds : mapping of str to int or None
        Most sessions side by side of each respondent, over all workers; None sets no bound.
    """

    def __init__(self, sessions: Sequence[Session], bounds: Mapping[str, int | None]) -> None:
        self._bounds = bounds
        self._waiting: dict[str, deque[Session]] = {name: deque() for name in bounds}
        self._running: Counter[str] = Counter()
        for session in sessions:
            self._waiting[session.respondent].append(session)

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def grant(self, load: Load, workers: int) -> list[Session]:
        """Give a worker what it has room for, and its share of what is bounded or scarce."""
        granted = []
        for name, waiting in self._waiting.items():
            for _ in range(min(len(waiting), load.room(name), self._share(name, load, workers))):
                session = waiting.popleft()
                self._running[name] += 1
                load.add(session)
                granted.append(session)
        return granted

    def _share(self, name: str, load: Load, workers: int) -> int:
        """How many more sessions of a respondent a worker may have beside the other workers."""
        left = len(self._waiting[name]) + self._running[name]
        bound = self._bounds[name]
        if bound is None:
            return -(-left // workers) - load.by_respondent[name]
        fair = -(-min(left, bound) // workers) - load.by_respondent[name]
        return min(fair, bound - self._running[name])

    def leave(self, load: Load, number: int) -> None:
        """A worker has done with a session."""
        self._running[load.remove(number).respondent] -= 1

    def give_back(self, load: Load) -> list[Session]:
        """A worker is lost: its sessions go on elsewhere, before others begin."""
        lost = list(load.running.values())
        for session in reversed(lost):
            self.leave(load, session.number)
            self._waiting[session.respondent].appendleft(session)
        return lost

    def drop(self, respondents: Iterable[str]) -> None:
        """Begin no further session of these respondents."""
        for name in respondents:
            self._waiting[name].clear()
