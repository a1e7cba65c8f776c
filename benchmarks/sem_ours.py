"""One timed task of vaar.sem in a process of its own: its answer is a line of JSON.

python sem_ours.py <task> <data.csv> <estimator> <replicates> <model file>
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
from sem_data import ITEMS, MODEL, answers

import vaar.sem as sem

TINY = "privacy =~ " + " + ".join(ITEMS[:4])
TINY_LEVELS = "level: 1\nf =~ y1 + y2 + y3\nlevel: 2\nf =~ y1 + y2 + y3"


def main() -> None:
    task, path, estimator, replicates, model = sys.argv[1:]
    data = pd.read_csv(path)
    if task == "two-level":
        spent = two_levels(data, Path(model).read_text(), estimator)
        print(json.dumps(spent | {"peak_mb": peak_memory()}))
        return
    options = {"estimator": estimator} | ({"ordered": True} if estimator == "WLSMV" else {})
    warm_up(options)
    if task == "ladder":
        spent = ladder(data, options)
    elif task == "bootstrap":
        spent = bootstrap(data, options, int(replicates))
    else:
        spent = one_fit(data, options)
    print(json.dumps(spent | {"peak_mb": peak_memory()}))


def warm_up(options: dict[str, Any]) -> None:
    """Load all that is loaded late."""
    tiny = answers(2, 60, seed=1)
    fit = sem.fit(TINY, tiny, group="group", group_equal=["loadings"], **options)
    _ = fit.params, fit.measures


def one_fit(data: pd.DataFrame, options: dict[str, Any]) -> dict[str, float]:
    clock = Clock()
    fit = sem.fit(MODEL, data, group="group", group_equal=["loadings"], **options)
    spent = clock.read("fit")
    _ = fit.params
    measures = fit.measures
    return spent | clock.read("complete") | {"chisq": measures["chisq"], "df": measures["df"]}


def two_levels(data: pd.DataFrame, model: str, estimator: str) -> dict[str, float]:
    """With the standardised solution."""
    options: dict[str, Any] = {"cluster": "cluster", "estimator": estimator}
    if data["group"].nunique() > 1:
        options["group"] = "group"
    for _ in range(3):
        tiny = sem.fit(TINY_LEVELS, data, **options)
        _ = tiny.params, tiny.measures
    clock = Clock()
    fit = sem.fit(model, data, **options)
    spent = clock.read("fit")
    _ = fit.params
    measures = fit.measures
    return spent | clock.read("complete") | {"chisq": measures["chisq"], "df": measures["df"]}


def ladder(data: pd.DataFrame, options: dict[str, Any]) -> dict[str, float]:
    clock = Clock()
    found = sem.invariance(MODEL, data, group="group", **options)
    table = found.table
    for fit in found.fits.values():
        _ = fit.params
    return clock.read("complete") | {"chisq": table["chisq"].iloc[-1], "df": table["df"].iloc[-1]}


def bootstrap(data: pd.DataFrame, options: dict[str, Any], replicates: int) -> dict[str, float]:
    fit = sem.fit(MODEL, data, group="group", group_equal=["loadings"], **options)
    sem.bootstrap(fit, 2, seed=1)
    clock = Clock()
    drawn = sem.bootstrap(fit, replicates, seed=2)
    spent = clock.read("complete")
    per_thousand = {name: value * 1000 / replicates for name, value in spent.items()}
    return per_thousand | {"replicates": replicates, "failed": drawn.failed}


class Clock:
    """CPU and wall seconds since it was made."""

    def __init__(self) -> None:
        self.cpu, self.wall = time.process_time(), time.perf_counter()

    def read(self, name: str) -> dict[str, float]:
        return {
            f"{name}_cpu": time.process_time() - self.cpu,
            f"{name}_wall": time.perf_counter() - self.wall,
        }


def peak_memory() -> float:
    """Largest resident memory of this process, in MB."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main()
