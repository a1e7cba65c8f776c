"""How far VAAR lies from its true value, and how often its interval holds it.

    make quality                                        # or, with other numbers:
    python benchmarks/quality/rates.py --data-sets 200 --only study

Two ways to the same question. ``study``: simulated sessions of `privacy_prosocial` with known
paths, screened, fitted and judged by the package, as `vaar calibrate` does it. ``normal``: one to
eight paths drawn about their true values with the standard errors of a study of that size, held
against people whose direction is more or less sure. The table goes to docs/quality/rates.csv.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.rate.same_sign import (
    MANY_PATHS,
    corrected,
    log_rate,
    log_same_sign,
    upper_of_many,
)
from vaar.calibration.data_sets import Cell, Replay, judging
from vaar.calibration.options import SimulationOptions
from vaar.calibration.populations import expected_effects, with_effects
from vaar.calibration.tally import tables_of
from vaar.study.load import load_study

RESULTS = Path(__file__).parents[2] / "docs" / "quality" / "rates.csv"
HEADING = (
    *("source", "paths", "effects", "q", "sessions", "data_sets"),
    *("truth", "median", "bias", "coverage", "error", "wrong"),
)

SESSIONS = (100, 200, 1000)
PAIRS = ((0.0, 0.0), (0.1, 0.1), (0.2, 0.2), (0.4, 0.4))
SIZES = (-0.2, 0.0, 0.1, 0.2, 0.4)
SURENESS = (1.0, 0.9, 0.6, 0.5)
SE_OF_ONE = 1.2
"""Of a path from one session: standard errors are .085 at 200 sessions of the study."""
REPLICATES = 400

Row = tuple[object, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data-sets", type=int, default=400)
    parser.add_argument("--only", choices=("study", "normal"))
    parser.add_argument("--out", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    parts = {"study": of_the_study, "normal": of_drawn_paths}
    with chosen.out.open("w", newline="") as file, threadpool_limits(1):
        table = csv.writer(file)
        table.writerow(HEADING)
        for name, rows in parts.items():
            for row in rows(chosen.data_sets) if name == (chosen.only or name) else ():
                table.writerow((name, *row))
                print(name, *row, sep="\t", flush=True)


def of_the_study(data_sets: int) -> Iterator[Row]:
    """The whole way, from answers to the rate; positive effects are as expected."""
    study = load_study("privacy_prosocial")
    replay = Replay(study, AlignmentOptions(), SimulationOptions(data_sets=data_sets, seed=2))
    for pair in PAIRS:
        given = {h.path: size for h, size in zip(study.hypotheses, pair, strict=True)}
        population = with_effects(study, expected_effects(study, given), 0.7)
        cells = [Cell(population, n) for n in SESSIONS]
        with judging(replay) as judge:
            paths, rates = tables_of(replay, cells, judge(cells, lambda done, total: None))
        for row in rates.to_dict("records"):
            wrong = paths.loc[paths["sessions"] == row["sessions"], "wrong"].max()
            names = ("true_vaar", "median_vaar", "bias", "coverage", "coverage_error")
            told = [f"{row[name]:.3f}" for name in names]
            effects = " ".join(f"{size:g}" for size in pair)
            yield (len(pair), effects, 1, row["sessions"], data_sets, *told, f"{wrong:.3f}")


def of_drawn_paths(data_sets: int) -> Iterator[Row]:
    """Normal paths of one size: what does not depend on any model."""
    for n_paths in range(1, 9):
        for size in SIZES:
            for q in SURENESS:
                for sessions in SESSIONS:
                    told = of_cell(n_paths, size, q, sessions, data_sets)
                    where = (n_paths, f"{size:g}", q, sessions, data_sets)
                    yield (*where, *(f"{value:.3f}" for value in told), "")


def of_cell(
    n_paths: int, size: float, q: float, sessions: int, data_sets: int
) -> tuple[float, float, float, float, float]:
    """Truth, median, bias, coverage and its error."""
    rng = np.random.default_rng([n_paths, sessions, int(1000 * (size + 1)), int(100 * q)])
    se, weights = SE_OF_ONE / np.sqrt(sessions), np.ones(n_paths)
    b = size + se * rng.standard_normal((data_sets, n_paths))
    again = b + se * rng.standard_normal((REPLICATES, data_sets, n_paths))
    at_b, replicates = (log_rate(log_same_sign(x, 1, q), weights) for x in (b, again))
    vaar, lower, upper = corrected(np.exp(at_b), np.exp(replicates))
    if n_paths >= MANY_PATHS:
        upper = np.maximum(upper, upper_of_many(at_b, replicates))
    truth = float(np.exp(log_rate(log_same_sign(np.full(n_paths, size), 1, q), weights)))
    slack = 1e-9  # at q = ½ the rate is .5 whatever the paths are
    covered = float(((lower - slack <= truth) & (truth <= upper + slack)).mean())
    error = float(np.sqrt(covered * (1 - covered) / data_sets))
    return truth, float(np.median(vaar)), float(np.median(vaar)) - truth, covered, error


if __name__ == "__main__":
    main()
