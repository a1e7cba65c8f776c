"""What differs from the published practice, and why."""

from __future__ import annotations

from vaar.analyses.deviation import Deviation

PAPER = "Zhang et al. (2023), arXiv:2305.17147, and Murphy, Ackermann & Handgraaf (2011)"

DEVIATIONS = (
    Deviation(
        "options are numbered 1–9",
        "letters",
        "one rule codes every study of this package",
    ),
    Deviation(
        "direction of the options and order of items vary",
        "fixed",
        "the first option alone gives a prosocial angle",
    ),
    Deviation(
        "an understanding check",
        "none",
        "to tell not understanding from not doing",
    ),
    Deviation(
        "nine secondary items in every trial",
        "not asked, or averaged into the angle",
        "inequality aversion needs them; the angle must not have them",
    ),
    Deviation(
        "value rationality with our own target and distance",
        "a formula that is not recoverable",
        "target and distance must be known to be checked",
    ),
    Deviation(
        "baseline without a value",
        "none",
        "what the model does unasked is the reference",
    ),
    Deviation(
        "directions come in two mirrored patterns",
        "fixed",
        "every item then has both equally often in every arm",
    ),
)
