"""How often the intervals of the control of values hold the true change.

    python benchmarks/measures/value_control.py [REPETITIONS]

The score of a dilemma is known but for what dilemmas were written: each has a score of its own, and
a change under the shift that is drawn around the true mean, .10; random directions change it by
nothing on average. Nothing is asked: what is tested is the statistic.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
from recovered import recovery

from vaar.analyses.value_control.compare import arms_table

DILEMMAS = 40
TRUTHS = {"change": 0.10, "beyond_random": 0.10}
SHAPES = {"nearly alike": (40.0, 360.0), "spread": (1.0, 9.0), "in few alone": (0.1, 0.9)}
"""Beta distributions of the change of a dilemma, all with the mean .10."""


def drawn(generator: np.random.Generator, shape: tuple[float, float]) -> pd.DataFrame:
    """The questions of one respondent, in every arm."""
    base = generator.uniform(0.0, 0.5, DILEMMAS)
    arms = {"none": base, "shift": base + generator.beta(*shape, DILEMMAS)}
    for n in (1, 2, 3):
        arms[f"random_{n}"] = base + generator.normal(0.0, 0.05, DILEMMAS)
    rows = [
        {
            "respondent": "r",
            "value": "privacy",
            "arm": "random" if name.startswith("random") else name,
            "condition": name,
            "kind": "dilemmas",
            "item": f"d{k}",
            "score": score,
            "order_effect": 0.0,
        }
        for name, scores in arms.items()
        for k, score in enumerate(scores)
    ]
    return pd.DataFrame(rows)


def main(repetitions: int) -> None:
    """Print a row of Markdown for every way in which dilemmas differ."""
    heads = [f"{name}: bias (SE) | coverage (SE)" for name in TRUTHS]
    print(f"| changes of dilemmas | {' | '.join(heads)} |")
    print("|" + "---|" * (1 + 2 * len(TRUTHS)))
    for label, shape in SHAPES.items():
        generator = np.random.default_rng(1)
        found = pd.concat(
            arms_table(drawn(generator, shape), 1000, seed).query("arm == 'shift'")
            for seed in range(repetitions)
        )
        print(f"| {label} | {' | '.join(recovery(found, TRUTHS))} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
