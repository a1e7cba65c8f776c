"""Robustness: verdicts and VAAR under every specification of a list declared before the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
from scipy.special import stdtrit

from vaar.analyses.alignment.analysis import AlignmentAnalysis
from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.notes import in_words
from vaar.analyses.specifications.declared import digest
from vaar.analyses.specifications.estimate import Ended, Found, Setting, found_under
from vaar.analyses.specifications.options import SpecificationsOptions
from vaar.analyses.specifications.section import specifications_section
from vaar.analyses.specifications.table_specs import LISTED, PATHS, RATES, TABLES
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.study.model import Study
from vaar.tables.spec import TableSpec
from vaar.vocabulary import HUMAN

ALIGNMENT = "alignment"
Rows = Iterator[dict[str, Any]]


class SpecificationsAnalysis:
    """Whether the verdicts hang on choices of the analysis. Done on request only."""

    name: ClassVar[str] = "specifications"
    needs: ClassVar[tuple[str, ...]] = (ALIGNMENT,)
    options: ClassVar[type] = SpecificationsOptions
    tables: ClassVar[tuple[TableSpec, ...]] = TABLES
    on_request: ClassVar[bool] = True

    def applies(self, study: Study) -> str:
        """It varies the alignment."""
        return AlignmentAnalysis().applies(study)

    def run(
        self,
        data: Coded,
        options: SpecificationsOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Estimate under one specification after the other."""
        main = earlier[ALIGNMENT]
        setting = Setting(data, main.options, main.kept[ALIGNMENT], options, work)
        found = []
        for number, one in enumerate(options.specifications, start=1):
            work.on_stage(f"specification {number} of {len(options.declared)}: {one.words}")
            found.append(found_under(one, setting))
        tables = {
            LISTED.name: LISTED.filled(map(_listed, found)),
            PATHS.name: PATHS.filled(row for one in found for row in _paths(one, data.study)),
            RATES.name: RATES.filled(row for one in found for row in _rates(one, setting)),
        }
        record = {
            "hash": digest(options.specifications),
            "main": {"level": setting.alignment.measurement.level},
        }
        return Outcome(self.name, Status.DONE, "", options, tables, record)

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section | None:
        """The verdicts counted in words first, then the curves."""
        tables = {spec.name: spec.of(outcome.tables) for spec in self.tables}
        if tables[LISTED.name].empty:
            return None
        return specifications_section(tables, outcome.record, outcome.options, groups, study)


def _listed(found: Found) -> dict[str, Any]:
    return {
        "specification": found.specification.line,
        "words": found.specification.words,
        "ended": found.ended,
        "reason": found.reason,
        "level": found.level,
        "cfi": found.cfi,
        "rmsea": found.rmsea,
        "replicates": found.replicates if found.ended is Ended.ESTIMATED else None,
    }


def _paths(found: Found, study: Study) -> Rows:
    if found.collected is None or found.conclusions is None:
        return
    full, concluded = found.collected.full, found.conclusions
    for g, group in enumerate(found.collected.groups):
        reach = float(stdtrit(concluded.df[g], 0.975))
        for k, hypothesis in enumerate(study.hypotheses):
            b, se = full.std_estimate[g, k], full.std_se[g, k]
            known = np.isfinite(se)
            yield {
                "group": group,
                "path": hypothesis.path,
                "specification": found.specification.line,
                "std_estimate": b if known else np.nan,
                "lower": b - reach * se,
                "upper": b + reach * se,
                "verdict": concluded.verdict[g, k],
                "reason": in_words(found.collected.notes.get(group, ())),
            }


def _rates(found: Found, setting: Setting) -> Rows:
    if found.collected is None or found.conclusions is None:
        return
    concluded = found.conclusions
    counted = found.replicates > 0
    for g, group in enumerate(found.collected.groups):
        if group == HUMAN:
            continue
        yield {
            "group": group,
            "specification": found.specification.line,
            "vaar_uncorrected": concluded.uncorrected[g],
            "vaar": concluded.vaar[g] if counted else np.nan,
            "vaar_lower": concluded.lower[g],
            "vaar_upper": concluded.upper[g],
            "kappa": concluded.kappa.value[g],
            "delta": found.specification.changes.get("delta", setting.main.delta),
        }
