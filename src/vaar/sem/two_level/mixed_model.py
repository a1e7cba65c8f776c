"""Maximum likelihood of a multivariate random-intercept model: y = β'x + b + e.

The residuals e of a row have the covariance W, the intercepts b of a cluster B. In the basis in
which W is the identity and B diagonal, every block has a diagonal covariance, so that the Fisher
information of (W, B) falls apart into one of size two for each pair of variables, and that of β
into one for each variable; β and (W, B) are independent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy

from vaar.sem.arrays import Floats, Ints

_STEPS, _HALVINGS = 300, 20
_TOLERANCE = 2e-10  # gain of the step after the last, in units of the log-likelihood


@dataclass(frozen=True)
class Products:
    """Sums of products of k regressors and q variables.

    Attributes
    ----------
    n : (T,) array
        Contrasts of rows with the means of their clusters, then the clusters of each size.
    total : (T, k + q, k + q) array
    within, between : (T,) arrays
        What W and B count in a block.
    """

    n: Floats
    total: Floats
    within: Floats
    between: Floats

    def of(self, at: list[int]) -> Products:
        """The same of some of the regressors and variables."""
        return replace(self, total=self.total[:, at][:, :, at])


@dataclass(frozen=True)
class Mixed:
    """Estimates.

    Attributes
    ----------
    within, between : (q, q) arrays
    slopes : (k, q) array
    inside : bool
        Whether the search ended where the gradient is 0; else B is at the boundary of what has no
        negative variance.
    converged : bool
    """

    within: Floats
    between: Floats
    slopes: Floats
    inside: bool
    converged: bool


def fit_mixed(products: Products, within: Floats, between: Floats, diagonal: bool = False) -> Mixed:
    """Search from some covariances.

    Without a maximum inside (with few clusters of the largest size there may be a direction in
    which the likelihood has no bound), the one among B without negative variances is taken.

    Parameters
    ----------
    diagonal : bool
        Whether variables are unrelated.
    """
    search = _Search(products, within, between, diagonal)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        before = 0.0
        for _ in range(_STEPS):
            d_within, d_between, gain = search.step()
            left = gain * min(gain / before, 1.0) if before else gain
            if gain < _TOLERANCE:
                return search.found(True, True)
            if not (np.isfinite(gain) and search.advance(d_within, d_between)):
                break
            if left < _TOLERANCE:
                return search.found(True, True)
            before = gain
        return _at_boundary(search)


class _Search:
    def __init__(self, products: Products, within: Floats, between: Floats, diagonal: bool) -> None:
        self.products, self.diagonal = products, diagonal
        self.k = products.total.shape[1] - len(within)
        if diagonal:
            within, between = (np.diag(np.diagonal(part)) for part in (within, between))
        self.move(within, between)

    def move(self, within: Floats, between: Floats) -> float:
        """Go to some covariances: the loss there, infinite where they are not possible."""
        self.within, self.between, self.loss = within, between, np.inf
        try:
            values, basis, log_det = self._basis(within, between)
        except np.linalg.LinAlgError:
            return self.loss
        spread = self.products.within[:, None] + self.products.between[:, None] * values
        if not (spread > 0).all():
            return self.loss
        self.basis, self.weight = basis, 1 / spread
        self._regress()
        n = self.products.n
        trace = np.einsum("tii,ti->", self.residual, self.weight)
        turned = 0.5 * n.sum() * log_det
        self.loss = float(0.5 * (trace + n @ np.log(spread).sum(axis=1)) + turned)
        return self.loss

    def _basis(self, within: Floats, between: Floats) -> tuple[Floats, Floats, float]:
        """Eigenvalues and basis V, V'WV = 1 and V'BV diagonal; and log |W|."""
        if self.diagonal:
            variance = np.diagonal(within)
            if not (variance > 0).all():
                raise np.linalg.LinAlgError
            basis = np.diag(1 / np.sqrt(variance))
            return np.diagonal(between) / variance, basis, float(np.log(variance).sum())
        factor = np.linalg.cholesky(within)
        half = np.linalg.inv(factor)
        values, vectors = np.linalg.eigh(half @ between @ half.T)
        log_det = 2 * float(np.log(np.diagonal(factor)).sum())
        return values, half.T @ vectors, log_det

    def _regress(self) -> None:
        """Slopes for these covariances and the products of residuals, in the basis."""
        k, total = self.k, self.products.total
        outcome = total[:, k:, k:]
        turned = self.basis.T @ outcome @ self.basis
        self.turned_slopes = np.zeros((k, len(self.within)))
        if k:
            left, right = total[:, :k, :k], total[:, :k, k:] @ self.basis
            normal = np.einsum("ti,tab->iab", self.weight, left)
            target = np.einsum("ti,tai->ia", self.weight, right)
            slopes = np.linalg.solve(normal, target[:, :, None])[:, :, 0].T
            crossed = np.einsum("ai,taj->tij", slopes, right)
            turned = turned - crossed - crossed.transpose(0, 2, 1) + slopes.T @ left @ slopes
            self.turned_slopes = slopes
        self.residual = turned

    def gradient(self) -> tuple[Floats, Floats]:
        """Of the loss by W and B, in the basis."""
        weight, n = self.weight, self.products.n
        part = -weight[:, :, None] * self.residual * weight[:, None, :]
        at = np.arange(weight.shape[1])
        part[:, at, at] += n[:, None] * weight
        if self.diagonal:
            part *= np.eye(len(at))
        return (
            0.5 * np.einsum("t,tij->ij", self.products.within, part),
            0.5 * np.einsum("t,tij->ij", self.products.between, part),
        )

    def step(self) -> tuple[Floats, Floats, float]:
        """The Fisher step of W and B, in the variables' own terms, and its gain."""
        g_within, g_between = self.gradient()
        one, other, n = self.products.within, self.products.between, 0.5 * self.products.n
        weight = self.weight
        both = np.stack([n * one**2, n * one * other, n * other**2])
        ww, wb, bb = np.einsum("mt,ti,tj->mij", both, weight, weight)
        det = ww * bb - wb**2
        d_within = -(bb * g_within - wb * g_between) / det
        d_between = -(ww * g_between - wb * g_within) / det
        gain = -float((g_within * d_within + g_between * d_between).sum())
        back = self._back
        return back.T @ d_within @ back, back.T @ d_between @ back, gain

    @property
    def _back(self) -> Floats:
        """(q, q) the inverse of the basis."""
        return np.asarray(self.basis.T @ self.within)

    def advance(self, d_within: Floats, d_between: Floats) -> bool:
        within, between, before = self.within, self.between, self.loss
        allowed = before + 1e-13 * abs(before)
        for _ in range(_HALVINGS):
            if self.move(within + d_within, between + d_between) <= allowed:
                return True
            d_within, d_between = d_within / 2, d_between / 2
        self.move(within, between)
        return False

    def found(self, inside: bool, converged: bool) -> Mixed:
        slopes = self.turned_slopes @ self._back
        return Mixed(self.within, self.between, slopes, inside, converged)


def _at_boundary(search: _Search) -> Mixed:
    """The maximum among B = F F', by a quasi-Newton search for F and the Cholesky factor of W."""
    q = len(search.within)
    scale = np.sqrt(np.diagonal(search.within))
    start = np.linalg.cholesky(search.within / np.outer(scale, scale))
    values, vectors = np.linalg.eigh(search.between / np.outer(scale, scale))
    factor = vectors * np.sqrt(np.maximum(values, 1e-3))
    square = np.indices((q, q)).reshape(2, -1)
    kept = square[0] == square[1] if search.diagonal else square[0] >= square[1]
    at: tuple[Ints, Ints] = (square[0][kept], square[1][kept])
    place: tuple[Ints, Ints] = at if search.diagonal else (square[0], square[1])
    second = factor
    if search.diagonal:
        second = np.diag(np.sqrt(np.maximum(np.diagonal(factor @ factor.T), 1e-3)))

    def covariances(x: Floats) -> tuple[Floats, Floats]:
        lower, other = np.zeros((q, q)), np.zeros((q, q))
        lower[at], other[place] = x[: len(at[0])], x[len(at[0]) :]
        return lower * scale[:, None], other * scale[:, None]

    def loss(x: Floats) -> tuple[float, Floats]:
        lower, other = covariances(x)
        value = search.move(lower @ lower.T, other @ other.T)
        if not np.isfinite(value):
            return 1e300, np.zeros_like(x)
        g_within, g_between = (search.basis @ g @ search.basis.T for g in search.gradient())
        first = 2 * (g_within @ lower) * scale[:, None]
        last = 2 * (g_between @ other) * scale[:, None]
        return value, np.concatenate([first[at], last[place]])

    x = np.concatenate([start[at], second[place]])
    options = {"maxiter": 5000, "maxfun": 20000, "ftol": 1e-13, "gtol": 1e-6, "maxcor": 30}
    ended = scipy.optimize.minimize(loss, x, jac=True, method="L-BFGS-B", options=options)
    lower, other = covariances(ended.x)
    value = search.move(lower @ lower.T, other @ other.T)
    return search.found(False, bool(ended.success and np.isfinite(value)))
