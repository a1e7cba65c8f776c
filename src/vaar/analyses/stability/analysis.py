"""Stability: are profiles those of the models, and do they stay what they are?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.options import Options, option
from vaar.analyses.stability.halves import split_halves
from vaar.analyses.stability.intraclass import agreement, share_between
from vaar.analyses.stability.profiles_differ import shapes, welch_james
from vaar.analyses.stability.samples import FEWEST_SESSIONS, Cell, batch_means, cells
from vaar.analyses.stability.section import stability_section
from vaar.analyses.stability.table_specs import DIFFER, HALVES, MATCHED, RETEST, TABLES
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.study.model import Study
from vaar.tables.spec import TableSpec

Rows = Iterator[dict[str, Any]]


@dataclass(frozen=True)
class StabilityOptions(Options):
    """Choices of the stability analysis.

    Attributes
    ----------
    batches : int
        Batches of consecutive sessions whose means are held against each other.
    splits : int
        Random halves.
    """

    batches: Annotated[int, Field(ge=2, le=FEWEST_SESSIONS // 2)] = option(
        4, "Batches of consecutive sessions whose means are compared."
    )
    splits: Annotated[int, Field(ge=1, le=10_000)] = option(
        200, "Random halves of the sessions of every respondent."
    )


class StabilityAnalysis:
    """Retest over batches, split halves, shares of variance, and tests that profiles differ."""

    name: ClassVar[str] = "stability"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type] = StabilityOptions
    tables: ClassVar[tuple[TableSpec, ...]] = TABLES

    def applies(self, study: Study) -> str:
        """Every study with a scale that is scored can have it."""
        scored = any(part.score_scale is not None for part in study.instruments)
        return "" if scored else "the study has no scale that is scored"

    def run(
        self,
        data: Coded,
        options: StabilityOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Compare the sessions of a respondent with each other, and with those of the others."""
        work.on_stage("testing how stable profiles are")
        found = list(cells(data.scores, data.groups, data.study))
        halves, matched = _halves(found, options.splits, work.seed)
        tables = {
            "retest": RETEST.filled(r for cell in found for r in _retest(cell, options.batches)),
            "profile_halves": HALVES.filled(halves),
            "profile_matched": MATCHED.filled(matched),
            "profile_tests": DIFFER.filled(row for cell in found for row in _tests(cell)),
        }
        if not found:
            reason = (
                "no two respondents under one condition have "
                f"{FEWEST_SESSIONS} sessions with all scales"
            )
            return Outcome(self.name, Status.NOT_APPLICABLE, reason, options, tables)
        return Outcome(self.name, Status.DONE, "", options, tables)

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section | None:
        """Whether profiles differ first, then how stable each is."""
        tables = {spec.name: spec.of(outcome.tables) for spec in self.tables}
        if tables["retest"].empty:
            return None
        return stability_section(tables, outcome.options, groups)


def _retest(cell: Cell, batches: int) -> Rows:
    for place, scale in enumerate(cell.scales):
        samples = cell.column(place)
        table = np.array([batch_means(one, batches) for one in samples])
        icc, between = agreement(table), share_between(samples)
        yield {
            **cell.where,
            "scale": scale,
            "models": len(samples),
            "batches": batches,
            "batch_size": min(map(len, samples)) // batches,
            "icc": icc.value,
            "icc_lower": icc.lower,
            "icc_upper": icc.upper,
            "between": between.value,
            "between_lower": between.lower,
            "between_upper": between.upper,
            "within": 1 - np.maximum(between.value, 0.0),
        }


def _halves(
    found: Sequence[Cell], splits: int, seed: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    halves, matched = [], []
    for cell in found:
        split = split_halves(cell.samples, splits, seed)
        lower, middle, upper = np.nanpercentile(split.r, (2.5, 50, 97.5))
        halves.append(
            {
                **cell.where,
                "models": len(cell.groups),
                "scales": len(cell.scales),
                "splits": splits,
                "r": middle,
                "r_lower": lower,
                "r_upper": upper,
                "reliability": float(np.nanmedian(split.reliability)),
            }
        )
        matched += [
            {
                "group": group,
                "sessions": len(sample),
                "matched": float(share),
                "chance": 1 / len(cell.groups),
            }
            for group, sample, share in zip(cell.groups, cell.samples, split.matched, strict=True)
        ]
    return halves, matched


def _tests(cell: Cell) -> Rows:
    samples = cell.varying
    if len(samples) < 2:
        return
    tests = [("profile", list(samples))]
    if len(cell.scales) > 1:
        tests.append(("shape", shapes(samples)))
    for name, own in tests:
        found = welch_james(own)
        yield {
            **cell.where,
            "test": name,
            "models": len(own),
            "scales": len(cell.scales),
            "f": found.f,
            "df1": found.df1,
            "df2": found.df2,
            "p": found.p,
        }
