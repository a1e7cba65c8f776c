"""What a model is fitted to: the design taken out by default, and yes-saying where it is asked."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from support.scored import coded, scored, with_scales
from support.with_pairs import published_with_pairs
from vaar.analyses.alignment.align import align
from vaar.analyses.alignment.notes import Kind
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.screening.prepare import prepare
from vaar.errors import DataError
from vaar.respondents.simulated.populations import COUNTERFEITS
from vaar.study.load import load_study

DEFAULTS = AlignmentOptions()
N = 240


@pytest.fixture(scope="module")
def bundled():
    return load_study("privacy_prosocial_published")


@pytest.fixture(scope="module")
def shifted(bundled):
    """No effect, but each of order, options and wording lifts all answers by .9 of a point."""
    given = {
        "order": np.array(["a b", "b a"])[np.arange(N) % 2],
        "options": np.array(["ascending", "descending"])[np.arange(N) // 2 % 2],
        "wording": np.array(["original", "plain"])[np.arange(N) // 4 % 2],
    }
    rows = scored(bundled, COUNTERFEITS["null"], range(N))
    items = [item.code for part in bundled.instruments for item in part.coded_items]
    lift = 0.9 * sum((np.unique(v, return_inverse=True)[1] for v in given.values()), np.zeros(N))
    rows[items] = rows[items].to_numpy() + lift[:, None]
    return coded(bundled, {"m": with_scales(rows[items], bundled)}, given)


def correlation(scores):
    return abs(scores[["iuipc8_collection", "aods_health"]].corr().iloc[0, 1])


def test_order_options_and_wording_are_taken_out_by_default(shifted, bundled):
    ready = prepare(shifted, DEFAULTS, bundled.structural_model)
    assert ready.adjusted_for == {"m": ["order", "options", "wording"]}
    raw = prepare(shifted, replace(DEFAULTS, adjust="none"), bundled.structural_model)
    assert raw.adjusted_for == {} and correlation(raw.scores) > 0.25
    assert correlation(ready.scores) < 0.13  # two standard errors of a correlation of 240


@pytest.mark.parametrize("name", ["order", "options", "wording"])
def test_what_makes_the_groups_or_is_a_covariate_is_not_taken_out_twice(shifted, bundled, name):
    by = prepare(replace(shifted, by=(name,)), DEFAULTS, bundled.structural_model)
    assert name not in by.adjusted_for["m"] and len(by.adjusted_for["m"]) == 2
    options = replace(DEFAULTS, covariates=(name,))
    ready = prepare(shifted, options, bundled.structural_model)
    assert name not in ready.adjusted_for["m"] and len(ready.columns) == 1


def test_what_varied_and_could_not_be_taken_out_is_told(shifted, bundled):
    wordings = np.array([f"w{k}" for k in range(13)])[np.arange(N) % 13]
    given = shifted.design_factors.assign(wording=wordings)
    ready = prepare(replace(shifted, design_factors=given), DEFAULTS, bundled.structural_model)
    assert ready.adjusted_for == {"m": ["order", "options"]}
    (note,) = ready.screened.notes["m"]
    assert note.kind is Kind.NOT_ADJUSTED
    assert note.text == "wording varied in too many ways to be taken out of 240 sessions"
    for options in (replace(DEFAULTS, adjust="none"), replace(DEFAULTS, estimator="WLSMV")):
        again = prepare(replace(shifted, design_factors=given), options, bundled.structural_model)
        assert not again.screened.notes
    assert not prepare(shifted, DEFAULTS, bundled.structural_model).screened.notes


@pytest.fixture(scope="module")
def saying(tmp_path_factory):
    """Sessions without any effect that say yes, all-positive forms with pairs of opposites."""
    study = published_with_pairs(tmp_path_factory.mktemp("study") / "own")
    return coded(study, {"m": scored(study, COUNTERFEITS["yes-saying"], range(1000))})


def paths(data, **more):
    options = AlignmentOptions(replicates=0, subsamples=1, **more)
    ready = prepare(data, options, data.study.structural_model)
    return align(ready.scores, data.study, options, None, ready.columns).paths


def test_the_index_of_yes_saying_takes_its_paths_away(saying):
    plain, freed = paths(saying), paths(saying, covariates=("yes_saying",))
    assert (plain["std_estimate"] > 0.2).all()
    # 8 % of the variance of the style is left (24 items with noise of .51), a path of .04, and
    # two and a half standard errors of .038
    assert freed["std_estimate"].abs().max() < 0.14


def test_a_study_without_pairs_cannot_have_it(shifted, bundled):
    with pytest.raises(DataError, match="vaar:yes_saying"):
        prepare(shifted, replace(DEFAULTS, covariates=("yes_saying",)), bundled.structural_model)


def test_people_have_the_index_of_their_own_answers(saying):
    both = pd.concat([saying.scores, saying.scores.assign(group="human")], ignore_index=True)
    given = pd.concat([saying.design_factors] * 2, ignore_index=True)
    data = replace(saying, scores=both, design_factors=given, people=pd.DataFrame(index=[-1]))
    options = replace(DEFAULTS, covariates=("yes_saying",))
    ready = prepare(data, options, data.study.structural_model)
    index = ready.scores.groupby("group")[ready.columns[0]]
    assert index.count().loc["human"] == index.count().loc["m"] == len(saying.scores)
