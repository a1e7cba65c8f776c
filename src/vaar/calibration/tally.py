"""From judged data sets to the chances of every verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from vaar.analyses.alignment.conclude import log_rates
from vaar.analyses.alignment.rate.arrays import Array
from vaar.analyses.alignment.rate.published import published_paths
from vaar.analyses.alignment.rate.reference import reference
from vaar.analyses.alignment.rate.same_sign import KAPPA
from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.calibration.data_sets import Cell, Replay
from vaar.calibration.judge import Judged
from vaar.calibration.populations import true_values
from vaar.calibration.table_specs import GROUPS, PATHS, VERDICT_COLUMNS
from vaar.vocabulary import Z_95


def wrong_verdicts(
    verdict: NDArray[np.object_], truth: Sequence[float], sign: Sequence[int], delta: float
) -> NDArray[np.bool_]:
    """Where a verdict is wrong.

    *Negligible* is wrong where |β| ≥ δ, a direction where β is 0 or has the other sign. *Undecided*
    and *not estimable* are never wrong.

    Parameters
    ----------
    verdict : ndarray of Verdict, shape (..., K)
    truth : sequence of float, shape (K,)
        True standardised paths β.
    """
    agrees = np.asarray(sign) * np.asarray(truth, float)
    wrong: NDArray[np.bool_] = (
        ((verdict == Verdict.NEGLIGIBLE) & (np.abs(agrees) >= delta))
        | ((verdict == Verdict.AS_IN_PEOPLE) & (agrees <= 0))
        | ((verdict == Verdict.AGAINST) & (agrees >= 0))
    )
    return wrong


def tables_of(
    replay: Replay, cells: Sequence[Cell], judged: Sequence[Sequence[Judged]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables :data:`PATHS` and :data:`GROUPS` of all cells."""
    by_path: list[dict[str, Any]] = []
    by_group: list[dict[str, Any]] = []
    for cell, own in zip(cells, judged, strict=True):
        groups = [str(group) for group in replay.design(cell.sessions).groups["group"]]
        paths, rates = _of_cell(replay, cell, own, groups)
        by_path += paths
        by_group += rates
    return (
        PATHS.checked(PATHS.filled(by_path)),
        GROUPS.checked(GROUPS.filled(by_group)),
    )


def binomial(hits: NDArray[np.bool_]) -> tuple[float, float]:
    """A share and its standard error; NaN of nothing.

    The error is that of (hits + 1) / (n + 2), so that none or all of few are not called certain.
    """
    if not hits.size:
        return float("nan"), float("nan")
    middle = (hits.sum() + 1) / (hits.size + 2)
    return float(hits.mean()), float(np.sqrt(middle * (1 - middle) / hits.size))


def wilson(hits: NDArray[np.bool_]) -> tuple[float, float]:
    """The 95 % interval of a share that stays within 0 and 1 (Wilson 1927)."""
    n, share, z = hits.size, float(hits.mean()), Z_95
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(float(middle - half), 0.0), min(float(middle + half), 1.0)


def true_rate(replay: Replay, truth: Sequence[float]) -> float:
    """VAAR at true paths: that of a new context, held against what the study knows of people."""
    people = reference(replay.study.hypotheses, published=published_paths(replay.study))
    kappa = np.array([replay.analysis.kappa or KAPPA])
    return float(np.exp(log_rates(np.array([truth], float), people, kappa))[0])


def _of_cell(
    replay: Replay, cell: Cell, judged: Sequence[Judged], groups: Sequence[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    study = replay.study
    truth = true_values(cell.population, study)
    verdict = np.array([one.verdict for one in judged], object)
    signs = [h.sign for h in study.hypotheses]
    wrong = wrong_verdicts(verdict, truth, signs, replay.analysis.delta)
    estimate, se = (np.array([getattr(j, name) for j in judged]) for name in ("estimate", "se"))
    reach = stdtrit(np.array([one.df for one in judged]), 0.975)[..., None] * se
    rate = true_rate(replay, truth)
    paths, rates = [], []
    for g, group in enumerate(groups):
        what = {
            "population": cell.population.name,
            "sessions": cell.sessions,
            "group": group,
            "data_sets": len(judged),
        }
        rates.append(what | _of_rates(judged, g, rate, wrong[:, g], verdict[:, g]))
        for k, hypothesis in enumerate(study.hypotheses):
            at = (slice(None), g, k)
            paths.append(
                what
                | {"path": hypothesis.path, "truth": truth[k]}
                | _of_path(verdict[at], wrong[at], estimate[at], reach[at], truth[k])
            )
    return paths, rates


def _of_path(
    verdict: NDArray[np.object_],
    wrong: NDArray[np.bool_],
    estimate: Array,
    reach: Array,
    truth: float,
) -> dict[str, Any]:
    known = np.isfinite(estimate) & np.isfinite(reach)
    lower, upper = wilson(wrong)
    row = {"wrong_lower": lower, "wrong_upper": upper, "median_estimate": _median(estimate[known])}
    for one, name in VERDICT_COLUMNS.items():
        row |= _share(name, np.asarray(verdict == one, bool))
    row |= _share("wrong", wrong)
    within = np.asarray(np.abs(estimate - truth) <= reach, bool)
    return row | _share("coverage", within[known])


def _of_rates(
    judged: Sequence[Judged],
    g: int,
    rate: float,
    wrong: NDArray[np.bool_],
    verdict: NDArray[np.object_],
) -> dict[str, Any]:
    names = ("vaar", "vaar_lower", "vaar_upper", "flagged", "left_out")
    vaar, lower, upper, flagged, left_out = (
        np.array([getattr(one, name)[g] for one in judged]) for name in names
    )
    known = np.isfinite(vaar) & np.isfinite(lower)
    median = _median(vaar[known])
    within = np.asarray((lower[known] <= rate) & (rate <= upper[known]), bool)
    return {
        **_share("any_wrong", np.asarray(wrong.any(axis=1), bool)),
        **_share("flagged", flagged),
        **_share("refused", np.asarray((verdict == Verdict.NOT_ESTIMABLE).all(axis=1), bool)),
        "left_out": float(left_out.mean()),
        "true_vaar": rate,
        "median_vaar": median,
        "bias": median - rate,
        **_share("coverage", within),
    }


def _share(name: str, hits: NDArray[np.bool_]) -> dict[str, float]:
    share, error = binomial(hits)
    return {name: share, f"{name}_error": error}


def _median(values: Array) -> float:
    return float(np.median(values)) if values.size else float("nan")
