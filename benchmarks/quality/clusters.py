"""Coverage and rejection where rows stand in clusters, for docs/sem-quality.md.

    python benchmarks/quality/clusters.py --replicates 1000 --processes 2
    python benchmarks/quality/clusters.py --replicates 500 --estimators MLR --clusters 20 --out FILE

Writes docs/sem-quality/clusters.csv: intervals that take no notice of clusters (``rows``), those of
``cluster=`` (``clusters``), and those of ``sem.jackknife``, up to 50 clusters. All figures are
simulated: sessions of personas, whose answers share a part of the latent variables and of every
item's residual. ``within`` is the path
between two latent variables that vary within and between personas, ``between`` that of a trait of
the persona.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

import vaar.sem as sem

OUT = Path(__file__).parents[2] / "docs" / "sem-quality" / "clusters.csv"
MODEL = "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\ng ~ within*f + between*z"
ITEMS = ["x1", "x2", "x3", "y1", "y2", "y3"]
PATHS = {"within": 0.4, "between": 0.3}
ICC, ITEM_ICC, RESIDUAL = 0.3, 0.2, 0.75
CLUSTERS = (10, 20, 30, 50, 100)
MOST = 50  # clusters that are left out in turn
SESSIONS = (5, 15)


def draw(seed: tuple[int, ...], clusters: int) -> pd.DataFrame:
    """Sessions of personas: standard normal latent variables, items with loadings .8 and .6 of
    residual."""
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), rng.integers(*SESSIONS, clusters, endpoint=True))

    def mixed(share: float) -> np.ndarray:
        parts = rng.normal(size=clusters)[cluster], rng.normal(size=len(cluster))
        return np.sqrt(share) * parts[0] + np.sqrt(1 - share) * parts[1]

    z, f = rng.normal(size=clusters)[cluster], mixed(ICC)
    g = PATHS["within"] * f + PATHS["between"] * z + np.sqrt(RESIDUAL) * mixed(ICC)
    items = [0.8 * latent + 0.6 * mixed(ITEM_ICC) for latent in (f, f, f, g, g, g)]
    return pd.DataFrame(np.column_stack(items), columns=ITEMS).assign(z=z, cluster=cluster)


def replicate(number: int, clusters: int, estimator: str) -> Iterator[dict[str, object]]:
    """What one sample says, with clusters and without."""
    data = draw((clusters, number), clusters)
    options: dict[str, object] = {"estimator": estimator, "std_lv": True}
    if estimator == "WLSMV":
        data[ITEMS] = np.digitize(data[ITEMS], [-1, -0.2, 0.5, 1.3])
        options |= {"ordered": ITEMS, "fixed_x": False}
    else:
        options |= {"meanstructure": True}
    named = {"estimator": estimator, "clusters": clusters}
    for taken in (False, True):
        fit = sem.fit(MODEL, data, cluster="cluster" if taken else None, **options)  # type: ignore[arg-type]
        rejected = fit.measures["pvalue_scaled"] < 0.05
        for row in _covered(fit, fit.params):
            yield {**named, "errors": "clusters" if taken else "rows", **row, "rejected": rejected}
    if clusters <= MOST:
        for row in _covered(fit, sem.jackknife(fit).intervals()):
            yield {**named, "errors": "jackknife", **row, "rejected": np.nan}


def _covered(fit: sem.Fit, table: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Whether the intervals of a table, whose rows are those of ``fit.params``, hold the truth."""
    for name, path in PATHS.items():
        true = path / np.sqrt(RESIDUAL)
        row = table.loc[fit.params.index[fit.params["label"] == name][0]]
        yield {
            "path": name,
            "estimate": row["est"] - true,
            "se": row["se"],
            "covered_t": row["ci_lower"] <= true <= row["ci_upper"],
            "covered_z": abs(row["est"] - true) <= 1.959964 * row["se"],
        }


def chunk(numbers: range, clusters: int, estimator: str) -> list[dict[str, object]]:
    with threadpool_limits(1):
        return [row for number in numbers for row in replicate(number, clusters, estimator)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicates", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first replicate")
    parser.add_argument("--estimators", default="MLR,WLSMV")
    parser.add_argument("--clusters", default=",".join(map(str, CLUSTERS)))
    parser.add_argument("--out", default=str(OUT))
    options = parser.parse_args()
    last = options.first + options.replicates
    chunks = [range(at, min(at + 25, last)) for at in range(options.first, last, 25)]
    found = []
    with ProcessPoolExecutor(options.processes) as pool:
        for estimator in options.estimators.split(","):
            for clusters in map(int, options.clusters.split(",")):
                run = partial(chunk, clusters=clusters, estimator=estimator)
                found += [row for part in pool.map(run, chunks) for row in part]
    table = pd.DataFrame(found).groupby(["estimator", "clusters", "errors", "path"], sort=False)
    summary = table.agg(
        bias=("estimate", "mean"),
        sd=("estimate", "std"),
        mean_se=("se", "mean"),
        covered_t=("covered_t", "mean"),
        covered_z=("covered_z", "mean"),
        rejected=("rejected", "mean"),
        replicates=("se", "size"),
    )
    summary.round(4).to_csv(options.out)


if __name__ == "__main__":
    main()
