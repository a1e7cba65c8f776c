"""The tables of a run directory that hold the conclusions: paths and VAAR."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from vaar.analyses.alignment.collect import Collected
from vaar.analyses.alignment.resample import percentiles
from vaar.analyses.alignment.vaar import Array, Evidence, Expectation, estimable
from vaar.analyses.notes import in_words
from vaar.study.model import Hypothesis
from vaar.vocabulary import Estimability

EQUAL_N = ("equal_n", "vaar_equal_n", "vaar_equal_n_lower", "vaar_equal_n_upper")
"""Columns of the comparison at equal size; without values where no group was fitted."""


def paths_table(
    hypotheses: Sequence[Hypothesis],
    collected: Collected,
    expected: Expectation,
    evidence: Evidence,
) -> pd.DataFrame:
    """One row per group × path; a path that is not estimable has no numbers but p = ½."""
    full = collected.full
    shape = evidence.p.shape
    known = estimable(full.std_estimate, full.std_se)
    columns = {
        "expected_sign": np.broadcast_to(expected.signs, shape).astype(int),
        "estimate": full.estimate,
        "se": full.se,
        "std_estimate": full.std_estimate,
        "std_se": full.std_se,
        "p_direction": evidence.p,
        "reference_confidence": np.broadcast_to(expected.confidence, shape),
        "kl": evidence.kl,
        "status": np.where(known, Estimability.ESTIMATED, Estimability.NOT_ESTIMABLE),
    }
    table = pd.DataFrame({name: values.ravel() for name, values in columns.items()})
    groups = np.repeat(collected.groups, len(hypotheses))
    table.insert(0, "group", groups)
    table.insert(1, "path", [h.path for h in hypotheses] * len(collected.groups))
    table["reason"] = [in_words(collected.notes.get(group, ())) for group in groups]
    return table


def vaar_table(
    collected: Collected,
    evidence: Evidence,
    bootstrapped: Array,
    n_sessions: pd.Series,
) -> pd.DataFrame:
    """One row a group.

    Parameters
    ----------
    bootstrapped : ndarray, shape (R, G)
        VAAR of the bootstrap replicates, NaN where one failed.
    n_sessions : Series
        Sessions by group, before any is left out.

    Notes
    -----
    A group without any estimable path keeps the value that follows from p = ½ on every path, is
    flagged ``not_estimable``, and gets no interval.
    """
    n_paths = evidence.p.shape[1]
    _, lower, upper = percentiles(bootstrapped)
    nowhere = evidence.n_not_estimable == n_paths
    somewhere = evidence.n_not_estimable > 0
    return pd.DataFrame(
        {
            "group": list(collected.groups),
            "vaar": evidence.vaar,
            "vaar_lower": np.where(nowhere, np.nan, lower),
            "vaar_upper": np.where(nowhere, np.nan, upper),
            "log_loss": evidence.log_loss,
            "sign_agreement": evidence.sign_agreement,
            "decided_95": evidence.decided_95,
            "contradicted_95": evidence.contradicted_95,
            "n_paths": n_paths,
            "n_not_estimable": evidence.n_not_estimable,
            "n_sessions": n_sessions.loc[list(collected.groups)].to_numpy(),
            "status": np.select(
                [nowhere, somewhere],
                [Estimability.NOT_ESTIMABLE, Estimability.PARTLY_ESTIMABLE],
                Estimability.ESTIMATED,
            ),
            "reason": [in_words(collected.notes.get(group, ())) for group in collected.groups],
            **dict.fromkeys(EQUAL_N, np.nan),
        }
    )


def curve_table(groups: Sequence[str], replicates: Mapping[int, Array]) -> pd.DataFrame:
    """VAAR against N: one row per group × sample size, from subsamples of shape (R, G)."""
    parts = []
    for n, values in replicates.items():
        median, lower, upper = percentiles(values)
        rows = {"group": list(groups), "n": n, "vaar": median}
        parts.append(pd.DataFrame({**rows, "vaar_lower": lower, "vaar_upper": upper}))
    columns = ["group", "n", "vaar", "vaar_lower", "vaar_upper"]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=columns)
    return table.dropna(subset="vaar").reset_index(drop=True)
