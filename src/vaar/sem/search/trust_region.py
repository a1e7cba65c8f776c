"""Fisher scoring in a trust region (Levenberg 1944; Marquardt 1963; Moré 1978).

A step solves (I + μ D) d = g for the information I with diagonal D. Where the loss falls by much
less than the quadratic model foretells, the step is taken back and μ grows; where it falls as
foretold, μ shrinks, so that the last steps are those of Fisher scoring. Groups that share nothing
each have their own μ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.search.information import Information
from vaar.sem.search.position import Position

_FIRST, _LEAST, _MOST = 1e-3, 1e-10, 1e10  # μ
_FISHER = 1e-4  # μ below which a step's gain counts as that of Fisher scoring
_POOR, _GOOD = 0.25, 0.75  # shares of the foretold gain at which μ changes
_ACCEPTED = 1e-4  # share of it that a step must bring
_NOISE = 1e-13  # rounding of a loss, relative


def trust_region(here: Position[Any], tolerance: float, limit: int) -> tuple[Bools, int]:
    """Step until the expected gain of a step is below ``tolerance``.

    Returns
    -------
    (G,) array, int
        In which groups it is, and the steps taken.
    """
    damping = np.full(here.layout.n_groups, _FIRST)
    converged = np.zeros(here.layout.n_groups, dtype=bool)
    information = here.information()
    for count in range(1, limit + 1):
        step = _step(here, information, damping)
        ratio = np.full(len(damping), -1.0)
        if step is not None:
            converged = (step.gain < tolerance) & (damping <= _FISHER)
            ratio = _moved(here, step, converged, tolerance)
            if converged.all():
                return converged, count
        damping = np.where(ratio > _GOOD, damping / 5, damping)
        damping = np.maximum(np.where(ratio < _POOR, damping * 4, damping), _LEAST)
        if (damping[~converged] > _MOST).all():
            return converged, count
        if (ratio > _ACCEPTED).any():
            information = here.information()
    return converged, limit


@dataclass(frozen=True)
class _Step:
    """A step and what it should bring in each group, or where groups move together in all.

    Attributes
    ----------
    gain : (G,) array
        By the slope; infinite where there is no step.
    foretold : (G,) array
        The fall of the loss by the quadratic model.
    """

    shared: Floats
    own: Floats
    gain: Floats
    foretold: Floats


def _step(here: Position[Any], information: Information, damping: Floats) -> _Step | None:
    try:
        shared, own, gain = here.fisher_step(information.damped(damping))
    except np.linalg.LinAlgError:
        return None
    size = np.sum((own * information.own_scale) ** 2, axis=1)
    if here.joint:
        size = np.full(len(size), size.sum() + np.sum((shared * information.shared_scale) ** 2))
    real = np.isfinite(gain) & (gain >= 0) & np.isfinite(size)
    if not real.any():
        return None
    foretold = 0.5 * gain + 0.5 * damping * size
    return _Step(
        shared,
        np.where(real[:, None], own, 0.0),
        np.where(real, gain, np.inf),
        np.where(real, foretold, np.nan),
    )


def _moved(here: Position[Any], step: _Step, converged: Bools, tolerance: float) -> Floats:
    """Move where the loss falls enough: (G,) its fall, as a share of what was foretold."""
    start, before = here.x, here.loss
    here.move(here.layout.step(start, step.shared, step.own))
    fall, rounding = before - here.loss, _NOISE * np.maximum(np.abs(before), 1.0)
    if here.joint:
        fall, rounding = np.full(len(fall), fall.sum()), np.full(len(fall), rounding.sum())
    ratio = fall / np.where(step.foretold > 0, step.foretold, np.nan)
    ratio = np.where(np.isfinite(ratio), ratio, np.where(np.isposinf(fall), 1.0, -1.0))
    small = ~(step.foretold > np.maximum(rounding, tolerance))
    ratio = np.where(small & (np.abs(fall) <= 10 * rounding), 1.0, ratio)
    taken = ratio > _ACCEPTED
    if not taken.all():
        kept = taken & (not here.joint)
        here.move(here.layout.step(start, np.zeros_like(step.shared), step.own * kept[:, None]))
    return np.asarray(np.where(converged, 1.0, ratio))
