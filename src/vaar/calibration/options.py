"""What can be chosen in a calibration, with the package's defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from vaar.analyses.options import Options, option

COUNTERFEITING = ("null", "yes-saying", "carry-over", "first-option", "straight-lining")
"""Populations without any effect that answer a calibration unless others are chosen."""


@dataclass(frozen=True)
class SimulationOptions(Options):
    """What simulated data sets are made of.

    Attributes
    ----------
    data_sets : int
        Of every population, and of every number of sessions that is tried.
    seed : int
        Of what is drawn; equal seeds give equal results.
    loading : float
        Standardised loading of an item on its trait, above 0 and below 1.
    persona_share : float
        In [0, 1]: share of a trait's variance that lies between personas, where there are some.
    """

    data_sets: Annotated[int, Field(ge=2, le=100_000)] = option(
        500, "Data sets of every population."
    )
    seed: Annotated[int, Field(ge=0)] = option(1, "Seed of what is drawn.")
    loading: Annotated[float, Field(gt=0, lt=1)] = option(
        0.7, "Standardised loading of an item on its trait."
    )
    persona_share: Annotated[float, Field(ge=0, le=1)] = option(
        0.5, "Share of a trait's variance that lies between personas."
    )
