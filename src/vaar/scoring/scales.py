"""Keyed item answers and scale scores: one row per session."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vaar.errors import DataError
from vaar.responses.schema import FACTS
from vaar.scoring.design_factors import SESSION_FACTORS
from vaar.study.model import Instrument, Item, Study

MIN_ANSWERED = 0.5
"""Share of a scale's items that a session must have answered to get a score."""

IDENTITY = ("group", "session", "condition")
"""Columns that say whose scores a row holds."""


@dataclass(frozen=True)
class Scale:
    """What a score is computed from: a whole instrument or one of its subscales.

    Attributes
    ----------
    code : str
        Name of the score.
    instrument : str
        Code of the instrument.
    items : tuple of str
        Item codes.
    """

    code: str
    title: str
    instrument: str
    items: tuple[str, ...]


def scales(study: Study) -> tuple[Scale, ...]:
    """Every scale of a study: each instrument, followed by its subscales.

    One whose items have different response scales, or are answered in words, has no score.
    """
    return tuple(scale for instrument in study.instruments for scale in _scales(instrument))


def score(responses: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Keyed item answers and scale scores of every session.

    Parameters
    ----------
    responses : DataFrame
        The tidy table, one row per session × item, with at least the columns group, session,
        condition, item and value (missing where there is no value). Columns of
        :data:`vaar.scoring.design_factors.SESSION_FACTORS` are carried along.
    study : Study

    Returns
    -------
    DataFrame
        One row per session, in order of first appearance: the columns group, session, condition
        and the session factors that the responses have, then one for each item (NaN where missing;
        a reverse-keyed answer x counts as first + last − x), then one for each scale and subscale:
        the mean of its answered items where at least `MIN_ANSWERED` of them are answered, else NaN.

    Raises
    ------
    DataError
        A column is absent, an item is not of the study, a session has an item twice, a value is
        not on the item's scale, or an item or scale has the name of a session factor.
    """
    _require(responses, (*IDENTITY, "item", "value"))
    _check_names(responses, study)
    items = {item.code: (item, ins) for ins in study.instruments for item in ins.coded_items}
    responses = _coded(responses, study)
    column = _item_columns(responses["item"], tuple(items))
    row, sessions = _sessions(responses)
    answers = _matrix(row, column, responses["value"], (len(sessions), len(items)))
    if np.bincount(row * len(items) + column).max(initial=0) > 1:
        raise _duplicate(responses)
    keyed = pd.DataFrame(_keyed(answers, list(items.values())), columns=list(items))
    scores = {scale.code: _prorated(keyed[list(scale.items)].to_numpy()) for scale in scales(study)}
    return pd.concat([sessions, keyed, pd.DataFrame(scores, index=keyed.index)], axis=1)


def _scales(instrument: Instrument) -> list[Scale]:
    """The instrument and its subscales, those of them whose items share a scale."""
    whole = tuple(item.code for item in instrument.coded_items)
    parts = [
        Scale(subscale.code, subscale.title, instrument.code, subscale.items)
        for subscale in instrument.subscales
    ]
    found = [Scale(instrument.code, instrument.title, instrument.code, whole), *parts]
    return [scale for scale in found if _share_a_scale(instrument, scale.items)]


def _share_a_scale(instrument: Instrument, items: tuple[str, ...]) -> bool:
    ranges = {instrument.scale_of(instrument.by_code[code]).range for code in items}
    return len(ranges) == 1


def _coded(responses: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The responses without those in words, which have no score."""
    words = [code for code, (item, _) in study.item.items() if item.kind == "text"]
    return responses[~responses["item"].isin(words)] if words else responses


def _require(responses: pd.DataFrame, columns: tuple[str, ...]) -> None:
    absent = [column for column in columns if column not in responses.columns]
    if absent:
        raise DataError(
            f"the responses have no column {', '.join(absent)}; "
            f"they need {', '.join(columns)}: build them from the run's journal again"
        )


def _check_names(responses: pd.DataFrame, study: Study) -> None:
    names = {item.code for instrument in study.instruments for item in instrument.items}
    names |= {scale.code for scale in scales(study)}
    if clash := [name for name in _identity(responses) if name in names]:
        raise DataError(
            f"the study has items or scales named {', '.join(clash)}, as columns of the scores are "
            "named that say how a session was run: rename them in the study"
        )


def _identity(responses: pd.DataFrame) -> list[str]:
    return [*IDENTITY, *(name for name in (*SESSION_FACTORS, FACTS) if name in responses)]


def _item_columns(asked: pd.Series, codes: tuple[str, ...]) -> NDArray[np.intp]:
    """Position of each response's item among the study's items."""
    found, named = pd.factorize(asked)
    place = pd.Index(codes).get_indexer(pd.Index(named))
    if (place < 0).any() or (found < 0).any():
        strange = [str(name) for name, at in zip(named, place, strict=True) if at < 0] or ["(none)"]
        raise DataError(
            f"the responses hold items that the study does not: {', '.join(strange[:5])}; "
            "score them with the study that they were collected with"
        )
    return np.asarray(place[found], dtype=np.intp)


def _sessions(responses: pd.DataFrame) -> tuple[NDArray[np.intp], pd.DataFrame]:
    """Number of each response's row, and the identity of each row."""
    by = ["group", "session"]
    if responses[by].isna().any(axis=None):
        raise DataError(
            "responses without a group or a session number cannot be scored; "
            "build the table from the run's journal again"
        )
    number = responses.groupby(by, sort=False, observed=True).ngroup().to_numpy().astype(np.intp)
    first = np.empty(number.max(initial=-1) + 1, dtype=np.intp)
    first[number[::-1]] = np.arange(len(number))[::-1]  # what is written last stands
    identity = responses[_identity(responses)].iloc[first].reset_index(drop=True)
    return number, identity


def _matrix(
    row: NDArray[np.intp], column: NDArray[np.intp], values: pd.Series, shape: tuple[int, int]
) -> NDArray[np.float64]:
    answers = np.full(shape, np.nan)
    answers[row, column] = values.to_numpy(dtype=float, na_value=np.nan)
    return answers


def _duplicate(responses: pd.DataFrame) -> DataError:
    twice = responses[responses.duplicated(["group", "session", "item"])].iloc[0]
    return DataError(
        f"session {twice['session']} of group {twice['group']} answers item {twice['item']} twice; "
        "a table holds one row per session and item: keep its last attempt only"
    )


def _keyed(
    answers: NDArray[np.float64], items: list[tuple[Item, Instrument]]
) -> NDArray[np.float64]:
    first = np.array([instrument.scale_of(item).first for item, instrument in items], dtype=float)
    last = np.array([instrument.scale_of(item).last for item, instrument in items], dtype=float)
    with_answer = ~np.isnan(answers)
    on_scale = (answers >= first) & (answers <= last) & (answers == np.round(answers))
    if (with_answer & ~on_scale).any():
        row, column = np.argwhere(with_answer & ~on_scale)[0]
        raise DataError(
            f"item {items[column][0].code} has the value {answers[row, column]:g}; its scale runs "
            f"from {first[column]:g} to {last[column]:g}: code the raw replies again"
        )
    reversed_ = np.array([item.keying == -1 for item, _ in items])
    return np.where(reversed_, first + last - answers, answers)


def _prorated(items: NDArray[np.float64]) -> NDArray[np.float64]:
    answered = np.isfinite(items)
    count = answered.sum(axis=1)
    total = np.where(answered, items, 0.0).sum(axis=1)
    enough = count >= max(MIN_ANSWERED * items.shape[1], 1)
    return np.where(enough, total / np.maximum(count, 1), np.nan)
