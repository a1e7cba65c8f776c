"""The tables of the answer: VAAR, its paths, and what could not be estimated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vaar.report.groups import Groups, group_column
from vaar.tables.numbers import confidence, count, decimal, estimate, share
from vaar.tables.table import Cell, Column, Record, Table, figures, number, tabulate, text
from vaar.tables.text import NO_VALUE, is_missing, words

_FIGURES = ("vaar", "vaar_lower", "vaar_upper", "log_loss", "sign_agreement", "decided_95")
_EQUAL_N_FIGURES = ("vaar_equal_n", "vaar_equal_n_lower", "vaar_equal_n_upper")


@dataclass(frozen=True)
class Excluded:
    """A group without a VAAR, and why."""

    name: str
    simulated: bool
    reason: str


def drawable(vaar: pd.DataFrame) -> pd.DataFrame:
    """Rows of the VAAR table that hold an estimate."""
    return vaar[vaar["status"].isin(["estimated", "partly_estimable"]) & vaar["vaar"].notna()]


def not_estimable(vaar: pd.DataFrame, groups: Groups) -> tuple[Excluded, ...]:
    """Every group of the run that has no VAAR, with its reason."""
    estimated = set(drawable(vaar)["group"])
    reasons = dict(zip(vaar["group"], vaar["reason"], strict=True))
    return tuple(
        Excluded(group.name, group.simulated, words(reasons.get(group.name, "never fitted")))
        for group in groups.asked
        if group.name not in estimated
    )


def vaar_table(vaar: pd.DataFrame, groups: Groups) -> Table:
    """One row a group; a group that is not estimable shows no figure at all."""
    blank = ~vaar.index.isin(drawable(vaar).index)
    shown = _blanked(vaar, blank, [*_FIGURES, "contradicted_95", *_EQUAL_N_FIGURES])
    columns = [
        group_column(groups),
        _status_column(),
        figures("VAAR [95 % interval]", lambda r: _estimate(r, "vaar")),
        figures("VAAR at equal N", _at_equal_n),
        number("log-loss", "log_loss", lambda v: decimal(v, 3)),
        number("sign agreement", "sign_agreement", share),
        number("decided at 95 %", "decided_95", share),
        number("contradicted at 95 %", "contradicted_95", share),
        figures("paths estimated", _paths_estimated),
        figures("sessions (equal N)", _sessions),
    ]
    return tabulate("VAAR by group, highest first", columns, _records(shown, groups))


def path_table(paths: pd.DataFrame, groups: Groups) -> Table:
    """One row a path and group, paths together."""
    blank = (paths["status"] != "estimated").to_numpy()
    shown = _blanked(paths, blank, ["estimate", "se", "std_estimate", "std_se"])
    shown = groups.sort(shown).sort_values("path", kind="stable")
    columns = [
        text("Path", "path"),
        group_column(groups),
        figures("expected sign", lambda r: sign(r["expected_sign"])),
        figures("standardised (SE)", lambda r: _with_error(r, "std_estimate", "std_se")),
        figures("unstandardised (SE)", lambda r: _with_error(r, "estimate", "se")),
        number("directional confidence p", "p_direction", confidence),
        number("reference confidence q", "reference_confidence", lambda v: share(v, 3)),
        number("KL", "kl", lambda v: decimal(v, 3)),
        _status_column(),
    ]
    return tabulate("Structural paths by group", columns, shown.to_dict("records"))


def sign(value: float) -> str:
    """The expected sign in words and symbol."""
    return "+ positive" if value > 0 else "− negative"


def _estimate(record: Record, field: str) -> str:
    return estimate(*(share(record[f"{field}{end}"], 3) for end in ("", "_lower", "_upper")))


def _at_equal_n(record: Record) -> str:
    """With its spread over subsamples, where the group has more sessions than they take."""
    equal_n = record["equal_n"]
    whole = not is_missing(equal_n) and record["n_sessions"] <= equal_n
    return share(record["vaar_equal_n"], 3) if whole else _estimate(record, "vaar_equal_n")


def _paths_estimated(record: Record) -> str:
    paths, not_estimable = record["n_paths"], record["n_not_estimable"]
    return f"{count(paths - not_estimable)} of {count(paths)}"


def _sessions(record: Record) -> str:
    return f"{count(record['n_sessions'])} ({count(record['equal_n'])})"


def _with_error(record: Record, field: str, error: str) -> str:
    value, uncertainty = decimal(record[field], 3), decimal(record[error], 3)
    return value if uncertainty == NO_VALUE else f"{value} ({uncertainty})"


def _status_column() -> Column:
    def cell(record: Record) -> Cell:
        status = words(record["status"]).replace("_", " ")
        reason = words(record["reason"])
        return Cell(f"{status}: {reason}" if reason != NO_VALUE else status)

    return Column("status", cell)


def _blanked(frame: pd.DataFrame, blank: np.ndarray, fields: list[str]) -> pd.DataFrame:
    shown = frame.copy()
    shown[fields] = shown[fields].astype(float)
    shown.loc[blank, fields] = np.nan
    return shown


def _records(frame: pd.DataFrame, groups: Groups) -> list[Record]:
    return list(groups.sort(frame).to_dict("records"))
