"""A sample known by its moments alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, NoReturn

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.sample import Moments, Sample


@dataclass(frozen=True)
class MomentSample(Sample):
    """Covariances, and means, of G groups without their rows.

    Attributes
    ----------
    given : Moments
        One block a group.
    """

    has_rows: ClassVar[bool] = False

    given: Moments = field(kw_only=True)

    @property
    def n_rows(self) -> int:
        return int(self.given.n.sum())

    @property
    def n_units(self) -> Ints:
        return self.given.n.astype(np.int64)

    @property
    def present(self) -> Bools:
        return self.given.observed

    @property
    def moments(self) -> Moments:
        return self.given

    def answers(self, order: Ints, columns: Ints) -> tuple[Floats, ...]:
        """The moments that were given."""
        given = self.given
        return given.cov[:, columns][:, :, columns], given.mean[:, columns], given.n

    def take(self, rows: Ints) -> NoReturn:
        """There are no rows to take.

        Raises
        ------
        DataError
            Always.
        """
        raise DataError(without_rows("resampling"))

    def select(self, groups: Ints) -> MomentSample:
        """Only these groups (ascending), numbered anew from 0."""
        given = self.given
        return moment_sample(
            Moments(
                given.n[groups],
                given.mean[groups],
                given.cov[groups],
                given.observed[groups],
                np.arange(len(groups)),
                len(groups),
            )
        )

    def columns(self, columns: list[int]) -> MomentSample:
        given = self.given
        return moment_sample(
            Moments(
                given.n,
                given.mean[:, columns],
                given.cov[:, columns][:, :, columns],
                given.observed[:, columns],
                given.group,
                given.n_groups,
            )
        )


def moment_sample(moments: Moments) -> MomentSample:
    """The sample with these moments, one block a group."""
    groups = np.arange(moments.n_groups)
    empty = np.empty((0, moments.mean.shape[1]))
    none = np.empty(0, dtype=np.int64)
    return MomentSample(empty, none, groups, moments.observed, moments.n_groups, given=moments)


def without_rows(what: str) -> str:
    """That something cannot be had of a fit to covariances."""
    return (
        f"{what} needs the rows of the data, and this fit is of covariances (sample_cov): fit the "
        "data themselves"
    )
