"""Paths of a group within and between its personas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

import vaar.sem as sem
from vaar.analyses.persona_paths.tables import PERSONA_PATHS
from vaar.analyses.persona_paths.two_level_model import two_level_model
from vaar.errors import VaarError
from vaar.study.model import Study
from vaar.study.structural_model import read_structure

FEWEST_PERSONAS = 20
"""Fewer personas carry no path at all."""

FEWEST_BETWEEN = 100
"""With fewer, what is said of paths between personas is provisional."""

WITHIN, BETWEEN = "within", "between"


def persona_paths(
    scores: pd.DataFrame, study: Study, estimator: str, refused: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The table :data:`PERSONA_PATHS`.

    Parameters
    ----------
    scores : DataFrame
        A row a session: ``group``, ``persona`` and the observed variables of the model. Sessions of
        no persona are left out.
    refused : DataFrame, optional
        Groups that were left out of the scores: ``group``, ``n_sessions``, ``n_personas`` and
        ``why_not``.
    """
    latents = list(read_structure(study.structural_model).indicators)
    given = of_personas(scores)
    rows = [
        row
        for group, own in given.drop(columns=latents, errors="ignore").groupby("group", sort=False)
        for row in _of_group(str(group), own, study, estimator)
    ]
    for record in () if refused is None else refused.to_dict("records"):
        left_out = {str(name): value for name, value in record.items()}
        rows += [where | left_out for where in _places(study)]
    return PERSONA_PATHS.filled(rows)


def of_personas(scores: pd.DataFrame) -> pd.DataFrame:
    """The sessions that have a persona."""
    return scores[scores["persona"].notna() & (scores["persona"] != "")]


def _of_group(
    group: str, data: pd.DataFrame, study: Study, estimator: str
) -> Iterator[dict[str, Any]]:
    fit = _fitted(data, study, estimator)
    sizes = {"n_sessions": len(data), "n_personas": data["persona"].nunique()}
    for place in _places(study):
        where = {"group": group} | place | sizes
        if isinstance(fit, str):
            yield where | {"why_not": fit}
        else:
            yield where | _told(fit.params, place, sizes["n_personas"])


def _places(study: Study) -> Iterator[dict[str, Any]]:
    """The path and level of every row of a group."""
    for hypothesis in study.hypotheses:
        for level in (WITHIN, BETWEEN):
            yield {"path": hypothesis.path, "level": level}


def too_few(data: pd.DataFrame) -> str:
    """Why the sessions of a group tell no two levels apart; empty where they can."""
    n = data["persona"].nunique()
    if n < FEWEST_PERSONAS:
        return f"{n} personas; {FEWEST_PERSONAS} are needed"
    if len(data) < 2 * n:
        return f"{len(data)} sessions of {n} personas; two of each are needed on average"
    return ""


def _fitted(data: pd.DataFrame, study: Study, estimator: str) -> sem.Fit | str:
    """The fit, or why there is none."""
    if why := too_few(data):
        return why
    model = two_level_model(study.structural_model)
    try:
        fit = sem.fit(model, data, cluster="persona", estimator=estimator)
    except VaarError as error:
        return str(error).split("\n", 1)[0]
    return fit if fit.outcome is sem.Outcome.CONVERGED else fit.outcome.message


def _told(params: pd.DataFrame, place: dict[str, Any], n_personas: int) -> dict[str, Any]:
    outcome, predictor = place["path"].split(" ~ ")
    level = 1 if place["level"] == WITHIN else 2
    same = params["op"].eq("~") & params["level"].eq(level)
    row = params[same & params["lhs"].eq(outcome) & params["rhs"].eq(predictor)].iloc[0]
    estimate, se = float(row["std_all"]), float(row["std_all_se"])
    reach = float(stats.t.ppf(0.975, n_personas - 1)) * se
    return {
        "std_estimate": estimate,
        "std_se": se,
        "lower": estimate - reach,
        "upper": estimate + reach,
        "why_not": "" if np.isfinite(se) else "its standard error is not known",
    }
