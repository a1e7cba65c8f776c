"""A finished comparison: its tables, its page, and how both are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from vaar.comparison.differences import refusals
from vaar.comparison.report.page import comparison_page
from vaar.comparison.runs import ComparedRun
from vaar.report.fragment import fragment, next_key
from vaar.report.page import Page

PAGE = "comparison.html"


@dataclass(frozen=True)
class Comparison:
    """Runs side by side.

    Every table is an attribute too: ``comparison.figures``, ``comparison.contrasts``.

    Attributes
    ----------
    compared : tuple of ComparedRun
        The earliest first.
    tables : mapping of str to DataFrame
        ``runs``, ``figures``, ``correlations``, ``contrasts``, ``run_retest``, ``run_facts``: see
        :mod:`vaar.comparison.tables`.
    folder : Path or None
        Where it was written.
    """

    compared: tuple[ComparedRun, ...] = field(repr=False)
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    folder: Path | None = None

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables: Mapping[str, pd.DataFrame] = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise AttributeError(f"there is no table {name!r}; there are {', '.join(tables)}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    @property
    def page_file(self) -> Path | None:
        """The page, where it was written."""
        return None if self.folder is None else self.folder / PAGE

    @property
    def refused(self) -> tuple[str, ...]:
        """What is not held against each other, and why: a sentence each."""
        return tuple(refusals(self.compared))

    @cached_property
    def page(self) -> Page:
        """The page, before it is set."""
        return comparison_page(self.compared, self.tables)

    def _repr_html_(self) -> str:
        """What was found, for a notebook."""
        return fragment("Comparison", self.page.sections, self.page.cautions, next_key())
