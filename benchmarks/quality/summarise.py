"""Turn replicates of the simulation study into docs/sem-quality/results.csv.

Cells without replicates in the store keep the figures they have there.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from design import KINDS, TRUTH, Cell, cells
from simulate import STORE

RESULTS = Path(__file__).parents[2] / "docs" / "sem-quality" / "results.csv"
TESTS = ("configural", "metric", "difference")
LEVEL = 0.05
FEWEST = 100  # replicates below which a cell is left out
_Z_95 = 1.959964


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path, default=STORE)
    options = parser.parse_args()
    earlier = (
        pd.read_csv(RESULTS)
        if RESULTS.exists()
        else pd.DataFrame(columns=["shape", "n", "estimator"])
    )
    tables = [figures_of(cell, options.store, earlier) for cell in cells()]
    results = pd.concat([table for table in tables if len(table)], ignore_index=True)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    results.to_csv(RESULTS, index=False, float_format="%.5f")
    print(f"wrote {RESULTS}: {len(results)} figures")


def figures_of(cell: Cell, store: Path, earlier: pd.DataFrame) -> pd.DataFrame:
    """Of the replicates in the store, or those of an earlier run where there are none."""
    key = {"shape": cell.shape, "n": cell.n, "estimator": cell.estimator}
    rows = [key | row for row in summary(load(cell, store))]
    if rows:
        return pd.DataFrame(rows)
    return earlier[(earlier[list(key)] == pd.Series(key)).all(axis=1)]


def load(cell: Cell, store: Path) -> dict[str, np.ndarray]:
    """All replicates of a cell, laid end to end; empty where there are none."""
    parts = [np.load(path) for path in sorted(store.glob(f"{cell.name}-[0-9]*.npz"))]
    names = ("est", "se", "p", "usable", "admissible")
    return {name: np.concatenate([part[name] for part in parts]) for name in names if parts}


def summary(runs: dict[str, np.ndarray]) -> Iterator[dict[str, object]]:
    """Figures of a cell: kind, quantity, value, Monte-Carlo standard error, replicates."""
    if not runs or len(runs["p"]) < FEWEST:
        return
    yield _share("fits", "not usable", 1.0 - runs["usable"])
    yield _share("fits", "inadmissible", 1.0 * (runs["usable"] & ~runs["admissible"]))
    for number, test in enumerate(TESTS):
        p = runs["p"][:, number]
        yield _share(test, "rejected", 1.0 * (p[~np.isnan(p)] < LEVEL))
    for kind in dict.fromkeys(KINDS):
        for name in ("bias", "coverage", "ratio"):
            yield _of_parameters(runs, str(kind), name)


def _share(kind: str, quantity: str, outcomes: np.ndarray) -> dict[str, object]:
    return _figure(kind, quantity, outcomes.mean(), _mean_error(outcomes), len(outcomes))


def _of_parameters(runs: dict[str, np.ndarray], kind: str, quantity: str) -> dict[str, object]:
    """Averages over the parameters of a kind and over both groups.

    Coverage and ratio of the standard errors leave out replicates without a standard error.
    """
    at = kind == KINDS
    est, se, truth = runs["est"][:, :, at], runs["se"][:, :, at], TRUTH[at]
    sized = np.isfinite(se) & (se > 0) & runs["admissible"][:, None, None]
    whole = sized.all(axis=(1, 2))
    est, se = est[whole], se[whole]
    if quantity == "ratio":
        ratio = float((se.mean(axis=0) / est.std(axis=0, ddof=1)).mean())
        return _figure(kind, quantity, ratio, ratio / np.sqrt(2 * (len(est) - 1)), len(est))
    each = (est - truth) * np.sign(truth) if quantity == "bias" else abs(est - truth) < _Z_95 * se
    means = each.reshape(len(each), -1).mean(axis=1)
    return _figure(kind, quantity, means.mean(), _mean_error(means), len(means))


def _figure(
    kind: str, quantity: str, value: float, error: float, replicates: int
) -> dict[str, object]:
    return {
        "kind": kind,
        "quantity": quantity,
        "value": value,
        "mc_error": error,
        "replicates": replicates,
    }


def _mean_error(values: np.ndarray) -> float:
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else np.nan


if __name__ == "__main__":
    main()
