"""Published coefficients beside a run's own, each held against the same specification."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from vaar.analyses.contrasts.table_specs import REFERENCES
from vaar.study.model import Evidence, Hypothesis
from vaar.tables.table import Record
from vaar.vocabulary import Z_95

_OWN = {
    "zero-order": ("r", "r_lower", "r_upper"),
    "path": ("std_path", "path_lower", "path_upper"),
}


def references_table(hypotheses: Sequence[Hypothesis], zero_order: pd.DataFrame) -> pd.DataFrame:
    """The table :data:`REFERENCES`: every published coefficient beside that of every group.

    A correlation is held against the zero-order latent correlation, a path against the path. A
    path that was adjusted for something else than this study's model has is shown without a
    difference. The standard error of a difference is √(se² + se²), each from its interval, that
    of correlations on the scale of Fisher's z.

    Parameters
    ----------
    zero_order : DataFrame
        As :data:`vaar.analyses.contrasts.table_specs.ZERO_ORDER` describes.
    """
    rows = [
        _row(record, evidence)
        for hypothesis in hypotheses
        for evidence in hypothesis.evidence
        if evidence.specification
        for record in zero_order[zero_order["path"] == hypothesis.path].to_dict("records")
    ]
    return REFERENCES.filled(rows)


def _row(record: Record, evidence: Evidence) -> dict[str, object]:
    own = [float(record[name]) for name in _OWN[evidence.specification]]
    theirs = [
        math.nan if end is None else end for end in (evidence.value, evidence.lower, evidence.upper)
    ]
    same = not evidence.adjusted_for
    difference = own[0] - theirs[0] if same else math.nan
    p = _p(own, theirs, evidence.specification == "zero-order") if same else math.nan
    return {
        "group": record["group"],
        "path": record["path"],
        "specification": evidence.specification,
        "adjusted_for": evidence.adjusted_for,
        "published": theirs[0],
        "published_lower": theirs[1],
        "published_upper": theirs[2],
        "own": own[0],
        "own_lower": own[1],
        "own_upper": own[2],
        "difference": difference,
        "p": p,
        "source": evidence.source,
    }


def _p(own: Sequence[float], theirs: Sequence[float], correlations: bool) -> float:
    """Of the Wald test of no difference; NaN where an interval is missing."""
    scale = np.arctanh if correlations else np.asarray
    one, other = scale(np.array(own)), scale(np.array(theirs))
    se = [(ends[2] - ends[1]) / (2 * Z_95) for ends in (one, other)]
    z = abs(one[0] - other[0]) / math.hypot(*se)
    return math.erfc(z / math.sqrt(2)) if math.isfinite(z) else math.nan
