"""What cells of benefit and risk, drawn for every session, do to what is said and done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.conflict.contrasts import Cells, cells_of, effects
from vaar.analyses.conflict.design import cell_names, facts_of, outcomes, signs, wrong_facts
from vaar.analyses.conflict.headlines import headlines
from vaar.analyses.conflict.options import ConflictOptions
from vaar.analyses.conflict.section import conflict_section
from vaar.analyses.conflict.tables import CELLS, EFFECTS
from vaar.analyses.contrasts.wald import holm
from vaar.analyses.headlines import Headline
from vaar.errors import OptionError
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.scoring.profile import mean_with_interval
from vaar.study.model import Study
from vaar.tables.spec import TableSpec


class ConflictAnalysis:
    """Means by cell, and the effects of the facts that make the cells."""

    name: ClassVar[str] = "conflict"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type] = ConflictOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (CELLS, EFFECTS)

    def applies(self, study: Study) -> str:
        """It takes facts that are drawn for every session."""
        return "" if study.variation.facts else "the study draws no facts"

    def run(
        self,
        data: Coded,
        options: ConflictOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Compare the cells of every group.

        Raises
        ------
        OptionError
            A fact that is named is none of the study, or has more levels than two.
        """
        if not options.facts:
            why = "no facts are named; `--set conflict.facts=NAME,NAME` names those that make cells"
            return Outcome(self.name, Status.NOT_APPLICABLE, why, options)
        if why := wrong_facts(data.study, options.facts):
            raise OptionError(f"conflict.facts: {why}")
        work.on_stage("cells of the design")
        found = _compared(data, options.facts)
        effects = EFFECTS.filled(found[1])
        effects["p_holm"] = holm(effects["p"].to_numpy(float))
        tables = {"conflict_cells": CELLS.filled(found[0]), "conflict_effects": effects}
        if tables["conflict_effects"].empty:
            why = "no group has two sessions in every cell"
            return Outcome(self.name, Status.NOT_ESTIMABLE, why, options, tables)
        return Outcome(self.name, Status.DONE, "", options, tables)

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section | None:
        """What the cells did, in words first."""
        if outcome.status is Status.NOT_APPLICABLE:
            return None
        tables = {spec.name: spec.of(outcome.tables) for spec in self.tables}
        return conflict_section(tables, groups, facts_of(study, outcome.options.facts))

    def headlines(self, outcome: Outcome, groups: Groups, study: Study) -> Iterator[Headline]:
        """The effects of what sessions were told."""
        return headlines(EFFECTS.of(outcome.tables), groups)


def _compared(
    data: Coded, names: tuple[str, ...]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    facts = facts_of(data.study, names)
    level = signs(data.design_factors, facts)
    drawn = np.isfinite(level).all(axis=1)
    cells: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    for outcome, values in outcomes(data.scores, data.responses, data.study):
        for group in dict.fromkeys(data.scores["group"]):
            own = drawn & (data.scores["group"] == group).to_numpy()
            where = {"group": group, "outcome": outcome}
            sorted_in = cells_of(values.to_numpy(float)[own], level[own])
            cells += [where | row for row in _cell_rows(sorted_in, cell_names(facts))]
            found += [where | row for row in _effect_rows(sorted_in, [f.name for f in facts])]
    return cells, found


def _cell_rows(cells: Cells, names: list[str]) -> Iterator[dict[str, Any]]:
    for name, values in zip(names, cells.values, strict=True):
        told = mean_with_interval(values)
        ends = {"lower": told["ci_lower"], "upper": told["ci_upper"]}
        yield {"cell": name, "n": told["n"], "mean": told["mean"], **ends}


def _effect_rows(cells: Cells, names: list[str]) -> Iterator[dict[str, Any]]:
    n = sum(len(values) for values in cells.values)
    for effect in effects(cells, names):
        yield {
            "effect": " × ".join(effect.names),
            "n": n,
            "estimate": effect.estimate,
            "lower": effect.lower,
            "upper": effect.upper,
            "p": effect.p,
        }
