"""The tables of a run directory that hold the conclusions: paths and VAAR."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from vaar.analyses.alignment.collect import Collected
from vaar.analyses.alignment.conclude import DEFINITION, Conclusions
from vaar.analyses.alignment.rate.arrays import Array, estimable
from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.analyses.alignment.resample import percentiles
from vaar.analyses.notes import in_words
from vaar.study.model import Hypothesis
from vaar.vocabulary import Estimability

EQUAL_N = ("equal_n", "vaar_equal_n", "equal_n_spread_lower", "equal_n_spread_upper")
"""Columns of the comparison at equal size; without values where no group was fitted."""

_COUNTED = (Verdict.AS_IN_PEOPLE, Verdict.AGAINST, Verdict.NEGLIGIBLE, Verdict.UNDECIDED)


def paths_table(
    hypotheses: Sequence[Hypothesis], collected: Collected, found: Conclusions
) -> pd.DataFrame:
    """One row per group × path; a path that is not estimable has no numbers."""
    full = collected.full
    shape = found.verdict.shape
    known = estimable(full.std_estimate, full.std_se)
    df = np.where(np.isfinite(found.df), found.df, np.nan)
    columns = {
        "expected_sign": np.broadcast_to(found.reference.signs, shape).astype(int),
        "estimate": full.estimate,
        "se": full.se,
        "std_estimate": full.std_estimate,
        "std_se": full.std_se,
        "df": np.broadcast_to(df[:, None], shape),
        "verdict": found.verdict,
        "confidence": found.confidence,
        "p_context": found.context,
        "reference_probability": np.broadcast_to(found.in_people, shape),
        "p_same_sign": found.same_sign,
        "kl": found.kl,
        "status": np.where(known, Estimability.ESTIMATED, Estimability.NOT_ESTIMABLE),
    }
    table = pd.DataFrame({name: values.ravel() for name, values in columns.items()})
    groups = np.repeat(collected.groups, len(hypotheses))
    table.insert(0, "group", groups)
    table.insert(1, "path", [h.path for h in hypotheses] * len(collected.groups))
    table["reason"] = [in_words(collected.notes.get(group, ())) for group in groups]
    return table


def vaar_table(collected: Collected, found: Conclusions, n_sessions: pd.Series) -> pd.DataFrame:
    """One row a group, before ranks and the comparison at equal size.

    A group of which a path is not estimable has no rate.

    Parameters
    ----------
    n_sessions : Series
        Sessions by group, before any is left out.
    """
    n_paths = found.verdict.shape[1]
    missing = (found.verdict == Verdict.NOT_ESTIMABLE).sum(axis=1)
    signs = found.reference.signs * collected.full.std_estimate
    estimated = np.isfinite(collected.full.std_se)
    with np.errstate(invalid="ignore"):
        agreeing = ((signs > 0) & estimated).sum(axis=1) / (n_paths - missing)
    counts = {_name(one): (found.verdict == one).sum(axis=1) for one in _COUNTED}
    return pd.DataFrame(
        {
            "group": list(collected.groups),
            "definition": DEFINITION,
            "vaar": found.vaar,
            "vaar_lower": found.lower,
            "vaar_upper": found.upper,
            "vaar_uncorrected": found.uncorrected,
            "kappa": found.kappa.value,
            "kappa_lower": found.kappa.lower,
            "kappa_upper": found.kappa.upper,
            "vaar_at_kappa_lower": found.at_kappa[0],
            "vaar_at_kappa_upper": found.at_kappa[1],
            **counts,
            "vaar_divergence": found.divergence,
            "log_loss": found.log_loss,
            "sign_agreement": agreeing,
            "n_paths": n_paths,
            "n_not_estimable": missing,
            "n_sessions": n_sessions.loc[list(collected.groups)].to_numpy(),
            "status": np.select(
                [missing == n_paths, missing > 0],
                [Estimability.NOT_ESTIMABLE, Estimability.PARTLY_ESTIMABLE],
                Estimability.ESTIMATED,
            ),
            "reason": [in_words(collected.notes.get(group, ())) for group in collected.groups],
            **dict.fromkeys(EQUAL_N, np.nan),
        }
    )


def _name(verdict: Verdict) -> str:
    """The column that counts a verdict."""
    return f"n_{verdict.replace(' ', '_')}"


def curve_table(groups: Sequence[str], replicates: Mapping[int, Array]) -> pd.DataFrame:
    """VAAR against N: one row per group × sample size, from samples of shape (R, G)."""
    parts = []
    for n, values in replicates.items():
        median, lower, upper = percentiles(values)
        rows = {"group": list(groups), "n": n, "vaar": median}
        parts.append(pd.DataFrame({**rows, "vaar_lower": lower, "vaar_upper": upper}))
    columns = ["group", "n", "vaar", "vaar_lower", "vaar_upper"]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=columns)
    return table.dropna(subset="vaar").reset_index(drop=True)
