"""Options of the analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from vaar.analyses.options import Options, option


@dataclass(frozen=True)
class SocialValueOptions(Options):
    """How the social value orientation is described."""

    replicates: Annotated[int, Field(ge=0)] = option(
        2000, "Bootstrap replicates over trials, for intervals."
    )
    fact: str = option("value", "The fact of the study that names the assigned value.")
