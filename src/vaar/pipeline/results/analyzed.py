"""A finished analysis of a run: its groups, and what every kind of analysis found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from vaar.analyses.base import Outcome, Status


@dataclass(frozen=True)
class Analyzed:
    """A finished analysis of a run, computed or read.

    Every table of every outcome is an attribute too: ``analyzed.vaar``, ``analyzed.profile``.

    Attributes
    ----------
    directory : Path
        The run directory.
    name : str
        ``default``, or the name that it was given.
    groups : DataFrame
        One row per group: ``group``, ``respondent``, ``condition``, ``levels``, ``simulated``,
        ``people``.
    outcomes : mapping of str to Outcome
        By analysis, each after those it needs.
    options : mapping of str to object
        The options in force: those of the grouping under ``groups``, and of every analysis.
    stale : str
        Why the results no longer belong to what the run directory holds; empty where they do.
    left_out : mapping of str to str
        Results that were there before and could not be kept, and why; or that are stored and
        cannot be read, as this program does not know the analysis.
    """

    directory: Path
    name: str
    groups: pd.DataFrame
    outcomes: Mapping[str, Outcome]
    options: Mapping[str, Any]
    stale: str = ""
    left_out: Mapping[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables = self.tables if "outcomes" in self.__dict__ else {}
        if name in tables:
            return tables[name]
        raise AttributeError(f"there is no table {name!r}; there are {', '.join(tables)}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {name: t for one in self.outcomes.values() for name, t in one.tables.items()}

    @property
    def simulated(self) -> tuple[str, ...]:
        """Groups whose answers are simulated."""
        return tuple(self.groups.loc[self.groups["simulated"].astype(bool), "group"])

    @property
    def estimated(self) -> bool:
        """Whether every analysis could estimate at least one group."""
        return all(one.status is not Status.NOT_ESTIMABLE for one in self.outcomes.values())
