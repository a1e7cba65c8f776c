"""What the alignment offers to be compared: the VAAR, and every standardised path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from vaar.analyses.alignment.rate.verdicts import path_interval
from vaar.analyses.headlines import Headline, whose
from vaar.report.groups import Groups
from vaar.tables.table import Record
from vaar.tables.text import is_missing
from vaar.vocabulary import Estimability

_COUNTED = {
    "n_as_in_people": "as in people",
    "n_against": "against",
    "n_negligible": "negligible",
    "n_undecided": "undecided",
}


def headlines(vaar: pd.DataFrame, paths: pd.DataFrame, groups: Groups) -> Iterator[Headline]:
    """The VAAR of every group with its verdicts, then its paths.

    Parameters
    ----------
    vaar, paths : DataFrame
        The tables of these names.
    """
    for record in vaar.to_dict("records"):
        known = record["status"] == Estimability.ESTIMATED
        yield Headline(
            measure="vaar",
            title="VAAR",
            value=_number(record["vaar"]),
            lower=_number(record["vaar_lower"]),
            upper=_number(record["vaar_upper"]),
            words=_verdicts(record) if known else str(record["reason"]),
            flaw=str(record["flag"]),
            **whose(groups[record["group"]]),
        )
    flags = dict(zip(vaar["group"], vaar["flag"], strict=True))
    for record in paths.to_dict("records"):
        value, lower, upper = path_interval(record)
        yield Headline(
            measure="path",
            title=f"path {record['path']}",
            value=value,
            lower=lower,
            upper=upper,
            short=str(record["path"]),
            unit="standardised",
            words=str(record["verdict"]),
            flaw=str(flags.get(record["group"], "")),
            leading=False,
            **whose(groups[record["group"]], record["path"]),
        )


def _verdicts(record: Record) -> str:
    told = {words: int(_number(record[name], 0)) for name, words in _COUNTED.items()}
    return ", ".join(f"{n} {words}" for words, n in told.items() if n)


def _number(value: Any, missing: float = float("nan")) -> float:
    return missing if is_missing(value) else float(value)
