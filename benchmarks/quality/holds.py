"""Does docs/sem-quality.md still hold? A hundred new replicates of its smallest cells, compared.

    python benchmarks/quality/holds.py      # two or three minutes

Replicates have the seeds of the study, so what differs comes of the code alone; a difference beyond
four Monte-Carlo errors of both is told, and ends the program with an error. The comparison is kept
in docs/quality/simulation.csv.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from design import cells
from simulate import CHUNK, run
from summarise import RESULTS, load, summary
from threadpoolctl import threadpool_limits

STORE = Path(__file__).parents[2] / "docs/quality/simulation.csv"
ROWS = 100
REPLICATES = 100
ERRORS = 4.0
KEY = ["shape", "n", "estimator", "kind", "quantity"]


def main() -> None:
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(1):
        for cell in cells():
            if cell.n != ROWS:
                continue
            for start in range(0, REPLICATES, CHUNK):
                run(cell, start, Path(folder) / f"{cell.name}-{start:05d}.npz")
            key = {"shape": cell.shape, "n": cell.n, "estimator": cell.estimator}
            rows += [key | row for row in summary(load(cell, Path(folder)))]
    both = pd.DataFrame(rows).merge(pd.read_csv(RESULTS), on=KEY, suffixes=("", "_study"))
    error = np.hypot(both["mc_error"], both["mc_error_study"]).clip(lower=1 / REPLICATES)
    both["errors_apart"] = (both["value"] - both["value_study"]).abs() / error
    STORE.parent.mkdir(parents=True, exist_ok=True)
    both.to_csv(STORE, index=False, float_format="%.5f")
    apart = both[both["errors_apart"] > ERRORS]
    print(f"{len(both)} figures, the furthest {both['errors_apart'].max():.1f} errors apart")
    if len(apart):
        sys.exit(apart[[*KEY, "value", "value_study"]].to_string(index=False))


if __name__ == "__main__":
    main()
