"""Estimators: what each minimises, and how it gets standard errors.

An estimator turns a sample of its own kind into an objective, says where the search for its minimum
begins, and turns the minimum into covariances of the estimates. The rest of the engine (search,
equalities, standardising, results) is the same for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.sample import Sample
from vaar.sem.data.screening import Finding
from vaar.sem.model.equality import Equality
from vaar.sem.model.matrices import Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.search.information import (
    Covariance,
    Information,
    information_of,
    inverse,
    sandwich,
    told_apart,
)
from vaar.sem.search.minimise import Minimum
from vaar.sem.search.position import Objective

S = TypeVar("S", bound=Sample, contravariant=True)


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
    layout: Layout,
    informations: Iterable[Floats],
    meat: Iterable[Floats] | None,
    expected: Iterable[Floats] | None = None,
) -> Precision:
    """The precision by the (P, P) second derivatives of each group in turn.

    Parameters
    ----------
    meat : iterable of arrays, optional
        For a sandwich, the summed outer products of the scores of each group.
    expected : iterable of arrays, optional
        Expected second derivatives, where the others are observed ones: by these it is known what
        can be told apart. Where a model is not identified they are singular everywhere, and
        observed ones at the very minimum only, which no search meets to the last digit.

    Raises
    ------
    numpy.linalg.LinAlgError
        The information cannot be inverted.
    """
    groups, shared = layout.n_groups, len(layout.shared)
    info = information_of(layout.squares(informations), groups, shared)
    bread, told, clear = inverse(info), told_apart(info, layout), info.clear
    del info  # as large as the covariances
    if expected is not None and not clear:
        told &= told_apart(information_of(layout.squares(expected), groups, shared), layout)
    covariance, trace = bread, float("nan")
    if meat is not None:
        covariance, trace = sandwich(bread, layout.squares(meat))
    return Precision(layout, bread, covariance, trace, told & covariance.finite)


class Estimator(Protocol[S]):
    """What the engine asks of an estimator, S being the kind of its samples."""

    @property
    def name(self) -> str: ...

    @property
    def fiml(self) -> bool:
        """Whether rows with missing answers are used."""

    @property
    def robust(self) -> bool:
        """Whether its test is a scaled one."""

    @property
    def difference_tests(self) -> tuple[str, ...]:
        """Names of the ways in which a difference of two fits can be scaled, the usual one
        first; empty where it is not scaled."""

    def start(
        self, sample: S, spec: ModelSpec, structure: Structure, layout: Layout
    ) -> tuple[Layout, Floats]:
        """The layout with what the sample holds fixed, and (n_free,) where a search begins."""

    def findings(
        self, sample: S, spec: ModelSpec, equality: Equality, layout: Layout
    ) -> Iterator[Finding]:
        """What to know of a fit to this sample."""

    def objective(self, sample: S, structure: Structure) -> Objective[Any]:
        """What is minimised."""

    def minimum(
        self,
        sample: S,
        structure: Structure,
        layout: Layout,
        x: Floats,
        tolerance: float,
        max_steps: int,
        known: Information | None,
    ) -> Minimum:
        """The minimum met from ``x``, and all parameters there."""

    def curvature(
        self, sample: S, structure: Structure, layout: Layout, x: Floats
    ) -> Information | None:
        """The information at ``x`` that a search nearby can take as known, if it can."""

    def precision(
        self, sample: S, structure: Structure, layout: Layout, theta: Floats
    ) -> Precision:
        """The information at the minimum, and the covariances of the estimates."""

    def group_covariances(
        self,
        sample: S,
        structure: Structure,
        layout: Layout,
        precision: Precision,
        theta: Floats,
    ) -> Iterator[Floats]:
        """(P, P) covariances of the estimates of each group in turn, 0 by fixed ones; and 0 between
        two that nothing standardised depends on together."""
