"""Fitting the same model again to many samples of its rows, fast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from vaar.errors import DataError
from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.delta import functions
from vaar.sem.layout import Layout
from vaar.sem.moments import Sample
from vaar.sem.plan import layout_of
from vaar.sem.result import Fit
from vaar.sem.solve import Solution, solve
from vaar.sem.starts import hold_exogenous
from vaar.sem.tables import definitions_of

_TOLERANCE = 1e-6  # an error of a thousandth of a standard error
_MAX_STEPS = 100
_CONSTANT = 1e-12  # variance, as a share of that in the full sample, that counts as none


@dataclass(frozen=True)
class Refits:
    """Fits to R samples; columns are the rows of ``fit.params``.

    Attributes
    ----------
    est, std_all, std_all_se : (R, len(params)) arrays
        NaN where a group is not ok in a sample.
    ok : (R,) array
        Whether all groups are ok.
    ok_groups : (R, G) array
        Whether a group has its rows, varies in every item, and takes part in a fit that converged.
    """

    est: Floats
    std_all: Floats
    std_all_se: Floats
    ok: Bools
    ok_groups: Bools


def refit(fit: Fit, samples: Iterable[ArrayLike]) -> Refits:
    """Fit the model of ``fit`` to samples of its analysed rows.

    Parameters
    ----------
    fit : Fit
    samples : iterable of integer arrays
        Positions 0 … ``fit.n_rows`` − 1, repeats allowed. A sample may have fewer rows of a group
        than the data, or none.

    Returns
    -------
    Refits

    Raises
    ------
    DataError
        A position outside the analysed rows.
    """
    worker = _Refitter(fit)
    rows = [worker.run(_positions(sample, fit.n_rows)) for sample in samples]
    groups, width = len(fit.groups), len(fit.spec.rows) * len(fit.groups) + len(fit.spec.defined)
    if not rows:
        empty = np.empty((0, width))
        return Refits(empty, empty, empty, np.empty(0, bool), np.empty((0, groups), bool))
    est, std, std_se, ok_groups = (np.array(part) for part in zip(*rows, strict=True))
    return Refits(est, std, std_se, ok_groups.all(axis=1), ok_groups)


def _positions(sample: ArrayLike, n_rows: int) -> Ints:
    rows = np.asarray(sample)
    if rows.ndim != 1 or (rows.size and rows.dtype.kind not in "iu"):
        raise DataError(
            f"a sample is a flat array of row positions, got shape {rows.shape} of {rows.dtype}: "
            "give integers"
        )
    if rows.size and (rows.min() < 0 or rows.max() >= n_rows):
        raise DataError(
            f"a sample has positions from {rows.min()} to {rows.max()}; the fit has rows 0 to "
            f"{n_rows - 1}: count positions in the analysed rows, not in the data frame"
        )
    return rows.astype(np.int64)


class _Refitter:
    """Holds what all samples of one fit have in common."""

    def __init__(self, fit: Fit) -> None:
        self.fit = fit
        self.theta = np.where(fit.layout.active, fit.solution.theta, fit.layout.value)
        self.definitions = definitions_of(fit.spec)
        variance = np.array([block.var(axis=0) for block in self._by_group(fit.sample)])
        self.floor = _CONSTANT * variance
        self.layout_for = lru_cache(maxsize=64)(self._layout_for)

    @staticmethod
    def _by_group(sample: Sample) -> list[Floats]:
        edges = np.searchsorted(sample.group, np.arange(sample.n_groups + 1))
        return [sample.values[a:b] for a, b in zip(edges[:-1], edges[1:], strict=True)]

    def run(self, rows: Ints) -> tuple[Floats, Floats, Floats, Bools]:
        fit, groups = self.fit, len(self.fit.groups)
        shape = self.theta.shape
        est, std, std_se = (np.full(shape, np.nan) for _ in range(3))
        ok = np.zeros(groups, dtype=bool)
        sample = fit.sample.take(rows)
        alive = self._alive(sample)
        tail = np.full((3, len(self.definitions)), np.nan)
        if alive.any():
            layout = self.layout_for(alive.tobytes())
            part = sample if alive.all() else sample.select(np.flatnonzero(alive))
            solution = self._solve(part, layout, alive)
            if solution is not None:
                fine = solution.converged & solution.identified
                ok[np.flatnonzero(alive)[fine]] = True
                for target, source in (
                    (est, solution.theta),
                    (std, solution.std),
                    (std_se, solution.std_se),
                ):
                    target[ok] = source[fine]
                tail = self._defined(solution, layout, ok)
        return (
            np.concatenate([est.ravel(), tail[0]]),
            np.concatenate([std.ravel(), tail[1]]),
            np.concatenate([std_se.ravel(), tail[2]]),
            ok,
        )

    def _alive(self, sample: Sample) -> Bools:
        """Groups with more rows than variables, none of them constant."""
        present = self.fit.sample.present
        out = np.zeros(len(present), dtype=bool)
        for g, values in enumerate(self._by_group(sample)):
            here = present[g]
            if len(np.unique(values, axis=0)) > here.sum():
                out[g] = bool(np.all(values.var(axis=0)[here] > self.floor[g][here]))
        return out

    def _layout_for(self, alive: bytes) -> Layout:
        """The layout of these groups; where the reference group is gone, another holds its scale
        at the value it had in the full sample."""
        fit = self.fit
        mask = np.frombuffer(alive, dtype=bool)
        if mask.all():
            return fit.layout
        kept = [fit.all_groups.index(name) for name, on in zip(fit.groups, mask, strict=True) if on]
        layout = layout_of(fit.spec, fit.equality, fit.all_groups, kept, fit.sample.present[mask])
        newly_fixed = (layout.index < 0) & (fit.layout.index[mask] >= 0)
        return replace(layout, value=np.where(newly_fixed, self.theta[mask], layout.value))

    def _solve(self, sample: Sample, layout: Layout, alive: Bools) -> Solution | None:
        fit = self.fit
        if fit.spec.exogenous:
            moments = sample.moments
            layout = hold_exogenous(layout, fit.spec, *_group_moments(sample, moments.n_groups))
        x = layout.collect(self.theta[alive])
        try:
            return solve(
                fit.estimator, sample, fit.structure, layout, x, _TOLERANCE, _MAX_STEPS
            )
        except np.linalg.LinAlgError:
            return None

    def _defined(self, solution: Solution, layout: Layout, ok: Bools) -> Floats:
        out = np.full((3, len(self.definitions)), np.nan)
        if self.definitions and ok.all():
            fit = self.fit
            raw = functions(self.definitions, solution, layout, fit.structure)
            standard = functions(self.definitions, solution, layout, fit.structure, standard=True)
            out[:] = raw.value, standard.value, standard.se
        return out


def _group_moments(sample: Sample, groups: int) -> tuple[Floats, Floats]:
    """Covariances and means of each group from all its rows."""
    parts: Sequence[Floats] = _Refitter._by_group(sample)
    cov = np.array([np.cov(part.T, ddof=0).reshape(part.shape[1], -1) for part in parts])
    return cov, np.array([part.mean(axis=0) for part in parts])
