"""Sensitivity: what moves with presentation, order, wording, options, history and response mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from vaar.analyses.alignment.history import sharing_nothing
from vaar.analyses.alignment.notes import nothing_shared
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.screening.adjustment import DESIGN, adjusted_scores
from vaar.analyses.alignment.screening.screen import screen
from vaar.analyses.base import Coded, Outcome, Status, Work
from vaar.analyses.contrasts.wald import Difference, holm
from vaar.analyses.sensitivity.levels import Varied, varied
from vaar.analyses.sensitivity.means import mean_difference, variance_share
from vaar.analyses.sensitivity.options import SensitivityOptions
from vaar.analyses.sensitivity.paths import (
    Levels,
    fit_levels,
    path_difference,
    rate_difference,
)
from vaar.analyses.sensitivity.section import sensitivity_section
from vaar.analyses.sensitivity.table_specs import SENSITIVITY
from vaar.report.groups import Groups
from vaar.report.section import Section
from vaar.scoring.scales import scales
from vaar.sem.model.parameters import specify
from vaar.study.model import Study
from vaar.tables.spec import TableSpec

Rows = Iterator[dict[str, Any]]


class SensitivityAnalysis:
    """Differences of means, paths and VAAR between the levels of whatever a run varied."""

    name: ClassVar[str] = "sensitivity"
    needs: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[type] = SensitivityOptions
    tables: ClassVar[tuple[TableSpec, ...]] = (SENSITIVITY,)

    def applies(self, study: Study) -> str:
        """Any study: a run may vary the temperature of its models."""
        return ""

    def run(
        self,
        data: Coded,
        options: SensitivityOptions,
        earlier: Mapping[str, Outcome],
        work: Work,
    ) -> Outcome:
        """Compare every level with the first one of its factor."""
        scores = screen(data.scores, data.study).scores
        found = [one for one in varied(data) if _present(one, scores)]
        rows: list[dict[str, Any]] = []
        for number, one in enumerate(found, start=1):
            work.on_stage(f"sensitivity {number} of {len(found)}: {one.factor}")
            rows += _compared(one, scores, data, options, work.seed)
        table = SENSITIVITY.filled(rows)
        if table.empty:
            why = "nothing varied between the sessions that were answered"
            return Outcome(self.name, Status.NOT_APPLICABLE, why, options)
        family = table.groupby(["factor", "kind"])["p"]
        table["p_holm"] = family.transform(lambda p: holm(p.to_numpy(float)))
        return Outcome(self.name, Status.DONE, "", options, {SENSITIVITY.name: table})

    def section(self, outcome: Outcome, groups: Groups, study: Study) -> Section | None:
        """A sentence for each factor, then the differences."""
        table = SENSITIVITY.of(outcome.tables)
        return None if table.empty else sensitivity_section(table, outcome.options)


def _present(one: Varied, scores: pd.DataFrame) -> bool:
    """Whether sessions of two levels are left after the screening."""
    return one.level.loc[one.level.index.intersection(scores.index)].nunique() > 1


def _compared(
    one: Varied, scores: pd.DataFrame, data: Coded, options: SensitivityOptions, seed: int
) -> Rows:
    study = data.study
    level = one.level.loc[one.level.index.intersection(scores.index)]
    rows = scores.loc[level.index]
    shared = _personas(rows)
    counts = level.value_counts()
    items = [item.code for part in study.instruments for item in part.coded_items]
    kinds = [("item", items), ("scale", [scale.code for scale in scales(study)])]
    fitted = _fitted(one, rows, level, data, options, seed, shared)
    for other in one.others:
        where = {
            "factor": one.factor,
            "respondent": one.respondent,
            "condition": one.condition,
            "level": other,
            "reference": one.reference,
            "n_level": int(counts.get(other, 0)),
            "n_reference": int(counts.get(one.reference, 0)),
        }
        for kind, names in kinds:
            for name in names:
                values = rows[name]
                pair = values[level == other], values[level == one.reference]
                found = mean_difference(*pair, shared)
                why = "" if np.isfinite(found.value) else "too few sessions have a value"
                told = _plain(found, why) | {"variance_share": variance_share(values, level)}
                yield where | {"kind": kind, "measure": name} | told
        yield from (where | row for row in _path_rows(fitted, other, one.reference, study))


def _fitted(
    one: Varied,
    rows: pd.DataFrame,
    level: pd.Series,
    data: Coded,
    options: SensitivityOptions,
    seed: int,
    shared: pd.Series | None,
) -> Levels | str | None:
    """The paths of every level; None where the study has none."""
    study = data.study
    if not study.structural_model.strip() or not study.hypotheses:
        return None
    if one.factor == "history" and set(data.scores.loc[rows.index, "group"]) & set(
        sharing_nothing(data)
    ):
        return nothing_shared().text
    observed = [name for name in specify(study.structural_model).observed if name in rows]
    others = [name for name in DESIGN if name not in (one.factor, *data.by)]
    freed, _ = adjusted_scores(rows, data.design_factors, observed, others)
    chosen = AlignmentOptions(seed=seed)
    return fit_levels(
        freed, level, study, study.structural_model, chosen, options.replicates, shared
    )


def _path_rows(fitted: Levels | str | None, level: str, reference: str, study: Study) -> Rows:
    if fitted is None:
        return
    paths = [h.path for h in study.hypotheses]
    if isinstance(fitted, str):
        for path in paths:
            yield {"kind": "path", "measure": path} | _plain(None, fitted)
        return
    found = path_difference(fitted, level, reference)
    for k, path in enumerate(paths):
        own = None if found is None else _one(found, k)
        why = "" if own is not None else "the level has too few sessions"
        yield {"kind": "path", "measure": path} | _plain(own, why)
    rate = rate_difference(fitted, level, reference, study)
    why = "" if rate is not None else "there are no replicates of both levels"
    yield {"kind": "vaar", "measure": "vaar"} | _plain(rate, why)


def _one(found: Difference, k: int) -> Difference:
    values = (found.value, found.se, found.df, found.lower, found.upper, found.p)
    return Difference(*(np.asarray(part[k]) for part in values))


def _plain(found: Difference | None, reason: str) -> dict[str, Any]:
    names = ("value", "se", "lower", "upper", "p")
    values = {name: np.nan if found is None else float(getattr(found, name)) for name in names}
    values["difference"] = values.pop("value")
    return values | {"p_holm": np.nan, "variance_share": np.nan, "reason": reason}


def _personas(rows: pd.DataFrame) -> pd.Series | None:
    """The persona of every session, one without standing for itself; None where there is none."""
    if "persona" not in rows:
        return None
    named = rows["persona"].notna() & (rows["persona"] != "")
    if not named.any():
        return None
    alone = pd.Series([f"\0{k}" for k in range(len(rows))], rows.index, dtype=object)
    return rows["persona"].astype(object).where(named, alone)
