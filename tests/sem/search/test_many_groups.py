"""Many groups: the search group by group ends where the search of all together ends."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.sem.resampling import refit as refitting
from vaar.sem.resampling.samples import Resampling, units_of
from vaar.sem.search import many_groups as searching
from vaar.sem.search import minimise as minimising

MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f"
GROUPS, ROWS = 12, 120


def answers(gaps: float = 0.0) -> pd.DataFrame:
    """Groups with one measurement model and paths of their own."""
    rng = np.random.default_rng(7)
    parts = []
    for g in range(GROUPS):
        strength = (0.7, 0.9, 1.2)[g % 3]
        f = rng.normal(size=(ROWS, 1))
        h = rng.normal(0, 0.4) * f + rng.normal(size=(ROWS, 1))
        own = np.hstack([f, 0.8 * f, 1.1 * f, h, 0.9 * h, 1.2 * h])
        table = pd.DataFrame(strength * own + rng.normal(size=(ROWS, 6)))
        table = table.mask(rng.random(table.shape) < gaps)
        table.columns = [f"x{k}" for k in range(1, 7)]
        parts.append(table.assign(group=f"g{g:02}"))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What the search of many groups said, each time that it was tried."""
    said: list[bool] = []

    def search(*given: object) -> object:
        found = searching.many_groups(*given)  # type: ignore[arg-type]
        said.append(found is not None)
        return found

    monkeypatch.setattr(minimising, "many_groups", search)
    return said


def refits(fit: sem.Fit, monkeypatch: pytest.MonkeyPatch, many: int, seed: int = 1) -> np.ndarray:
    """Bootstrap replicates, searched group by group from so many groups on."""
    draw = Resampling(fit, units_of(fit, None), seed, with_errors=False)
    return searched(fit, [draw.sample(k) for k in range(3)], monkeypatch, many)


def searched(
    fit: sem.Fit, samples: list[np.ndarray], monkeypatch: pytest.MonkeyPatch, many: int
) -> np.ndarray:
    for module in (searching, refitting):
        monkeypatch.setattr(module, "MANY", many)
    return refitting.refits_of(fit, samples, "a test", 1e-9).std_all


@pytest.mark.parametrize("gaps", [0.0, 0.1])
@pytest.mark.parametrize("equal", [(), ("loadings",), ("loadings", "intercepts")])
def test_replicates_are_those_of_the_search_of_all_together(
    monkeypatch: pytest.MonkeyPatch, told: list[bool], equal: tuple[str, ...], gaps: float
) -> None:
    fit = sem.fit(MODEL, answers(gaps), group="group", missing="fiml", group_equal=equal)
    together = refits(fit, monkeypatch, GROUPS + 1)
    assert not any(told)
    told.clear()
    apart = refits(fit, monkeypatch, 2)
    assert all(told)
    np.testing.assert_allclose(apart, together, atol=1e-5)


def test_smaller_samples_take_the_information_as_of_their_rows(
    monkeypatch: pytest.MonkeyPatch, told: list[bool]
) -> None:
    fit = sem.fit(MODEL, answers(), group="group", missing="fiml", group_equal=["loadings"])
    samples = [np.flatnonzero(np.arange(fit.n_rows) % 3 == k) for k in (0, 1)]
    together, apart = (searched(fit, samples, monkeypatch, many) for many in (GROUPS + 1, 2))
    assert told[2:] == [True, True]
    np.testing.assert_allclose(apart, together, atol=1e-5)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_effects_coding_ties_own_parameters(
    monkeypatch: pytest.MonkeyPatch, told: list[bool], seed: int
) -> None:
    """Of these replicates several have a group that does not come to a minimum: none is lost that
    the search of all together has, and some are found that it has not."""
    fit = sem.fit(MODEL, answers(), group="group", effect_coding=True)
    together = refits(fit, monkeypatch, GROUPS + 1, seed)
    told.clear()
    apart = refits(fit, monkeypatch, 2, seed)
    assert all(told)
    assert np.isnan(together).any()
    assert not (np.isnan(apart) & ~np.isnan(together)).any()
    found = np.where(np.isnan(together), np.nan, apart)
    np.testing.assert_allclose(found, together, atol=1e-4)


def test_some_groups_have_their_own_moments_and_derivatives() -> None:
    fit = sem.fit(MODEL, answers(0.1), group="group", missing="fiml", group_equal=["loadings"])
    objective = fit.estimator.objective(fit.sample, fit.structure)
    theta, some = fit.layout.spread(fit.solution.x.copy()), np.array([1, 4, 11])
    whole, part = objective.evaluate(theta), objective.of_groups(some)
    at = part.evaluate(theta[some])
    np.testing.assert_allclose(part.loss(at), objective.loss(whole)[some], rtol=1e-12)
    gradient = objective.gradient(whole)
    np.testing.assert_allclose(part.gradient(at), gradient[some], atol=1e-8)
    columns = fit.layout.gather_of(some, gradient[some])
    np.testing.assert_allclose(columns, fit.layout.gather(gradient)[some], atol=1e-12)


def test_groups_apart_hold_what_they_shared() -> None:
    fit = sem.fit(MODEL, answers(), group="group", group_equal=["loadings"])
    theta, some = fit.layout.spread(fit.solution.x.copy()), np.array([0, 5])
    part = fit.layout.apart(some, fit.solution.x.copy())
    assert not len(part.shared)
    assert part.own.shape == (2, fit.layout.own.shape[1])
    np.testing.assert_array_equal(
        part.spread(fit.solution.x[fit.layout.own[some]].ravel()), theta[some]
    )
