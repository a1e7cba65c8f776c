"""How far VAAR lies from its true value, and how often its interval holds it.

    make quality                                        # or, with other numbers:
    python benchmarks/quality/rates.py --data-sets 200 --only study

Two ways to the same question. ``study``: simulated sessions of `privacy_prosocial` with known
paths, screened, fitted and judged by the package, as `vaar calibrate` does it. ``normal``: one to
eight paths drawn about their true values with the standard errors of a study of that size, held
against people whose direction is more or less sure, or is known from a sample of people only. The
table goes to docs/quality/rates.csv.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.special import ndtri
from threadpoolctl import threadpool_limits

from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.rate.function import RateFunction
from vaar.analyses.alignment.rate.inversion import inverted
from vaar.analyses.alignment.rate.same_sign import KAPPA
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
FEWER = 60
"""Through the study too: the report says what holds no longer there."""
PAIRS = ((0.0, 0.0), (0.1, 0.1), (0.2, 0.2), (0.4, 0.4))
SIZES = ((-0.2,), (0.0,), (0.1,), (0.2,), (0.4,), (0.3, -0.1), (0.4, 0.0))
"""True paths, repeated until there are enough."""
COUNTS = (1, 2, 3, 5, 8)
SURENESS = (1.0, 0.9, 0.6, 0.5, None)
"""q; None where people's paths of .1 are estimated from 300 of them."""
PEOPLE, PEOPLES_PATH = 300, 0.1
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
        cells = [Cell(population, n) for n in (FEWER, *SESSIONS)]
        with judging(replay) as judge:
            paths, rates = tables_of(replay, cells, judge(cells, lambda done, total: None))
        for row in rates.to_dict("records"):
            wrong = paths.loc[paths["sessions"] == row["sessions"], "wrong"].max()
            names = ("true_vaar", "median_vaar", "bias", "coverage", "coverage_error")
            told = [f"{row[name]:.3f}" for name in names]
            effects = " ".join(f"{size:g}" for size in pair)
            yield (len(pair), effects, 1, row["sessions"], data_sets, *told, f"{wrong:.3f}")


def of_drawn_paths(data_sets: int) -> Iterator[Row]:
    """Normal paths: what does not depend on any model."""
    for n_paths in COUNTS:
        for sizes in (s for s in SIZES if len(s) <= n_paths):
            for q in SURENESS:
                for sessions in SESSIONS:
                    told = of_cell(n_paths, sizes, q, sessions, data_sets)
                    effects = " ".join(f"{size:g}" for size in sizes)
                    where = (n_paths, effects, q or "sampled", sessions, data_sets)
                    yield (*where, *(f"{value:.3f}" for value in told), "")


def of_cell(
    n_paths: int, sizes: tuple[float, ...], q: float | None, sessions: int, data_sets: int
) -> tuple[float, float, float, float, float]:
    """Truth, median, bias, coverage and its error."""
    name = [n_paths, sessions, int(100 * (q or 0)), *(int(1000 * (size + 1)) for size in sizes)]
    rng = np.random.default_rng(name)
    se_people = SE_OF_ONE / np.sqrt(PEOPLE)
    people = PEOPLES_PATH if q is None else float(ndtri(q)) * se_people
    true = np.r_[np.resize(sizes, n_paths), np.full(n_paths, people)]
    se = np.repeat([SE_OF_ONE / np.sqrt(sessions), 0.0 if q else se_people], n_paths)
    b = true + se * rng.standard_normal((data_sets, 2 * n_paths))
    errors = se * rng.standard_normal((REPLICATES, data_sets, 2 * n_paths))
    ones = np.ones(n_paths)
    rate = RateFunction(ones, ones, np.full((data_sets, 1), KAPPA), se_people * ones)
    vaar, lower, upper = inverted(rate, b, errors)
    truth = float(np.exp(rate(np.tile(true, (data_sets, 1))))[0])
    slack = 1e-9  # at q = ½ the rate is .5 whatever the paths are
    covered = float(((lower - slack <= truth) & (truth <= upper + slack)).mean())
    error = float(np.sqrt(covered * (1 - covered) / data_sets))
    return truth, float(np.median(vaar)), float(np.median(vaar)) - truth, covered, error


if __name__ == "__main__":
    main()
