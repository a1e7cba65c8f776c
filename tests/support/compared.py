"""Runs for a comparison, made up of headline figures."""

import pandas as pd

from vaar.analyses.headlines import Headline
from vaar.comparison.runs import ComparedRun, Reading
from vaar.comparison.tables import ITEMS


def figure(respondent, value, half=0.1, measure="gap", **further):
    """A figure with an interval of `value` ± `half`; without one where that is None."""
    ends = {} if half is None else {"lower": value - half, "upper": value + half}
    return Headline(respondent, measure, further.pop("title", measure), value, **ends, **further)


def reading(headline, analysis="one", **options):
    return Reading(analysis, {analysis: options}, headline)


def run_of(study, label, figures, started="2026-01-01", items=None, **further):
    """A run with these figures, or readings."""
    readings = tuple(one if isinstance(one, Reading) else reading(one) for one in figures)
    means = pd.DataFrame(items if items is not None else [], columns=list(ITEMS))
    return ComparedRun(label, f"runs/{label}", study, started, readings, means, **further)


def answers(respondent, means, simulated=False):
    """Mean answers to items i1, i2, … of one questionnaire."""
    return [
        (respondent, "carried", simulated, "q", f"i{n}", 10, mean)
        for n, mean in enumerate(means, start=1)
    ]
