"""Forced answers in the report: what they left out, then how they differ from words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
from markupsafe import Markup

from vaar.report.groups import Groups, group_column
from vaar.report.section import Block, Caution, Fold, Heading, Prose, Section
from vaar.tables.numbers import count, decimal, estimate_named, percent
from vaar.tables.table import Record, Table, figures, number, tabulate, text

MUCH_OUTSIDE = 0.5
"""Above this mean probability of something else, forced answers are not what a model would say."""

_MOST_NAMED = 3

_READING = (
    "A forced answer is one of the scale's, whatever the model would have said. Where it is drawn "
    "from told probabilities, what was left out is the probability that the reply began with "
    "something else."
)
_COMPARING = (
    "The same respondent in words and forced, over the replicates that have a value in both. "
    "Spread is the ratio of standard deviations, forced to words. The distance says how far "
    "answers must be moved, on average, to make one distribution of the other; beside it stands "
    "what chance alone stays below in 95 of 100 cases where the two are one."
)
_METHOD = (
    "Forced answers and answers in words are compared on the replicates that have both: paired "
    "t-intervals of mean differences; percentile intervals of the ratio of standard deviations and "
    "of the Wasserstein distance from 1,000 resamples of whole pairs; the distance under chance "
    "from 1,000 random exchanges within pairs. All take sessions as independent."
)


def forms_section(tables: Mapping[str, pd.DataFrame], groups: Groups) -> Section:
    """Arrange the two tables."""
    left_out, compared = tables["forced_answers"], tables["forms_compared"]
    return Section(
        "answer-forms",
        "Forced answers",
        _lead(left_out, compared),
        (Prose(_READING), left_out_table(left_out, groups), *_compared(compared, groups)),
        method=(Prose(_METHOD),) if len(compared) else (),
        cautions=tuple(_cautions(left_out, groups)),
        place=25,
    )


def _lead(left_out: pd.DataFrame, compared: pd.DataFrame) -> str:
    outside = left_out["outside_mean"].dropna()
    said = f"{left_out['group'].nunique()} groups were given a forced choice. "
    if outside.empty:
        said += "Their answers were written under a schema, of which no probabilities are told."
    else:
        said += f"At most {percent(outside.max())} of the probability was left out on average."
    scales = compared[(compared["kind"] == "scale") & (compared["n"] > 0)]
    if scales.empty:
        return said
    apart = (scales["difference_lower"] > 0) | (scales["difference_upper"] < 0)
    return (
        f"{said} Against words, the 95 % intervals of {int(apart.sum())} of {len(scales)} "
        "differences of scale means leave out 0, as 1 in 20 does by chance."
    )


def _cautions(left_out: pd.DataFrame, groups: Groups) -> Iterator[Caution]:
    """Groups whose forced answers are mostly not what the model would have said."""
    means = left_out.groupby("group", sort=False)["outside_mean"].mean()
    much = means[means > MUCH_OUTSIDE]
    if much.empty:
        return
    told = [groups[str(group)].strong for group in much.index[:_MOST_NAMED]]
    further = len(much) - len(told)
    names = Markup(", ").join(told) + (f" and {further} further groups" if further else "")
    ends = list(dict.fromkeys((percent(much.min()), percent(much.max()))))
    yield Caution(
        "Forced answers",
        Markup(
            "{} would have begun {} of {} replies with something that is no answer of the scale; "
            "{} answers are drawn from the rest."
        ).format(names, " to ".join(ends), *(("its",) * 2 if len(much) == 1 else ("their",) * 2)),
    )


def left_out_table(left_out: pd.DataFrame, groups: Groups) -> Table:
    """What forced answers left out, a row a group and questionnaire."""
    columns = [
        group_column(groups),
        text("questionnaire", "instrument"),
        text("answers are", "response"),
        number("answers", "asked", count),
        number("missing", "missing_rate", percent),
        number("drawn from probabilities", "drawn_rate", percent),
        number("left out, mean", "outside_mean", percent),
        number("95th percentile", "outside_p95", percent),
        number("more than half left out", "outside_over_half", percent),
    ]
    records = groups.sort(left_out).to_dict("records")
    return tabulate("Forced answers, and what they left out", columns, records)


def _compared(compared: pd.DataFrame, groups: Groups) -> Iterator[Block]:
    if compared.empty:
        return
    yield Heading("Words and forced answers", "words-and-forced")
    yield Prose(_COMPARING)
    scales, items = (compared[compared["kind"] == kind] for kind in ("scale", "item"))
    yield comparison_table("Scales in words and forced", scales, groups)
    table = comparison_table("Items in words and forced", items, groups)
    yield Fold(f"Items ({len(table.rows)} rows)", (table,))


def comparison_table(caption: str, compared: pd.DataFrame, groups: Groups) -> Table:
    """Means, spread and distance, a row a variable."""
    columns = [
        text("Variable", "variable"),
        group_column(groups),
        number("pairs", "n", count),
        number("mean in words", "mean_words", decimal),
        number("mean forced", "mean_forced", decimal),
        figures("difference [95 % interval]", lambda r: _estimate(r, "difference")),
        figures("ratio of spread [95 % interval]", lambda r: _estimate(r, "sd_ratio")),
        figures("distance [95 % interval]", lambda r: _estimate(r, "distance")),
        number("distance by chance", "distance_chance", decimal),
    ]
    records = compared.rename(columns={"forced_group": "group"}).to_dict("records")
    return tabulate(caption, columns, records, nothing="Nothing was answered in both forms.")


def _estimate(record: Record, name: str) -> str:
    return estimate_named(record, decimal, name)
