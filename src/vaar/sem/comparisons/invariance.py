"""The invariance ladder: the same model under ever more equalities across groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from vaar.errors import DataError
from vaar.sem.arguments import checks_arguments
from vaar.sem.comparisons.difference_tests import compare
from vaar.sem.comparisons.tenable import is_tenable
from vaar.sem.data.summary import count_groups
from vaar.sem.estimators.choice import is_ordinal
from vaar.sem.fit import prepare
from vaar.sem.job import Job
from vaar.sem.model.equality import equality_of
from vaar.sem.names import listed
from vaar.sem.results.fit import Fit

if TYPE_CHECKING:
    import pandas as pd

    from vaar.sem.data.summary import Counts, Matrices, Means

LEVELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "configural": (),
        "metric": ("loadings",),
        "scalar": ("loadings", "intercepts"),
        "strict": ("loadings", "intercepts", "residuals"),
    }
)
ORDINAL_LEVELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "configural": (),
        "metric": ("loadings",),
        "scalar": ("loadings", "thresholds", "intercepts"),
        "strict": ("loadings", "thresholds", "intercepts", "residuals"),
    }
)


@dataclass(frozen=True)
class Invariance:
    """Fits at each level, all to the same rows.

    Attributes
    ----------
    fits : mapping
        Level to fit, in order.
    variant : {'', 'robust', 'scaled'}
        Which CFI, TLI and RMSEA the table has; its χ² are scaled unless this is empty.
    job : Job
        The model and data that were fitted.
    """

    fits: Mapping[str, Fit]
    variant: str
    job: Job

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each level.

        Columns: level, chisq, df, pvalue, cfi, tli, rmsea, srmr, aic, bic, then against the level
        above: delta_chisq, delta_df, delta_pvalue, delta_cfi, delta_rmsea, delta_srmr; tenable,
        outcome and variant. A level is *tenable* where it and all above it have a usable outcome,
        CFI falls by at most .010 and RMSEA rises by at most .015 [1]_.

        References
        ----------
        .. [1] Chen (2007), Structural Equation Modeling 14, 464–504.
           doi:10.1080/10705510701301834
        """
        import pandas as pd

        rows: list[dict[str, Any]] = []
        previous: Fit | None = None
        for level, fit in self.fits.items():
            row = self._measures(level, fit)
            row |= _differences(row, rows[-1] if rows else None, fit, previous)
            row["tenable"] = is_tenable(row, rows[-1] if rows else None, fit.outcome.usable)
            row["outcome"] = str(fit.outcome)
            row["variant"] = self.variant or "plain"
            rows.append(row)
            previous = fit
        return pd.DataFrame(rows)

    @property
    def tenable(self) -> str | None:
        """The strictest level that is tenable; None where not even the first is."""
        table = self.table
        levels = table.loc[table["tenable"], "level"]
        return str(levels.iloc[-1]) if len(levels) else None

    def _measures(self, level: str, fit: Fit) -> dict[str, Any]:
        m = fit.measures
        test = "_scaled" if self.variant else ""
        index = f"_{self.variant}" if self.variant else ""
        return {
            "level": level,
            "chisq": m["chisq" + test],
            "df": m["df"],
            "pvalue": m["pvalue" + test],
            **{name: m[name + index] for name in ("cfi", "tli", "rmsea")},
            **{name: m.get(name, float("nan")) for name in ("srmr", "aic", "bic")},
        }

    def __repr__(self) -> str:
        shown = self.table.drop(columns=["outcome", "variant"])
        return shown.to_string(index=False, float_format=lambda value: f"{value:.3f}", na_rep="")

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False, float_format=lambda v: f"{v:.3f}", na_rep=""))


@checks_arguments
def invariance(
    model: str,
    data: pd.DataFrame | None = None,
    group: str | None = None,
    estimator: str = "ML",
    missing: str = "listwise",
    levels: Sequence[str] | None = None,
    group_partial: Sequence[str] = (),
    *,
    ordered: bool | str | Sequence[str] = False,
    parameterization: str = "delta",
    std_lv: bool = False,
    effect_coding: bool = False,
    fixed_x: bool = True,
    cluster: str | None = None,
    sampling_weights: str | None = None,
    sample_cov: Matrices | None = None,
    sample_mean: Means | None = None,
    nobs: Counts | None = None,
) -> Invariance:
    """Fit a model under ever more equalities across groups.

    Groups that fail at the first level are dropped from all, so that every level has the same rows.

    Parameters
    ----------
    levels : sequence of {'configural', 'metric', 'scalar', 'strict'}, optional
        Nothing equal; loadings; and intercepts; and residual variances. All of them by default.

        For ordinal items: *configural*, the same model with y* of variance 1 (delta) or residual
        variance 1 (theta) in every group; *metric*, and loadings equal on that scale; *scalar*, and
        thresholds (and intercepts of continuous variables) equal, while latent means and the
        scalings (delta) or residual variances (theta) of all groups but the first become free;
        *strict*, and residual variances equal, which only theta can say: under delta it is not
        among the defaults, and is refused. Metric under these scales is not what it is for
        continuous items [1]_: without equal thresholds the scale of y* is a convention, so read
        paths across groups at the scalar level where it is tenable.
    group_partial : sequence of str
        Parameters excepted at every level.

    Other parameters are those of :func:`vaar.sem.fit`.

    References
    ----------
    .. [1] Wu & Estabrook (2016), Identification of confirmatory factor analysis models of different
       levels of invariance for ordered categorical outcomes. Psychometrika 81, 1014–1045.
       doi:10.1007/s11336-016-9506-0
    """
    if group is None and count_groups(sample_cov) < 2:
        raise DataError("invariance compares groups: name their column in group=")
    kinds = _kinds(estimator, parameterization)
    levels = tuple(kinds) if levels is None else listed("levels", levels)
    unknown = [level for level in levels if not (isinstance(level, str) and level in kinds)]
    if unknown or not levels:
        raise DataError(
            f"levels got {list(levels)}; with estimator {estimator!r}"
            + (f" and parameterization {parameterization!r}" if is_ordinal(estimator) else "")
            + f" allowed are {', '.join(kinds)}: choose some"
        )
    job, screened = prepare(
        model,
        data,
        group,
        estimator,
        missing,
        kinds[levels[0]],
        group_partial,
        std_lv=std_lv,
        effect_coding=effect_coding,
        fixed_x=fixed_x,
        ordered=ordered,
        parameterization=parameterization,
        cluster=cluster,
        sampling_weights=sampling_weights,
        sample_cov=sample_cov,
        sample_mean=sample_mean,
        nobs=nobs,
    )
    fits = {levels[0]: job.fitted(screened)}
    screened = fits[levels[0]].screened
    for level in levels[1:]:
        equality = equality_of(job.spec, kinds[level], group_partial, job.equality.identify)
        fits[level] = job.under(equality).fitted(screened, drop=False)
    best = "scaled" if is_ordinal(estimator) else "robust"
    return Invariance(MappingProxyType(fits), best if job.estimator.robust else "", job)


def _kinds(estimator: str, parameterization: str) -> Mapping[str, tuple[str, ...]]:
    """What is equal at each level there is."""
    if not is_ordinal(estimator):
        return LEVELS
    if parameterization == "theta":
        return ORDINAL_LEVELS
    return {level: kinds for level, kinds in ORDINAL_LEVELS.items() if level != "strict"}


def _differences(
    row: dict[str, Any], above: dict[str, Any] | None, fit: Fit, previous: Fit | None
) -> dict[str, float]:
    if above is None or previous is None:
        names = ("chisq", "df", "pvalue", "cfi", "rmsea", "srmr")
        return {f"delta_{name}": float("nan") for name in names}
    test = compare(fit, previous)
    return {
        "delta_chisq": test.statistic,
        "delta_df": test.df,
        "delta_pvalue": test.pvalue,
        **{f"delta_{name}": row[name] - above[name] for name in ("cfi", "rmsea", "srmr")},
    }
