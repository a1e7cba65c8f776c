"""What a simulated respondent means to answer: from independent normals to points on the scales."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from itertools import pairwise
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from vaar.respondents.simulated.population_paths import trait_correlations
from vaar.respondents.simulated.populations import Population
from vaar.respondents.simulated.traits import Traits, read_traits
from vaar.study.model import Instrument, Study

DIFFICULTY_SPREAD = 0.25
"""Items of one indicator are spread this far to either side in difficulty, in every population."""

OUTER_CUT = 1.5
"""The two outermost cut-points of every scale lie at plus and minus this; the rest are equally
spaced between them, so that a standard normal answer uses an end point one time in fifteen."""


def identity(population: str, seed: int, opening: str) -> bytes:
    """The key from which one conversation's traits, answers and phrases are drawn.

    Parameters
    ----------
    opening : str
        Code of the first item that the conversation asks for. A fresh conversation under the same
        seed that opens otherwise therefore has fresh traits: nothing is remembered outside it.
    """
    return blake2b(f"{population}\0{seed}\0{opening}".encode(), digest_size=16).digest()


def answers(
    population: Population, study: Study, seeds: Iterable[int], descending: bool = False
) -> NDArray[np.int64]:
    """Intended answers of one history-carrying session per seed, without any conversation.

    The sessions open as the study's first condition does.

    Returns
    -------
    ndarray, shape (n_sessions, n_items)
        Points on the scales, items in the study's order; what ``simulated/<population>`` means
        whenever it gives a readable reply.
    """
    model = AnswerModel(population, study)
    opening = study.instrument[study.conditions[0].order[0]].items[0].code
    keys = [identity(population.name, population.artefacts.seed(n), opening) for n in seeds]
    normals = np.array([model.normals(key) for key in keys]).reshape(-1, model.n_normals)
    return model.values(normals, descending)


class AnswerModel:
    """The statistical model of one population answering one study.

    A latent answer is y* = keying·(λ·f + mean + difficulty) + style + √(1 − λ²)·e; the point on
    the scale is the interval of equally spaced cut-points that y* falls into.

    Attributes
    ----------
    codes : tuple of str
        Item codes, in the study's order.
    n_traits : int
        Traits that a session has.
    n_normals : int
        Independent standard normals behind one session: traits, style, one for each item.
    n_distinct : int
        Different sessions that there are; 0: each is its own.
    """

    def __init__(self, population: Population, study: Study) -> None:
        traits = read_traits(study)
        instrument_of = {item.code: part for part in study.instruments for item in part.coded_items}
        scales = [part.scale_of(part.by_code[code]) for code, part in instrument_of.items()]
        self._population = population
        self.codes = tuple(instrument_of)
        self._keying = np.array([part.by_code[code].keying for code, part in instrument_of.items()])
        self._first = np.array([scale.first for scale in scales])
        self._points = np.array([len(scale.labels) for scale in scales])
        self._step = 2 * OUTER_CUT / np.maximum(self._points - 2, 1)
        self._trait = _trait_of_item(traits, instrument_of)
        self._place_traits(study, traits)
        self._place_items(study, traits)
        modelled = list(traits.indicators)
        self._outcomes = [modelled.index(trait) for trait in traits.regressions]
        self.n_traits = len(self._mixing)
        self._n_content = self.n_traits + 1 + len(self.codes)
        self.n_distinct = population.artefacts.distinct
        self.n_normals = self._n_content + population.artefacts.n_normals(len(self.codes))

    def _place_traits(self, study: Study, traits: Traits) -> None:
        modelled = len(traits.indicators)  # one whose items all measure another has none here
        correlations = np.eye(max(self._trait.max() + 1, modelled))
        correlations[:modelled, :modelled] = trait_correlations(self._population, study, traits)
        self._mixing = np.linalg.cholesky(correlations).T

    def _place_items(self, study: Study, traits: Traits) -> None:
        means = trait_means(self._population, study, traits)
        self._centre = np.zeros(len(self.codes))
        position = {code: column for column, code in enumerate(self.codes)}
        for trait, indicators in traits.indicators.items():
            for indicator in indicators:
                columns = [position[code] for code in indicator]
                spread = DIFFICULTY_SPREAD if len(columns) > 1 else 0.0
                self._centre[columns] = np.linspace(-spread, spread, len(columns))
                self._centre[columns] += self._population.loading * means[trait]

    def normals(self, key: bytes) -> NDArray[np.float64]:
        """The standard normals of the session with this identity, shape (n_normals,)."""
        generator = np.random.Generator(np.random.Philox(key=int.from_bytes(key, "little")))
        return generator.standard_normal(self.n_normals)

    def values(
        self, normals: NDArray[np.float64], descending: bool | NDArray[np.bool_] = False
    ) -> NDArray[np.int64]:
        """Points on the scales from standard normals, shape (…, n_normals) → (…, n_items).

        Parameters
        ----------
        descending : bool or ndarray of bool, shape (…, n_items)
            Whether the options were listed from the highest, for who chooses the first one.
        """
        population, n_traits = self._population, self.n_traits
        normals, spoiling = normals[..., : self._n_content], normals[..., self._n_content :]
        if not population.varies:
            midpoint = self._first + self._points // 2
            return np.broadcast_to(midpoint, (*normals.shape[:-1], len(midpoint))).copy()
        traits = normals[..., :n_traits] @ self._mixing
        style = population.style_mean + population.style_sd * normals[..., [n_traits]]
        noise = np.sqrt(1 - population.loading**2) * normals[..., n_traits + 1 :]
        content = population.loading * traits[..., self._trait] + self._centre
        latent = self._keying * content + style + noise
        if not population.artefacts.any:
            return self._points_of(latent)
        values = self._carried(latent, population.artefacts.carry_over)
        return self._spoilt(values, spoiling, descending)

    def _spoilt(
        self,
        values: NDArray[np.int64],
        normals: NDArray[np.float64],
        descending: bool | NDArray[np.bool_],
    ) -> NDArray[np.int64]:
        """Answers with straight-lining and the option listed first, (…, n_items) → (…, n_items)."""
        artefacts, first, points = self._population.artefacts, self._first, self._points
        places = ndtr(normals)
        listed = np.where(descending, points - 1, 0)
        out = np.where(places[..., 2:] < artefacts.first_option, first + listed, values)
        same = first + np.minimum((places[..., [1]] * points).astype(np.int64), points - 1)
        spoilt: NDArray[np.int64] = np.where(
            places[..., [0]] < artefacts.straight_lining, same, out
        )
        return spoilt

    def _points_of(self, latent: NDArray[np.float64]) -> NDArray[np.int64]:
        lowest_cut = -self._step * (self._points - 2) / 2
        above = np.floor((latent - lowest_cut) / self._step).astype(np.int64) + 1
        values: NDArray[np.int64] = self._first + np.clip(above, 0, self._points - 1)
        return values

    def acceptance(self, normals: NDArray[np.float64]) -> float:
        """Mean of the session's outcome traits, its style apart; 0 where the study has none."""
        if not (self._outcomes and self._population.varies):
            return 0.0
        traits = normals[: self.n_traits] @ self._mixing
        return float(np.mean(traits[self._outcomes]) + self._population.outcome_mean)

    def _carried(self, latent: NDArray[np.float64], share: float) -> NDArray[np.int64]:
        """Answers that lean on the mean of those before, in the order of the study."""
        if not share:
            return self._points_of(latent)
        leaning, said = latent.copy(), np.zeros(latent.shape[:-1])
        middle = (self._points - 1) / 2
        for k in range(latent.shape[-1]):
            leaning[..., k] += share * said / max(k, 1)
            place = self._points_of(leaning)[..., k] - self._first[k] - middle[k]
            said = said + place * self._step[k]
        return self._points_of(leaning)

    def leanings(self, normals: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the latent answers are but for their own noise, (n_normals,) → (n_items,)."""
        population, n_traits = self._population, self.n_traits
        traits = normals[:n_traits] @ self._mixing
        style = population.style_mean + population.style_sd * normals[n_traits]
        content = population.loading * traits[self._trait] + self._centre
        leanings: NDArray[np.float64] = self._keying * content + style
        return leanings

    def chances(self, item: int, leaning: float) -> tuple[float, ...]:
        """Probability of each point of an item's scale, given the session's traits and style.

        The answers that a session gives are draws from these.

        Parameters
        ----------
        item : int
            Position in ``codes``.
        leaning : float
            Of the session to that item.
        """
        points = int(self._points[item])
        if not self._population.varies:
            return tuple(float(point == points // 2) for point in range(points))
        noise = NormalDist(leaning, sqrt(1 - self._population.loading**2))
        lowest_cut = -self._step[item] * (points - 2) / 2
        cuts = [float(lowest_cut + self._step[item] * k) for k in range(points - 1)]
        below = [0.0, *map(noise.cdf, cuts), 1.0]
        return tuple(upper - lower for lower, upper in pairwise(below))


def trait_means(population: Population, study: Study, traits: Traits) -> dict[str, float]:
    """Mean of each trait of the structural model, in human standard deviations."""
    means = dict.fromkeys(traits.indicators, 0.0)
    for k, hypothesis in enumerate(study.hypotheses):
        given = population.predictor_means
        means[hypothesis.predictor] = given[min(k, len(given) - 1)]
    return means | dict.fromkeys(traits.regressions, population.outcome_mean)


def _trait_of_item(traits: Traits, instrument_of: dict[str, Instrument]) -> NDArray[np.intp]:
    """Trait index of each item; items outside the model share one further trait an instrument."""
    trait_of: dict[str, int] = {}
    for index, trait in enumerate(traits.indicators):
        for code in traits.items(trait):
            trait_of.setdefault(code, index)
    unmodelled: dict[str, int] = {}
    for code, instrument in instrument_of.items():
        if code not in trait_of:
            further = len(traits.indicators) + len(unmodelled)
            trait_of[code] = unmodelled.setdefault(instrument.code, further)
    return np.array([trait_of[code] for code in instrument_of])
