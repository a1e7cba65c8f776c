"""What shifted sessions answer and release, beside the same sessions without a shift."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from vaar.analyses.base import Coded
from vaar.analyses.bootstrap import mean, with_intervals
from vaar.analyses.release.analysis import released_share
from vaar.analyses.release.filled_forms import filled_forms
from vaar.analyses.shifted_sessions.pairs import ShiftedPair
from vaar.analyses.shifted_sessions.tables import OUTCOMES
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
        ``shifted``, ``change`` with its interval over pairs of sessions, and ``beyond_random``: the
        change less that of as long a push in random directions, their mean.
    """
    known = dict(_outcomes(data))
    replicate = _replicates(data)
    pairs = list(pairs)
    rows: list[dict[str, Any]] = []
    for pair in pairs:
        controls = [one for one in pairs if one.controls(pair)]
        for outcome, values in known.items():
            own = {
                group: pd.Series(values[at].to_numpy(dtype=float), replicate[at].to_numpy())
                for group in (pair.base, pair.group, *(one.group for one in controls))
                for at in [data.scores["group"] == group]
            }
            rows.append(
                {
                    "group": pair.group,
                    "base": pair.base,
                    "shift": pair.words,
                    "outcome": outcome,
                    **_changes(own, pair, controls, replicates, seed),
                }
            )
    return pd.DataFrame(rows, columns=list(OUTCOMES.names))


def _changes(
    own: Mapping[str, pd.Series],
    pair: ShiftedPair,
    controls: Sequence[ShiftedPair],
    replicates: int,
    seed: int,
) -> dict[str, float]:
    """Means and changes over the replicates that have a value on both sides."""
    names = dict(zip(SIDES, (pair.base, pair.group), strict=True))
    wide = pd.DataFrame({side: own[group] for side, group in names.items()}).dropna()
    columns = {"change": wide["shifted"] - wide["unshifted"]}
    if controls:
        random = pd.concat([own[one.group] for one in controls], axis=1).mean(axis=1)
        columns["beyond_random"] = wide["shifted"] - random.reindex(wide.index)
    values = {name: column.to_numpy(dtype=float) for name, column in columns.items()}
    return {
        "sessions": len(wide),
        **{side: mean(wide[side].to_numpy(float)) for side in SIDES},
        **with_intervals(values, replicates, seed),
    }


def _outcomes(data: Coded) -> Iterator[tuple[str, pd.Series]]:
    study = data.study
    for scale in scales(study):
        if scale.code in study.instrument and scale.code in data.scores:
            yield scale.code, data.scores[scale.code]
    if any(release_forms(study)) and not wrong_forms(study):
        forms = filled_forms(data.responses, study)[1]
        if len(forms):
            yield RELEASED, released_share(forms, data.scores)


def _replicates(data: Coded) -> pd.Series:
    """The replicate of every row of the scores."""
    keys = ["group", "session"]
    by_session = data.responses.drop_duplicates(keys).set_index(keys)["replicate"]
    index = pd.MultiIndex.from_frame(data.scores[keys])
    return pd.Series(by_session.reindex(index).to_numpy(), data.scores.index)
