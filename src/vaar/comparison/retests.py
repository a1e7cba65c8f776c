"""Runs of one study again: do items keep their mean answers, and models their places?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from vaar.comparison.agreement import FEWEST_ROWS, retest
from vaar.comparison.definitions import same_study
from vaar.comparison.runs import ComparedRun
from vaar.comparison.tables import RETEST


def retests_table(runs: Sequence[ComparedRun]) -> pd.DataFrame:
    """Agreement of runs that asked the same.

    Parameters
    ----------
    runs : sequence of ComparedRun
        The earliest first.

    Returns
    -------
    DataFrame
        As :data:`vaar.comparison.tables.RETEST`: each model's items, then each questionnaire's
        models, real and simulated ones apart.
    """
    rows: list[dict[str, Any]] = []
    for alike in _alike(runs):
        answers = pd.concat([run.items.assign(run=run.label) for run in alike])
        rows += [*_over_items(answers), *_over_models(answers)]
    return RETEST.checked(RETEST.filled(rows))


def _alike(runs: Sequence[ComparedRun]) -> list[list[ComparedRun]]:
    """Two runs or more each that asked the same."""
    found: list[list[ComparedRun]] = []
    for run in runs:
        same = next((own for own in found if same_study(own[0].study, run.study)), None)
        if same is None:
            found.append([run])
        else:
            same.append(run)
    return [own for own in found if len(own) > 1]


def _over_items(answers: pd.DataFrame) -> Iterator[dict[str, Any]]:
    keys = ["respondent", "facet", "simulated"]
    for (respondent, facet, simulated), own in answers.groupby(keys, sort=False):
        where = {"of": respondent, "facet": facet, "simulated": simulated}
        if own["run"].nunique() > 1:
            yield {"over": "items", **where, **_agreement(own, "item")}


def _over_models(answers: pd.DataFrame) -> Iterator[dict[str, Any]]:
    keys = ["instrument", "facet", "simulated"]
    for (instrument, facet, simulated), own in answers.groupby(keys, sort=False):
        means = own.groupby(["respondent", "run"], sort=False)["mean"].mean().reset_index()
        where = {"of": instrument, "facet": facet, "simulated": simulated}
        if means["run"].nunique() > 1:
            found = _agreement(means, "respondent")
            if found["n"] > 1:
                yield {"over": "models", **where, **found}


def _agreement(own: pd.DataFrame, rows: str) -> dict[str, Any]:
    wide = own.pivot(index=rows, columns="run", values="mean")
    table = wide[list(dict.fromkeys(own["run"]))].dropna().to_numpy(float)
    found = retest(table)
    few = len(table) < FEWEST_ROWS
    return {
        "n": len(table),
        "runs": table.shape[1],
        "icc": found.value,
        "icc_lower": found.lower,
        "icc_upper": found.upper,
        "shift": float((table[:, -1] - table[:, 0]).mean()) if len(table) else float("nan"),
        "why_not": _why_not(few, found.value != found.value),
    }


def _why_not(few: bool, nothing: bool) -> str:
    if few:
        return f"fewer than {FEWEST_ROWS}"
    return "the mean answers do not vary" if nothing else ""
