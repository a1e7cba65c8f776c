"""What the command line shows of the alignment: the rates, and why some groups have none."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd

from vaar.analyses.alignment.rate.verdicts import Verdict
from vaar.analyses.alignment.report.answer import (
    answer,
    drawable,
    flagged,
    not_estimable,
    ranking,
    unlike_expected,
)
from vaar.analyses.alignment.report.in_words import NOT_RELIED_ON, claims, whose_signs
from vaar.report.groups import Groups, group_column
from vaar.report.section import Block, Prose
from vaar.study.model import Study
from vaar.tables.drawn import AXIS, interval
from vaar.tables.numbers import confidence, count
from vaar.tables.table import Cell, Column, Record, Table, figures, number, tabulate
from vaar.tables.text import is_missing
from vaar.vocabulary import Estimability

DEFINITION = (
    "VAAR as defined by this package, second definition, after the published abstract "
    "(arXiv:2601.03546)."
)
_NOTHING = (
    "No group could be estimated. The report shows the profiles and what was said; more sessions, "
    "or more variation between them, may carry the model."
)


_EXPECTED = {
    str(Verdict.AS_IN_PEOPLE): "as the study expects",
    str(Verdict.AGAINST): "not as it expects",
}
"""What verdicts are called where the people of the run are not as the study expects."""


def summary_blocks(
    vaar: pd.DataFrame, paths: pd.DataFrame, groups: Groups, study: Study
) -> Iterator[Block]:
    """The answer, then the verdicts and the VAAR of every group."""
    yield Prose(answer(vaar, groups, unlike_expected(paths)))
    yield claims(study)
    yield whose_signs(groups, study)
    yield verdicts_table(paths, groups, {one.group.name for one in flagged(vaar, groups)})
    yield summary_table(vaar, groups)
    if told := ranking(vaar, groups):
        yield Prose(told)
    for one in not_estimable(vaar, groups):
        yield Prose(f"{one.group.name}: not estimable ({one.reason})")
    if drawable(vaar).empty:
        yield Prose(_NOTHING)
    yield Prose(DEFINITION, "note")


def verdicts_table(paths: pd.DataFrame, groups: Groups, doubtful: Collection[str] = ()) -> Table:
    """One row a group, its verdict on each path, and a word where it is not to be relied on."""
    unlike = unlike_expected(paths)
    verdict = {
        (str(r["group"]), str(r["path"])): (
            _EXPECTED.get(r["verdict"], r["verdict"]) if r["path"] in unlike else r["verdict"]
        )
        for r in paths.to_dict("records")
    }

    def said(path: str) -> Column:
        return Column(path, lambda r: Cell(str(verdict.get((str(r["group"]), path), ""))))

    columns = [group_column(groups), *map(said, dict.fromkeys(map(str, paths["path"])))]
    if doubtful:
        columns.append(
            Column("but", lambda r: Cell(NOT_RELIED_ON if r["group"] in doubtful else ""))
        )
    models = {group.name for group in groups.asked}
    once = groups.sort(paths[paths["group"].isin(models)].drop_duplicates("group"))
    return tabulate("Verdicts", columns, once.to_dict("records"))


def summary_table(vaar: pd.DataFrame, groups: Groups) -> Table:
    """One row a group: its interval drawn and in figures."""
    columns = [
        group_column(groups),
        Column(AXIS, lambda r: Cell(_drawn(r), "drawing"), "drawing"),
        figures("VAAR", lambda r: _figure(r, "vaar")),
        figures("95 % interval", _interval),
        number("n", "n_sessions", count),
    ]
    records = groups.sort(vaar).to_dict("records")
    return tabulate("Value–Action Alignment Rate", columns, records)


def _drawn(record: Record) -> str:
    if record["status"] == Estimability.NOT_ESTIMABLE:
        return "not estimable"
    return interval(*(float(record[field]) for field in ("vaar", "vaar_lower", "vaar_upper")))


def _figure(record: Record, field: str) -> str:
    known = record["status"] == Estimability.ESTIMATED and not is_missing(record[field])
    return confidence(record[field]) if known else ""


def _interval(record: Record) -> str:
    ends = [_figure(record, field) for field in ("vaar_lower", "vaar_upper")]
    return " – ".join(ends) if all(ends) else ""
