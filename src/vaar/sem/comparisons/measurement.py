"""The measurement part of a fit of several groups: each latent variable with its items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.results.fit import Fit


@dataclass(frozen=True)
class Scale:
    """One latent variable and its items in all groups, on one scale.

    Attributes
    ----------
    loading, intercept, present, deviation : (G, J) arrays
        ``deviation`` are the items' standard deviations.
    mean, variance, n : (G,) arrays
    """

    loading: Floats
    intercept: Floats
    present: Bools
    deviation: Floats
    mean: Floats
    variance: Floats
    n: Floats

    def bias(self, reference: int) -> tuple[Floats, Floats]:
        """(G, J) dMACS, and the mean difference of answers in the items' own units: by how much the
        parameters of a group raise its answers, against those of the reference."""
        slope = self.loading - self.loading[reference]
        level = self.intercept - self.intercept[reference]
        at_mean = level + slope * self.mean[:, None]
        square = at_mean**2 + slope**2 * self.variance[:, None]
        weight = self.n[:, None] - 1
        pooled = weight * self.deviation**2 + (weight * self.deviation**2)[reference]
        pooled = np.sqrt(pooled / (weight + weight[reference]))
        both = self.present & self.present[reference]
        return np.where(both, np.sqrt(square) / pooled, np.nan), np.where(both, at_mean, np.nan)


@dataclass(frozen=True)
class Measurement:
    """One latent variable of a fit.

    Attributes
    ----------
    places : (2J + 2,) array
        Of its loadings, intercepts, variance and mean among the parameters of a group.
    """

    latent: str
    items: tuple[str, ...]
    places: Ints
    scale: Scale

    def standardised(self, signs: Floats) -> tuple[Floats, Floats]:
        """(G, J) loadings and intercepts under a latent variable of mean 0 and variance 1."""
        size = signs * np.sqrt(self.scale.variance)
        mean = self.scale.mean[:, None]
        return (
            self.scale.loading * size[:, None],
            self.scale.intercept + self.scale.loading * mean,
        )

    def slopes(self, group: int, sign: float) -> Floats:
        """(2J, 2J + 2) derivatives of these by the parameters in ``places``."""
        j, loading = len(self.items), self.scale.loading[group]
        size = np.sqrt(self.scale.variance[group])
        out = np.zeros((2 * j, 2 * j + 2))
        at = np.arange(j)
        out[at, at], out[at, 2 * j] = sign * size, sign * loading / (2 * size)
        out[j + at, j + at], out[j + at, at] = 1.0, self.scale.mean[group]
        out[j + at, 2 * j + 1] = loading
        return out


def place_of(fit: Fit, reference: str | None) -> int:
    """The number of the reference group.

    Raises
    ------
    DataError
        No such group, or one group only.
    """
    if len(fit.groups) < 2:
        raise DataError("groups are compared, and the fit has one group: name a column in group=")
    if reference is None:
        return 0
    if reference not in fit.groups:
        raise DataError(
            f"reference got {reference!r}; the groups of the fit are {', '.join(fit.groups)}: "
            "choose one"
        )
    return fit.groups.index(reference)


def measurements_of(fit: Fit) -> Iterator[Measurement]:
    """Every latent variable with its items.

    Raises
    ------
    DataError
        Ordinal items, no means, paths, items of several latent variables, latent variables of
        latent ones, or two levels.
    """
    spec = fit.spec
    fit.rows_for("comparing the items of groups")
    if spec.ordered or not spec.mean_structure:
        raise DataError(
            "the items of groups are compared by loadings and intercepts, and the fit has "
            f"{'thresholds' if spec.ordered else 'no means'}: fit items as continuous (ML or MLR), "
            "with means"
        )
    items = [row.rhs for row in spec.rows if row.op == "=~"]
    twice = [item for item in items if items.count(item) > 1]
    structural = [row.name for row in spec.rows if row.op == "~"]
    higher = [item for item in items if item in spec.latents]
    for found, what in ((twice, "cross-loadings"), (structural, "paths"), (higher, "higher order")):
        if found:
            raise DataError(
                f"the model has {what} ({found[0]}): compare groups in a model in which every item "
                "belongs to one latent variable, and latent variables covary freely"
            )
    place = {(row.lhs, row.op, row.rhs): i for i, row in enumerate(spec.rows)}
    for latent in spec.latents:
        names = spec.indicators[latent]
        at = [place[latent, "=~", name] for name in names]
        at += [place[name, "~1", "1"] for name in names]
        at += [place[latent, "~~", latent], place[latent, "~1", "1"]]
        yield Measurement(latent, names, np.array(at), _scale(fit, np.array(at), names))


def _scale(fit: Fit, at: Ints, names: tuple[str, ...]) -> Scale:
    j, columns = len(names), [fit.spec.observed.index(name) for name in names]
    theta = fit.solution.theta[:, at]
    present: Bools = fit.sample.present[:, columns]
    free = fit.goodness.saturated.cov[:, columns, columns]
    return Scale(
        np.where(present, theta[:, :j], 0.0),
        np.where(present, theta[:, j : 2 * j], 0.0),
        present,
        np.sqrt(np.where(present, free, np.nan)),
        theta[:, -1],
        theta[:, -2],
        np.bincount(fit.sample.group, minlength=len(fit.groups)).astype(float),
    )
