"""What makes a path out of nothing: ways of answering that have nothing to do with the items."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Artefacts:
    """How a population answers beside the content of the items.

    Attributes
    ----------
    carry_over : float
        Share of the mean of its earlier answers, in standard deviations from the middle, that a
        session adds to each answer.
    first_option : float
        Probability that an answer is the option that is listed first.
    straight_lining : float
        Share of sessions that give one answer, drawn once, to everything.
    distinct : int
        How many different sessions there are; 0: each is its own.
    """

    carry_over: float = 0.0
    first_option: float = 0.0
    straight_lining: float = 0.0
    distinct: int = 0

    @property
    def any(self) -> bool:
        """Whether there is one that works on answers."""
        return bool(self.carry_over or self.first_option or self.straight_lining)

    def n_normals(self, n_items: int) -> int:
        """Standard normals of one session that they need."""
        return 2 + n_items if self.any else 0

    def seed(self, seed: int) -> int:
        """The seed of the session that is answered again."""
        return seed % self.distinct if self.distinct else seed
