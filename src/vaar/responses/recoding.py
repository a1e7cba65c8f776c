"""How the answers of a run change when its replies are coded by other rules than before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from vaar.coding.rules import RULES_VERSION
from vaar.errors import RunDirectoryError
from vaar.responses.table import read_table, rules_of

_KEY = ["session", "item"]


@dataclass(frozen=True)
class Recoding:
    """What today's coding rules say of replies that other rules had coded.

    Attributes
    ----------
    earlier, rules : int
        Versions of the coding rules, before and now.
    answers : int
        Items of sessions that both have, after as many attempts.
    lost : int
        Items that had a value and have none now.
    found : int
        Items that had none and have one now.
    moved : int
        Items that have another value now.
    renamed : int
        Items without a value, then as now, for another reason.
    """

    earlier: int
    rules: int
    answers: int
    lost: int
    found: int
    moved: int
    renamed: int

    @property
    def changed(self) -> int:
        """Items of which anything is told in another way than before."""
        return self.lost + self.found + self.moved + self.renamed

    def in_words(self) -> str:
        """In a sentence or two."""
        beginning = (
            f"The replies were coded by rules {self.rules}, before by rules {self.earlier}: "
            f"{self.changed:,} of {self.answers:,} answers changed"
        )
        if not self.changed:
            return f"{beginning}."
        return (
            f"{beginning} ({self.lost:,} lost their value, {self.found:,} gained one, "
            f"{self.moved:,} have another, {self.renamed:,} are missing for another reason)."
        )


def recoding(earlier: Path, now: pd.DataFrame) -> Recoding | None:
    """Compare a stored table of responses with one that was coded now.

    Parameters
    ----------
    earlier : Path
        The stored table; it need not be there.
    now : DataFrame
        One that was coded now.

    Returns
    -------
    Recoding or None
        None where there is no earlier table that can be read, or the same rules coded it. Items
        that were asked again since are not compared.
    """
    try:
        if not earlier.is_file() or (rules := rules_of(earlier)) == RULES_VERSION:
            return None
        before = read_table(earlier, wanted := [*_KEY, "value", "reason", "attempts"])
    except RunDirectoryError:
        return None
    both = before[wanted].merge(now[wanted], on=_KEY, suffixes=("_before", ""))
    both = both[both["attempts_before"].eq(both["attempts"])]
    had, has = both["value_before"].notna(), both["value"].notna()
    moved = had & has & both["value_before"].ne(both["value"]).fillna(False)
    renamed = ~had & ~has & both["reason_before"].ne(both["reason"])
    return Recoding(
        earlier=rules,
        rules=RULES_VERSION,
        answers=len(both),
        lost=int((had & ~has).sum()),
        found=int((~had & has).sum()),
        moved=int(moved.sum()),
        renamed=int(renamed.sum()),
    )
