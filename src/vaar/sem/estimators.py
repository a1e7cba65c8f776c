"""Estimators: what each minimises, and how it gets standard errors.

An estimator turns a sample into an objective, and the minimum of that into covariances of the
estimates. The rest of the engine (search, equalities, standardising, results) is the same for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Floats
from vaar.sem.information import Covariance, Information, information_of, inverse, sandwich
from vaar.sem.layout import Layout
from vaar.sem.likelihood import (
    evaluate,
    expected_information,
    observed_information,
    score_products,
)
from vaar.sem.matrices import Structure, imply
from vaar.sem.minimise import Minimum, Objective, minimise
from vaar.sem.ml import NormalLikelihood
from vaar.sem.moments import Moments, Sample

NAMES = ("ML", "MLR")
ORDINAL_NAMES = ("WLSMV", "WLSM", "DWLS")
MISSING = ("listwise", "fiml")


@dataclass(frozen=True)
class Precision:
    """How precisely a minimum is known.

    Attributes
    ----------
    information : Information
        Second derivatives at the minimum.
    covariance : Covariance
        The one that standard errors are taken from.
    trace : float
        tr(A⁻¹ B) over the free parameters, of use to the scaled test; NaN where not robust.
    """

    information: Information
    covariance: Covariance
    trace: float

    @cached_property
    def bread(self) -> Covariance:
        """Covariances by the information alone."""
        return inverse(self.information)


class Estimator(Protocol):
    """What the engine asks of an estimator."""

    @property
    def name(self) -> str: ...

    @property
    def fiml(self) -> bool:
        """Whether rows with missing answers are used."""

    @property
    def robust(self) -> bool:
        """Whether its test is a scaled one."""

    def objective(self, sample: Sample, structure: Structure) -> Objective[Any]:
        """What is minimised."""

    def of_moments(self, moments: Moments, structure: Structure) -> Objective[Any]:
        """What is minimised, for moments that need not come from rows."""

    def minimum(
        self,
        sample: Sample,
        structure: Structure,
        layout: Layout,
        x: Floats,
        tolerance: float,
        max_steps: int,
        known: Information | None,
    ) -> Minimum:
        """The minimum met from ``x``, and all parameters there."""

    def precision(
        self, sample: Sample, structure: Structure, layout: Layout, theta: Floats
    ) -> Precision:
        """The information at the minimum, and the covariances of the estimates."""


@dataclass(frozen=True)
class MaximumLikelihood:
    """Normal-theory maximum likelihood, complete or full-information.

    Attributes
    ----------
    robust : bool
        Sandwich standard errors and the scaled Yuan–Bentler test.
    fiml : bool
        Rows with missing answers are kept.
    with_means : bool
        Means are modelled.
    """

    robust: bool = False
    fiml: bool = False
    with_means: bool = True

    @property
    def name(self) -> str:
        return "MLR" if self.robust else "ML"

    def objective(self, sample: Sample, structure: Structure) -> NormalLikelihood:
        return self.of_moments(sample.moments, structure)

    def of_moments(self, moments: Moments, structure: Structure) -> NormalLikelihood:
        """The objective for moments that need not come from rows."""
        return NormalLikelihood(moments, structure, self.with_means)

    def minimum(
        self,
        sample: Sample,
        structure: Structure,
        layout: Layout,
        x: Floats,
        tolerance: float,
        max_steps: int,
        known: Information | None,
    ) -> Minimum:
        objective = self.objective(sample, structure)
        return minimise(objective, layout, x, tolerance, max_steps, known)

    def precision(
        self, sample: Sample, structure: Structure, layout: Layout, theta: Floats
    ) -> Precision:
        moments = sample.moments
        at = evaluate(imply(theta, structure), moments, self.with_means)
        observed = self.robust or self.fiml
        second = observed_information if observed else expected_information
        columns = layout.square(second(at, moments, structure))
        info = information_of(columns, len(layout.shared))
        del columns  # the largest array of all
        if not self.robust:
            return Precision(info, inverse(info), float("nan"))
        centre = None if self.with_means else moments.mean
        meat = layout.square(score_products(at, sample, structure, centre))
        trace = float(np.einsum("gij,gji->", inverse(info).columns, meat))
        return Precision(info, sandwich(info, meat), trace)


def estimator_of(name: str, missing: str, mean_structure: bool) -> MaximumLikelihood:
    """The estimator of that name.

    Raises
    ------
    DataError
        An unknown name or way with missing answers.
    """
    upper = str(name).upper()
    if upper not in NAMES:
        allowed = ", ".join((*NAMES, *ORDINAL_NAMES))
        raise DataError(f"estimator got {name!r}; allowed are {allowed}: choose one")
    lower = {"ml": "fiml", "direct": "fiml"}.get(str(missing).lower(), str(missing).lower())
    if lower not in MISSING:
        raise DataError(f"missing got {missing!r}; allowed are {', '.join(MISSING)}: choose one")
    return MaximumLikelihood(upper == "MLR", lower == "fiml", mean_structure)
