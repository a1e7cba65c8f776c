"""The model's χ² test, its baseline's, and the measures taken from both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vaar.sem.likelihood import LOG_2PI, evaluate
from vaar.sem.measures import (
    ChiSquare,
    incremental,
    information_criteria,
    rmsea,
    robust_incremental,
    srmr,
)
from vaar.sem.saturated import Benchmark, exogenous_part, independence, saturated

if TYPE_CHECKING:
    from vaar.sem.result import Fit


class Measures(Mapping[str, float]):
    """Fit measures by name; ``rmsea.ci.lower`` and ``rmsea_ci_lower`` are the same."""

    def __init__(self, values: Mapping[str, float]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> float:
        return self._values[name.replace(".", "_")]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return "\n".join(f"{name:<24}{value:>14.6g}" for name, value in self.items())


@dataclass(frozen=True)
class Goodness:
    """What fit measures are made of."""

    test: ChiSquare
    baseline: ChiSquare
    saturated: Benchmark
    measures: Measures


def goodness_of(fit: Fit) -> Goodness:
    """Test a fit against the saturated model, and the baseline too."""
    robust, with_means = fit.estimator.robust, fit.spec.mean_structure
    sample, layout = fit.sample, fit.layout
    held = [fit.spec.observed.index(name) for name in fit.spec.exogenous]
    free = saturated(sample, robust)
    base = independence(sample, held, robust)
    outside = exogenous_part(sample, held, robust)
    at = evaluate(fit.solution.implied, sample.moments, with_means)
    total = float(free.n_parameters.sum())
    unmodelled = 0 if with_means else int(sample.present.sum()) - len(held) * layout.n_groups
    df = total - layout.n_parameters - unmodelled - outside.n_parameters.sum()
    base_df = total - base.n_parameters.sum()
    trace = (fit.solution.precision.trace if fit.solution.precision else np.nan) + unmodelled
    test = ChiSquare(
        max(2 * float(at.loss.sum() - free.loss.sum()), 0.0),
        float(df),
        _factor(free.trace.sum() - outside.trace.sum() - trace, df) if robust else 1.0,
    )
    baseline = ChiSquare(
        2 * float(base.loss.sum() - free.loss.sum()),
        float(base_df),
        _factor(free.trace.sum() - base.trace.sum(), base_df) if robust else 1.0,
    )
    answers = float((sample.moments.n[:, None] * sample.moments.observed).sum())
    constant = 0.5 * LOG_2PI * (answers - len(held) * sample.n_rows)
    logl = float(outside.loss.sum() - at.loss.sum()) - constant
    top = float(outside.loss.sum() - free.loss.sum()) - constant
    values = _measures(fit, test, baseline, free, logl, top)
    return Goodness(test, baseline, free, Measures(values))


def _factor(trace: float, df: float) -> float:
    return float(trace / df) if df > 0 else float("nan")


def _measures(
    fit: Fit, test: ChiSquare, baseline: ChiSquare, free: Benchmark, logl: float, top: float
) -> dict[str, float]:
    n, groups = float(fit.n_rows), fit.layout.n_groups
    npar = fit.layout.n_parameters
    out = {"npar": float(npar)}
    out |= _test_measures(test, baseline, fit.estimator.robust)
    out |= {"logl": logl, "unrestricted_logl": top}
    out |= information_criteria(logl, npar, n) | {"ntotal": n}
    out |= _rmsea_measures(test, n, groups, fit.estimator.robust)
    implied = fit.solution.implied
    out["srmr"] = srmr(
        free.cov,
        free.mean,
        implied.cov,
        implied.mean,
        fit.sample.present,
        fit.sample.moments.group_n,
        fit.spec.mean_structure,
    )
    return out


def _test_measures(test: ChiSquare, baseline: ChiSquare, robust: bool) -> dict[str, float]:
    cfi, tli = incremental(test, baseline, scaled=False)
    out = {
        "chisq": test.value,
        "df": test.df,
        "pvalue": test.p_value,
        "baseline_chisq": baseline.value,
        "baseline_df": baseline.df,
        "baseline_pvalue": baseline.p_value,
        "cfi": cfi,
        "tli": tli,
    }
    if robust:
        cfi, tli = incremental(test, baseline, scaled=True)
        cfi_robust, tli_robust = robust_incremental(test, baseline)
        out |= {
            "chisq_scaled": test.scaled,
            "df_scaled": test.df,
            "pvalue_scaled": test.scaled_p_value,
            "chisq_scaling_factor": test.factor,
            "baseline_chisq_scaled": baseline.scaled,
            "baseline_df_scaled": baseline.df,
            "baseline_pvalue_scaled": baseline.scaled_p_value,
            "baseline_chisq_scaling_factor": baseline.factor,
            "cfi_scaled": cfi,
            "tli_scaled": tli,
            "cfi_robust": cfi_robust,
            "tli_robust": tli_robust,
        }
    return out


def _rmsea_measures(test: ChiSquare, n: float, groups: int, robust: bool) -> dict[str, float]:
    variants = [("", test.value, 1.0)]
    if robust:
        variants += [("_scaled", test.scaled, 1.0), ("_robust", test.scaled, test.factor)]
    out = {}
    for suffix, value, factor in variants:
        for name, number in rmsea(value, test.df, n, groups, factor).items():
            out[("rmsea" if name == "rmsea" else f"rmsea_{name}") + suffix] = number
    return out
