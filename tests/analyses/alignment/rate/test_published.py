"""Published paths and correlations of people: a meta-analysis fitted again, and Φ by hand."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from vaar.analyses.alignment.rate.published import PublishedPaths, published_paths
from vaar.analyses.alignment.rate.reference import reference
from vaar.study.model import Hypothesis, PeoplePath, PeopleSummary

HYPOTHESES = (
    Hypothesis("behaviour", "concern", -1),
    Hypothesis("behaviour", "risk", -1),
    Hypothesis("intention", "risk", -1),
)
# Yu et al. (2020, doi:10.1016/j.ijinfomgt.2019.09.011), N = 8,345
CORRELATIONS = (
    ("risk", "concern", 0.62),
    ("risk", "intention", -0.203),
    ("risk", "behaviour", -0.165),
    ("concern", "intention", -0.159),
    ("concern", "behaviour", -0.063),
    ("intention", "behaviour", 0.487),
)


@pytest.fixture
def study(bundled):
    model = "intention ~ concern + risk\nbehaviour ~ concern + risk + intention"
    return replace(bundled, structural_model=model, hypotheses=HYPOTHESES)


def test_correlations_give_the_paths_of_the_path_model_that_was_published(study):
    people = PeopleSummary("Yu et al.", 0.05, correlations=CORRELATIONS, n=8345)
    found = published_paths(replace(study, people=people))
    assert found.estimate == pytest.approx([0.089, -0.124, -0.170], abs=6e-4)
    assert found.se == pytest.approx([0.012, 0.012, 0.014], abs=6e-4)
    assert found.between_studies == 0.05


def test_correlations_are_fitted_once(study, monkeypatch):
    people = PeopleSummary("Fitted once", 0.05, correlations=CORRELATIONS, n=8000)
    asked = replace(study, people=people)
    first = published_paths(asked)
    monkeypatch.setattr("vaar.sem.fit", None)
    again = published_paths(replace(asked, title="another title"))
    assert (again.estimate == first.estimate).all() and (again.se == first.se).all()


def test_an_interval_gives_the_standard_error_and_what_is_not_told_stays_open(study):
    path = PeoplePath("behaviour", "risk", -0.12, -0.12 - 1.96 * 0.03, -0.12 + 1.96 * 0.03)
    found = published_paths(replace(study, people=PeopleSummary("Nobody", paths=(path,))))
    assert np.isnan(found.estimate[[0, 2]]).all()
    assert (found.estimate[1], found.se[1]) == pytest.approx((-0.12, 0.03), abs=1e-5)


def test_nothing_published(study):
    assert published_paths(study) is None


def test_the_sign_is_as_sure_as_error_and_studies_let_it_be():
    told = PublishedPaths(np.array([-0.1, 0.05, np.nan]), np.array([0.04, 0.03, np.nan]), 0.03)
    got = reference(HYPOTHESES, ["model"], published=told).probability(np.zeros((1, 3)))
    expected = [norm.cdf(0.1 / 0.05), norm.cdf(-0.05 / np.hypot(0.03, 0.03)), 1.0]
    assert got[0] == pytest.approx(expected)
    groups = ["model", "human"]
    without = reference(HYPOTHESES, groups, np.ones((2, 3)), told).probability(np.zeros((2, 3)))
    assert without[0] == pytest.approx([0.5] * 3), "people themselves come first"
    own = np.array([[0.0] * 3, [-0.2, -0.1, 0.3]])
    with_people = reference(HYPOTHESES, groups, np.full((2, 3), 0.04), told).probability(own)
    # what is published of the differences between studies holds for these people as well
    q = norm.cdf(np.array([0.2, 0.1, -0.3]) / np.hypot(0.04, 0.03))
    assert with_people[0] == pytest.approx(q)


def test_every_replicate_draws_the_studies_again():
    told = PublishedPaths(np.array([-0.1, 0.2, 0.0]), np.array([0.05, 0.01, 0.02]))
    drawn = told.drawn(20_000)
    assert drawn.mean(axis=0) == pytest.approx(told.estimate, abs=4 * 0.05 / np.sqrt(20_000))
    assert drawn.std(axis=0) == pytest.approx(told.se, rel=0.03)  # 6 of its standard errors
    assert (told.drawn(20_000) == drawn).all()
    got = reference(HYPOTHESES, ["m", "o"], published=told).probability(np.zeros((7, 2, 3)))
    assert got.shape == (7, 1, 3)
    assert got[:, 0, 0] == pytest.approx(norm.cdf(-told.drawn(7)[:, 0] / 0.05))
