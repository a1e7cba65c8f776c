"""The tables of the alignment: VAAR, its paths, and what history did."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.analyses.alignment.report.answer import drawable
from vaar.analyses.alignment.report.wording import sign
from vaar.report.groups import Groups, group_column
from vaar.tables.numbers import (
    coefficient,
    confidence,
    count,
    decimal,
    estimate_named,
    estimate_of,
    share,
)
from vaar.tables.table import Cell, Column, Record, Table, figures, number, tabulate, text
from vaar.tables.text import NO_VALUE, is_missing, words
from vaar.vocabulary import Estimability

_COUNTED = (Verdict.AS_IN_PEOPLE, Verdict.AGAINST, Verdict.NEGLIGIBLE, Verdict.UNDECIDED)
_FIGURES = ("vaar", "vaar_lower", "vaar_upper", "vaar_uncorrected", "vaar_divergence")
_EQUAL_N_FIGURES = ("vaar_equal_n", "equal_n_spread_lower", "equal_n_spread_upper")


def vaar_table(vaar: pd.DataFrame, groups: Groups) -> Table:
    """One row a group; a group that is not estimable shows no figure at all."""
    blank = ~vaar.index.isin(drawable(vaar).index)
    shown = _blanked(vaar, blank, [*_FIGURES, *_EQUAL_N_FIGURES])
    columns = [
        group_column(groups),
        _status_column(),
        figures("VAAR [95 % interval]", _vaar),
        figures("rank [95 % interval]", _rank),
        figures("bias that was removed", _bias),
        figures("κ", _kappa),
        figures("verdicts", _verdicts),
        figures("at equal N (spread)", _at_equal_n),
        number("first definition", "vaar_divergence", lambda v: share(v, 3)),
        figures("sessions (equal N)", _sessions),
    ]
    return tabulate(
        "VAAR by group",
        columns,
        groups.sort(shown).to_dict("records"),
        nothing="No VAAR was computed in this run.",
    )


def path_table(paths: pd.DataFrame, groups: Groups) -> Table:
    """One row a path and group, paths together."""
    blank = (paths["status"] != Estimability.ESTIMATED).to_numpy(dtype=bool)
    shown = _blanked(paths, blank, ["estimate", "se", "std_estimate", "std_se"])
    shown = groups.sort(shown).sort_values("path", kind="stable")
    columns = [
        text("Path", "path"),
        group_column(groups),
        figures("expected sign", lambda r: sign(r["expected_sign"])),
        figures("standardised (SE)", lambda r: _with_error(r, "std_estimate", "std_se")),
        figures("unstandardised (SE)", lambda r: _with_error(r, "estimate", "se")),
        text("verdict", "verdict"),
        number("confidence here", "confidence", confidence),
        number("p, in a new context", "p_context", confidence),
        number("q, in people", "reference_probability", lambda v: share(v, 3)),
        number("A, same sign", "p_same_sign", confidence),
        _status_column(),
    ]
    return tabulate(
        "Structural paths by group",
        columns,
        shown.to_dict("records"),
        nothing="No paths were estimated in this run.",
    )


def history_table(history: pd.DataFrame, labels: Sequence[str]) -> Table:
    """Differences of standardised paths, a row a path and pair of groups."""
    columns = [
        text("Group", "label"),
        text("path", "path"),
        number("carried", "std_carried", coefficient),
        number("isolated", "std_isolated", coefficient),
        figures(
            "difference [95 % interval]",
            lambda r: estimate_of(r, coefficient, "difference"),
        ),
        number("standard error", "se", coefficient),
    ]
    records = history.assign(label=list(labels)).to_dict("records")
    return tabulate("Standardised paths: history carried less isolated", columns, records)


def history_vaar_table(history: pd.DataFrame, labels: Sequence[str], vaar: pd.DataFrame) -> Table:
    """The VAAR of the groups of each pair, side by side."""
    known = drawable(vaar).set_index("group").to_dict("index")

    def figure(group: str) -> str:
        return estimate_named(known[group], share, "vaar") if group in known else "not estimable"

    columns = [
        text("Group", "label"),
        figures("VAAR, carried", lambda r: figure(r["carried"])),
        figures("VAAR, isolated", lambda r: figure(r["isolated"])),
    ]
    once = history.assign(label=list(labels)).drop_duplicates(["carried", "isolated"])
    return tabulate("VAAR, history carried and isolated", columns, once.to_dict("records"))


def _vaar(record: Record) -> str:
    return estimate_named(record, lambda value: share(value, 3), "vaar")


def _rank(record: Record) -> str:
    if is_missing(record["ranked"]):
        return NO_VALUE
    lower, upper = count(record["rank_lower"]), count(record["rank_upper"])
    return f"{lower}–{upper} of {count(record['ranked'])}"


def _bias(record: Record) -> str:
    """How far the rate at the estimates lies from the corrected one, in the median."""
    return decimal(record["vaar_uncorrected"] - record["vaar"], 3)


def _kappa(record: Record) -> str:
    told = estimate_named(record, coefficient, "kappa")
    if is_missing(record["kappa_lower"]):
        return told
    at = [share(record[f"vaar_at_kappa{end}"], 3) for end in ("_lower", "_upper")]
    return f"{told}; VAAR at its ends {at[0]} and {at[1]}"


def _verdicts(record: Record) -> str:
    counts = ((f"n_{name.replace(' ', '_')}", name) for name in _COUNTED)
    told = [f"{count(record[column])} {name}" for column, name in counts if record[column]]
    if record["n_not_estimable"]:
        told.append(f"{count(record['n_not_estimable'])} not estimable")
    return ", ".join(told)


def _at_equal_n(record: Record) -> str:
    """With its spread over subsamples, where the group has more sessions than they take."""
    known = not is_missing(record["equal_n"]) and not is_missing(record["vaar_equal_n"])
    if not known or record["n_sessions"] <= record["equal_n"]:
        return share(record["vaar_equal_n"], 3)
    value, lower, upper = (share(record[field], 3) for field in _EQUAL_N_FIGURES)
    return f"{value} ({lower}–{upper})"


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
