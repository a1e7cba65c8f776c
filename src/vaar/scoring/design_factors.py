"""What a session was given and another was not: design factors, attributes of personas."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd

from vaar.errors import DataError
from vaar.responses.schema import FACTS, VARIED
from vaar.study.model import Study

SESSION_FACTORS = ("replicate", *VARIED)
"""Columns of the responses that say how a session was run."""

MAX_LEVELS = 12
"""Levels beyond which a factor neither makes groups nor is described level by level."""


def design_factor_names(study: Study) -> tuple[str, ...]:
    """Names of all design factors that sessions of a study can have, its personas' attributes last.

    What is drawn of its facts is among them.
    """
    facts = (fact.name for fact in study.variation.facts)
    attributes = (name for persona in study.personas for name, _ in persona.attributes)
    return tuple(dict.fromkeys((*SESSION_FACTORS, *facts, *attributes)))


def require_known(study: Study, names: Sequence[str]) -> None:
    """Refuse names that are no design factor.

    Raises
    ------
    DataError
        It lists the factors there are.
    """
    known = design_factor_names(study)
    if unknown := [name for name in names if name not in known]:
        raise DataError(
            f"there is no factor {', '.join(map(repr, unknown))}; the factors of study "
            f"{study.name} are {', '.join(known)}: choose among them"
        )


def design_factors(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Every design factor of every row, as text.

    Parameters
    ----------
    table : DataFrame
        Scores, responses or sessions: columns of :data:`SESSION_FACTORS`, those it has.

    Returns
    -------
    DataFrame
        Indexed as the table, a column for each of :func:`design_factor_names`; missing where a row
        has no such thing, as people have none.

    Raises
    ------
    DataError
        An attribute of a persona has the name of a session factor.
    """
    attributes = {persona.id: dict(persona.attributes) for persona in study.personas}
    _check_attributes(attributes)
    found = {name: _as_text(table, name) for name in SESSION_FACTORS}
    drawn = _drawn(table)
    for fact in study.variation.facts:
        found[fact.name] = drawn.map(lambda own, name=fact.name: own.get(name, "")).astype("string")
    for name in design_factor_names(study)[len(found) :]:
        values = {key: own.get(name, "") for key, own in attributes.items()}
        found[name] = found["persona"].map(values).astype("string")
    return pd.DataFrame({name: values.replace("", pd.NA) for name, values in found.items()})


def _drawn(table: pd.DataFrame) -> pd.Series:
    """What was drawn of the study's facts, row by row; nothing where the table does not tell."""
    told = table[FACTS] if FACTS in table else pd.Series("", table.index, dtype="string")
    read = {text: json.loads(text) for text in told.dropna().unique() if text}
    return told.map(lambda text: read.get(text, {}))


def levels(factor: pd.Series) -> list[str]:
    """Levels of one factor: whole numbers by size, all else by name."""
    found = [str(level) for level in factor.dropna().unique()]
    whole = all(level.isdecimal() for level in found)
    return sorted(found, key=int) if whole else sorted(found)


def _as_text(table: pd.DataFrame, name: str) -> pd.Series:
    values = table[name] if name in table else pd.Series(pd.NA, table.index, dtype="string")
    return values.map(_text, na_action="ignore").astype("string")


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) else str(value)


def _check_attributes(attributes: dict[str, dict[str, str]]) -> None:
    names = {name for own in attributes.values() for name in own}
    if clash := sorted(names & set(SESSION_FACTORS)):
        raise DataError(
            f"personas have attributes named {', '.join(clash)}, as factors of every session are "
            "named: rename them in the table of personas"
        )
