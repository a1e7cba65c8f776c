"""One row an arm: its angle and what goes with it, each with its interval over trials."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from vaar.analyses.bootstrap import statistic_interval, with_intervals
from vaar.analyses.social_value_orientation.nulls import at_random, first_printed
from vaar.analyses.social_value_orientation.orientation import VALUES
from vaar.analyses.social_value_orientation.trials import Task

_FEWEST = 2


def arms(
    found: pd.DataFrame, responses: pd.DataFrame, task: Task, replicates: int, seed: int
) -> pd.DataFrame:
    """Describe every arm: a group, or a group with one assigned value.

    Parameters
    ----------
    found : DataFrame
        From :func:`vaar.analyses.social_value_orientation.trials.trials`.
    responses : DataFrame
        The answers behind it.
    """
    random, printed = at_random(task.primary).mean, first_printed(task.primary)
    rows = []
    for group in dict.fromkeys(found["group"]):
        of_group = found[found["group"] == group]
        for value in _values(of_group):
            own = of_group[of_group["value"] == value]
            answers = responses[responses["session"].isin(own["session"])]
            rows.append(
                {
                    "group": group,
                    "value": value,
                    **_counts(own),
                    **with_intervals(dict(_columns(own)), replicates, seed),
                    "angle_sd": own["angle"].std() if len(own) > 1 else np.nan,
                    "own": own["own"].mean(),
                    "other": own["other"].mean(),
                    **_from_nulls(own, random, printed),
                    **_direction(answers, task, replicates, seed),
                }
            )
    return pd.DataFrame(rows)


def _values(own: pd.DataFrame) -> list[str]:
    there = set(own["value"])
    known = [value for value in VALUES if value in there]
    return ([""] if "" in there else []) + known + sorted(there - {"", *VALUES})


def _counts(own: pd.DataFrame) -> dict[str, int]:
    return {"trials": len(own), "complete": int(own["angle"].notna().sum())}


def _columns(own: pd.DataFrame) -> Iterator[tuple[str, np.ndarray]]:
    known = own["angle"].notna().to_numpy()
    yield "angle", own["angle"].to_numpy(dtype=float)
    for value in VALUES:
        yield value, np.where(known, own["category"].eq(value).to_numpy(dtype=float), np.nan)
    yield "transitive", own["transitive"].to_numpy(dtype=float)
    yield "inequality_aversion", own["inequality_aversion"].to_numpy(dtype=float)
    yield "rationality", own["rationality"].to_numpy(dtype=float)
    assigned = own["value"].ne("").to_numpy()
    hit = own["category"].eq(own["value"]).to_numpy(dtype=float)
    yield "hit", np.where(known & assigned, hit, np.nan)
    judged = assigned & own["understood"].ne("").to_numpy()
    understood = own["understood"].eq(own["value"]).to_numpy()
    yield "understood", np.where(judged, understood.astype(float), np.nan)
    otherwise = (understood & (hit == 0)).astype(float)
    yield "understood_not_done", np.where(judged & known, otherwise, np.nan)


def _from_nulls(own: pd.DataFrame, random: float, printed: float) -> dict[str, float]:
    reached = own["angle"].mean()
    listed = own["first_listed"].mean()
    return {
        "from_random": reached - random,
        "from_first_printed": reached - printed,
        "first_listed": listed,
        "from_first_listed": reached - listed,
    }


def _direction(answers: pd.DataFrame, task: Task, replicates: int, seed: int) -> dict[str, float]:
    """What the direction of the options did to the primary items.

    ``order_effect``: mean over items of how much nearer to the end listed first the options taken
    lie, as a share of the line: 1 where always the first listed is taken, 0 where the direction
    does nothing. ``reversal_consistency``: 1 − the mean of its absolute size by item.
    """
    places, descending = _by_trial(answers, task)

    def effects(rows: np.ndarray) -> np.ndarray:
        taken, turned = places[rows], descending[rows]
        with np.errstate(invalid="ignore", divide="ignore"):
            means = [_column_mean(taken, turned == way) for way in (0.0, 1.0)]
        found: np.ndarray = means[1] - means[0]
        return found

    whole = effects(np.arange(len(places))) if len(places) else np.full(1, np.nan)

    def effect(rows: np.ndarray) -> float:
        return float(np.mean(effects(rows)))

    lower, upper = statistic_interval(len(places), effect, replicates, seed)
    return {
        "order_effect": float(np.mean(whole)),
        "order_effect_lower": lower,
        "order_effect_upper": upper,
        "reversal_consistency": float(1 - np.mean(np.abs(whole))),
    }


def _by_trial(answers: pd.DataFrame, task: Task) -> tuple[np.ndarray, np.ndarray]:
    """Share of the line at which each trial's option lies, and whether the line was turned."""
    codes = [one.code for one in task.primary]
    ours = answers[answers["item"].isin(codes)]
    last = {one.code: one.n_options - 1 for one in task.primary}
    first = {
        code: task.study.item[code][1].scale_of(task.study.item[code][0]).first for code in codes
    }
    share = (ours["value"].astype(float) - ours["item"].map(first)) / ours["item"].map(last)
    turned = ours["direction"].eq("descending").astype(float)
    table = pd.DataFrame(
        {"session": ours["session"], "item": ours["item"], "share": share, "turned": turned}
    )
    wide = table.pivot(index="session", columns="item").reindex(columns=codes, level="item")
    return wide["share"].to_numpy(dtype=float), wide["turned"].to_numpy(dtype=float)


def _column_mean(values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    counted = wanted & np.isfinite(values)
    mean: np.ndarray = np.where(counted, values, 0.0).sum(axis=0) / counted.sum(axis=0)
    return mean
