"""WLSMV on single items as a choice of the analysis."""

from dataclasses import replace

import pandas as pd
import pytest

from vaar.analyses.alignment.align import align
from vaar.analyses.alignment.items import indicators, on_items
from vaar.analyses.alignment.options import AnalysisOptions
from vaar.analyses.alignment.report.method import _missing
from vaar.errors import DataError
from vaar.respondents.simulated.answer_model import answers
from vaar.respondents.simulated.populations import POPULATIONS
from vaar.scoring.scales import scales

WLSMV = AnalysisOptions(estimator="WLSMV", replicates=4, subsamples=1)


@pytest.fixture(scope="module")
def items(bundled):
    """Answers of two populations that vary, and of one that gives the same ones always."""
    codes = [item.code for part in bundled.instruments for item in part.items]
    return pd.concat(
        pd.DataFrame(answers(POPULATIONS[name], bundled, range(150)), columns=codes).assign(
            group=name
        )
        for name in ("human-like", "contrarian", "constant")
    ).reset_index(drop=True)


def test_items_stand_in_the_place_of_parcels(bundled):
    model = bundled.structural_model
    parts = {scale.code: scale.items for scale in scales(bundled)}
    wanted = [item for name in indicators(model) for item in parts[name]]
    assert indicators(on_items(model, bundled)) == wanted
    assert len(wanted) > 30 and "aods ~ privacy + prosocial" in on_items(model, bundled)


def test_a_model_of_items_stays_as_it_is(bundled):
    items = next(scale.items for scale in scales(bundled))
    model = "f =~ " + " + ".join(items)
    assert on_items(model, bundled) == model


@pytest.mark.parametrize("more", ["{0} ~~ {1}", "privacy =~ 0.5*{0}"])
def test_a_parcel_that_is_more_than_an_indicator_is_refused(bundled, more):
    one, other, *_ = indicators(bundled.structural_model)
    with pytest.raises(DataError, match="name the items there, or use MLR"):
        on_items(bundled.structural_model + "\n" + more.format(one, other), bundled)


def test_the_whole_way(items, bundled):
    found = align(items, bundled, WLSMV)
    rates = found.vaar.set_index("group")["vaar"]
    assert rates["human-like"] > 0.8 > 0.3 > rates["contrarian"]
    assert found.vaar.set_index("group").loc["constant", "status"] == "not_estimable"
    fit = found.measurement.fit
    assert fit is not None and fit.estimator.name == "WLSMV" and len(fit.spec.ordered) > 30
    table = found.measurement.ladder.set_index("level")
    assert list(table.index) == ["configural", "metric", "scalar"]
    assert found.measurement.level == ("scalar" if table["tenable"]["scalar"] else "configural")
    assert found.measurement.comparable == bool(table["tenable"]["scalar"])
    assert "thresholds are" in found.measurement.why


def test_covariates_are_refused_and_missing_answers_told(items, bundled):
    with pytest.raises(DataError, match="takes no covariates"):
        align(items.assign(age=1.0), bundled, WLSMV, covariates=["age"])
    assert "pairwise" in _missing(WLSMV)
    assert "left out" in _missing(replace(WLSMV, missing="listwise"))
