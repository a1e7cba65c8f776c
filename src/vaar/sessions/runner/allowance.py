"""How much of one capped resource each respondent has used, and how much it may use.

What is capped is shared out evenly: every respondent may use as much as every other, and what one
that has done leaves over is for the others. So all may use up to one level, that of water poured
over what has been used already.
"""

from __future__ import annotations

from collections.abc import Iterable


class Allowance:
    """One capped resource: tokens, or money.

    Parameters
    ----------
    cap : float
        What all may use together; ≥ 0.
    names : iterable of str
        The respondents that use it.

    Attributes
    ----------
    used : dict
        By respondent.
    """

    def __init__(self, cap: float, names: Iterable[str]) -> None:
        self.cap = cap
        self.used: dict[str, float] = dict.fromkeys(names, 0.0)
        self._reserved: dict[str, float] = {}
        self._active = set(self.used)

    @property
    def total(self) -> float:
        """What all have used."""
        return sum(self.used.values())

    def level(self) -> float:
        """What each respondent that is still asked may use; minus infinity where none may any."""
        left = self.cap - sum(
            amount for name, amount in self.used.items() if name not in self._active
        )
        highest_first = sorted((self.used[name] for name in self._active), reverse=True)
        sharing = len(highest_first)
        for amount in highest_first:
            if amount * sharing < left:
                break
            left -= amount
            sharing -= 1
        return left / sharing if sharing else float("-inf")

    def fits(self, name: str, amount: float) -> bool:
        """Whether a respondent may use so much more, besides what is reserved for it."""
        if name not in self.used:
            return True
        return self.used[name] + self._reserved.get(name, 0.0) + amount <= self.level()

    def has_room(self, name: str) -> bool:
        """Whether a respondent has used less than it may."""
        return name not in self.used or (name in self._active and self.used[name] < self.level())

    def reserve(self, name: str, amount: float) -> None:
        """Set so much aside for a call; a negative amount gives it back."""
        self._reserved[name] = self._reserved.get(name, 0.0) + amount

    def use(self, name: str, amount: float) -> None:
        """Count what was used."""
        if name in self.used:
            self.used[name] += amount

    def finish(self, name: str) -> None:
        """A respondent is asked no more: what it leaves over is for the others."""
        self._active.discard(name)
