"""Further fit measures, all functions of the test, the baseline's test, and residuals.

Bentler & Bonett (1980) for NFI; Bollen (1986, 1989) for RFI and IFI; McDonald & Marsh (1990) for
RNI; James, Mulaik & Brett (1982) for PNFI; McDonald (1989) for MFI; Browne & Cudeck (1993) for
ECVI; Hoelter (1983) for the critical n.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import scipy

from vaar.sem.arrays import Bools, Floats
from vaar.sem.fit_measures.measures import root_mean_squares
from vaar.sem.model.matrices import inverses

_POOR = 0.08  # RMSEA of "not close" fit
_INCREMENTAL = ("nfi", "rfi", "ifi", "rni", "pnfi")


def further(values: Mapping[str, float], groups: int, robust: bool) -> dict[str, float]:
    """Indices that follow from the tests.

    Parameters
    ----------
    values : mapping
        chisq, df, baseline_chisq, baseline_df, tli, npar and ntotal, and their scaled variants.
    """
    out = {"nnfi": values["tli"]}
    out |= _incremental(values, "")
    if robust:
        out["nnfi_scaled"] = values["tli_scaled"]
        out |= _incremental(values, "_scaled")
    return out | _absolute(values, groups)


def _incremental(values: Mapping[str, float], suffix: str) -> dict[str, float]:
    chisq, base = values["chisq" + suffix], values["baseline_chisq" + suffix]
    df, base_df = values["df"], values["baseline_df"]
    usual = df >= 0 and np.isfinite(chisq) and base_df > 0
    if not (usual and base > 0 and base not in (base_df, df)):
        return dict.fromkeys((name + suffix for name in _INCREMENTAL), float("nan"))
    nfi = (base - chisq) / base
    ratio = base / base_df
    found = (
        nfi,
        (ratio - chisq / df) / ratio if df else 1.0,
        (base - chisq) / (base - df),
        ((base - base_df) - (chisq - df)) / (base - base_df),
        df / base_df * nfi,
    )
    return {name + suffix: float(v) for name, v in zip(_INCREMENTAL, found, strict=True)}


def _absolute(values: Mapping[str, float], groups: int) -> dict[str, float]:
    chisq, df, n = values["chisq"], values["df"], values["ntotal"]
    out = {
        "fmin": chisq / (2 * n),
        "mfi": float(np.exp(-0.5 * (chisq - df) / n)),
        "ecvi": (chisq + 2 * values["npar"]) / n,
    }
    if df > 0 and chisq > 0:
        for name, tail in (("cn_05", 0.05), ("cn_01", 0.01)):
            out[name] = float(scipy.special.chdtri(df, tail) * n / chisq + 1)
        out["rmsea_notclose_pvalue"] = float(
            scipy.special.chndtr(chisq, df, n * df * _POOR**2 / groups)
        )
    return out


def residual_indices(
    cov: Floats,
    mean: Floats,
    implied_cov: Floats,
    implied_mean: Floats,
    present: Bools,
    n: Floats,
    with_means: bool,
) -> dict[str, float]:
    """Root mean square residuals: raw (rmr), standardised (srmr_bentler), of correlations (crmr),
    and as Mplus has it (srmr_mplus).

    Each is an average over groups by their rows; ``_nomean`` variants leave means out.
    """
    spread, fitted = _deviations(cov, present), _deviations(implied_cov, present)
    raw, gap = cov - implied_cov, mean - implied_mean
    unit = spread[:, :, None] * spread[:, None, :]
    correlations = cov / unit - implied_cov / (fitted[:, :, None] * fitted[:, None, :])
    kinds = {
        "rmr": (raw, gap, 0),
        "srmr_bentler": (raw / unit, gap / spread, 0),
        "crmr": (correlations, gap / spread, 1),
    }
    out = {}
    for name, (square, level, offset) in kinds.items():
        whole = root_mean_squares(square, level if with_means else None, present, offset)
        inner = root_mean_squares(square, None, present, offset) if with_means else whole
        out[name] = float(np.average(whole, weights=n))
        out[name + "_nomean"] = float(np.average(inner, weights=n))
    diagonal = np.arange(cov.shape[1])
    correlations = correlations.copy()
    correlations[:, diagonal, diagonal] = (raw / unit)[:, diagonal, diagonal]
    level = mean / spread - implied_mean / fitted
    for name, with_level in (("srmr_mplus", with_means), ("srmr_mplus_nomean", False)):
        each = root_mean_squares(correlations, level if with_level else None, present)
        out[name] = float(np.average(each, weights=n))
    return out


def explained(
    cov: Floats,
    mean: Floats,
    implied_cov: Floats,
    implied_mean: Floats,
    present: Bools,
    n: Floats,
    with_means: bool,
    held: Bools,
) -> tuple[float, float]:
    """GFI, the share of the sample moments that a model explains, weighted by their information at
    its estimates (Jöreskog & Sörbom 1981; Tanaka & Huba 1985); and how many moments there are.

    Parameters
    ----------
    held : (p,) array
        Predictors whose moments are held: they are not to be explained.
    """
    shares, count = np.empty(len(present)), 0.0
    for g, here in enumerate(present):
        at, fixed = np.ix_(here, here), held[here]
        weight = inverses(implied_cov[g][at][None])[0]
        gap = mean[g][here] - implied_mean[g][here]
        off = weight @ (cov[g][at] - implied_cov[g][at])
        all_of = weight @ np.where(fixed[:, None] & fixed, 0.0, cov[g][at])
        left, total = 0.5 * np.sum(off * off.T), 0.5 * np.sum(all_of * all_of.T)
        count += len(fixed) * (len(fixed) + 1) / 2
        if with_means:
            level = np.where(fixed, 0.0, mean[g][here])
            left, total = left + gap @ weight @ gap, total + level @ weight @ level
            count += len(fixed)
        shares[g] = 1 - left / total
    return float(np.average(shares, weights=n)), count


def goodness_indices(gfi: float, moments: float, df: float) -> dict[str, float]:
    """GFI, adjusted for degrees of freedom (AGFI), and parsimonious (PGFI; Mulaik et al. 1989)."""
    adjusted = 1 - moments / df * (1 - gfi) if df > 0 else float("nan")
    return {"gfi": gfi, "agfi": adjusted, "pgfi": df / moments * gfi}


def _deviations(cov: Floats, present: Bools) -> Floats:
    """(G, p) standard deviations; 1 where a variable is masked."""
    return np.asarray(np.sqrt(np.where(present, np.einsum("gii->gi", cov), 1.0)))
