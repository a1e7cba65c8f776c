"""Fit on items: of items that hold the model, and of pairs that share more than it says."""

import numpy as np
import pandas as pd
import pytest

from support.scored import scored, with_scales
from vaar.analyses.alignment.screening.item_fit import LEAST_PER_ITEM, item_fits
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.study.load import load_study


@pytest.fixture(scope="module")
def study():
    return load_study("privacy_prosocial_published")


@pytest.fixture(scope="module")
def rows(study):
    return scored(study, POPULATIONS["human-like"], range(400)).assign(group="m")


def test_items_that_hold_the_model_fit(rows, study):
    (fit,) = item_fits(rows, study, ["m"]).values()
    assert fit.items == 36 and fit.df == 36 * 37 // 2 - 36 * 2 - 3
    assert fit.cfi > 0.95 and fit.rmsea < 0.03


def test_what_parcels_hide_is_seen(rows, study):
    items = [item.code for part in study.instruments for item in part.coded_items]
    spoilt = rows[items].copy()
    for one, other in zip(items[8:16:2], items[9:16:2], strict=True):
        same = np.random.default_rng(1).random(len(rows)) < 0.75
        spoilt.loc[same, one] = spoilt.loc[same, other]  # three in four answer a pair alike
    (fit,) = item_fits(with_scales(spoilt, study).assign(group="m"), study, ["m"]).values()
    assert fit.cfi < 0.9


def test_too_few_sessions_or_no_items_have_none(rows, study):
    assert item_fits(rows.head(LEAST_PER_ITEM * 36 - 1), study, ["m"]) == {}
    parcels = [scale.code for part in study.instruments for scale in part.subscales]
    assert item_fits(pd.DataFrame(rows[[*parcels, "group"]]), study, ["m"]) == {}
