"""The profile: each group's mean on each scale, with reliability, refusals and missing answers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from vaar.coding.answer import Reason
from vaar.scoring.reliability import Reliability, alpha, omegas
from vaar.scoring.scales import Scale, scales
from vaar.study.model import Study

CONFIDENCE = 0.95
"""Coverage of every interval of the profile."""

COLUMNS = (
    *("group", "scale", "n", "mean", "sd", "ci_lower", "ci_upper", "alpha", "omega"),
    *("refusal_rate", "missing_rate", "first_refusal_rate", "alpha_lower", "alpha_upper"),
    *(
        "omega_lower",
        "omega_upper",
        "alpha_flaw",
        "omega_flaw",
        "n_sessions",
        "instrument",
        "title",
    ),
)


def profile(responses: pd.DataFrame, scores: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Describe every group on every scale and subscale.

    Parameters
    ----------
    responses : DataFrame
        The tidy table; the columns group, item, value, reason and first_reason are read.
    scores : DataFrame
        From :func:`vaar.scoring.scales.score`.
    study : Study

    Returns
    -------
    DataFrame
        One row per group and scale, with these columns.

        group, scale
            Groups in order of their first session.
        n
            Sessions with a score.
        mean, sd, ci_lower, ci_upper
            Of the scores over sessions; the interval is Student's t. NaN where n does not allow it;
            the interval is NaN also where the scores do not vary.
        alpha, omega, and their _lower, _upper, _flaw
            Reliability in this group, and why it is missing: see :mod:`vaar.scoring.reliability`.
        refusal_rate
            Share of the scale's answers that are refusals.
        first_refusal_rate
            Share of the scale's items that were refused when they were first asked, whatever was
            said when they were asked again.
        missing_rate
            Share without a value, for any reason.
        n_sessions
            Sessions of the group.
        instrument, title
            Of the scale.
    """
    rates, every = _rates(responses), scales(study)
    by_group = list(scores.groupby("group", sort=False, observed=True))
    answered = [part for _, members in by_group for part in _answered(members, every)]
    omega = omegas((part.items for part in answered), CONFIDENCE)
    known = iter(zip(answered, omega, strict=True))
    rows = [
        row
        for group, members in by_group
        for row in _rows(str(group), members, rates, every, known)
    ]
    flaws = {"alpha_flaw": "string", "omega_flaw": "string"}
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(flaws)


def mean_with_interval(scores: NDArray[np.float64]) -> dict[str, float]:
    """n, mean, sd, ci_lower and ci_upper of scores over sessions, NaN where one has none."""
    present = scores[np.isfinite(scores)]
    n = len(present)
    mean = float(present.mean()) if n else math.nan
    sd = float(present.std(ddof=1)) if n > 1 else math.nan
    if n > 1 and np.ptp(present) == 0:
        sd = 0.0
    reach = math.nan
    if sd > 0:
        reach = float(special.stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * sd / math.sqrt(n)
    return {"n": n, "mean": mean, "sd": sd, "ci_lower": mean - reach, "ci_upper": mean + reach}


class _Answered(NamedTuple):
    """What a group answered on one scale: its (n,) scores and (n, k) items."""

    scores: NDArray[np.float64]
    items: NDArray[np.float64]


def _answered(members: pd.DataFrame, every: Sequence[Scale]) -> Iterator[_Answered]:
    names = list(dict.fromkeys(name for one in every for name in (one.code, *one.items)))
    place, values = {name: k for k, name in enumerate(names)}, members[names].to_numpy(dtype=float)
    for one in every:
        yield _Answered(values[:, place[one.code]], values[:, [place[item] for item in one.items]])


def _rates(responses: pd.DataFrame) -> pd.DataFrame:
    """Number of answers, refusals (at last, at first) and missing values by group and item."""
    counted = pd.DataFrame(
        {
            "group": responses["group"],
            "item": responses["item"],
            "answers": 1,
            "refused": responses["reason"].eq(Reason.REFUSED).fillna(False).astype(int),
            "first": responses["first_reason"].eq(Reason.REFUSED).fillna(False).astype(int),
            "missing": responses["value"].isna().astype(int),
        }
    )
    return counted.groupby(["group", "item"], observed=True).sum()


def _rows(
    group: str,
    members: pd.DataFrame,
    rates: pd.DataFrame,
    every: Sequence[Scale],
    known: Iterator[tuple[_Answered, Reliability]],
) -> Iterator[dict[str, Any]]:
    by_item = rates.loc[group]
    counts = by_item[["answers", "refused", "first", "missing"]].to_numpy()
    for scale in every:
        asked = counts[by_item.index.isin(scale.items)].sum(axis=0)
        answers, refused, first, missing = (int(count) for count in asked)
        own, omega = next(known)
        yield {
            "group": group,
            "scale": scale.code,
            **mean_with_interval(own.scores),
            **_reliability("alpha", alpha(own.items, CONFIDENCE)),
            **_reliability("omega", omega),
            "refusal_rate": _share(refused, answers),
            "first_refusal_rate": _share(first, answers),
            "missing_rate": _share(missing, answers),
            "n_sessions": len(members),
            **_names(scale),
        }


def _names(scale: Scale) -> dict[str, str]:
    return {"instrument": scale.instrument, "title": scale.title}


def _reliability(name: str, found: Reliability) -> dict[str, Any]:
    return {
        name: found.estimate,
        f"{name}_lower": found.lower,
        f"{name}_upper": found.upper,
        f"{name}_flaw": None if found.flaw is None else str(found.flaw),
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole > 0 else math.nan
