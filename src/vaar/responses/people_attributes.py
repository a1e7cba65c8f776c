"""What people are, beside what they answered: all columns of their CSV."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from vaar.responses.people import read_wide


def read_people_attributes(path: Path) -> pd.DataFrame:
    """Read the CSV that :func:`vaar.responses.people.read_people` reads, as text.

    Returns
    -------
    DataFrame
        Indexed by session, from −1 down; missing where a cell is blank.

    Raises
    ------
    DataError
        The file cannot be read.
    """
    wide = read_wide(path)
    return wide.set_axis(-1 - wide.index, axis=0)
