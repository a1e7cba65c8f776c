"""Release forms in the report: what was done, beside what was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
from markupsafe import Markup

from vaar.analyses.release.options import ReleaseOptions
from vaar.analyses.release.paths import STATED, VALUE
from vaar.analyses.release.shares import ALL
from vaar.report.figures.intervals import Dot, intervals
from vaar.report.groups import Groups, group_column
from vaar.report.section import Block, Prose, Section
from vaar.tables.numbers import count, decimal, estimate_of, percent, share
from vaar.tables.table import Record, Table, figures, number, tabulate, text

_METHOD = (
    "A session fills in a release form with the data of a record that it is shown: an action in "
    "place of a stated intention. A field counts as released only where what was written is what "
    "the record holds; something else, or a part of it, is counted apart, and a field that is left "
    "out is withheld. The share of fields released enters the study's own model as a further "
    "outcome with the same predictors, its residual free to covary with that of acceptance; paths "
    "are completely standardised, fitted in each group by itself by {estimator}. What was said and "
    "what was done are held together by the correlation of acceptance, as a latent variable, with "
    "the share released."
)
_CAUTION = (
    "The record is an invented one that the form itself shows. Withholding it harms nobody and "
    "releasing it costs nothing; it is closer to an action than a rating is, and still no action "
    "with consequences."
)


def release_section(
    tables: Mapping[str, pd.DataFrame], groups: Groups, options: ReleaseOptions
) -> Section:
    """Arrange the tables of the analysis."""
    released, paths = groups.sort(tables["released"]), groups.sort(tables["release_paths"])
    return Section(
        "release",
        "What was released",
        _lead(released, paths, groups),
        tuple(_blocks(released, paths, groups)),
        method=(Prose(_METHOD.format(estimator=options.estimator)), Prose(_CAUTION, "note")),
        summary=(_summary(released[released["kind"] == ALL], groups),),
        place=13,
    )


def _lead(released: pd.DataFrame, paths: pd.DataFrame, groups: Groups) -> Markup:
    whole = released[(released["kind"] == ALL) & released["given"].notna()]
    if whole.empty:
        return Markup("No release form could be read.")
    ordered = whole.sort_values("given", kind="stable")
    least, most = ordered.iloc[0], ordered.iloc[-1]
    told = Markup("{} released {} of the fields of its record").format(
        groups[most["group"]].strong, percent(most["given"])
    )
    if least["group"] != most["group"]:
        told += Markup(", {} released {}").format(
            groups[least["group"]].strong, percent(least["given"])
        )
    return told + Markup(". {}").format(_signs(paths))


def _signs(paths: pd.DataFrame) -> str:
    """How many paths to the action go as the paths to what is said are expected to."""
    values = paths[(paths["role"] == VALUE) & paths["estimate"].notna()]
    if values.empty:
        return "No path from a value to what was released could be estimated."
    sure = (values["lower"] > 0) | (values["upper"] < 0)
    as_expected = (values["estimate"] > 0) == (values["expected"] == "+")
    alike, against = int((sure & as_expected).sum()), int((sure & ~as_expected).sum())
    return (
        f"Of {len(values)} paths from values to what was released, {alike} with a 95 % interval on "
        f"the side expected of acceptance, {against} on the other side, {int((~sure).sum())} with "
        "one that holds 0."
    )


def _blocks(released: pd.DataFrame, paths: pd.DataFrame, groups: Groups) -> Iterator[Block]:
    told = paths[paths["estimate"].notna()].to_dict("records")
    if chart := intervals(
        "release-paths",
        "From values to what was released",
        [Dot(_name(r, groups), *_ends(r), _words(r)) for r in told if r["role"] == VALUE],
        (-1, 1),
        "standardised path",
        reference=0.0,
    ):
        yield chart
    yield _share_table(released, groups)
    yield _path_table(paths, groups)


def _share_table(released: pd.DataFrame, groups: Groups) -> Table:
    columns = [
        group_column(groups),
        text("Kind of data", "kind"),
        number("forms", "asked", count),
        number("read", "read", count),
        figures("share released [95 % interval]", lambda r: estimate_of(r, share, "given")),
        number("otherwise than the record", "changed", share),
    ]
    return tabulate(
        "Share of fields released",
        columns,
        released.to_dict("records"),
        nothing="No form was asked for.",
    )


def _summary(whole: pd.DataFrame, groups: Groups) -> Table:
    columns = [
        group_column(groups),
        number("forms read", "read", count),
        figures("released [95 % interval]", lambda r: estimate_of(r, share, "given")),
    ]
    return tabulate("Share of fields released", columns, whole.to_dict("records"))


def _path_table(paths: pd.DataFrame, groups: Groups) -> Table:
    columns = [
        group_column(groups),
        text("From", "predictor"),
        figures("is", lambda r: "what was said" if r["role"] == STATED else "a value"),
        text("expected", "expected"),
        number("sessions", "n", count),
        figures("estimate [95 % interval]", _words),
        text("why there is none", "why_not"),
    ]
    return tabulate(
        "Values, stated acceptance, and what was released",
        columns,
        paths.to_dict("records"),
        nothing="The study has no hypotheses.",
    )


def _name(record: Record, groups: Groups) -> str:
    return f"{record['predictor']} · {groups[record['group']].label}"


def _ends(record: Record) -> tuple[float, float, float]:
    return record["estimate"], record["lower"], record["upper"]


def _words(record: Record) -> str:
    return estimate_of(record, decimal, "estimate")
