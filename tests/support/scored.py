"""Scored sessions of simulated populations, without any conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from vaar.analyses.base import Coded
from vaar.analyses.groups import AskedGroup, groups_table
from vaar.respondents.simulated.answer_model import answers
from vaar.respondents.simulated.populations import Population
from vaar.scoring.design_factors import design_factors
from vaar.scoring.scales import scales
from vaar.study.model import Study


def scored(
    study: Study, population: Population, seeds: range, descending: bool = False
) -> pd.DataFrame:
    """Keyed items and all scales, one row a session; options listed from the highest on demand."""
    parts = {item.code: (item, part) for part in study.instruments for item in part.coded_items}
    table = pd.DataFrame(
        answers(population, study, seeds, descending=descending), columns=list(parts)
    ).astype(float)
    for code, (item, part) in parts.items():
        if item.keying == -1:
            table[code] = sum(part.scale_of(item).range) - table[code]
    return with_scales(table, study)


def with_scales(keyed: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The same with the mean of every scale."""
    means = {one.code: keyed[list(one.items)].mean(axis=1) for one in scales(study)}
    return keyed.assign(**means)


def coded(
    study: Study,
    groups: Mapping[str, pd.DataFrame],
    given: Mapping[str, Any] | None = None,
    condition: str = "carried",
) -> Coded:
    """Coded sessions of these groups, each a simulated respondent of its own.

    Parameters
    ----------
    given : mapping, optional
        Columns that say how sessions were run, such as ``options``.
    """
    rows = pd.concat([own.assign(group=name) for name, own in groups.items()], ignore_index=True)
    rows = rows.assign(session=np.arange(len(rows)), condition=condition, **given or {})
    asked = [AskedGroup(name, name, condition, True) for name in groups]
    return Coded(
        study, pd.DataFrame(), rows, design_factors(rows, study), groups_table(asked, {}, [])
    )
