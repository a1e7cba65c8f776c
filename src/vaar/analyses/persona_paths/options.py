"""Choices of the paths within and between personas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vaar.analyses.options import Options, option


@dataclass(frozen=True)
class PersonaPathsOptions(Options):
    """Choices of the paths within and between personas."""

    estimator: Literal["ML", "MLR"] = option("MLR", "Estimator of the two-level model.")
