"""Options of the analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from vaar.analyses.options import Options, option


@dataclass(frozen=True)
class ValueControlOptions(Options):
    """How the effect of shifts is described."""

    replicates: Annotated[int, Field(ge=0)] = option(
        2000, "Bootstrap replicates over questions, for intervals."
    )
