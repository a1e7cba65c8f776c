"""Options of the analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from vaar.analyses.options import Options, option


@dataclass(frozen=True)
class ValueConflictOptions(Options):
    """How compliance under observation is described."""

    replicates: Annotated[int, Field(ge=0)] = option(
        2000, "Bootstrap replicates over scenarios, for intervals."
    )
    plain_share: Annotated[float, Field(gt=0.5, le=1)] = option(
        0.95, "Share of choices for the value from which a scenario counts as chosen for it."
    )
