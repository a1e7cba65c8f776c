"""A model of two levels and its data, made ready to be fitted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vaar.errors import DataError
from vaar.sem.data.screening import Screened
from vaar.sem.job import Job
from vaar.sem.model.equality import equality_of
from vaar.sem.model.matrices import structure_of
from vaar.sem.model.thresholds import refuse_thresholds
from vaar.sem.two_level.estimator import two_level_estimator
from vaar.sem.two_level.fit import TwoLevelFit
from vaar.sem.two_level.levels import matching, read_levels, unmarked
from vaar.sem.two_level.source import read_two_levels

if TYPE_CHECKING:
    import pandas as pd


def two_level_job(
    model: str,
    data: pd.DataFrame | None,
    group: str | None,
    cluster: str | None,
    estimator: str,
    missing: str,
    group_equal: Sequence[str],
    group_partial: Sequence[str],
    identify: str,
    fixed_x: bool,
    orthogonal: bool,
    starts: int,
) -> tuple[Job, Screened]:
    """Read model and data of two levels and screen them, as :func:`vaar.sem.fit.prepare` does."""
    levels, chosen = (
        read_levels(model, fixed_x, orthogonal),
        two_level_estimator(estimator, missing),
    )
    refuse_thresholds(levels.spec)
    columns = {str(name) for name in getattr(data, "columns", ())}
    for latent in map(unmarked, levels.spec.latents):
        if latent in columns:
            raise DataError(
                f"{latent!r} is a latent variable of the model and a column of the data: give the "
                "latent variable another name"
            )
    source, screened = read_two_levels(levels, data, group, cluster)
    spec, structure = levels.spec, structure_of(levels.spec)
    equality = equality_of(spec, group_equal, matching(group_partial, spec), identify)
    job = Job(
        spec,
        structure,
        chosen,
        equality,
        source.table,
        source,
        starts,
        TwoLevelFit,
    )
    return job, screened
