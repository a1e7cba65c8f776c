"""Fitting a model to data: read, screen, and have it solved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from vaar.errors import DataError, NoGroupError
from vaar.sem.arguments import checks_arguments
from vaar.sem.data.frame import read_table
from vaar.sem.data.ordinal.source import OrdinalRows
from vaar.sem.data.sampling_columns import read_design, without_single_clusters
from vaar.sem.data.screening import Screened, screen
from vaar.sem.data.source import Rows, Source
from vaar.sem.data.summary import check_summary, count_groups, read_summary
from vaar.sem.estimators.base import Estimator
from vaar.sem.estimators.choice import estimator_of, is_ordinal, least_squares_of, robust_name
from vaar.sem.estimators.dwls.setup import ordinal_model
from vaar.sem.job import Job
from vaar.sem.limits.bounds import with_positive_variances
from vaar.sem.model.equality import equality_of
from vaar.sem.model.matrices import structure_of
from vaar.sem.model.parameters import ModelSpec, specify
from vaar.sem.model.thresholds import PARAMETERIZATIONS, refuse_thresholds
from vaar.sem.names import listed
from vaar.sem.results.fit import Fit
from vaar.sem.results.ordinal_fit import OrdinalFit
from vaar.sem.results.tables import screening_table
from vaar.sem.two_level.levels import has_levels
from vaar.sem.two_level.prepare import two_level_job
from vaar.sem.two_level.source import check_options

if TYPE_CHECKING:
    import pandas as pd

    from vaar.sem.data.summary import Counts, Matrices, Means


@checks_arguments
def fit(
    model: str,
    data: pd.DataFrame | None = None,
    group: str | None = None,
    estimator: str = "ML",
    missing: str = "listwise",
    group_equal: Sequence[str] = (),
    group_partial: Sequence[str] = (),
    *,
    ordered: bool | str | Sequence[str] = False,
    parameterization: str = "delta",
    std_lv: bool = False,
    effect_coding: bool = False,
    meanstructure: bool | None = None,
    fixed_x: bool = True,
    orthogonal: bool = False,
    bounds: str | None = None,
    cluster: str | None = None,
    sampling_weights: str | None = None,
    sample_cov: Matrices | None = None,
    sample_mean: Means | None = None,
    nobs: Counts | None = None,
    starts: int = 1,
) -> Fit:
    """Fit a structural equation model, jointly in all groups.

    The defaults are those of lavaan's ``sem()``. The data of every group are screened first: a
    group or item that cannot carry the model is left out with its reason, and the others are
    fitted.

    Parameters
    ----------
    model : str
        lavaan syntax.
    data : DataFrame
        One row for each case, with a numeric column for each observed variable of the model; or
        nothing, and ``sample_cov``.
    group : str, optional
        Column that names the groups.
    estimator : {'ML', 'MLR', 'WLSMV', 'WLSM', 'DWLS'}
        MLR has the estimates of ML with sandwich standard errors and a scaled test. The others are
        for ordinal items and fit thresholds and polychoric correlations by diagonally weighted
        least squares; WLSMV and WLSM have sandwich standard errors, and a test adjusted in mean and
        variance, or in mean.
    missing : {'listwise', 'fiml', 'pairwise'}
        Whether rows with missing answers are left out, or used for what they hold: by
        full-information ML, or for each ordinal statistic by all rows that have its answers.
    group_equal : sequence of str
        Kinds of parameters equal across groups: loadings, intercepts, means, regressions,
        residuals, residual.covariances, lv.variances, lv.covariances, thresholds.
    group_partial : sequence of str
        Parameters excepted from that, as ``"f =~ x2"`` or ``"x3 ~ 1"``.
    ordered : bool, str or sequence of str
        The ordinal items: all variables, or those named; needed by the estimators for them. Answers
        are whole numbers. Categories that nobody in a group chose leave its outer thresholds out,
        and free an inner one that would span several boundaries from equalities; no answers are
        recoded, so that one group never coarsens another. Pairs of items without an estimable
        correlation take no part in the fit. ``fit.screening`` reports both.
    parameterization : {'delta', 'theta'}
        Whether ordinal items have scalings or residual variances as parameters.
    std_lv, effect_coding : bool
        Set the scale of latent variables by unit variances, or by loadings that average 1 and
        intercepts that average 0, instead of a marker item.
    meanstructure : bool, optional
        Whether means are modelled: by default with a group column, clusters, ``missing='fiml'`` or
        ``sample_mean``.
    fixed_x : bool
        Whether moments of observed predictors are held at their sample values.
    orthogonal : bool
        Whether latent variables have no covariances but those that the model writes.
    bounds : {'pos.var', 'pos.ov.var', 'pos.lv.var'}, optional
        Holds variances at 0 or above, where the model has no bound of its own: of residuals and
        latent variables, of the first, of the second. :attr:`Fit.held` has the estimates at 0.
    cluster : str, optional
        Column that names the cluster of each row (a persona, a school), within its group. Estimates
        stay as they are; standard errors and the scaled test take clusters, not rows, as
        independent, and intervals and p-values are those of t with one degree of freedom less than
        there are clusters. ML becomes MLR.
    sampling_weights : str, optional
        Column of weights, 0 or more: how many rows of the population each row stands for. Only
        their ratios matter; they are scaled to sum to the number of rows. ML becomes MLR.
    sample_cov : DataFrame, or mapping or list of one for each group, optional
        In place of ``data``: covariances (divisor n − 1) or correlations, rows and columns named by
        the variables; one triangle is enough, its other half NaN. For ML alone.
    sample_mean : mapping or Series, or one for each group, optional
        Means of the variables; needed where means are modelled.
    nobs : int, or one for each group, optional
        The number of rows behind ``sample_cov``.

    starts : int
        From how many places to search: the default one, and the others at random about it, the same
        in every call. The lowest minimum is taken, and :attr:`Fit.searches` has them all. Values
        given by ``start(…)`` are always held against the default place.

    Returns
    -------
    Fit

    Raises
    ------
    ModelSyntaxError
        The model cannot be read.
    DataError
        The data cannot be read, or (:class:`NoGroupError`) no group can carry the model.
    """
    job, screened = prepare(
        model,
        data,
        group,
        estimator,
        missing,
        group_equal,
        group_partial,
        std_lv=std_lv,
        effect_coding=effect_coding,
        meanstructure=meanstructure,
        fixed_x=fixed_x,
        orthogonal=orthogonal,
        bounds=bounds,
        ordered=ordered,
        parameterization=parameterization,
        cluster=cluster,
        sampling_weights=sampling_weights,
        sample_cov=sample_cov,
        sample_mean=sample_mean,
        nobs=nobs,
        starts=starts,
    )
    return job.fitted(screened)


def prepare(
    model: str,
    data: pd.DataFrame | None,
    group: str | None,
    estimator: str,
    missing: str,
    group_equal: Sequence[str],
    group_partial: Sequence[str],
    *,
    std_lv: bool = False,
    effect_coding: bool = False,
    meanstructure: bool | None = None,
    fixed_x: bool = True,
    orthogonal: bool = False,
    bounds: str | None = None,
    ordered: bool | str | Sequence[str] = False,
    parameterization: str = "delta",
    cluster: str | None = None,
    sampling_weights: str | None = None,
    sample_cov: Matrices | None = None,
    sample_mean: Means | None = None,
    nobs: Counts | None = None,
    starts: int = 1,
) -> tuple[Job, Screened]:
    """Read model and data and screen them: all of :func:`fit` but the fitting."""
    meanstructure = None if meanstructure is None else bool(meanstructure)
    group_equal = listed("group_equal", group_equal)
    group_partial = listed("group_partial", group_partial)
    if not is_ordinal(estimator) and parameterization not in PARAMETERIZATIONS:
        raise DataError(
            f"parameterization got {parameterization!r}; allowed are "
            f"{' and '.join(PARAMETERIZATIONS)}: choose one"
        )
    identify = "std_lv" if std_lv else "effects" if effect_coding else "marker"
    if std_lv and effect_coding:
        raise DataError("std_lv and effect_coding both set the scale of factors: choose one")
    if sample_cov is None and not (sample_mean is None and nobs is None):
        raise DataError(
            "sample_mean or nobs is given, and there is no sample_cov: give that in place of data, "
            "or leave both out"
        )
    if data is None or sample_cov is not None:
        asked = {"group": group, "cluster": cluster, "sampling_weights": sampling_weights}
        check_summary(sample_cov, asked | {"data": data, "ordered": ordered}, estimator, missing)
    if has_levels(model):
        check_options(
            {
                "ordered": ordered,
                "sampling_weights": sampling_weights,
                "sample_cov": sample_cov,
                "meanstructure": meanstructure,
            }
        )
        _check_asked(group is not None, group_equal, missing, meanstructure)
        equal = group_equal, group_partial, identify
        read = model, data, group, cluster, estimator, missing
        job, screened = two_level_job(*read, *equal, fixed_x, orthogonal, _count_of(starts))
        _check_kept(screened)
        return replace(job, spec=with_positive_variances(job.spec, bounds)), screened
    categorical = is_ordinal(estimator)
    _check_ordinal(categorical, estimator, ordered, effect_coding, meanstructure)
    grouped = group is not None or count_groups(sample_cov) > 1
    _check_asked(grouped, group_equal, missing, meanstructure)
    structured = cluster is not None or sampling_weights is not None
    estimator = robust_name(estimator) if structured else estimator
    by_default = group is not None or missing != "listwise" or cluster is not None
    by_default |= sample_mean is not None
    means = by_default if meanstructure is None else meanstructure
    means |= categorical
    spec = specify(model, mean_structure=means, fixed_x=fixed_x, orthogonal=orthogonal)
    if not categorical:
        refuse_thresholds(spec)
    chosen: Estimator[Any] = (
        least_squares_of(estimator, missing)
        if categorical
        else estimator_of(estimator, missing, spec.mean_structure)
    )
    source: Source
    if data is None:
        source = read_summary(spec.observed, sample_cov, sample_mean, nobs, spec.mean_structure)
        table, screened = source.table, source.screened()
    else:
        _check_latents(spec, [str(name) for name in getattr(data, "columns", ())])
        table = read_table(data, spec.observed, group, categorical)
        table, design = read_design(data, table, cluster, sampling_weights)
        screened = screen(table.values, table.group, table.names, spec, chosen.fiml)
        screened = without_single_clusters(screened, table, design)
        source = Rows(table, design)
    screened = replace(screened, findings=table.findings + screened.findings)
    _check_kept(screened)
    if categorical and data is not None:
        columns = [str(name) for name in data.columns]
        spec, categories = ordinal_model(spec, screened, ordered, columns, parameterization)
        source = OrdinalRows(source, categories, chosen.fiml)
    spec = with_positive_variances(spec, bounds)
    equality = equality_of(spec, group_equal, group_partial, identify)
    made = spec, structure_of(spec), chosen, equality, table, source, _count_of(starts)
    return Job(*made, OrdinalFit if categorical else Fit), screened


def _count_of(starts: int) -> int:
    if isinstance(starts, bool) or not isinstance(starts, Integral) or starts < 1:
        raise DataError(f"starts got {starts!r}; it is a whole number of at least 1: correct it")
    return int(starts)


def _check_kept(screened: Screened) -> None:
    if screened.kept:
        return
    reasons = "; ".join(f"{name}: {why}" for name, why in screened.dropped.items())
    raise NoGroupError(
        f"no group can carry the model ({reasons}): see that answers vary and that there are more "
        "rows than variables",
        screened.dropped,
        screening_table(screened.findings),
    )


def _check_ordinal(
    categorical: bool,
    estimator: str,
    ordered: bool | str | Sequence[str],
    effect_coding: bool,
    meanstructure: bool | None,
) -> None:
    if not categorical and ordered is not False and len(np.atleast_1d(ordered)):
        raise DataError(
            f"ordered is given, and estimator {estimator!r} takes answers as continuous: use "
            "WLSMV, or leave ordered out"
        )
    if categorical and (effect_coding or meanstructure is False):
        raise DataError(
            f"estimator {estimator!r} always models thresholds, and sets scales by a marker item "
            "or std_lv: leave effect_coding and meanstructure out"
        )


def _check_latents(spec: ModelSpec, columns: Sequence[str]) -> None:
    taken = [name for name in spec.latents if name in columns]
    if taken:
        raise DataError(
            f"{taken[0]!r} is a latent variable of the model and a column of the data: give the "
            "latent variable another name"
        )


def _check_asked(
    grouped: bool, group_equal: Sequence[str], missing: str, meanstructure: bool | None
) -> None:
    """Refuse what would be asked for and not be applied."""
    if not grouped and len(group_equal):
        raise DataError(
            f"group_equal got {group_equal!r} and there is no group column: name it in group=, or "
            "leave group_equal out"
        )
    if meanstructure is False and str(missing).lower() not in ("listwise", "pairwise"):
        raise DataError(
            f"missing={missing!r} needs modelled means: leave meanstructure=False out, or use "
            "missing='listwise'"
        )
