"""What differs from the published practice, and why."""

from __future__ import annotations

from vaar.analyses.deviation import Deviation

PAPER = "Jin et al. (2025), arXiv:2507.11316"

DEVIATIONS = (
    Deviation(
        "probes are trained with the chat template that is in use",
        "trained without, used with it",
        "another position and context than that which is shifted",
    ),
    Deviation(
        "accuracy split by pair, with shuffled labels beside it",
        "split not told",
        "a pair shares nearly all its words",
    ),
    Deviation(
        "prompt and shift are crossed",
        "a prefix in the prompt wherever the gate opens",
        "steering and prompting were confounded",
    ),
    Deviation(
        "one P0 for all values",
        "P0 between .88 and .975, by value, without held-out tuning",
        "selection on the outcome",
    ),
    Deviation(
        "random directions of equal length",
        "none",
        "any push of that size may change answers",
    ),
    Deviation(
        "each shift is added at every position already in the pass that finds the next",
        "the last token's stream is used; how is not recoverable",
        "P is then P0 where the reply begins",
    ),
    Deviation(
        "forced choice on dilemmas and statements, perplexity",
        "a judge model scores control and fluency",
        "no judge needs its own agreement with people",
    ),
    Deviation(
        "30 neutral questions of our own",
        "MMLU",
        "nothing is downloaded",
    ),
    Deviation(
        "a probe as gate",
        "a classifier of twenty values (DeBERTa)",
        "no second model; its accuracy is told",
    ),
    Deviation(
        "privacy and prosociality; others from your files",
        "ten values of Schwartz",
        "what this package is about",
    ),
    Deviation(
        "no examples in the prompt",
        "examples of one task used for all",
        "they answer in part",
    ),
    Deviation(
        "intervals over questions",
        "none",
        "a change without one cannot be told from none",
    ),
    Deviation(
        "a small model's last quarter of layers is left out",
        "the last five",
        "four layers would leave none",
    ),
    Deviation(
        "40 dilemmas a value",
        "about 100",
        "the probability of each answer is known, and no reply is drawn",
    ),
)
