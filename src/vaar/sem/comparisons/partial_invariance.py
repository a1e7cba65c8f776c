"""Partial invariance: which parameters to let go, so that a level becomes tenable."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from vaar.errors import DataError
from vaar.sem.arguments import checks_arguments
from vaar.sem.comparisons.invariance import LEVELS, Invariance
from vaar.sem.comparisons.score_tests import release_tests
from vaar.sem.model.equality import equality_of
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.results.fit import Fit

if TYPE_CHECKING:
    import pandas as pd

_FEWEST_EQUAL = 2  # indicators a latent variable must keep equal (Byrne, Shavelson & Muthén 1989)


@dataclass(frozen=True)
class PartialInvariance:
    """A proposal of parameters to free.

    Attributes
    ----------
    level : str
    released : tuple of str
        Parameters to give as ``group_partial``, in the order they were let go.
    tenable : bool
        Whether the level is tenable with them free.
    invariance : Invariance
        The ladder with them free, up to that level.
    """

    level: str
    released: tuple[str, ...]
    tenable: bool
    invariance: Invariance

    def __repr__(self) -> str:
        names = ", ".join(self.released) or "nothing"
        verdict = "tenable" if self.tenable else "still not tenable"
        return f"{self.level} invariance with {names} let go: {verdict}\n{self.invariance!r}"

    @property
    def table(self) -> pd.DataFrame:
        """The ladder's table."""
        return self.invariance.table


@checks_arguments
def propose_partial(invariance: Invariance, level: str) -> PartialInvariance:
    """Let go the worst equality of a level, one after another, until the level is tenable.

    The worst is the one with the largest score test over all groups. At least two indicators of
    each latent variable stay equal. The search capitalises on chance: confirm its result on other
    data.

    Parameters
    ----------
    invariance : Invariance
        With the level asked for, and at least one above it.
    level : str
        The level to be made tenable.

    Raises
    ------
    DataError
        A level that is not in the ladder, or is its first.
    """
    levels = list(invariance.fits)
    if level not in levels[1:]:
        raise DataError(
            f"level got {level!r}; this ladder can be relaxed at {', '.join(levels[1:]) or 'none'}"
        )
    fits = {name: invariance.fits[name] for name in levels[: levels.index(level) + 1]}
    ladder = Invariance(MappingProxyType(fits), invariance.variant, invariance.job)
    released = list(invariance.fits[level].equality.partial)
    already = len(released)
    while ladder.tenable != level:
        name = _next(ladder.fits[level], level, released)
        if name is None:
            break
        released.append(name)
        ladder = _relaxed(ladder, level, released)
    return PartialInvariance(level, tuple(released[already:]), ladder.tenable == level, ladder)


def _relaxed(ladder: Invariance, level: str, released: list[str]) -> Invariance:
    job, fit = ladder.job, ladder.fits[level]
    equality = equality_of(job.spec, LEVELS[level], released, job.equality.identify)
    fits = dict(ladder.fits) | {level: job.under(equality).fitted(fit.screened, drop=False)}
    return Invariance(MappingProxyType(fits), ladder.variant, job)


def _next(fit: Fit, level: str, released: list[str]) -> str | None:
    """The equality with the largest score test that may still be let go."""
    if not fit.outcome.usable:
        return None
    newest = LEVELS[level][-1]
    kinds = {row.name: row.kind for row in fit.spec.rows}
    for name in release_tests(fit)["name"]:
        if kinds[name] == newest and _may_go(fit.spec, name, released):
            return str(name)
    return None


def _may_go(spec: ModelSpec, name: str, released: list[str]) -> bool:
    row = next(row for row in spec.rows if row.name == name)
    if row.kind == "residuals":
        return True
    item = row.rhs if row.kind == "loadings" else row.lhs
    suffix = "=~{}" if row.kind == "loadings" else "{}~1"
    for latent, names in spec.indicators.items():
        if item not in names or (row.kind == "loadings" and latent != row.lhs):
            continue
        prefix = latent if row.kind == "loadings" else ""
        kept = [n for n in names if prefix + suffix.format(n) not in [*released, name]]
        if len(kept) < _FEWEST_EQUAL:
            return False
    return True
