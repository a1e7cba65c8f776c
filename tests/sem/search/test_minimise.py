"""The search reaches the minimum from starts near and far, and says where it does not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vaar.sem as sem
from vaar.errors import DataError
from vaar.sem.search.minimise import minimise

TWO = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6"
ONE = "f =~ x1 + x2 + x3 + x4"


def started(rng: np.random.Generator, loading: tuple[float, float], spread: float) -> str:
    """The two-factor model with random starts: of loadings, variances and the covariance."""

    def draw(low: float, high: float) -> str:
        return f"start({rng.uniform(low, high):.4f})"

    lines = [
        f"f =~ x1 + {draw(*loading)}*x2 + {draw(*loading)}*x3",
        f"g =~ x4 + {draw(*loading)}*x5 + {draw(*loading)}*x6",
        f"f ~~ {draw(-spread / 5, spread / 5)}*g + {draw(0.05, spread)}*f",
        f"g ~~ {draw(0.05, spread)}*g",
        *(f"x{k} ~~ {draw(0.05, spread)}*x{k}" for k in range(1, 7)),
    ]
    return "\n".join(lines)


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
@pytest.mark.parametrize(("loading", "spread"), [((-1, 2), 2.0), ((-5, 5), 5.0), ((-20, 20), 50.0)])
def test_random_starts_reach_the_minimum(
    hs: pd.DataFrame, loading: tuple[float, float], spread: float, estimator: str
) -> None:
    """lavaan 0.6-14 reaches it from all of twenty."""
    least = sem.fit(TWO, hs).measures["chisq"]
    rng = np.random.default_rng(3)
    fits = [sem.fit(started(rng, loading, spread), hs, estimator=estimator) for _ in range(20)]
    reached = [abs(fit.measures["chisq"] - least) < 1e-5 for fit in fits if fit.outcome.usable]
    assert sum(reached) == len(reached) >= 18


@pytest.mark.parametrize("spread", [2.0, 5.0])
def test_the_search_itself_reaches_it_from_most(hs: pd.DataFrame, spread: float) -> None:
    """Without another start to fall back on."""
    fit = sem.fit(TWO, hs)
    objective = fit.estimator.objective(fit.sample, fit.structure)
    rng, reached = np.random.default_rng(4), 0
    for _ in range(20):
        x = fit.solution.x * rng.uniform(1 / spread, spread, size=len(fit.solution.x))
        found = minimise(objective, fit.layout, x)
        reached += bool(found.converged.all())
        assert (
            not found.converged.all()
            or found.loss.sum()
            < objective.loss(objective.evaluate(fit.layout.spread(fit.solution.x.copy()))).sum()
            + 1e-6
        )
    assert reached >= 18


@pytest.mark.parametrize(
    "text",
    [
        "f =~ x1 + start(1e6)*x2 + start(-50)*x3 + x4\nf ~~ start(-3)*f",
        "f =~ x1 + start(1e300)*x2 + x3 + x4",
        "f =~ x1 + start(NA)*x2 + x3 + x4",
        "f =~ x1 + start(0)*x2 + start(0)*x3 + start(0)*x4",
        ONE + "\nf ~~ start(-3)*f",
        ONE + "\nf ~~ start(1e8)*f",
        ONE + "\nx1 ~~ start(-1)*x1\nx2 ~~ start(-1)*x2",
        ONE + "\nx1 ~~ start(1e-300)*x1",
        ONE + "\nx1 ~~ start(1e12)*x1",
    ],
)
@pytest.mark.parametrize("group", [None, "school"])
def test_impossible_starts_end_at_the_minimum(
    hs: pd.DataFrame, text: str, group: str | None
) -> None:
    fit = sem.fit(text, hs, group)
    assert fit.outcome is sem.Outcome.CONVERGED
    assert fit.measures["chisq"] == pytest.approx(sem.fit(ONE, hs, group).measures["chisq"])


def test_a_start_of_one_group_counts_all_groups_of_the_data(hs: pd.DataFrame) -> None:
    fit = sem.fit("f =~ x1 + start(0.3, 0.7)*x2 + x3 + x4", hs, "school")
    assert fit.attempts[0].start == "given" and fit.outcome is sem.Outcome.CONVERGED


@pytest.mark.parametrize(
    "text",
    ["x1 ~ 1*x2\nx2 ~ 1*x1", "x1 ~ 2*x2\nx2 ~ 0.5*x1", "f =~ x1 + x2\nx3 ~ 1*x4\nx4 ~ 1*x3"],
)
def test_a_loop_without_end_is_refused(hs: pd.DataFrame, text: str) -> None:
    with pytest.raises(DataError, match="loop of regressions"):
        sem.fit(text, hs)


def test_what_no_parameters_allow_does_not_converge(hs: pd.DataFrame) -> None:
    fit = sem.fit(ONE + "\nx1 ~~ -5*x1\nx1 ~~ x2", hs)
    assert not fit.outcome.usable or fit.measures["chisq"] >= 0
    stuck = sem.fit("x1 ~~ -1*x1\nx2 ~~ x2", hs)
    assert stuck.outcome is sem.Outcome.NOT_CONVERGED
    assert np.isnan([stuck.measures[name] for name in ("chisq", "cfi", "rmsea", "srmr")]).all()


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
@pytest.mark.parametrize("group", [None, "school"])
def test_a_model_without_free_parameters_is_tested(
    hs: pd.DataFrame, estimator: str, group: str | None
) -> None:
    """Against the closed form n (log|Σ| + tr(S Σ⁻¹) − log|S| − p), Σ = I."""
    text = "x1 ~~ 1*x1\nx2 ~~ 1*x2\nx1 ~~ 0*x2"
    fit = sem.fit(text, hs, group, estimator, meanstructure=False)
    expected = 0.0
    for _, part in hs.groupby("school") if group else [("", hs)]:
        cov = part[["x1", "x2"]].cov(ddof=0).to_numpy()
        expected += len(part) * (np.trace(cov) - np.linalg.slogdet(cov)[1] - 2)
    assert fit.measures["chisq"] == pytest.approx(expected)
    assert fit.measures["npar"] == 0 and fit.measures["df"] == 3 * (2 if group else 1)
