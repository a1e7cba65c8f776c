"""Run the simulation study of docs/sem-quality.md, or go on with it.

    python benchmarks/quality/simulate.py --replicates 500
    python benchmarks/quality/summarise.py      # the stored results
    python benchmarks/quality/figures.py        # the figures

Replicates are kept in runs/sem-quality, a file for every 25 of a cell: a run that was stopped goes
on where it was. Every replicate has its own seed, so the results do not depend on how it was run.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from design import ESTIMATORS, Cell, cells, replicate
from threadpoolctl import threadpool_limits

STORE = Path(__file__).parents[2] / "runs" / "sem-quality"
CHUNK = 25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicates", type=int, default=500, help="for each cell")
    parser.add_argument("--estimators", default=",".join(ESTIMATORS))
    parser.add_argument("--store", type=Path, default=STORE)
    options = parser.parse_args()
    options.store.mkdir(parents=True, exist_ok=True)
    chosen = cells(tuple(options.estimators.split(",")))
    with threadpool_limits(1):
        for start in range(0, options.replicates, CHUNK):
            for cell in chosen:
                path = options.store / f"{cell.name}-{start:05d}.npz"
                if not path.exists():
                    run(cell, start, path)


def run(cell: Cell, start: int, path: Path) -> None:
    """Replicates ``start`` to ``start + CHUNK`` of a cell, into a file."""
    began = time.process_time()
    done = [replicate(cell, seed) for seed in range(start, start + CHUNK)]
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez_compressed(
            file,
            est=np.array([one.est for one in done]),
            se=np.array([one.se for one in done]),
            p=np.array([one.p for one in done]),
            usable=np.array([one.usable for one in done]),
            admissible=np.array([one.admissible for one in done]),
        )
    part.replace(path)
    spent = (time.process_time() - began) / CHUNK
    print(f"{path.stem}: {spent:.3f} s a replicate", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
