"""Options of the analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from vaar.analyses.options import Options, option


@dataclass(frozen=True)
class NationalValuesOptions(Options):
    """How agreement with statements is described."""

    replicates: Annotated[int, Field(ge=0)] = option(
        2000, "Bootstrap replicates over topics, for intervals."
    )
    margin: Annotated[float, Field(ge=0, lt=1)] = option(
        0.25, "How much nearer to one statement than to the other an answer in words must be."
    )
