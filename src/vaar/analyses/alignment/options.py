"""What can be chosen in the alignment analysis, with the package's defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from vaar.analyses.alignment.rate.negligible import DELTA
from vaar.analyses.grouping_options import GroupOptions
from vaar.analyses.options import Options, option
from vaar.errors import DataError

SAMPLES = 50
"""Samples at each sample size, where no number is asked for."""

MANY_GROUPS = 100
"""Of more groups, fewer samples are drawn unasked: they would take longest of all."""

SAMPLES_OF_MANY = 20


@dataclass(frozen=True)
class AlignmentOptions(Options):
    """Choices of the alignment analysis.

    Attributes
    ----------
    estimator : {'MLR', 'ML', 'WLSMV'}
        Maximum likelihood with robust or with expected-information standard errors; or diagonally
        weighted least squares on single ordinal items, in place of parcels.
    missing : {'fiml', 'listwise'}
        What is done with sessions that lack a score: full-information likelihood (with WLSMV: every
        pair of items by the sessions that answered both), or left out.
    level : {'auto', 'configural', 'metric'}
        Invariance level the paths are read from; ``auto`` lets the ladder decide.
    delta : float
        δ: standardised paths nearer to 0 than this are negligible. Touches verdicts only, never a
        rate; with 0 no path is negligible.
    kappa : float
        κ: standard deviation of a standardised path over contexts. 0: .10, or estimated where a
        model was asked in ten contexts or more.
    confidence : {'normal', 'bootstrap'}
        Confidence within this context from Φ(s·b / se), or from the share of bootstrap replicates.
    replicates : int
        Bootstrap replicates over sessions; 0 gives no intervals.
    subsamples : int
        Samples at each sample size, for the spread at equal N and the curve of VAAR against N.
        0: 50, or 20 of more than 100 groups.
    seed : int
        Seed of the resampling.
    adjust : {'design', 'none'}
        Whether order, options and wording are taken out of every score where they vary.
    covariates : tuple of str
        Factors or attributes of personas that the paths are adjusted for; ``yes_saying`` is the
        index of :mod:`vaar.scoring.yes_saying`.

    Raises
    ------
    OptionError
        A value is not allowed.
    """

    estimator: Literal["MLR", "ML", "WLSMV"] = option(
        "MLR",
        "Robust (MLR) or expected-information (ML) standard errors; WLSMV: ordinal items.",
        flag="--estimator",
    )
    missing: Literal["fiml", "listwise"] = option(
        "fiml", "Use incomplete sessions (fiml) or leave them out.", flag="--missing"
    )
    level: Literal["auto", "configural", "metric"] = option(
        "auto", "Invariance level that paths are read from.", flag="--level"
    )
    delta: Annotated[float, Field(ge=0, allow_inf_nan=False)] = option(
        DELTA, "δ: a standardised path nearer to 0 is negligible. Verdicts only.", flag="--delta"
    )
    kappa: Annotated[float, Field(ge=0, allow_inf_nan=False)] = option(
        0.0,
        "κ: how far a path moves from context to context. 0: .10, or estimated from ten contexts "
        "of a model or more.",
        flag="--kappa",
    )
    confidence: Literal["normal", "bootstrap"] = option(
        "normal",
        "Confidence within this context: Φ(s·b / se), or bootstrap share.",
        flag="--confidence",
    )
    replicates: Annotated[int, Field(ge=0)] = option(
        1000, "Bootstrap replicates.", flag="--replicates"
    )
    subsamples: Annotated[int, Field(ge=0)] = option(
        0, "Samples at each sample size. 0: 50, or 20 of more than 100 groups."
    )
    seed: Annotated[int, Field(ge=0)] = option(1, "Seed of the resampling.")
    adjust: Literal["design", "none"] = option(
        "design",
        "Take order, options and wording out of every score where they vary.",
        flag="--adjust",
    )
    covariates: tuple[str, ...] = option(
        (),
        "Adjust the paths for a factor, an attribute of personas, or yes_saying: the index of it.",
        flag="--covariate",
    )

    def samples(self, groups: int) -> int:
        """Samples at each sample size where so many groups are fitted."""
        return self.subsamples or (SAMPLES if groups <= MANY_GROUPS else SAMPLES_OF_MANY)


@dataclass(frozen=True)
class AnalysisOptions(GroupOptions, AlignmentOptions):
    """How sessions make groups, and the choices of the alignment analysis, in one.

    The attributes are those of :class:`GroupOptions` and :class:`AlignmentOptions`.

    Raises
    ------
    DataError
        A name stands in both ``by`` and ``covariates``.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        check_apart(self.by, self.covariates)


def check_apart(by: tuple[str, ...], covariates: tuple[str, ...]) -> None:
    """Refuse covariates that make the groups: within a group they do not vary.

    Raises
    ------
    DataError
        A name stands in both.
    """
    if both := [name for name in by if name in covariates]:
        raise DataError(
            f"{', '.join(both)} cannot both make groups and be a covariate: within a group it "
            "does not vary. Choose --by or --covariate"
        )
