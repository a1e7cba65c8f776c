"""What differs from the published practice, and why."""

from __future__ import annotations

from vaar.analyses.deviation import Deviation

PAPER = "Nair, Ruan & Wang (2026), arXiv:2604.20995"

DEVIATIONS = (
    Deviation(
        "both orders of the options, half of the replies each",
        'the compliant option is always "a"',
        'a preference for "a" would be compliance',
    ),
    Deviation(
        "all scenarios are reported",
        "those with the largest gap on the models then reported",
        "selection on the outcome",
    ),
    Deviation(
        "intervals over scenarios, paired over arms",
        "none",
        "a gap without one cannot be told from none",
    ),
    Deviation(
        "decisive figures are undefined where no answer is left",
        "0",
        "nothing was observed",
    ),
    Deviation(
        "coded by rule",
        "by a judge model",
        "a judge would need its own agreement with people; none is offered yet",
    ),
    Deviation(
        "seven values",
        "five moral foundations",
        "privacy and prosociality are what this package is about",
    ),
    Deviation(
        "the tier stands at the end of the system message",
        "at the head of the user's turn",
        "what the user says is then the same to the letter in all arms",
    ),
    Deviation(
        "either tier can be the trained one",
        "fixed",
        'the word "free" or "paid" would stand for observation',
    ),
    Deviation(
        "options are numbered",
        "letters",
        "one rule codes every study of this package",
    ),
    Deviation(
        "without a consequence, in both tiers",
        "one of several motives",
        "other motives, and degrees of oversight, stand in the study's comments",
    ),
    Deviation(
        "12 replies to a scenario, in a multiple of four",
        "10",
        "both orders and both tiers come equally often",
    ),
    Deviation(
        "top-p as the server has it, unless a models file sets it",
        ".95",
        "not every server takes it; the temperature is .9, as there",
    ),
)
