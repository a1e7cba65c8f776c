"""Paths between composites, corrected for their unreliability.

A composite is the mean of a latent variable's indicators; its reliability is Cronbach's α of them.
Its true variance is α times the observed one, covariances stay as they are, and the paths are the
regressions that follow [1]_. Nothing is fitted: where indicators are parallel the paths are those
of the model with latent variables.

References
----------
.. [1] Bollen, K. A. (1989). Structural equations with latent variables. Wiley, chapter 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vaar.analyses.alignment.covariates import Covariate
from vaar.analyses.alignment.rate.arrays import Array
from vaar.errors import DataError
from vaar.study.model import Hypothesis
from vaar.study.structural_model import read_structure

LEAST_REPLICATES = 200
"""Standard errors are those of the bootstrap, so there is one whatever the options say."""


@dataclass(frozen=True)
class Composites:
    """What is regressed on what.

    Attributes
    ----------
    indicators : mapping of str to tuple of str
        Columns of each variable; one observed variable is its own, of reliability 1.
    paths : tuple of (str, tuple of str)
        For every hypothesis the outcome, and all its predictors, the hypothesised one first.
    """

    indicators: Mapping[str, tuple[str, ...]]
    paths: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(
        cls, model: str, hypotheses: Sequence[Hypothesis], covariates: Sequence[Covariate] = ()
    ) -> Composites:
        """Read them from a structural model.

        Raises
        ------
        DataError
            A latent variable has one indicator only, or is measured by other latent variables.
        """
        read = read_structure(model)
        beside = tuple(name for covariate in covariates for name in covariate.columns)
        paths = []
        for h in hypotheses:
            others = [x for y, x in read.regressions if y == h.outcome and x != h.predictor]
            paths.append((h.outcome, (h.predictor, *others, *beside)))
        used = {name for outcome, predictors in paths for name in (outcome, *predictors)}
        indicators = {name: read.indicators.get(name, (name,)) for name in sorted(used)}
        for name, own in indicators.items():
            if name in read.indicators and (len(own) < 2 or set(own) & set(read.indicators)):
                raise DataError(f"{name} has not two observed indicators, so its α is not known")
        return cls(indicators, tuple(paths))

    @property
    def columns(self) -> tuple[str, ...]:
        """All observed columns."""
        return tuple(dict.fromkeys(c for own in self.indicators.values() for c in own))

    def corrected(self, covariance: Array) -> Array:
        """Standardised paths of every hypothesis, from the covariances of :attr:`columns`.

        NaN where an α is not positive, or corrected predictors are no longer distinct.
        """
        place = {name: k for k, name in enumerate(self.columns)}
        names = list(self.indicators)
        weights = np.zeros((len(names), len(place)))
        alpha = np.ones(len(names))
        for row, name in enumerate(names):
            own = [place[column] for column in self.indicators[name]]
            weights[row, own] = 1 / len(own)
            if len(own) > 1:
                alpha[row] = _alpha(covariance[np.ix_(own, own)])
        true = weights @ covariance @ weights.T
        true[np.diag_indices_from(true)] *= alpha
        return np.array(list(self._paths(true, names)))

    def _paths(self, true: Array, names: Sequence[str]) -> Iterator[float]:
        for outcome, predictors in self.paths:
            y, x = names.index(outcome), [names.index(name) for name in predictors]
            inner = true[np.ix_(x, x)]
            if not (true[y, y] > 0 and np.linalg.eigvalsh(inner)[0] > 0):
                yield np.nan
                continue
            slope = np.linalg.solve(inner, true[x, y])[0]
            yield float(slope * np.sqrt(inner[0, 0] / true[y, y]))

    def estimated(self, rows: pd.DataFrame, drawn: Sequence[np.ndarray]) -> tuple[Array, Array]:
        """Paths of a sample, and of resamples of its rows (R, K)."""
        values = rows[list(self.columns)].to_numpy(float)
        whole = self.corrected(np.cov(values, rowvar=False))
        again = [self.corrected(np.cov(values[one], rowvar=False)) for one in drawn]
        return whole, np.array(again).reshape(len(drawn), len(self.paths))


def _alpha(covariance: Array) -> float:
    total = covariance.sum()
    k = len(covariance)
    return float(k / (k - 1) * (1 - np.trace(covariance) / total)) if total > 0 else np.nan
