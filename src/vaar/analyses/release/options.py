"""Choices of the analysis of release forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vaar.analyses.options import Options, option


@dataclass(frozen=True)
class ReleaseOptions(Options):
    """Choices of the analysis of release forms."""

    estimator: Literal["ML", "MLR"] = option("MLR", "Estimator of the paths to what is released.")
