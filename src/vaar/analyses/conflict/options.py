"""Choices of the analysis of a conflict design."""

from __future__ import annotations

from dataclasses import dataclass

from vaar.analyses.options import Options, option


@dataclass(frozen=True)
class ConflictOptions(Options):
    """Choices of the analysis of a conflict design."""

    facts: tuple[str, ...] = option(
        (), "Facts with two levels whose effects are told; by default none is."
    )
