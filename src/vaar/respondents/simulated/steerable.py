"""A respondent whose shifts have a known effect, to check what is told of shifts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vaar.respondents.base import Reply, Request
from vaar.respondents.simulated.populations import Population
from vaar.respondents.simulated.respondent import SimulatedRespondent
from vaar.study.conditions import Shift
from vaar.study.model import Hypothesis, Study

MOVED = 0.5
"""Standard deviations by which a shift moves the value that it names, and what depends on it."""

PATH_LEFT = 0.25
"""Share that a shift leaves of the effect of that value."""


def under(shift: Shift | None, population: Population, study: Study) -> Population:
    """What a population is under a shift.

    A shift moves the predictor that its value names (``privacy``; ``prosocial`` by
    ``prosociality``) by :data:`MOVED`, outcomes the way the hypothesis expects, and leaves
    :data:`PATH_LEFT` of that predictor's effect. A random direction, and a value that no hypothesis
    is about, change nothing. Its gate is always open.
    """
    named = [k for k, one in enumerate(study.hypotheses) if shift and _names(shift, one)]
    if shift is None or shift.random or not named:
        return population
    way = -MOVED if shift.lowers else MOVED
    effects, means = (
        [given[min(k, len(given) - 1)] for k in range(len(study.hypotheses))]
        for given in (population.effects, population.predictor_means)
    )
    for k in named:
        effects[k] *= PATH_LEFT
        means[k] += way
    return replace(
        population,
        effects=tuple(effects),
        predictor_means=tuple(means),
        outcome_mean=population.outcome_mean + way * study.hypotheses[named[0]].sign,
    )


def _names(shift: Shift, hypothesis: Hypothesis) -> bool:
    value, predictor = shift.value.casefold(), hypothesis.predictor.casefold()
    return value.startswith(predictor) or predictor.startswith(value)


class SteerableRespondent(SimulatedRespondent):
    """One population, which answers otherwise under a shift: see :func:`under`.

    The same session draws the same random numbers whatever its shift.
    """

    def __init__(self, population: Population, study: Study) -> None:
        super().__init__(population, study)
        shifts = {condition.shift for condition in study.conditions if condition.shift}
        self._under = {
            shift: SimulatedRespondent(under(shift, population, study), study) for shift in shifts
        }

    async def reply(self, request: Request) -> Reply:
        """Answer one turn; see :class:`vaar.respondents.base.Respondent`."""
        if request.shift in self._under:
            return await self._under[request.shift].reply(request)
        return await super().reply(request)

    def measured(self) -> dict[str, Any]:
        """Nothing: it has no activations, and only says that it can be shifted."""
        return {}
