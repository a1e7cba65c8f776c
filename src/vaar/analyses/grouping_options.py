"""How sessions make the groups that every analysis compares."""

from __future__ import annotations

from dataclasses import dataclass

from vaar.analyses.options import Options, option

GROUPS_SECTION = "groups"
"""Where these options stand beside those of the analyses."""


@dataclass(frozen=True)
class GroupOptions(Options):
    """How sessions make groups.

    Attributes
    ----------
    by : tuple of str
        Factors or attributes of personas whose levels split each respondent's group.
    people : bool
        Whether the human reference is analysed too, where the run has one.
    """

    by: tuple[str, ...] = option(
        (),
        "Split each respondent's group by order, items, options, wording, replicate or an "
        "attribute of personas.",
        flag="--by",
    )
    people: bool = option(True, "Take the run's human reference; false leaves people out.")
