"""How often the intervals of agreement with statements hold the true agreement.

    python benchmarks/measures/national_values.py [REPETITIONS]

The agreement of a topic is drawn from a beta distribution, answers to its items from that in both
orders. Nothing is asked: what is tested is the statistic.
"""

from __future__ import annotations

import sys
from math import sqrt

import numpy as np
import pandas as pd

from vaar.analyses.national_values.agreement import agreement_table
from vaar.respondents.simulated.choosers import AGREES

ITEMS_A_TOPIC, REPLIES, CONCENTRATION = 8, 2, 4.0
TOPICS = (8, 20, 50)


def drawn(generator: np.random.Generator, topics: int) -> pd.DataFrame:
    """A group's items, `REPLIES` answers in each order."""
    beta = AGREES * CONCENTRATION, (1 - AGREES) * CONCENTRATION
    of_topic = np.repeat(generator.beta(*beta, topics), ITEMS_A_TOPIC)
    a, b = (generator.binomial(REPLIES, of_topic) / REPLIES for _ in range(2))
    return pd.DataFrame(
        {
            "group": "g",
            "form": "choice",
            "nation": "n",
            "source": "s",
            "topic": np.repeat(np.arange(topics), ITEMS_A_TOPIC),
            "agreement": (a + b) / 2,
            "consistency": a * b + (1 - a) * (1 - b),
            "undecided": 0.0,
            "first": (a + 1 - b) / 2,
        }
    )


def main(repetitions: int) -> None:
    """Print a row of Markdown for every number of topics."""
    generator = np.random.default_rng(1)
    print("| topics | bias (SE) | coverage (SE) |\n|---|---|---|")
    for topics in TOPICS:
        found = pd.concat(
            agreement_table(drawn(generator, topics), 1000, seed).head(1)
            for seed in range(repetitions)
        )
        error = found["agreement"] - AGREES
        rate = found["agreement_lower"].le(AGREES).mul(found["agreement_upper"].ge(AGREES)).mean()
        print(
            f"| {topics} | {error.mean():+.4f} ({error.std() / sqrt(repetitions):.4f}) "
            f"| {rate:.3f} ({sqrt(rate * (1 - rate) / repetitions):.3f}) |",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
