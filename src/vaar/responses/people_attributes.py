"""What people are, beside what they answered: further columns of their CSV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from vaar.errors import DataError


def read_people_attributes(path: Path, names: Sequence[str]) -> pd.DataFrame:
    """Read columns of the CSV that :func:`vaar.responses.people.read_people` reads, as text.

    Returns
    -------
    DataFrame
        Indexed by session, from −1 down; missing where a cell is blank.

    Raises
    ------
    DataError
        A column is absent: people and models cannot be adjusted for it alike.
    """
    wide = pd.read_csv(path, dtype="string")
    if absent := [name for name in names if name not in wide.columns]:
        raise DataError(
            f"{path}: has no column {', '.join(absent)}, so the people's paths cannot be adjusted "
            "as the models' are. Add the column, leave --covariate out, or leave the people out"
        )
    return wide[list(names)].set_axis(-1 - wide.index, axis=0)
