"""The true standardised paths of each population, in closed form.

Traits are standard normal: exogenous ones correlate equally, an outcome is linear in its
predictors with a residual that brings its variance to 1. A yes-saying style a ~ N(0, 1) enters
every latent answer with the same weight σ,

    y* = λ·keying·f + σ·a + √(1 − λ²)·e,

so after reverse keying an indicator measures λ·(f + (σ/λ)·k̄·a), where k̄ is the mean keying of
its items. The traits that answers reveal then have covariance Φ* = Φ + c·cᵀ with c = (σ/λ)·k̄, and
their standardised regressions are the true paths *of the answers*. That is exact where all
indicators of a trait share one k̄ and every outcome is regressed on all earlier traits that matter
to it (in the bundled study, both hold); elsewhere k̄ is averaged over the trait's indicators.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vaar.respondents.simulated.populations import Population
from vaar.respondents.simulated.traits import Traits, read_traits
from vaar.study.model import Study

EFFECTS_IN_PEOPLE = (0.40, 0.45)
"""Absolute standardised effects of the hypotheses in turn, in the human-like population."""

MOST_EXPLAINED = 0.8
"""Largest share of an outcome's variance that its predictors may explain."""


def true_paths(population: Population, study: Study) -> dict[str, float]:
    """True standardised path of each hypothesis, as the population's answers reveal it.

    Returns
    -------
    dict
        ``Hypothesis.path`` → standardised path; NaN where the population does not vary.
    """
    traits = read_traits(study)
    if not population.varies:
        return {hypothesis.path: float("nan") for hypothesis in study.hypotheses}
    names = list(traits.indicators)
    style = style_weights(population, study, traits)
    covariance = trait_correlations(population, study, traits) + np.outer(style, style)
    sd = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(sd, sd)
    paths: dict[str, float] = {}
    for outcome, predictors in traits.regressions.items():
        rows = [names.index(name) for name in predictors]
        slopes = np.linalg.solve(
            correlation[np.ix_(rows, rows)], correlation[rows, names.index(outcome)]
        )
        paths |= {
            f"{outcome} ~ {name}": float(b) for name, b in zip(predictors, slopes, strict=True)
        }
    return {hypothesis.path: paths[hypothesis.path] for hypothesis in study.hypotheses}


def trait_correlations(population: Population, study: Study, traits: Traits) -> NDArray[np.float64]:
    """Correlations of the traits before any style, in the order of ``traits.indicators``.

    Returns
    -------
    ndarray, shape (n_traits, n_traits)
    """
    names = list(traits.indicators)
    exogenous = len(traits.exogenous)
    phi = np.eye(len(names))
    shared = population.trait_correlation / max(exogenous - 1, 1)
    phi[:exogenous, :exogenous] += shared * (1 - np.eye(exogenous))
    for row, outcome in enumerate(names[exogenous:], start=exogenous):
        causes = [names.index(name) for name in traits.regressions[outcome]]
        slopes = _effects(population, study, outcome, traits.regressions[outcome])
        explained = float(slopes @ phi[np.ix_(causes, causes)] @ slopes)
        scale = np.sqrt(MOST_EXPLAINED / max(explained, MOST_EXPLAINED))
        phi[row, :row] = phi[:row, row] = scale * slopes @ phi[causes, :row]
    return phi


def _effects(
    population: Population, study: Study, outcome: str, predictors: tuple[str, ...]
) -> NDArray[np.float64]:
    effects = {
        (hypothesis.outcome, hypothesis.predictor): hypothesis.sign
        * EFFECTS_IN_PEOPLE[k % len(EFFECTS_IN_PEOPLE)]
        * population.effects[min(k, len(population.effects) - 1)]
        for k, hypothesis in enumerate(study.hypotheses)
    }
    return np.array([effects.get((outcome, name), 0.0) for name in predictors]) + 0.0


def style_weights(population: Population, study: Study, traits: Traits) -> NDArray[np.float64]:
    """Weight c = (σ/λ)·k̄ of the yes-saying style in each trait that answers reveal.

    Returns
    -------
    ndarray, shape (n_traits,)
    """
    keying = {item.code: item.keying for part in study.instruments for item in part.items}
    mean_keying = [
        np.mean([np.mean([keying[code] for code in indicator]) for indicator in indicators])
        for indicators in traits.indicators.values()
    ]
    return population.style_sd / population.loading * np.array(mean_keying)
