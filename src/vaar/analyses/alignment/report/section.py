"""The alignment in the report: the answer, the rates, the paths, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.report import charts, tables
from vaar.analyses.alignment.report.answer import (
    answer,
    flagged,
    in_order,
    not_estimable,
    ranking,
    unlike_expected,
)
from vaar.analyses.alignment.report.cautions import cautions
from vaar.analyses.alignment.report.in_words import claims, verdict_table, whose_signs
from vaar.analyses.alignment.report.measurement import measurement_blocks
from vaar.analyses.alignment.report.method import method_blocks
from vaar.analyses.alignment.report.summary import summary_blocks
from vaar.analyses.alignment.report.wording import without_condition
from vaar.report.groups import Groups
from vaar.report.section import (
    Block,
    Box,
    Heading,
    Items,
    Panels,
    Prose,
    Section,
)
from vaar.study.model import Study

_MEANING = (
    "VAAR is the probability that a path has the same sign as in people, in a new context (another "
    "framing, wording or order): 1 certainly the same, .5 no direction, below .5 the other sign; a "
    "weighted geometric mean over paths. It does not grow with the number of sessions. Figures in "
    "brackets are 95 % intervals; — stands where there is no value."
)
_DEFINITION = Markup(
    "<b>VAAR as defined by this package, after the published abstract</b> of "
    '<a href="https://arxiv.org/abs/2601.03546" rel="noreferrer">Chen, Yu &amp; Hu (2026)</a>. Not '
    "a replication of the figures of that paper."
)
_COLUMNS = (
    "Ranks: all intervals hold together with 95 % confidence; — where a group is not ranked. Bias "
    "that was removed: the rate at the estimates less the corrected rate. At equal N: the median "
    "of subsamples as large as the smallest group, uncorrected, with the middle 95 % of them, "
    "which is a spread and no interval. First definition: how certain the signs are in this "
    "context alone; it grows with the number of sessions."
)
_PATHS = (
    "Standardised estimates of the structural paths with 95 % intervals. "
    "The shaded half is where the expected sign lies. Filled dot: interval wholly on the expected "
    "side. Hollow dot: interval holds zero. Square: interval wholly on the other side. Groups "
    "without an estimate are in the table only."
)
_CURVES = (
    "What runs of so many sessions might have given: the median uncorrected rate of samples drawn "
    "with replacement, and the middle 95 % of them. The rate itself does not grow with the number "
    "of sessions; its bias and its spread shrink."
)
_HISTORY = (
    "Conditions that differ in nothing but the history: one conversation for the whole session, or "
    "a fresh one for each questionnaire. A path that is there only where the history is carried "
    "comes from the conversation."
)
_INDEPENDENT = (
    "The standard error of a difference is √(se² + se²) of the two groups, which takes them as "
    "independent. Sizes of paths may be compared only where equal loadings are tenable; here paths "
    "were read from the {} model."
)


def alignment_section(
    found: Mapping[str, pd.DataFrame],
    record: Mapping[str, Any],
    options: AlignmentOptions,
    groups: Groups,
    study: Study,
) -> Section:
    """Arrange the tables of the alignment: words first, then rates, then paths."""
    vaar = found["vaar"]
    groups = in_order(vaar, groups)
    said = verdict_table(found["paths"], vaar, options, groups, study, record.get("group_fits", {}))
    blocks = (
        said,
        *_rates(vaar, groups),
        *_paths(found["paths"], groups),
        *_by_n(found["vaar_by_n"], vaar, groups),
        *_history(found["history"], vaar, str(record["level"]), groups),
        *measurement_blocks(record, found["invariance"], found["screening"], groups),
        Prose(_OTHER_CHOICES, "note"),
    )
    return Section(
        "vaar",
        "Value–Action Alignment Rate",
        answer(vaar, groups, unlike_expected(found["paths"])),
        blocks,
        method=tuple(method_blocks(record, options, groups, study)),
        cautions=tuple(cautions(found, record, options, groups)),
        first=tuple(_first(vaar, groups, study)),
        summary=tuple(summary_blocks(vaar, found["paths"], groups, study)),
        place=10,
    )


_OTHER_CHOICES = (
    "How these verdicts fare under other choices of the analysis is told under “Robustness”, where "
    "that was done: vaar analyze, with --only specifications, does it for a declared list."
)


def _first(vaar: pd.DataFrame, groups: Groups, study: Study) -> Iterator[Block]:
    yield claims(study)
    if told := ranking(vaar, groups):
        yield Prose(told)
    if figure := charts.overview(vaar):
        yield figure
    if figure := charts.leaderboard(vaar, groups):
        yield figure
    else:
        yield Prose("No group could be estimated, so there is nothing to draw.", "note")
    yield whose_signs(groups, study)
    yield Prose(_MEANING)
    yield Prose(_DEFINITION, "note")


def _rates(vaar: pd.DataFrame, groups: Groups) -> Iterator[Block]:
    if excluded := not_estimable(vaar, groups):
        items = tuple(Markup("{}: {}").format(one.group.strong, one.reason) for one in excluded)
        neither = Prose("These groups have no VAAR. That is neither a low value nor a zero.")
        yield Box("Not estimable", (neither, Items(items)))
    if doubtful := flagged(vaar, groups):
        items = tuple(Markup("{}: {}").format(one.group.strong, one.reason) for one in doubtful)
        out = Prose("These groups are in no ranking and no headline.")
        yield Box("Not to be relied on", (out, Items(items)))
    yield tables.vaar_table(vaar, groups)
    yield Prose(_COLUMNS, "note")


def _paths(paths: pd.DataFrame, groups: Groups) -> Iterator[Block]:
    yield Heading("Paths", "paths")
    yield Prose(_PATHS)
    names = map(str, paths["path"].unique())
    forests = [figure for path in names if (figure := charts.path_forest(path, paths, groups))]
    yield Panels(tuple(forests)) if forests else Prose("No path could be estimated.", "note")
    yield tables.path_table(paths, groups)


def _by_n(curve: pd.DataFrame, vaar: pd.DataFrame, groups: Groups) -> Iterator[Block]:
    yield Heading("VAAR and number of sessions", "sessions-needed")
    if figure := charts.vaar_by_n(curve, vaar, groups):
        yield Prose(_CURVES)
        yield figure
    else:
        yield Prose("No curve was computed in this run.", "note")


def _history(
    history: pd.DataFrame, vaar: pd.DataFrame, level: str, groups: Groups
) -> Iterator[Block]:
    if history.empty:
        return
    labels = [without_condition(groups[group]) for group in history["carried"]]
    yield Heading("History carried and isolated", "history")
    yield Prose(_HISTORY)
    if figure := charts.history_chart(history, labels):
        yield figure
    yield tables.history_table(history, labels)
    yield tables.history_vaar_table(history, labels, vaar)
    yield Prose(_INDEPENDENT.format(level), "note")
