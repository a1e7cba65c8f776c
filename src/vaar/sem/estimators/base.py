"""Estimators: what each minimises, and how it gets standard errors.

An estimator turns a sample into an objective, and the minimum of that into covariances of the
estimates. The rest of the engine (search, equalities, standardising, results) is the same for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.sample import Moments, Sample
from vaar.sem.estimators.maximum_likelihood import (
    NormalLikelihood,
    meet_means,
    meets_means,
    spread_layout,
)
from vaar.sem.estimators.normal_likelihood import (
    evaluate,
    expected_information,
    observed_information,
    score_products,
)
from vaar.sem.model.matrices import Structure, imply
from vaar.sem.model.parameter_map import Layout
from vaar.sem.search.information import Covariance, Information, information_of, inverse, sandwich
from vaar.sem.search.minimise import Minimum, minimise
from vaar.sem.search.position import Objective

NAMES = ("ML", "MLR")
ORDINAL_NAMES = ("WLSMV", "WLSM", "DWLS")
MISSING = ("listwise", "fiml")


@dataclass(frozen=True)
class Following:
    """Parameters of a group that follow from the others, and from statistics that only they meet.

    Attributes
    ----------
    places : (T',) array
        Their places among the P.
    drift : (T', L) array
        What they fall by for a rise of the columns of the others.
    """

    places: Ints
    drift: Floats


@dataclass(frozen=True)
class Precision:
    """How precisely a minimum is known.

    Attributes
    ----------
    layout : Layout
        Whose columns the covariances are of.
    bread : Covariance
        The inverse of the information.
    covariance : Covariance
        The one that standard errors are taken from.
    trace : float
        tr(A⁻¹ B) over these parameters, of use to the scaled test; NaN where not robust.
    identified : (G,) array
        Whether every free parameter of a group can be told from the others.
    following : tuple of Following
        By group, free parameters that are none of the layout's; empty where there are none.
    """

    layout: Layout
    bread: Covariance
    covariance: Covariance
    trace: float
    identified: Bools
    following: tuple[Following, ...] = ()


def precision_of(
    layout: Layout, informations: Iterable[Floats], meat: Iterable[Floats] | None
) -> Precision:
    """The precision by the (P, P) second derivatives of each group in turn, and for a sandwich, by
    the summed outer products of its scores.

    Raises
    ------
    numpy.linalg.LinAlgError
        The information cannot be inverted.
    """
    info = information_of(layout.squares(informations), layout.n_groups, len(layout.shared))
    bread, real = inverse(info), layout.own >= 0
    for constraint in layout.constraints:
        real &= layout.own != constraint.target
    told = info.identified & ~np.any(real & info.own_empty, axis=1)
    del info  # as large as the covariances
    covariance, trace = bread, float("nan")
    if meat is not None:
        covariance, trace = sandwich(bread, layout.squares(meat))
    return Precision(layout, bread, covariance, trace, told & covariance.finite)


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

    def curvature(
        self, sample: Sample, structure: Structure, layout: Layout, x: Floats
    ) -> Information | None:
        """The information at ``x`` that a search nearby can take as known, if it can."""

    def precision(
        self, sample: Sample, structure: Structure, layout: Layout, theta: Floats
    ) -> Precision:
        """The information at the minimum, and the covariances of the estimates."""

    def group_covariances(
        self,
        sample: Sample,
        structure: Structure,
        layout: Layout,
        precision: Precision,
        theta: Floats,
    ) -> Iterator[Floats]:
        """(P, P) covariances of the estimates of each group in turn, 0 by fixed ones; and 0 between
        two that nothing standardised depends on together."""


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
        objective, searched = self._search(sample, structure, layout)
        found = minimise(objective, searched, x, tolerance, max_steps, known)
        if searched is layout:
            return found
        x = meet_means(found.x, sample.moments, structure, layout)
        return replace(found, x=x, theta=layout.spread(x))

    def curvature(
        self, sample: Sample, structure: Structure, layout: Layout, x: Floats
    ) -> Information:
        objective, searched = self._search(sample, structure, layout)
        second = objective.information(objective.evaluate(searched.spread(x.copy())))
        return information_of(searched.squares(second), searched.n_groups, len(searched.shared))

    def _search(
        self, sample: Sample, structure: Structure, layout: Layout
    ) -> tuple[NormalLikelihood, Layout]:
        """What is minimised, and over which parameters."""
        if not (self.with_means and meets_means(sample, structure, layout)):
            return self.objective(sample, structure), layout
        part = structure.spread_part
        return NormalLikelihood(sample.moments, part, False), spread_layout(layout, structure)

    def precision(
        self, sample: Sample, structure: Structure, layout: Layout, theta: Floats
    ) -> Precision:
        moments = sample.moments
        at = evaluate(imply(theta, structure), moments, self.with_means)
        second = observed_information if self.robust or self.fiml else expected_information
        centre = None if self.with_means else moments.mean
        meat = score_products(at, sample, structure, centre) if self.robust else None
        return precision_of(layout, second(at, moments, structure), meat)

    def group_covariances(
        self,
        sample: Sample,
        structure: Structure,
        layout: Layout,
        precision: Precision,
        theta: Floats,
    ) -> Iterator[Floats]:
        for group in range(layout.n_groups):
            yield layout.places(precision.covariance.columns(group), group)


def robust_name(name: str) -> str:
    """The estimator with the same estimates, a sandwich and a scaled test, which clusters and
    sampling weights ask for.

    Raises
    ------
    DataError
        There is none.
    """
    upper = str(name).upper()
    if upper == "DWLS":
        raise DataError(
            "estimator 'DWLS' has a test that holds for independent rows of equal weight only, and "
            "cluster or sampling_weights is given: use WLSMV or WLSM"
        )
    return "MLR" if upper == "ML" else upper


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
