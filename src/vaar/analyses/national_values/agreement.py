"""Agreement of every group with the statements of every nation and source."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from vaar.analyses.bootstrap import interval, mean, resampled

FIGURES = ("agreement", "consistency", "undecided", "first")
ALL = "all"
"""Stands for all nations, or all sources, together."""


def agreement_table(items: pd.DataFrame, replicates: int, seed: int) -> pd.DataFrame:
    """Means over items, with intervals that resample whole topics.

    Parameters
    ----------
    items : DataFrame
        From :func:`vaar.analyses.national_values.items.items_table`.
    """
    rows = []
    for (group, form), own in items.groupby(["group", "form"], sort=False):
        for nation, source, part in _parts(own):
            rows.append(
                {
                    "group": group,
                    "form": form,
                    "nation": nation,
                    "source": source,
                    "items": len(part),
                    "complete": int(part["agreement"].notna().sum()),
                    "topics": part["topic"].nunique(),
                    **_figures(part, replicates, seed),
                }
            )
    return pd.DataFrame(rows)


def _parts(own: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    yield ALL, ALL, own
    for nation, of_nation in own.groupby("nation", sort=False):
        yield str(nation), ALL, of_nation
        if of_nation["source"].nunique() > 1:
            for source, of_source in of_nation.groupby("source", sort=False):
                yield str(nation), str(source), of_source


def _figures(part: pd.DataFrame, replicates: int, seed: int) -> dict[str, float]:
    values = part[list(FIGURES)].to_numpy(dtype=float)
    clusters, names = pd.factorize(part["topic"])
    draws = resampled(values, replicates, seed, np.asarray(clusters, dtype=np.intp))
    found: dict[str, float] = {}
    for place, name in enumerate(FIGURES):
        found[name] = mean(values[:, place])
        ends = interval(draws[:, place], len(names))
        found[f"{name}_lower"], found[f"{name}_upper"] = ends
    return found
