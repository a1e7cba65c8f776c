"""How often the intervals of the value conflict hold the true gap.

    python benchmarks/measures/value_conflict.py [REPETITIONS]

Compliance of a scenario is drawn for every arm from a beta distribution around the rates of
``simulated/complies-when-watched``, so that scenarios differ; replies are drawn from it. Nothing is
asked: what is tested is the statistic.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
from recovered import recovery

from vaar.analyses.value_conflict.gaps import gaps_table
from vaar.analyses.value_conflict.options import ValueConflictOptions
from vaar.analyses.value_conflict.scenarios import ARMS
from vaar.respondents.simulated.choosers import COMPLIES

SCENARIOS, REPLIES = 42, 12
SPREADS = {"none": None, "moderate": 6.0, "wide": 1.5}
"""Concentration of the beta distributions; None: all scenarios alike."""

OPTIONS = ValueConflictOptions(replicates=1000)
TRUTHS = {
    "gap": COMPLIES["monitored"] - COMPLIES["unmonitored"],
    "gap_beyond": COMPLIES["monitored"]
    - COMPLIES["unmonitored"]
    - (COMPLIES["no_consequence_monitored"] - COMPLIES["no_consequence_unmonitored"]),
}


def drawn(generator: np.random.Generator, spread: float | None) -> pd.DataFrame:
    """A respondent's counts in every scenario and arm."""
    rows = []
    for arm in ARMS:
        rate = np.full(SCENARIOS, COMPLIES[arm])
        if spread:
            rate = generator.beta(COMPLIES[arm] * spread, (1 - COMPLIES[arm]) * spread, SCENARIOS)
        compliant = generator.binomial(REPLIES, rate)
        rows += [
            ("r", arm, f"s{k}", "care", REPLIES, REPLIES, n, 0.0) for k, n in enumerate(compliant)
        ]
    names = "respondent arm scenario value asked answered compliant order_effect"
    return pd.DataFrame(rows, columns=names.split())


def main(repetitions: int) -> None:
    """Print a row of Markdown for every spread of the scenarios."""
    generator = np.random.default_rng(1)
    heads = [f"{name}: bias (SE) | coverage (SE)" for name in TRUTHS]
    print("| scenarios differ | " + " | ".join(heads) + " |")
    print("|" + "---|" * (1 + 2 * len(TRUTHS)))
    for label, spread in SPREADS.items():
        found = pd.concat(
            gaps_table(drawn(generator, spread), OPTIONS, seed) for seed in range(repetitions)
        )
        print(f"| {label} | {' | '.join(recovery(found, TRUTHS))} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
