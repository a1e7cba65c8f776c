"""What can be chosen in the analysis, with the defaults; every report shows the resolved values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vaar.errors import DataError


@dataclass(frozen=True)
class AnalysisOptions:
    """Choices of the analysis.

    Attributes
    ----------
    estimator : {'MLR', 'ML'}
        Maximum likelihood with robust or with expected-information standard errors.
    missing : {'fiml', 'listwise'}
        What is done with sessions that lack a score: full-information likelihood, or left out.
    level : {'auto', 'configural', 'metric'}
        Invariance level the paths are read from; ``auto`` lets the ladder decide.
    confidence : {'normal', 'bootstrap'}
        Directional confidence from Φ(s·b / se), or from the share of bootstrap replicates.
    smallest_effect : float
        δ: a path counts as agreeing by P(s·b > δ). 0 asks for direction only.
    replicates : int
        Bootstrap replicates over sessions; 0 gives no intervals.
    subsamples : int
        Subsamples at each sample size, for the equal-N comparison and the curve of VAAR against N.
    seed : int
        Seed of the resampling.
    by : tuple of str
        Factors or attributes of personas whose levels split each respondent's group.
    covariates : tuple of str
        Factors or attributes that the paths are adjusted for.

    Raises
    ------
    DataError
        A name stands in both ``by`` and ``covariates``.
    """

    estimator: Literal["MLR", "ML"] = "MLR"
    missing: Literal["fiml", "listwise"] = "fiml"
    level: Literal["auto", "configural", "metric"] = "auto"
    confidence: Literal["normal", "bootstrap"] = "normal"
    smallest_effect: float = 0.0
    replicates: int = 1000
    subsamples: int = 50
    seed: int = 1
    by: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("by", "covariates"):
            object.__setattr__(self, name, tuple(dict.fromkeys(getattr(self, name))))
        if both := [name for name in self.by if name in self.covariates]:
            raise DataError(
                f"{', '.join(both)} cannot both make groups and be a covariate: within a group it "
                "does not vary. Choose --by or --covariate"
            )
