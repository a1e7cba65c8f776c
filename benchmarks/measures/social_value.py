"""How often the intervals of the social value orientation hold the true angle.

    python benchmarks/measures/social_value.py [REPETITIONS]

Trials are drawn from the rule of ``simulated/keeps-value``, whose mean angle is computed over all
combinations of options. Nothing is asked: what is tested is the statistic.
"""

from __future__ import annotations

import sys
from math import sqrt

import numpy as np

from vaar.analyses.bootstrap import with_intervals
from vaar.analyses.social_value_orientation.nulls import expected
from vaar.analyses.social_value_orientation.orientation import VALUES, angle
from vaar.analyses.social_value_orientation.payoffs import allocations
from vaar.respondents.simulated.choosers import Choice, keeps_assigned_value
from vaar.study.load import load_study

TRIALS = (20, 50, 200)
REPLICATES = 1000


def main(repetitions: int) -> None:
    """Print a row of Markdown for every arm."""
    study = load_study("social_value_orientation")
    primary = allocations(study, "primary")
    generator = np.random.default_rng(1)
    print(
        "| assigned | true angle | bias (SE) | coverage at "
        + " | at ".join(map(str, TRIALS))
        + " |"
    )
    print("|" + "---|" * (3 + len(TRIALS)))
    for value in ("", *VALUES):
        told = f"act as a {value} person would" if value else ""
        chances = [
            np.array(keeps_assigned_value(Choice(labels, tuple(range(9)), "", told)))
            for labels in (study.item[one.code][0].scale.labels for one in primary)
        ]
        truth = expected(primary, chances).mean
        cells, bias = [], ""
        for trials in TRIALS:
            found = []
            for seed in range(repetitions):
                places = [generator.choice(9, size=trials, p=p) for p in chances]
                own = np.mean([o.own[k] for o, k in zip(primary, places, strict=True)], axis=0)
                other = np.mean([o.other[k] for o, k in zip(primary, places, strict=True)], axis=0)
                found.append(with_intervals({"angle": angle(own, other)}, REPLICATES, seed))
            held = np.mean([f["angle_lower"] <= truth <= f["angle_upper"] for f in found])
            cells.append(f"{held:.3f} ({sqrt(held * (1 - held) / repetitions):.3f})")
            errors = np.array([f["angle"] - truth for f in found])
            bias = f"{errors.mean():+.2f} ({errors.std() / sqrt(repetitions):.2f})"
        print(f"| {value or 'none'} | {truth:.2f}° | {bias} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
