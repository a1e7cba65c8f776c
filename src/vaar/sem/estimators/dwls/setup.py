"""Joining ordinal items to a model: from the arguments of a fit to where its search begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Floats
from vaar.sem.data.ordinal.pairs import PairOutcome
from vaar.sem.data.ordinal.sample import OrdinalSample, used_categories
from vaar.sem.data.screening import Finding, Screened
from vaar.sem.estimators.base import ORDINAL_NAMES
from vaar.sem.estimators.dwls.estimator import MISSING, LeastSquares
from vaar.sem.estimators.dwls.objective import Places
from vaar.sem.model.equality import Equality
from vaar.sem.model.group_rules import Boundary
from vaar.sem.model.matrices import SCALING, Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.model.thresholds import PARAMETERIZATIONS, ordered_columns, with_thresholds
from vaar.sem.search.starting_values import starting_values

_THETA_SCALE = 1.4  # standard deviation of y* where half of its variance is residual, and that is 1


def is_ordinal(estimator: str) -> bool:
    """Whether an estimator is one for ordinal items."""
    return str(estimator).upper() in ORDINAL_NAMES


def least_squares_of(estimator: str, missing: str) -> LeastSquares:
    """The estimator of that name.

    Raises
    ------
    DataError
        An unknown way with missing answers.
    """
    lower = str(missing).lower()
    if lower not in MISSING:
        raise DataError(
            f"missing got {missing!r}; with estimator {estimator!r} allowed are "
            f"{', '.join(MISSING)}: choose one"
        )
    return LeastSquares(str(estimator).upper(), lower == "pairwise")


def ordinal_model(
    spec: ModelSpec,
    screened: Screened,
    ordered: bool | str | Sequence[str],
    columns: Collection[str],
    parameterization: str,
) -> tuple[ModelSpec, tuple[Floats, ...]]:
    """The model with its thresholds, and the used categories of its variables.

    Raises
    ------
    DataError
        No ordinal item, an unknown one, answers that are not whole numbers, or an unknown
        parameterization.
    """
    if parameterization not in PARAMETERIZATIONS:
        raise DataError(
            f"parameterization got {parameterization!r}; allowed are "
            f"{' and '.join(PARAMETERIZATIONS)}: choose one"
        )
    items = ordered_columns(ordered, spec, columns)
    if not items:
        raise DataError(
            "ordered names no ordinal item, which this estimator is for: give ordered=True or a "
            "list of columns, or choose ML or MLR"
        )
    is_item = np.array([name in items for name in spec.observed])
    used = used_categories(screened.values[screened.rows], is_item, spec.observed)
    known = {name: c for name, c in zip(spec.observed, used, strict=True) if name in items}
    return with_thresholds(spec, known, parameterization), used


def boundary_names(
    sample: OrdinalSample, names: Sequence[str]
) -> tuple[Mapping[str, Boundary], ...]:
    """What each group's answers say of the thresholds, by their names."""
    return tuple(
        {f"{names[item]}|t{cut + 1}": boundary for (item, cut), boundary in known.items()}
        for known in sample.boundary_of
    )


def ordinal_starts(
    layout: Layout, spec: ModelSpec, structure: Structure, sample: OrdinalSample
) -> Floats:
    """(n_free,) starting values: those of continuous variables on the scale of y*; thresholds at
    their sample values and scalings at 1."""
    cov, mean = sample.response_moments
    spread = _THETA_SCALE if spec.parameterization == "theta" else 1.0
    scale = np.where(sample.ordered, spread, 1.0)
    cov = cov * np.outer(scale, scale)
    x = starting_values(layout, spec, structure, cov, mean, sample.present)
    places = Places.of(np.arange(len(spec.rows)), structure, sample.frame)
    theta = np.full(layout.index.shape, np.nan)
    theta[:, structure.matrix == SCALING] = 1.0
    weight = sample.statistics.weight[:, places.cut_statistic]
    value = spread * sample.statistics.value[:, places.cut_statistic]
    theta[:, places.cut] = np.where(weight > 0, value, np.nan)
    known = np.isfinite(theta) & (layout.index >= 0)
    count = np.bincount(layout.index[known], minlength=len(x))
    total = np.bincount(layout.index[known], weights=theta[known], minlength=len(x))
    return np.where(count > 0, total / np.maximum(count, 1), x)


def ordinal_findings(
    sample: OrdinalSample, groups: Sequence[str], spec: ModelSpec, equality: Equality
) -> Iterator[Finding]:
    """Pairs that are left out of the fit, and categories that nobody in a group chose."""
    names = spec.observed
    if spec.parameterization == "delta" and "residuals" in equality.kinds:
        detail = "under delta, residual variances of ordinal items are no parameters: use theta"
        yield Finding("", "", "residuals in group_equal", "held for continuous items only", detail)
    for g, group in enumerate(groups):
        here = np.flatnonzero(sample.present[g])
        found = sample.by_group[g]
        for i, j in np.argwhere(np.triu(found.outcomes != PairOutcome.ESTIMATED, 1)):
            pair = f"{names[here[i]]}, {names[here[j]]}"
            outcome = PairOutcome(found.outcomes[i, j])
            yield Finding(group, pair, "no correlation", "pair left out", outcome.message)
        exact = Counter(
            item for (item, _), b in sample.boundary_of[g].items() if b is Boundary.EXACT
        )
        for j in here[sample.ordered[here]]:
            if exact[int(j)] < len(sample.categories[j]) - 1:
                yield _empty_categories(sample, g, group, int(j), names[j])


def _empty_categories(sample: OrdinalSample, g: int, group: str, item: int, name: str) -> Finding:
    known = {cut: b for (j, cut), b in sample.boundary_of[g].items() if j == item}
    used = sample.categories[item]
    answers = sample.values[(sample.group == g) & sample.observed[sample.block][:, item], item]
    empty = sorted(set(used.tolist()) - set(answers.tolist()))
    spanning = [f"t{cut + 1}" for cut, b in known.items() if b is Boundary.SPANNING]
    action = "threshold of this group alone" if spanning else "threshold absent"
    detail = f"nobody chose {', '.join(f'{value:g}' for value in empty)}"
    if spanning:
        detail += f"; {', '.join(spanning)} spans more than one boundary"
    return Finding(group, name, "empty category", action, detail)
