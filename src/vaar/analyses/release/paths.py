"""From values to what is released: the study's own model with the form as a further outcome."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

import vaar.sem as sem
from vaar.analyses.release.tables import PATHS
from vaar.errors import VaarError
from vaar.study.model import Study
from vaar.study.structural_model import read_structure
from vaar.vocabulary import Z_95

RELEASED = "released_share"
"""The observed variable that the model takes in: share of fields given."""

VALUE, STATED = "value", "stated"
MOST_UNIFORM = 2
"""Different shares that a group must have released for a path to have a meaning."""


def release_model(study: Study) -> str:
    """The study's model, in which what is released has the predictors of the outcome.

    Their residuals covary, so that nothing is said of which of the two leads to the other.
    """
    structure = read_structure(study.structural_model)
    outcomes = tuple(dict.fromkeys(h.outcome for h in study.hypotheses))
    predictors = tuple(dict.fromkeys(p for o, p in structure.regressions if o in outcomes))
    return "\n".join(
        [
            study.structural_model,
            f"{RELEASED} ~ {' + '.join(predictors)}",
            *(f"{RELEASED} ~~ {outcome}" for outcome in outcomes),
        ]
    )


def stated_model(study: Study, outcome: str) -> str:
    """The measurement of one outcome, and its correlation with what is released."""
    indicators = read_structure(study.structural_model).indicators.get(outcome, ())
    measured = [f"{outcome} =~ {' + '.join(indicators)}"] if indicators else []
    return "\n".join([*measured, f"{outcome} ~~ {RELEASED}"])


def release_paths(
    scores: pd.DataFrame, share: pd.Series, study: Study, estimator: str
) -> pd.DataFrame:
    """Paths of every group from each value, and the correlation with stated acceptance.

    Parameters
    ----------
    scores : DataFrame
        A row per session, from :func:`vaar.scoring.scales.score`.
    share : Series
        Share of fields given, indexed as the scores.

    Returns
    -------
    DataFrame
        As :data:`vaar.analyses.release.tables.PATHS`; without rows where the study has no
        hypotheses.
    """
    latent = read_structure(study.structural_model).indicators
    data = scores.drop(columns=list(latent), errors="ignore").assign(**{RELEASED: share})
    rows = [
        row
        for group, own in data.groupby("group", sort=False)
        for row in _of_group(str(group), own, study, estimator)
    ]
    return PATHS.filled(rows)


def _of_group(
    group: str, data: pd.DataFrame, study: Study, estimator: str
) -> Iterator[dict[str, Any]]:
    outcomes = tuple(dict.fromkeys(h.outcome for h in study.hypotheses))
    if not outcomes:
        return
    fit = _fitted(release_model(study), data, estimator)
    for hypothesis in study.hypotheses:
        key = (RELEASED, "~", hypothesis.predictor)
        sign = "+" if hypothesis.sign > 0 else "-"
        where = {"group": group, "predictor": hypothesis.predictor}
        yield where | {"role": VALUE, "expected": sign} | _told(fit, key)
    for outcome in outcomes:
        fit = _fitted(stated_model(study, outcome), data, estimator)
        where = {"group": group, "predictor": outcome}
        yield where | {"role": STATED, "expected": "+"} | _told(fit, (outcome, "~~", RELEASED))


def _fitted(model: str, data: pd.DataFrame, estimator: str) -> sem.Fit | str:
    """The fit, or why there is none."""
    if not data[RELEASED].notna().any():
        return "no form could be read"
    if data[RELEASED].nunique() < MOST_UNIFORM:
        return "every session released the same share of fields"
    try:
        fit = sem.fit(model, data, estimator=estimator)
    except VaarError as error:
        return str(error).split("\n", 1)[0]
    return fit if fit.outcome.usable else fit.outcome.message


def _told(fit: sem.Fit | str, key: tuple[str, str, str]) -> dict[str, Any]:
    if isinstance(fit, str):
        return {"why_not": fit}
    lhs, op, rhs = key
    params = fit.params
    same = (params["lhs"] == lhs) & (params["op"] == op) & (params["rhs"] == rhs)
    row = params[same].iloc[0]
    estimate, se = float(row["std_all"]), float(row["std_all_se"])
    return {
        "n": len(fit.row_groups),
        "estimate": estimate,
        "se": se,
        "lower": estimate - Z_95 * se,
        "upper": estimate + Z_95 * se,
        "why_not": "",
    }
