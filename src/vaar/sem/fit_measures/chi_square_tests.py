"""The model's χ² test, its baseline's, and the measures taken from both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vaar.errors import UnknownNameError
from vaar.sem.data.sample import Sample
from vaar.sem.estimators.base import Estimator
from vaar.sem.estimators.normal_likelihood import LOG_2PI, evaluate
from vaar.sem.fit_measures.benchmarks import Benchmark, exogenous_part, independence, saturated
from vaar.sem.fit_measures.incomplete_data import (
    baseline,
    baseline_test,
    free_moments,
    model_test,
)
from vaar.sem.fit_measures.indices import (
    explained,
    further,
    goodness_indices,
    residual_indices,
)
from vaar.sem.fit_measures.measures import (
    ChiSquare,
    incremental,
    information_criteria,
    rmsea,
    robust_incremental,
    srmr,
)
from vaar.sem.model.matrices import Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.names import hint
from vaar.sem.solution.solve import Solution

_ROUNDING = 1e-9  # of a log-likelihood, relative
_SIZES = ("npar", "ntotal", "df", "df_scaled")
_BASELINE = "baseline_"


class Measures(Mapping[str, float]):
    """Fit measures by name; ``rmsea.ci.lower`` and ``rmsea_ci_lower`` are the same.

    A name that is not there raises :class:`vaar.errors.UnknownNameError`, with those like it.
    """

    def __init__(self, values: Mapping[str, float]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> float:
        try:
            return self._values[str(name).replace(".", "_")]
        except KeyError:
            raise UnknownNameError(
                f"the fit has no measure {name!r}: {hint(str(name), self._values)}"
            ) from None

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


def goodness_of(
    spec: ModelSpec,
    structure: Structure,
    estimator: Estimator[Any],
    sample: Sample,
    layout: Layout,
    solution: Solution,
) -> Goodness:
    """Test a solution against the saturated model, and the baseline too."""
    robust, with_means = estimator.robust, spec.mean_structure
    held, exogenous = (
        [spec.observed.index(name) for name in names] for names in (spec.held, spec.exogenous)
    )
    free = saturated(sample, robust, with_means)
    gaps = free_moments(sample, robust) if estimator.fiml else None
    if gaps is not None:
        free = replace(free, trace=gaps.trace)
    if gaps is None:
        base = independence(sample, exogenous, robust, with_means)
    else:
        base = baseline(sample, exogenous, robust)
    outside = exogenous_part(sample, held, robust, with_means)
    at = evaluate(solution.implied, sample.moments, with_means)
    total = float(free.n_parameters.sum())
    df = total - layout.n_parameters - outside.n_parameters.sum()
    base_df = total - base.n_parameters.sum()
    known = solution.precision is not None and solution.identified.all()
    trace = solution.precision.trace if solution.precision and known else np.nan
    test = ChiSquare(
        statistic(float(at.loss.sum()), float(free.loss.sum())),
        float(df),
        scaling_factor(free.trace.sum() - outside.trace.sum() - trace, df) if robust else 1.0,
    )
    base_test = ChiSquare(
        2 * float(base.loss.sum() - free.loss.sum()),
        float(base_df),
        scaling_factor(free.trace.sum() - base.trace.sum(), base_df) if robust else 1.0,
    )
    constant = _constant(sample, len(held))
    logl = float(outside.loss.sum() - at.loss.sum()) - constant
    top = float(outside.loss.sum() - free.loss.sum()) - constant
    n, npar = float(sample.n_rows), layout.n_parameters
    values = {"npar": float(npar), "ntotal": n, "logl": logl, "unrestricted_logl": top}
    values |= test_measures(test, base_test, robust) | information_criteria(logl, npar, n)
    values |= rmsea_measures(test, n, layout.n_groups, robust)
    residuals = (free.cov, free.mean, solution.implied.cov, solution.implied.mean)
    sizes = (sample.present, sample.moments.group_n)
    values["srmr"] = srmr(*residuals, *sizes, with_means)
    values |= further(values, layout.n_groups, robust)
    values |= residual_indices(*residuals, *sizes, with_means)
    fixed = np.isin(np.arange(sample.present.shape[1]), held)
    if not estimator.fiml and np.isfinite(solution.implied.cov).all():
        values |= goodness_indices(*explained(*residuals, *sizes, with_means, fixed), test.df)
    if gaps is not None:
        places = [i for i, row in enumerate(spec.rows) if row.from_data]
        model = ChiSquare(float("nan"), test.df)
        if known:
            model = model_test(gaps, solution.implied, structure, layout, places, test.df)
        apart = baseline_test(gaps, sample, exogenous, base_test.df)
        values |= _incomplete_measures(model, apart, n, layout.n_groups)
    return Goodness(test, base_test, free, measures_of(values, solution))


def measures_of(values: Mapping[str, float], solution: Solution) -> Measures:
    """Measures of a solution; away from a minimum the model has none, only its size and baseline
    do."""
    if solution.converged.all():
        return Measures(values)
    return Measures(
        {
            name: value if name in _SIZES or name.startswith(_BASELINE) else float("nan")
            for name, value in values.items()
        }
    )


def _constant(sample: Sample, held: int) -> float:
    """What the losses leave out of the negative log-likelihood of the modelled answers."""
    answers = float((sample.moments.n[:, None] * sample.moments.observed).sum())
    return 0.5 * LOG_2PI * (answers - held * sample.n_rows)


def _incomplete_measures(
    test: ChiSquare, baseline: ChiSquare, n: float, groups: int
) -> dict[str, float]:
    """The robust CFI, TLI and RMSEA where answers are missing, all of them or none."""
    cfi, tli = robust_incremental(test, baseline)
    found = rmsea(test.scaled, test.df, n, groups, test.factor)
    if np.isnan(cfi):
        found = dict.fromkeys(found, float("nan"))
    out = {"cfi_robust": cfi, "tli_robust": tli}
    for name, number in found.items():
        out[("rmsea" if name == "rmsea" else f"rmsea_{name}") + "_robust"] = number
    return out


def statistic(loss: float, least: float) -> float:
    """Twice what a model loses against the saturated one; NaN where that is not the lowest, because
    its own search did not end."""
    value = 2 * (loss - least)
    return max(value, 0.0) if not value < -_ROUNDING * abs(least) else float("nan")


def scaling_factor(trace: float, df: float) -> float:
    """A scaling factor; NaN where it would not be positive, as it may be with few clusters."""
    return float(trace / df) if df > 0 and trace > 0 else float("nan")


def test_measures(test: ChiSquare, baseline: ChiSquare, robust: bool) -> dict[str, float]:
    """Of the model's test and its baseline's: the statistics, CFI and TLI, by name."""
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


def rmsea_measures(test: ChiSquare, n: float, groups: int, robust: bool) -> dict[str, float]:
    """RMSEA and what goes with it, by name."""
    variants = [("", test.value, test.df, 1.0)]
    if robust:
        shifted = (test.scaled, test.df) if test.shift else (test.value, test.df * test.factor)
        variants += [
            ("_scaled", *shifted, 1.0),
            ("_robust", test.scaled, test.df, test.factor),
        ]
    out = {}
    for suffix, value, df, factor in variants:
        for name, number in rmsea(value, df, n, groups, factor).items():
            out[("rmsea" if name == "rmsea" else f"rmsea_{name}") + suffix] = number
    return out
