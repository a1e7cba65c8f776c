"""What shifted sessions answer and release, beside the same sessions without a shift."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from vaar.analyses.base import Coded
from vaar.analyses.bootstrap import mean, with_intervals
from vaar.analyses.release.analysis import released_share
from vaar.analyses.release.filled_forms import filled_forms
from vaar.analyses.shifted_sessions.pairs import ShiftedPair
from vaar.scoring.scales import scales
from vaar.study.release_form import release_forms, wrong_forms

RELEASED = "released"
SIDES = ("unshifted", "shifted")


def outcomes_table(
    data: Coded, pairs: Iterable[ShiftedPair], replicates: int, seed: int
) -> pd.DataFrame:
    """The change of every questionnaire's score, and of what is released.

    Sessions of the same replicate are held against each other: they draw from the same random
    numbers, and are told the same facts.

    Returns
    -------
    DataFrame
        ``group``, ``base``, ``shift``, ``outcome``, ``sessions`` (pairs of both), ``unshifted``,
        ``shifted``, ``change`` with its interval over pairs of sessions.
    """
    known = dict(_outcomes(data))
    replicate = _replicates(data)
    rows: list[dict[str, Any]] = []
    for pair in pairs:
        for outcome, values in known.items():
            wide = _side_by_side(pair, values, data.scores["group"], replicate)
            change = (wide["shifted"] - wide["unshifted"]).to_numpy(dtype=float)
            rows.append(
                {
                    "group": pair.group,
                    "base": pair.base,
                    "shift": pair.words,
                    "outcome": outcome,
                    "sessions": len(wide),
                    **{side: mean(wide[side].to_numpy(float)) for side in SIDES},
                    **with_intervals({"change": change}, replicates, seed),
                }
            )
    return pd.DataFrame(rows)


def _outcomes(data: Coded) -> Iterator[tuple[str, pd.Series]]:
    study = data.study
    for scale in scales(study):
        if scale.code in study.instrument and scale.code in data.scores:
            yield scale.code, data.scores[scale.code]
    if any(release_forms(study)) and not wrong_forms(study):
        forms = filled_forms(data.responses, study)[1]
        yield RELEASED, released_share(forms, data.scores)


def _replicates(data: Coded) -> pd.Series:
    """The replicate of every row of the scores."""
    keys = ["group", "session"]
    by_session = data.responses.drop_duplicates(keys).set_index(keys)["replicate"]
    index = pd.MultiIndex.from_frame(data.scores[keys])
    return pd.Series(by_session.reindex(index).to_numpy(), data.scores.index)


def _side_by_side(
    pair: ShiftedPair, values: pd.Series, groups: pd.Series, replicate: pd.Series
) -> pd.DataFrame:
    sides = dict(zip(SIDES, (pair.base, pair.group), strict=True))
    own = {
        side: pd.Series(
            values[groups == group].to_numpy(dtype=float), replicate[groups == group].to_numpy()
        )
        for side, group in sides.items()
    }
    return pd.DataFrame(own).dropna()
