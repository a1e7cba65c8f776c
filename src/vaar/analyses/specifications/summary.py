"""The specifications in words: how many agree with the main verdict, and which do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.analyses.specifications.declared import MAIN, read
from vaar.analyses.specifications.estimate import Ended
from vaar.tables.text import listing

MOST_NAMED = 4


@dataclass(frozen=True)
class Agreement:
    """How the specifications judge one path of one group.

    Attributes
    ----------
    leading : str
        The verdict of most of those that were estimated; of several, that of the main analysis.
    agreeing, counted : int
        Specifications of that verdict, and all that could have changed it.
    others : mapping of str to list of str
        Other verdicts, with the specifications in words.
    """

    leading: str
    agreeing: int
    counted: int
    others: Mapping[str, Sequence[str]]

    @property
    def unanimous(self) -> bool:
        """Whether all that could be estimated say the same."""
        return bool(self.counted) and set(self.others) <= {str(Verdict.NOT_ESTIMABLE)}

    @property
    def text(self) -> str:
        """In a sentence without its end."""
        if not self.counted:
            return "no specification could be estimated"
        said = (
            f"{self.agreeing} of {self.counted} specifications say ‘{self.leading}’"
            if self.counted > 1
            else f"the only specification says ‘{self.leading}’"
        )
        told = [f"‘{v}’ under: {listing(own, MOST_NAMED)}" for v, own in self.others.items()]
        return "; ".join([said, *told])


def agreement(paths: pd.DataFrame, failed: Sequence[str]) -> Agreement:
    """Count the verdicts of one path of one group.

    Parameters
    ----------
    paths : DataFrame
        Its rows of ``specification_paths.csv``; those that only change κ are passed over.
    failed : sequence of str
        Declared lines that were estimated for no group.
    """
    verdicts = {
        str(row["specification"]): str(row["verdict"])
        for row in paths.to_dict("records")
        if read(str(row["specification"])).can_move_verdicts
    }
    missing = str(Verdict.NOT_ESTIMABLE)
    verdicts |= {line: missing for line in failed if read(line).can_move_verdicts}
    counts = Counter(verdict for verdict in verdicts.values() if verdict != missing)
    if not counts:
        return Agreement("", 0, 0, {})
    most = max(counts.values())
    main = verdicts.get(MAIN, "")
    leading = main if counts.get(main) == most else max(counts, key=lambda v: counts[v])
    others: dict[str, list[str]] = {}
    for line, verdict in verdicts.items():
        if verdict != leading:
            others.setdefault(verdict, []).append(read(line).words)
    return Agreement(leading, counts[leading], len(verdicts), others)


def failed_lines(listed: pd.DataFrame) -> list[str]:
    """Declared lines that could not be estimated."""
    return [str(line) for line in listed.loc[listed["ended"] == str(Ended.FAILED), "specification"]]
