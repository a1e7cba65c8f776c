"""Fitting the same model again to many samples of its rows, fast."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from vaar.errors import DataError
from vaar.sem.arguments import checks_arguments
from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.sample import Sample
from vaar.sem.model.constraints import layout_of
from vaar.sem.model.equality import Equality
from vaar.sem.model.group_rules import Boundary
from vaar.sem.model.parameter_map import Layout
from vaar.sem.results.fit import Fit
from vaar.sem.results.tables import definitions_of
from vaar.sem.search.information import Information
from vaar.sem.search.many_groups import MANY
from vaar.sem.search.starting_values import hold_exogenous
from vaar.sem.solution.delta_method import functions
from vaar.sem.solution.solve import Solution, solve

_TOLERANCE = 1e-4  # the last step is below a hundredth of a standard error
_MAX_STEPS = 100
_CONSTANT = 1e-12  # variance, as a share of that in the full sample, that counts as none


_Found = tuple[Solution, Layout]
Boundaries = tuple[tuple[str, Boundary], ...]


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


@checks_arguments
def refit(fit: Fit, samples: Iterable[ArrayLike], *, with_errors: bool = True) -> Refits:
    """Fit the model of ``fit`` to samples of its analysed rows.

    Parameters
    ----------
    fit : Fit
    samples : iterable of integer arrays
        Positions 0 … ``fit.n_rows`` − 1, repeats allowed. A sample may have fewer rows of a group
        than the data, or none.
    with_errors : bool
        Whether ``std_all_se`` is wanted; it takes about half of the time.

    Returns
    -------
    Refits

    Raises
    ------
    DataError
        A position outside the analysed rows.
    """
    return refits_of(fit, samples, "refitting", with_errors=with_errors)


def refits_of(
    fit: Fit,
    samples: Iterable[ArrayLike],
    what: str,
    tolerance: float = _TOLERANCE,
    *,
    with_errors: bool = False,
) -> Refits:
    """Fit the model of ``fit`` to samples of its rows, for ``what``, until searches move no more
    than ``tolerance``."""
    if not isinstance(samples, Iterable):
        raise DataError(
            f"samples got {type(samples).__name__}; it is several arrays of row positions: give a "
            "list of them"
        )
    fit.rows_for(what)
    check_unbounded(fit, what)
    worker = _Refitter(fit, with_errors, tolerance)
    rows = [worker.run(_positions(sample, fit.n_rows)) for sample in samples]
    groups, width = len(fit.groups), len(fit.spec.rows) * len(fit.groups) + len(fit.spec.defined)
    if not rows:
        empty = np.empty((0, width))
        return Refits(empty, empty, empty, np.empty(0, bool), np.empty((0, groups), bool))
    est, std, std_se, ok_groups = (np.array(part) for part in zip(*rows, strict=True))
    return Refits(est, std, std_se, np.asarray(ok_groups.all(axis=1)), ok_groups)


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

    def __init__(self, fit: Fit, with_errors: bool, tolerance: float) -> None:
        self.fit = fit
        self.with_errors = with_errors
        self.tolerance = tolerance
        self.theta = np.where(fit.layout.active, fit.solution.theta, fit.layout.value)
        self.definitions = definitions_of(fit.spec)
        x = fit.layout.collect(self.theta)
        self.known = fit.estimator.curvature(fit.sample, fit.structure, fit.layout, x)
        self.floor = _CONSTANT * _variances(fit.sample)
        self.layout_for = lru_cache(maxsize=64)(self._layout_for)

    def run(self, rows: Ints) -> tuple[Floats, Floats, Floats, Bools]:
        sample = self.fit.sample.take(rows)
        alive = self._alive(sample, rows)
        found = self._attempt(sample, alive, alive)
        if found is None and alive.sum() > 1:
            good = self._converging(sample, alive)
            found = self._attempt(sample, good, alive) if (good != alive).any() else None
            alive = good
        return self._unpacked(found, alive)

    def _attempt(self, sample: Sample, alive: Bools, tried: Bools) -> _Found | None:
        """Fit the living groups jointly; None where there are none or the fit fails as a whole."""
        if not alive.any():
            return None
        part = sample if alive.all() else sample.select(np.flatnonzero(alive))
        layout = self._layout(part, alive, self.fit.equality)
        known = self._known_for(part) if alive.all() and tried.all() else None
        solution = self._solve(part, layout, alive, known)
        if solution is None or not np.any(solution.converged & solution.identified):
            return None
        return solution, layout

    def _known_for(self, sample: Sample) -> Information | None:
        """The information of the full sample, of many groups as of so many rows as this one has."""
        few = len(self.fit.groups) < MANY or sample.n_rows == self.fit.n_rows
        if self.known is None or few:
            return self.known
        return self.known.of_rows(sample.n_rows / self.fit.n_rows)

    def _converging(self, sample: Sample, alive: Bools) -> Bools:
        """The living groups in which the model converges when nothing ties them."""
        part = sample.select(np.flatnonzero(alive))
        layout = self._layout(part, alive, replace(self.fit.equality, kinds=()))
        out = alive.copy()
        if not len(layout.shared):
            solution = self._solve(part, layout, alive, None)
            out[alive] = solution is not None and solution.converged
        return out

    def _unpacked(self, found: _Found | None, alive: Bools) -> tuple[Floats, Floats, Floats, Bools]:
        tables = np.full((3, *self.theta.shape), np.nan)
        ok = np.zeros(len(alive), dtype=bool)
        tail = np.full((3, len(self.definitions)), np.nan)
        if found is not None:
            solution, layout = found
            fine = solution.converged & solution.identified
            ok[np.flatnonzero(alive)[fine]] = True
            for table, source in zip(
                tables, (solution.theta, solution.std, solution.std_se), strict=True
            ):
                table[ok] = source[fine]
            tail = self._defined(solution, layout, ok)
        est, std, std_se = np.hstack([tables.reshape(3, -1), tail])
        return est, std, std_se, ok

    def _alive(self, sample: Sample, rows: Ints) -> Bools:
        """Groups with more different rows than variables, none of them constant."""
        present, group = self.fit.sample.present, self.fit.sample.group
        drawn = np.zeros(len(group), dtype=bool)
        drawn[rows] = True
        different = np.bincount(group[drawn], minlength=len(present))
        varies = np.all((_variances(sample) > self.floor) | ~present, axis=1)
        return np.asarray(varies & (different > present.sum(axis=1)))

    def _layout(self, sample: Sample, alive: Bools, equality: Equality) -> Layout:
        """The layout of the living groups, less the thresholds that the sample does not have."""
        found = sample.boundaries(self.fit.spec.observed)
        known = tuple(tuple(each.items()) for each in found)
        return self.layout_for(alive.tobytes(), equality, known)

    def _layout_for(
        self, alive: bytes, equality: Equality, boundaries: tuple[Boundaries, ...]
    ) -> Layout:
        """The layout of these groups; where the reference group is gone, another holds its scale
        at the value it had in the full sample."""
        fit = self.fit
        mask = np.frombuffer(alive, dtype=bool)
        if mask.all() and equality == fit.equality and not boundaries:
            return fit.layout
        kept = [fit.all_groups.index(name) for name, on in zip(fit.groups, mask, strict=True) if on]
        present, known = fit.sample.present[mask], [dict(found) for found in boundaries]
        layout = layout_of(fit.spec, equality, fit.all_groups, kept, present, known)
        newly_fixed = (layout.index < 0) & (fit.layout.index[mask] >= 0)
        return replace(layout, value=np.where(newly_fixed, self.theta[mask], layout.value))

    def _solve(
        self, sample: Sample, layout: Layout, alive: Bools, known: Information | None
    ) -> Solution | None:
        fit = self.fit
        if fit.spec.held:
            moments = sample.moments
            layout = hold_exogenous(layout, fit.spec, *_group_moments(sample, moments.n_groups))
        x = layout.collect(self.theta[alive])
        try:
            return solve(
                fit.estimator,
                sample,
                fit.structure,
                layout,
                x,
                self.tolerance,
                _MAX_STEPS,
                known=known,
                with_errors=self.with_errors,
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


def _variances(sample: Sample) -> Floats:
    """(G, p) variance of the observed values of each variable; 0 in a group without rows."""
    moments = sample.moments
    weight = moments.by_group(moments.n[:, None] * moments.observed)
    first = moments.by_group(moments.n[:, None] * moments.mean)
    square = np.einsum("tii->ti", moments.cov) + moments.mean**2
    second = moments.by_group(moments.n[:, None] * square)
    weight = np.maximum(weight, 1.0)
    return np.asarray(second / weight - (first / weight) ** 2)


def _group_moments(sample: Sample, groups: int) -> tuple[Floats, Floats]:
    """Covariances and means of each group from all its rows."""
    cov, mean = [], []
    for rows in map(sample.rows_of, range(groups)):
        values = sample.values[rows]
        weighted, n = sample.design.weighted(values, rows)
        mean.append(weighted.sum(axis=0) / n)
        centred = values - mean[-1]
        cov.append(centred.T @ sample.design.weighted(centred, rows)[0] / n)
    return np.array(cov), np.array(mean)


def check_unbounded(fit: Fit, what: str) -> None:
    """Refuse models with inequalities or bounds, which samples would meet in different ways.

    Raises
    ------
    DataError
        The model has some.
    """
    if fit.spec.is_bounded:
        raise DataError(
            f"{what} takes no inequalities (> and < lines, lower(…), upper(…), bounds=): which of "
            "them hold would change from sample to sample, and intervals would be wrong at a "
            "bound; take them out of the model"
        )
