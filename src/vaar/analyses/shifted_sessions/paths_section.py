"""What becomes of the paths under a shift, in the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from vaar.report.figures.intervals import Dot, forest
from vaar.report.groups import Groups, group_column
from vaar.report.section import Block, Caution, Prose, Section
from vaar.tables.numbers import coefficient, estimate_named, probability
from vaar.tables.table import Record, figures, number, tabulate, text
from vaar.tables.text import without_marks

ALPHA = 0.05
_MOST = 6


def paths_section(table: pd.DataFrame, record: Mapping[str, Any], groups: Groups) -> Section:
    """What becomes of the paths, or why it cannot be told.

    Parameters
    ----------
    record : mapping
        ``untold``, ``flags`` and ``comparable``, as the analysis records them.
    """
    sentences = [*_path_sentences(table, groups), *_untold(record, groups)]
    return Section(
        "shifted-paths",
        "Paths under a shift",
        Markup(" ").join(sentences),
        tuple(_path_blocks(table, groups)),
        method=(
            Prose(
                "Changes of paths are the contrasts of a shifted group with the one that differs "
                "from it in nothing else, with their Wald tests, and Holm's correction over all "
                "these changes; the groups are taken as independent, which makes the "
                "intervals of paired sessions too wide rather than too narrow."
            ),
        ),
        cautions=tuple(_cautions(table, record)),
        summary=tuple(Prose(without_marks(one)) for one in sentences),
        place=13,
    )


def _cautions(table: pd.DataFrame, record: Mapping[str, Any]) -> Iterator[Caution]:
    if len(table) and not record.get("comparable", True):
        yield Caution(
            "not comparable",
            "Equal loadings are not tenable with and without the shift, so that a change of a path "
            "may be one of what the questionnaires measure.",
        )
    for group, flag in record.get("flags", {}).items():
        yield Caution("paths under a shift", f"{group} is in no ranking: {flag}.")


def _untold(record: Mapping[str, Any], groups: Groups) -> Iterator[Markup]:
    for one in record.get("untold", ()):
        yield Markup(
            "Whether paths change when {} is pushed {} cannot be told: {} has none, as {}."
        ).format(
            groups[one["base"]].strong,
            one["shift"],
            groups[one["group"]].strong,
            one["why"].rstrip("."),
        )


def _path_sentences(table: pd.DataFrame, groups: Groups) -> Iterator[Markup]:
    for record in table.head(_MOST).to_dict("records"):
        yield Markup("Pushed {}, {} has {} of {}, {} without the shift: {} ({}).").format(
            record["shift"],
            groups[record["base"]].strong,
            Markup("<code>{}</code>").format(record["path"]),
            coefficient(record["shifted"]),
            coefficient(record["unshifted"]),
            how_sure(record),
            estimate_named(record, coefficient, "change"),
        )
    if len(table) > _MOST:
        yield Markup("{} further paths are in the table.").format(len(table) - _MOST)


def how_sure(record: Record) -> str:
    """Whether a change is beyond chance, alone and with all others that were tested.

    Parameters
    ----------
    record : mapping
        A row of ``shifted_paths``.
    """
    if record["p_holm"] < ALPHA:
        return "a change beyond chance"
    if record["p"] < ALPHA:
        return "a change that may be chance, as it is one of several that were tested"
    return "no change that can be told from chance"


def _path_blocks(table: pd.DataFrame, groups: Groups) -> Iterator[Block]:
    if table.empty:
        return
    dots = [
        Dot(
            f"{r['path']} · {groups[r['group']].label}",
            r["change"],
            r["change_lower"],
            r["change_upper"],
            estimate_named(r, coefficient, "change"),
            "solid" if r["p_holm"] < ALPHA else "hollow",
        )
        for r in table.to_dict("records")
    ]
    chart = forest(
        "shifted-paths",
        "Paths under a shift less those without",
        dots,
        0.0,
        "change of standardised paths",
        caption="Filled: beyond chance after Holm's correction.",
    )
    if chart:
        yield chart
    columns = [
        group_column(groups),
        text("pushed", "shift"),
        text("path", "path"),
        number("without", "unshifted", coefficient),
        number("shifted", "shifted", coefficient),
        figures("change [95 % interval]", lambda r: estimate_named(r, coefficient, "change")),
        number("p", "p", probability),
        number("p (Holm)", "p_holm", probability),
    ]
    yield tabulate("Paths under a shift", columns, table.to_dict("records"))
