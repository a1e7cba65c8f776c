"""Factor scores from ordinal answers: the most probable latent variables of each row.

A row says of each ordinal item the interval that its response y* is in. Given the latent variables
and the row's continuous answers, the responses are taken as independent, which is exact unless
their residuals covary; the logarithm of the posterior is then concave, and Newton's method finds
its mode [1]_.

References
----------
.. [1] Bock & Mislevy (1982), Adaptive EAP estimation of ability in a microcomputer environment.
   Applied Psychological Measurement 6, 431–444. doi:10.1177/014662168200600405
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.ordinal.sample import OrdinalSample
from vaar.sem.model.latent_response import response_scale
from vaar.sem.model.matrices import Implied, Structure

_MAX_STEPS = 100
_HALVINGS = 30
_NONE = 1e-8  # share of a response's variance below which its residual has none
_LEAST = 1e-4  # the share that such a residual is given
_TOLERANCE = 1e-10  # expected gain of the next step, in units of the log-likelihood


@dataclass(frozen=True)
class _Intervals:
    """The answers of n rows to q ordinal items, as intervals of responses of unit residual
    variance whose means are ``offset + slope @ deviation``.

    Attributes
    ----------
    lower, upper : (n, q) arrays
    slope : (q, k) array
    """

    lower: Floats
    upper: Floats
    slope: Floats

    def at(self, deviation: Floats) -> tuple[Floats, Floats, Floats]:
        """(n,) log-likelihoods, and (n, q) first and negative second derivatives by the means."""
        mean = deviation @ self.slope.T
        below, above = self.lower - mean, self.upper - mean
        swapped = below + above > 0  # take differences in the thinner tail
        low, high = np.where(swapped, -above, below), np.where(swapped, -below, above)
        top, ratio = log_ndtr(high), log_ndtr(low) - log_ndtr(high)
        log_p = top + np.log1p(-np.exp(np.minimum(ratio, -1e-300)))
        at_below, at_above = (_log_density(edge) - log_p for edge in (below, above))
        first = np.exp(at_below) - np.exp(at_above)
        second = first**2 - (_times(below, at_below) - _times(above, at_above))
        return log_p.sum(axis=1), first, second


def _log_density(x: Floats) -> Floats:
    return np.asarray(-0.5 * x * x - 0.5 * np.log(2 * np.pi))


def _times(edge: Floats, log_density: Floats) -> Floats:
    """edge · exp(log density), 0 at an infinite edge."""
    return np.asarray(np.where(np.isinf(edge), 0.0, edge) * np.exp(log_density))


def ordinal_scores(
    sample: OrdinalSample, structure: Structure, implied: Implied, count: int, block: int
) -> Floats:
    """(n, count) modes of the rows of a block, without items of negative residual variance."""
    rows = slice(sample.edges[block], sample.edges[block + 1])
    group = int(sample.block_group[block])
    joint = _Joint.of(structure, implied, group, count)
    seen = np.flatnonzero(sample.observed[block])
    items, others = seen[sample.ordered[seen]], seen[~sample.ordered[seen]]
    prior, offset, slope, residual = joint.given(items, others, sample.values[rows][:, others])
    threshold = implied.matrices.threshold[group]
    lower, upper = _edges(sample, threshold, group, items, sample.values[rows][:, items])
    variance = np.diagonal(joint.cov)[count + items]
    used = residual > -_NONE * variance
    spread = np.sqrt(np.maximum(residual, _LEAST * variance))[used]
    answers = _Intervals(
        (lower - offset)[:, used] / spread,
        (upper - offset)[:, used] / spread,
        slope[used] / spread[:, None],
    )
    return np.asarray(prior + _modes(answers, _root(joint.left(others))))


@dataclass(frozen=True)
class _Joint:
    """Means and covariances of the latent variables and the responses of a group.

    Attributes
    ----------
    mean : (k + p,) array
    cov : (k + p, k + p) array
        The latent variables first.
    count : int
        Latent variables, k.
    """

    mean: Floats
    cov: Floats
    count: int

    @staticmethod
    def of(structure: Structure, implied: Implied, group: int, count: int) -> _Joint:
        cross = (implied.matrices.loading[group] @ implied.phi[group])[:, :count]
        cov = implied.cov[group].copy()
        scale = response_scale(implied, structure)[group]
        items = np.flatnonzero(structure.ordered)
        cov[items, items] = scale[items] ** -2
        return _Joint(
            np.concatenate([implied.eta[group, :count], implied.mean[group]]),
            np.block([[implied.phi[group][:count, :count], cross.T], [cross, cov]]),
            count,
        )

    def given(
        self, items: Ints, others: Ints, values: Floats
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """What continuous answers leave.

        Returns
        -------
        (n, k) array
            Means of the latent variables given the answers.
        (n, q), (q, k), (q,) arrays
            Means of the responses where the latent variables have those means, slopes by the latent
            variables, and residual variances.
        """
        latent, item = np.arange(self.count), self.count + items
        other = self.count + others
        centred = values - self.mean[other]
        known = np.concatenate([latent, other])
        gain = np.linalg.lstsq(self.cov[np.ix_(other, other)], self.cov[other], rcond=None)[0]
        prior = self.mean[latent] + centred @ gain[:, latent]
        slope = np.linalg.lstsq(
            self.cov[np.ix_(known, known)], self.cov[np.ix_(known, item)], rcond=None
        )[0].T
        residual = np.diagonal(self.cov)[item] - np.einsum(
            "qk,kq->q", slope, self.cov[np.ix_(known, item)]
        )
        offset = self.mean[item] + centred @ gain[:, item]
        return prior, offset, slope[:, latent], residual

    def left(self, others: Ints) -> Floats:
        """(k, k) covariances of the latent variables given the continuous answers."""
        latent, other = np.arange(self.count), self.count + others
        cross = self.cov[np.ix_(latent, other)]
        inner = np.linalg.lstsq(self.cov[np.ix_(other, other)], cross.T, rcond=None)[0]
        return np.asarray(self.cov[np.ix_(latent, latent)] - cross @ inner)


def _root(cov: Floats) -> Floats:
    """(k, k) matrix whose product with its transpose is ``cov``; negative eigenvalues are 0."""
    values, vectors = np.linalg.eigh(cov)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def _edges(
    sample: OrdinalSample, threshold: Floats, group: int, items: Ints, values: Floats
) -> tuple[Floats, Floats]:
    """(n, q) thresholds on either side of each answer, of those there are in the group."""
    lower, upper = np.full(values.shape, -np.inf), np.full(values.shape, np.inf)
    for at, item in enumerate(items):
        cuts = np.array(sorted(cut for j, cut in sample.boundary_of[group] if j == item), dtype=int)
        edges = np.concatenate([[-np.inf], threshold[item, cuts], [np.inf]])
        answer = np.searchsorted(sample.categories[item], values[:, at])
        place = np.searchsorted(cuts, answer)  # how many of the thresholds are below the answer
        lower[:, at], upper[:, at] = edges[place], edges[place + 1]
    return lower, upper


def _modes(answers: _Intervals, root: Floats) -> Floats:
    """(n, k) deviations from the prior mean, root @ z, at the modes of the posteriors of z."""
    within = _Intervals(answers.lower, answers.upper, answers.slope @ root)
    z = np.zeros((len(answers.lower), root.shape[1]))
    done: Bools = np.zeros(len(z), dtype=bool)
    for _ in range(_MAX_STEPS):
        step, gain = _newton_step(within, z)
        done = gain < _TOLERANCE
        if done.all():
            break
        z = _moved(within, z, np.where(done[:, None], 0.0, step))
    return np.asarray(np.where(done[:, None], z, np.nan) @ root.T)


def _newton_step(within: _Intervals, z: Floats) -> tuple[Floats, Floats]:
    """(n, k) steps, and (n,) what they should gain."""
    _, first, second = within.at(z)
    pull = first @ within.slope - z
    curvature = np.einsum("nq,qk,ql->nkl", second, within.slope, within.slope)
    step = np.linalg.solve(curvature + np.eye(z.shape[1]), pull[:, :, None])[:, :, 0]
    return step, np.sum(pull * step, axis=1)


def _moved(within: _Intervals, z: Floats, step: Floats) -> Floats:
    """Rows moved by halved steps until none loses."""
    before, length = _log_posterior(within, z), np.ones(len(z))
    for _ in range(_HALVINGS):
        moved = z + length[:, None] * step
        worse = ~(_log_posterior(within, moved) >= before - 1e-12)
        if not worse.any():
            return np.asarray(moved)
        length = np.where(worse, length / 2, length)
    return z + np.where(worse, 0.0, length)[:, None] * step


def _log_posterior(within: _Intervals, z: Floats) -> Floats:
    return np.asarray(within.at(z)[0] - 0.5 * np.sum(z * z, axis=1))
