"""How often intervals hold the true paths where personas repeat.

    make quality                                        # or, with other numbers:
    python benchmarks/quality/personas.py --data-sets 100 --personas 20

Simulated sessions of `privacy_prosocial`, some of each persona, which makes up half of every
trait's variance or seven tenths. Errors are those of `vaar analyze`, from leaving out each persona
in turn; intervals use t with one degree of freedom fewer than personas.
The table goes to docs/quality/personas.csv.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.special import stdtrit
from threadpoolctl import threadpool_limits

from vaar.analyses.alignment.options import AlignmentOptions
from vaar.calibration.design import Design, design_of
from vaar.calibration.draw import drawn
from vaar.calibration.judge import judge
from vaar.calibration.populations import expected_effects, true_values, with_effects
from vaar.respondents.simulated.answer_model import AnswerModel
from vaar.study.load import load_study
from vaar.study.model import Persona, Study

RESULTS = Path(__file__).parents[2] / "docs" / "quality" / "personas.csv"
HEADING = (
    "personas",
    "each",
    "share",
    "path",
    "data_sets",
    "bias",
    "sd",
    "se",
    "coverage",
    "error",
)
EACH = 5
SHARES = (0.5, 0.7)
EFFECTS = 0.3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data-sets", type=int, default=400)
    parser.add_argument("--personas", type=int, nargs="+", default=[20, 30, 60])
    parser.add_argument("--out", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    with chosen.out.open("w", newline="") as file, threadpool_limits(1):
        table = csv.writer(file)
        table.writerow(HEADING)
        for personas in chosen.personas:
            study = with_personas(load_study("privacy_prosocial"), personas)
            for share in SHARES:
                for row in rows(study, share, chosen.data_sets):
                    table.writerow((personas, EACH, share, *row))
                    print(personas, EACH, share, *row, sep="\t", flush=True)


def with_personas(study: Study, number: int) -> Study:
    """The study with so many personas, of whom its texts say nothing."""
    return replace(study, personas=tuple(Persona(f"p{k}") for k in range(number)))


def rows(study: Study, share: float, data_sets: int) -> list[tuple[object, ...]]:
    """A row for each path: bias, spread, root mean square of the errors, coverage."""
    given = {hypothesis.path: EFFECTS for hypothesis in study.hypotheses}
    population = with_effects(study, expected_effects(study, given), 0.7)
    model, truth = AnswerModel(population, study), np.array(true_values(population, study))
    design = design_of(study, EACH * len(study.personas), seed=1)
    found = [one(model, design, share, number) for number in range(data_sets)]
    estimate, se, df = (np.array(part) for part in zip(*found, strict=True))
    covered = np.abs(estimate - truth) <= stdtrit(df, 0.975)[:, None] * se
    told = []
    for k, hypothesis in enumerate(study.hypotheses):
        known = np.isfinite(se[:, k])
        b, errors, hits = estimate[known, k], se[known, k], covered[known, k]
        spread = np.sqrt(hits.mean() * (1 - hits.mean()) / hits.size)
        figures = (b.mean() - truth[k], b.std(), np.sqrt((errors**2).mean()), hits.mean(), spread)
        told.append((hypothesis.path, int(known.sum()), *(f"{value:.3f}" for value in figures)))
    return told


def one(
    model: AnswerModel, design: Design, share: float, number: int
) -> tuple[np.ndarray, np.ndarray, float]:
    """Standardised paths of one data set, their errors, and degrees of freedom."""
    rng = np.random.default_rng([number, len(design.persona), int(100 * share)])
    told = judge(drawn(model, design, rng, share), design, AlignmentOptions(), rng)
    return told.estimate[0], told.se[0], float(told.df[0])


if __name__ == "__main__":
    main()
