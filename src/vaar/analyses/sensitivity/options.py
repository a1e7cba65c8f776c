"""Choices of the sensitivity table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from vaar.analyses.options import Options, option


@dataclass(frozen=True)
class SensitivityOptions(Options):
    """Choices of the sensitivity table.

    Attributes
    ----------
    replicates : int
        Bootstrap replicates behind differences of VAAR, and of paths where personas repeat; 0: none
        of these.
    """

    replicates: Annotated[int, Field(ge=0)] = option(
        100, "Bootstrap replicates of the paths at every level; 0: no difference of VAAR."
    )
