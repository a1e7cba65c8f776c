"""How often the intervals of `vaar compare` hold the correlation of measures over models.

usage: python benchmarks/measures/correlations.py [REPETITIONS]

Two measures of n models have a true correlation ρ; every figure has an error of its own size (its
variance is drawn from an exponential distribution), so that both have the stated reliability on
average. Told are the shares of 95 % intervals that hold what they are for: Pearson's and
Spearman's the correlation of figures with such errors, the corrected one ρ itself, wherever it is
given; and for comparison how often Pearson's interval holds ρ, and an interval from a bootstrap of
models whose figures are then drawn again from their errors holds the correlation of figures.
"""

from __future__ import annotations

import sys

import numpy as np

from vaar.analyses.bootstrap import interval
from vaar.analyses.correlation import corrected, pearson, reliability, spearman

MODELS = (6, 10, 20)
RHO = (0.0, 0.5, 0.8)
RELIABILITIES = (0.6, 0.9)
DRAWS = 200


def main(repetitions: int) -> None:
    """Print the table of the documentation."""
    print(
        "| models | ρ | reliability | Pearson | Spearman | corrected (given) | r for ρ | double |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for n in MODELS:
        for rho in RHO:
            for rel in RELIABILITIES:
                print(row(n, rho, rel, repetitions), flush=True)


def row(n: int, rho: float, rel: float, repetitions: int) -> str:
    """One row: shares of the intervals that hold."""
    rng = np.random.default_rng(int(1000 * (n + rho + rel)))
    root = np.linalg.cholesky(np.array([[1.0, rho], [rho, 1.0]]))
    seen = rho * rel
    ranks = 6 / np.pi * np.arcsin(seen / 2)
    held = np.zeros((repetitions, 5))
    given = 0
    for k in range(repetitions):
        errors = np.sqrt((1 / rel - 1) * rng.exponential(size=(n, 2)))
        figures = rng.normal(size=(n, 2)) @ root.T + errors * rng.normal(size=(n, 2))
        x, y = figures.T
        r, s = pearson(x, y), spearman(x, y)
        true = corrected(r, reliability(x, errors[:, 0]), reliability(y, errors[:, 1]))
        given += bool(np.isfinite(true.value))
        lower, upper = twice(figures, errors, rng)
        held[k] = (
            r.lower <= seen <= r.upper,
            s.lower <= ranks <= s.upper,
            true.lower <= rho <= true.upper,
            r.lower <= rho <= r.upper,
            lower <= seen <= upper,
        )
    shares = held.mean(axis=0)
    shares[2] *= repetitions / max(given, 1)
    told = [f"{share:.3f}" for share in shares]
    told[2] += f" ({given / repetitions:.2f})"
    return f"| {n} | {rho:g} | {rel:g} | {' | '.join(told)} |"


def twice(figures: np.ndarray, errors: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    """The interval of a bootstrap over models that draws each figure again from its error."""
    n = len(figures)
    drawn = rng.integers(0, n, (DRAWS, n))
    again = figures[drawn] + errors[drawn] * rng.normal(size=(DRAWS, n, 2))
    centred = again - again.mean(axis=1, keepdims=True)
    sums = (centred**2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = centred.prod(axis=2).sum(axis=1) / np.sqrt(sums.prod(axis=1))
    return interval(r, n)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
