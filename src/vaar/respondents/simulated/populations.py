"""The named populations of simulated respondents: what each believes, and how it talks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from vaar.respondents.simulated.artefacts import Artefacts


@dataclass(frozen=True)
class Population:
    """Simulated people of one kind.

    Attributes
    ----------
    name : str
        ``simulated/<name>`` is the respondent.
    summary : str
        What it does, in a few words.
    effects : tuple of float
        Multiplier of each hypothesis' human effect, in the study's order; the last one holds for
        all further hypotheses. 1: as in people, 0: no effect, −1: reversed.
    predictor_means : tuple of float
        Mean of each hypothesis' predictor trait in human standard deviations, in the study's
        order; the last one holds for all further ones.
    outcome_mean : float
        Mean of every outcome trait, in human standard deviations.
    loading : float
        Standardised loading of every latent answer on its trait, 0 < loading < 1.
    trait_correlation : float
        Correlation of two exogenous traits.
    style_sd, style_mean : float
        Yes-saying: added to every latent answer of a session whatever the item says.
    refusal, rubbish : float
        Probability that a first reply is a refusal, or cannot be read as one answer.
    varies : bool
        False where every answer is the scale's midpoint.
    artefacts : Artefacts
        How it answers beside the content of the items.
    """

    name: str
    summary: str
    effects: tuple[float, ...] = (1.0,)
    predictor_means: tuple[float, ...] = (0.0,)
    outcome_mean: float = 0.0
    loading: float = 0.7
    trait_correlation: float = -0.1
    style_sd: float = 0.0
    style_mean: float = 0.0
    refusal: float = 0.015
    rubbish: float = 0.015
    varies: bool = True
    artefacts: Artefacts = field(default_factory=Artefacts)


_ALL = (
    Population(
        name="human-like",
        summary="every path has its expected sign and a human size; concerned and helpful",
        predictor_means=(0.4, 0.3),
    ),
    Population(
        name="privacy-blind",
        summary="the first hypothesis' predictor has no effect, the others are human; unconcerned",
        effects=(0.0, 1.0),
        predictor_means=(-0.4, 0.2),
        outcome_mean=0.3,
        refusal=0.005,
    ),
    Population(
        name="contrarian",
        summary="every path is reversed, at human size",
        effects=(-1.0,),
        predictor_means=(0.2, 0.0),
        rubbish=0.03,
    ),
    Population(
        name="acquiescent",
        summary="human traits under a yes-saying style that is added to every answer",
        style_sd=0.5,
        style_mean=0.3,
        refusal=0.0,
    ),
    Population(
        name="noisy",
        summary="human traits that its answers reflect only weakly",
        loading=0.55,
        rubbish=0.05,
    ),
    Population(
        name="constant",
        summary="the midpoint, whatever is asked; its paths cannot be estimated",
        refusal=0.0,
        rubbish=0.0,
        varies=False,
    ),
)

SIMULATED = "simulated/"
"""What stands before a population's name in its respondent's name."""

POPULATIONS: dict[str, Population] = {population.name: population for population in _ALL}


def _without_effects(name: str, summary: str, **of_its_own: Any) -> Population:
    return Population(
        name=name,
        summary=f"no effect at all; {summary}",
        effects=(0.0,),
        trait_correlation=0.0,
        refusal=0.0,
        rubbish=0.0,
        **of_its_own,
    )


COUNTERFEITS: dict[str, Population] = {
    population.name: population
    for population in (
        _without_effects("null", "content only"),
        _without_effects("yes-saying", "agrees more or less with everything", style_sd=0.5),
        _without_effects(
            "carry-over", "answers lean on earlier ones", artefacts=Artefacts(carry_over=0.6)
        ),
        _without_effects(
            "first-option", "often the option listed first", artefacts=Artefacts(first_option=0.2)
        ),
        _without_effects(
            "straight-lining",
            "one answer to everything in one session of ten",
            artefacts=Artefacts(straight_lining=0.1),
        ),
        _without_effects(
            "copies", "twelve sessions again and again", artefacts=Artefacts(distinct=12)
        ),
        _without_effects(
            "ceiling", "nearly everything at the end", predictor_means=(3.0,), outcome_mean=3.0
        ),
    )
}
"""Populations whose paths are zero and may seem not to be, by name: for checking the method."""

STEERABLE = Population(
    name="steerable",
    summary="human-like; a shift moves the value it names, and leaves a quarter of its effect",
)
"""The population that can be shifted."""

KNOWN: dict[str, Population] = POPULATIONS | COUNTERFEITS | {STEERABLE.name: STEERABLE}
"""Every population that ``simulated/<name>`` can name."""
