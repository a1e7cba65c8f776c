"""The populations that are replayed: none with an effect, or one with expected effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import numpy as np

from vaar.analyses.alignment.rate.published import published_paths
from vaar.errors import OptionError
from vaar.respondents.simulated.population_paths import EFFECTS_IN_PEOPLE, true_paths
from vaar.respondents.simulated.populations import COUNTERFEITS, POPULATIONS, Population
from vaar.study.model import Hypothesis, Study

EXPECTED = "expected"
"""Name of the population with expected effects."""

_SAME_SIZE = 1e-9


@dataclass(frozen=True)
class Effect:
    """The expected standardised size of one path.

    Attributes
    ----------
    value : float
        With its sign.
    source : str
        Where it is from, in a few words.
    """

    path: str
    value: float
    source: str


def without_effects(names: Sequence[str], loading: float) -> tuple[Population, ...]:
    """The populations of these names, all without effects.

    Raises
    ------
    OptionError
        There is no such population.
    """
    for name in names:
        if name not in COUNTERFEITS:
            near = get_close_matches(name, COUNTERFEITS, n=1)
            guess = f" (did you mean {near[0]!r}?)" if near else ""
            raise OptionError(
                f"there is no population {name!r} without effects{guess}; there are "
                f"{', '.join(COUNTERFEITS)}"
            )
    return tuple(replace(COUNTERFEITS[name], loading=loading) for name in dict.fromkeys(names))


def expected_effects(study: Study, given: float | Mapping[str, float]) -> tuple[Effect, ...]:
    """The size of every hypothesised path: as given, else published, else as simulated people's.

    Published is what the study says of people's paths; else the first coefficient of a hypothesis'
    evidence that has its sign and was adjusted for nothing that the study does not have.

    Parameters
    ----------
    given : float or mapping of str to float
        Size of all paths, or sizes by path; a positive number is an effect of the expected sign.

    Raises
    ------
    OptionError
        There is no such path, or a size is not between −1 and 1.
    """
    paths = [hypothesis.path for hypothesis in study.hypotheses]
    given = given if isinstance(given, Mapping) else dict.fromkeys(paths, given)
    for path, size in given.items():
        if path not in paths:
            raise OptionError(
                f"there is no path {path!r}; the study expects something of {', '.join(paths)}"
            )
        if not -1 < size < 1:
            raise OptionError(
                f"the effect of {path!r} is {size:g}; a standardised path lies between -1 and 1"
            )
    known = published_paths(study)
    people = np.full(len(paths), np.nan) if known is None else known.estimate
    return tuple(
        Effect(h.path, h.sign * given[h.path], "as given")
        if h.path in given
        else _known(h, k, float(people[k]))
        for k, h in enumerate(study.hypotheses)
    )


def with_effects(study: Study, effects: Sequence[Effect], loading: float) -> Population:
    """A population whose paths have these sizes, its answers free of any artefact.

    Raises
    ------
    OptionError
        Together the effects would explain more of an outcome than there is.
    """
    multiples = tuple(
        effect.value / (h.sign * EFFECTS_IN_PEOPLE[k % len(EFFECTS_IN_PEOPLE)])
        for k, (h, effect) in enumerate(zip(study.hypotheses, effects, strict=True))
    )
    population = replace(
        POPULATIONS["human-like"],
        name=EXPECTED,
        summary="effects of the expected sizes",
        effects=multiples,
        predictor_means=(0.0,),
        trait_correlation=0.0,
        loading=loading,
    )
    told = true_paths(population, study)
    if any(abs(told[effect.path] - effect.value) > _SAME_SIZE for effect in effects):
        sizes = ", ".join(f"{effect.path}: {effect.value:+.2f}" for effect in effects)
        raise OptionError(
            f"together the effects ({sizes}) would explain more than 80 % of an outcome: choose "
            "smaller ones"
        )
    return population


def true_values(population: Population, study: Study) -> tuple[float, ...]:
    """True paths of the values themselves, whatever artefacts the answers have."""
    told = true_paths(replace(population, style_sd=0.0), study)
    return tuple(told[hypothesis.path] for hypothesis in study.hypotheses)


def _known(hypothesis: Hypothesis, number: int, people: float) -> Effect:
    if np.isfinite(people):
        return Effect(hypothesis.path, people, "published of people")
    for evidence in hypothesis.evidence:
        value = evidence.value
        if value and value * hypothesis.sign > 0 and not evidence.adjusted_for:
            kind = (
                "a published correlation"
                if evidence.specification == "zero-order"
                else ("a published path")
            )
            return Effect(hypothesis.path, value, kind)
    size = EFFECTS_IN_PEOPLE[number % len(EFFECTS_IN_PEOPLE)]
    return Effect(hypothesis.path, hypothesis.sign * size, "that of simulated people")
