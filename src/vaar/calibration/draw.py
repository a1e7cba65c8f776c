"""Answers of many simulated sessions at once, drawn without any conversation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vaar.calibration.design import Design
from vaar.respondents.simulated.answer_model import AnswerModel

PERSONA_SHARE = 0.5
"""Share of each trait's variance that lies between personas, where a study has some."""


def drawn(
    model: AnswerModel,
    design: Design,
    rng: np.random.Generator,
    persona_share: float = PERSONA_SHARE,
) -> NDArray[np.int64]:
    """Points on the scales, shape (n_sessions, n_items).

    They are distributed as the answers of ``simulated/<population>`` are. Where sessions have
    personas, sessions of one persona have more alike traits, which changes no distribution of a
    single session.

    Parameters
    ----------
    persona_share : float
        In [0, 1]: share of the variance of each trait that is the persona's.
    """
    n = len(design.persona)
    normals = rng.standard_normal((design.n_conversations, n, model.n_normals))
    if model.n_distinct:
        normals = normals[:, np.arange(n) % model.n_distinct]
    if (design.persona >= 0).any() and persona_share > 0:
        normals[..., : model.n_traits] = _of_personas(
            normals[..., : model.n_traits], design.persona, persona_share, rng
        )
    values = model.values(normals, design.descending)
    asked = np.maximum(design.conversation, 0)
    chosen: NDArray[np.int64] = np.take_along_axis(values, asked[None], axis=0)[0]
    return chosen


def _of_personas(
    own: NDArray[np.float64], persona: NDArray[np.intp], share: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Standard normals of sessions, mixed with those of their personas."""
    theirs = rng.standard_normal((persona.max() + 1, own.shape[-1]))[persona]
    mixed: NDArray[np.float64] = np.where(
        (persona >= 0)[:, None], np.sqrt(share) * theirs + np.sqrt(1 - share) * own, own
    )
    return mixed
