"""Paths adjusted for what sessions were given: factors and attributes as observed predictors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from vaar.errors import DataError
from vaar.scoring.design_factors import MAX_LEVELS, levels
from vaar.sem.model.parameters import ModelSpec, specify

PREFIX = "x"
"""Begins the name of a covariate in the model, ``x1.age``; no code of a study has a full stop."""


@dataclass(frozen=True)
class Covariate:
    """One covariate as it stands in the model.

    Attributes
    ----------
    name : str
        The factor or attribute.
    reference : str
        The level that indicators stand against; empty where the covariate is an amount.
    columns : tuple of str
        Its variables in the model: one for an amount, or one for each other level.
    levels : tuple of str
        Level of each column; empty for an amount.
    n_missing : int
        Sessions and people without it, who are left out of the fit.
    """

    name: str
    reference: str
    columns: tuple[str, ...]
    levels: tuple[str, ...]
    n_missing: int


def code_covariates(
    factors: pd.DataFrame, names: Sequence[str]
) -> tuple[tuple[Covariate, ...], pd.DataFrame]:
    """Turn factors into numbers.

    Parameters
    ----------
    factors : DataFrame
        Text, a row a session; people's own values filled in.
    names : sequence of str
        Its columns that become covariates.

    Returns
    -------
    tuple of Covariate, DataFrame
        The columns are indexed as ``factors``. Where every value is a number the covariate is an
        amount, centred and scaled over all rows, which moves no standardised path; else each level
        but the most frequent has an indicator of 0 and 1. NaN where a row has no value.

    Raises
    ------
    DataError
        A covariate does not vary, or has more than :data:`MAX_LEVELS` categories.
    """
    coded = [_coded(name, factors[name]) for name in names]
    if not coded:
        return (), pd.DataFrame(index=factors.index)
    table = pd.concat([columns for _, columns in coded], axis=1)
    numbered = [f"{PREFIX}{k}.{name}" for k, name in enumerate(table.columns, start=1)]
    left = iter(numbered)
    described = tuple(
        replace(one, columns=tuple(next(left) for _ in columns)) for one, columns in coded
    )
    return described, table.set_axis(numbered, axis=1)


def adjusted(model: str, columns: Sequence[str]) -> str:
    """Regress every variable of the structural model on the covariates.

    Latent variables (but those that a higher one explains) and observed variables whose moments
    the model explains all get a path from every covariate; covariances between them stay free or
    zero as they were. The paths between them are then those at equal covariates, as in a partial
    regression. Predictors that are exogenous observed variables covary with the covariates freely.
    """
    if not columns:
        return model
    before = specify(model)
    text = model + "".join(f"\n{name} ~ {' + '.join(columns)}" for name in _explained(before))
    free, now_free = _covariances(before), _covariances(specify(text))
    for one, other in combinations(_explained(before), 2):
        pair = frozenset((one, other))
        if pair in free and pair not in now_free:
            text += f"\n{one} ~~ {other}"
        elif pair in now_free and pair not in free:
            text += f"\n{one} ~~ 0*{other}"
    return text


def _explained(spec: ModelSpec) -> list[str]:
    indicators = {name for names in spec.indicators.values() for name in names}
    latents = [name for name in spec.latents if name not in indicators]
    observed = [n for n in spec.structural if n not in (*spec.exogenous, *indicators)]
    return [*latents, *observed]


def _covariances(spec: ModelSpec) -> set[frozenset[str]]:
    return {frozenset((row.lhs, row.rhs)) for row in spec.rows if row.op == "~~"}


def _coded(name: str, values: pd.Series) -> tuple[Covariate, pd.DataFrame]:
    found = levels(values)
    if len(found) < 2:
        raise DataError(f"--covariate {name}: it does not vary in this run; leave it out")
    n_missing = int(values.isna().sum())
    amounts = pd.to_numeric(values, errors="coerce").astype(float)
    if np.isfinite(amounts[values.notna()]).all():
        scaled = (amounts - amounts.mean()) / amounts.std(ddof=0)
        return Covariate(name, "", (), (), n_missing), scaled.to_frame(_slug(name))
    if len(found) > MAX_LEVELS:
        raise DataError(
            f"--covariate {name}: it has {len(found):,} categories; at most {MAX_LEVELS} are "
            "taken. Use one with fewer, or one that holds numbers only"
        )
    reference = str(values.value_counts().reindex(found).idxmax())
    others = tuple(level for level in found if level != reference)
    columns = [values.eq(level).astype("Float64").astype(float) for level in others]
    names = [f"{_slug(name)}.{_slug(level)}" for level in others]
    return Covariate(name, reference, (), others, n_missing), pd.concat(columns, axis=1, keys=names)


def _slug(text: str) -> str:
    """A part of a variable's name; what a model's syntax cannot hold becomes a low line."""
    return re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")[:24]
