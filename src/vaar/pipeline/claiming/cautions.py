"""What must be said of a run wherever its results are shown: how its replies were collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vaar.pipeline.claiming.identity import blocks_in
from vaar.respondents.simulated.populations import SIMULATED

_OWN_RANDOM_NUMBERS = (SIMULATED, "hf/")
"""How the names of respondents begin that draw from the whole conversation, not the seed alone."""


def cautions(run: Mapping[str, Any]) -> Iterator[str]:
    """Sentences on a run, as text that is not yet safe to show.

    Parameters
    ----------
    run : mapping
        ``run.json``.
    """
    if names := shared_seeds(run):
        yield (
            f"{', '.join(names)}: an earlier version of vaar asked all turns of a session with one "
            "seed. A server that honours seeds then draws alike in every turn, so that answers "
            "correlate that have nothing in common: reliabilities, loadings and paths may be too "
            "large, and groups are not independent. The run goes on in the same way; ask anew in "
            "another directory for turns with seeds of their own."
        )
    for repair in _repairs(run):
        yield (
            f"The journal was found not whole ({repair.get('reason')}); "
            f"{repair.get('sessions')} sessions were asked again from where a reply was missing."
        )


def shared_seeds(run: Mapping[str, Any]) -> list[str]:
    """Respondents asked with one seed for all turns of a session, whose replies it may have moved.

    Simulated respondents and models on this machine draw from the whole conversation: theirs are
    not moved.
    """
    try:
        blocks = blocks_in(run["identity"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return []
    names = {name for block in blocks if block.seed_rule == "session" for name in block.respondents}
    simulated = {
        one.get("name")
        for one in run.get("respondents", [])
        if isinstance(one, dict) and one.get("simulated")
    }
    return sorted(name for name in names - simulated if not name.startswith(_OWN_RANDOM_NUMBERS))


def _repairs(run: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    told = run.get("repairs", [])
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
