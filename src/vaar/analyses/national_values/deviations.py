"""What differs from the published practice, and why."""

from __future__ import annotations

from vaar.analyses.deviation import Deviation

PAPER = "Ju et al. (2025), arXiv:2504.12911"

DEVIATIONS = (
    Deviation(
        "both orders of every item",
        "the statement at A in the first half of the items, at B in the second",
        "a preference for A would be agreement with half of them",
    ),
    Deviation(
        "answers and probabilities both allow rates",
        "an integer division sends rates to 0",
        "a rate is no whole number",
    ),
    Deviation(
        "the model that is evaluated answers in words",
        "another model answers",
        "it is that model's values that are asked about",
    ),
    Deviation(
        "nearness by a fixed rule",
        "similarity functions, two of which return random numbers",
        "the same answer is always coded alike",
    ),
    Deviation(
        "intervals over topics",
        "none",
        "items of a topic are no independent evidence",
    ),
    Deviation(
        "numbers",
        "letters",
        "one rule codes every study of this package",
    ),
    Deviation(
        "your table, a small example",
        "52.4k, 6.4k, 2.04k and 1.94k rows",
        "no data of theirs is bundled",
    ),
)
