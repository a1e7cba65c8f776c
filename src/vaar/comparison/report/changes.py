"""What changed between runs: differences of each model from itself, and test and retest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
from markupsafe import Markup

from vaar.comparison.report.cells import (
    bounded,
    bounded_column,
    model,
    model_column,
    plain,
)
from vaar.report.section import Block, Fold, Heading, Items, Prose, Section
from vaar.tables.numbers import coefficient, count, decimal, probability
from vaar.tables.table import Record, Table, figures, number, tabulate, text
from vaar.tables.text import shorten

ALPHA = 0.05
_MOST_TOLD = 4
_NARROW = 26

_METHOD = (
    "A difference is the later figure less the earlier one. Each end of its interval takes the "
    "ends of the two figures' own intervals that lie towards it (Zou and Donner 2008); of normal "
    "estimates that is Wald's interval. Figures that are means over the same scenarios or items in "
    "both runs are taken from each other unit by unit, with a bootstrap of scenarios or of topics. "
    "Else runs are taken as independent: where they had the same personas, intervals are rather "
    "too wide. p-values are corrected by Holm's method over all differences of leading figures, "
    "and over those of parts and variants apart.",
    "Test and retest: mean answers, as shares of the scale of their item, of runs that asked the "
    "same study. ICC(A,1) is absolute agreement of single runs, two-way random effects, with the F "
    "interval of McGraw and Wong (1996). Means of few answers agree less than the model does with "
    "itself.",
)


def changes_section(
    contrasts: pd.DataFrame, retest: pd.DataFrame, refused: Sequence[str]
) -> Section | None:
    """Differences between runs; None where no model is in two runs."""
    if contrasts.empty and retest.empty and not refused:
        return None
    leading = contrasts[contrasts["leading"]]
    return Section(
        "changes",
        "From run to run",
        lead(contrasts, retest),
        tuple(_blocks(contrasts, retest, refused)),
        method=tuple(map(Prose, _METHOD)),
        summary=(narrow_table(leading),) if len(leading) else (),
        place=20,
    )


def lead(contrasts: pd.DataFrame, retest: pd.DataFrame) -> Markup:
    """Which differences are beyond chance, and how well answers agree."""
    told = [_differences(contrasts)]
    known = retest[retest["over"].eq("items") & retest["icc"].notna()]
    if len(known):
        low = known.sort_values("icc", kind="stable").iloc[0].to_dict()
        told.append(
            Markup("Mean answers to items agree from run to run with ICC {} or more ({}).").format(
                coefficient(low["icc"]), model(low | {"respondent": low["of"]})
            )
        )
    return Markup(" ").join(told)


def _differences(contrasts: pd.DataFrame) -> Markup:
    tested = contrasts[contrasts["p"].notna() & contrasts["leading"]]
    if tested.empty:
        return Markup("No figure of a model can be taken from the same figure in another run.")
    sure = tested[tested["p_holm"] < ALPHA].sort_values("p_holm", kind="stable")
    if sure.empty:
        return Markup(
            "None of {} differences of a model from itself is beyond chance (Holm)."
        ).format(len(tested))
    told = [_difference(record) for record in sure.head(_MOST_TOLD).to_dict("records")]
    more = len(sure) - len(told)
    rest = Markup("; {} more").format(more) if more else Markup("")
    return Markup(
        "{} of {} differences of a model from itself are beyond chance (Holm): {}{}."
    ).format(len(sure), len(tested), Markup("; ").join(told), rest)


def _difference(record: Record) -> Markup:
    way = "rose" if record["difference"] > 0 else "fell"
    return Markup("{} of {} {} by {}").format(
        record["title"], model(record), way, bounded(_absolute(record), "difference")
    )


def _absolute(record: Record) -> dict[str, object]:
    """The row with its difference as a size."""
    if record["difference"] > 0:
        return dict(record)
    turned = {
        "difference": -record["difference"],
        "difference_lower": -record["difference_upper"],
        "difference_upper": -record["difference_lower"],
    }
    return {**record, **turned}


def _blocks(
    contrasts: pd.DataFrame, retest: pd.DataFrame, refused: Sequence[str]
) -> Iterator[Block]:
    if refused:
        yield Items(tuple(f"{told}." for told in refused))
    yield Heading("Differences of each model from itself", "differences")
    known = contrasts[contrasts["why_not"].eq("")]
    yield contrast_table(known[known["leading"]])
    for summary, own in (
        ("Differences of parts and variants", known[~known["leading"]]),
        ("Without an interval", contrasts[contrasts["why_not"].ne("")]),
    ):
        if len(own):
            yield Fold(f"{summary} ({len(own)})", (contrast_table(own),))
    yield Heading("Test and retest", "retest")
    yield retest_table(retest)


def contrast_table(contrasts: pd.DataFrame) -> Table:
    """The differences."""
    columns = [
        text("Measure", "title"),
        model_column(),
        figures("runs", lambda r: f"{r['later']} less {r['earlier']}"),
        bounded_column("difference [95 % interval]", "difference"),
        number("p", "p", probability),
        number("p (Holm)", "p_holm", probability),
    ]
    return tabulate(
        "Differences of each model from itself",
        columns,
        contrasts.to_dict("records"),
        marked=lambda r: r["p_holm"] == r["p_holm"] and r["p_holm"] < ALPHA,
        nothing="No model has the same figure, of the same study and options, in two runs.",
    )


def narrow_table(contrasts: pd.DataFrame) -> Table:
    """The differences for a terminal: short names, and nothing that is the same in every row."""
    pairs = contrasts["later"] + " less " + contrasts["earlier"]
    shared = contrasts.groupby(["short", "respondent", pairs])["facet"].transform("nunique") > 1
    facet = (" (" + contrasts["facet"] + ")").where(shared, "")
    named = contrasts.assign(
        runs=pairs,
        name=[shorten(name, _NARROW) for name in contrasts["short"] + facet],
        who=[shorten(name, _NARROW) for name in _without_provider(contrasts["respondent"])],
    )
    columns = [text("Measure", "name")]
    if _varies(named, "who"):
        mixed = _varies(named, "simulated")
        columns.append(model_column("model", "who") if mixed else text("model", "who"))
    what = named["runs"].iloc[0]
    if _varies(named, "runs"):
        columns.append(text("runs", "runs"))
        what = "Later runs"
    columns.append(bounded_column("difference [95 %]", "difference"))
    columns.append(number("p (Holm)", "p_holm", probability))
    return tabulate(
        f"{what}, each model less itself",
        columns,
        named.to_dict("records"),
        marked=lambda r: r["p_holm"] == r["p_holm"] and r["p_holm"] < ALPHA,
    )


def _without_provider(names: pd.Series) -> list[str]:
    """The names without what stands before the first stroke, where that is the same in all."""
    parts = [str(name).partition("/") for name in names]
    alike = len({provider for provider, _, _ in parts}) == 1
    return [
        model if alike and model else str(n) for n, (_, _, model) in zip(names, parts, strict=True)
    ]


def _varies(table: pd.DataFrame, column: str) -> bool:
    return table[column].nunique() > 1


def retest_table(retest: pd.DataFrame) -> Table:
    """The agreements."""
    columns = [
        model_column("Of", "of"),
        text("condition", "facet"),
        text("over", "over"),
        number("n", "n", count),
        number("runs", "runs", count),
        figures("ICC(A,1) [95 %]", lambda r: plain(r, "icc")),
        number("mean shift", "shift", lambda value: decimal(value, 3)),
        text("why not", "why_not"),
    ]
    return tabulate(
        "Agreement of mean answers",
        columns,
        retest.to_dict("records"),
        nothing="No two runs asked the same model the same study.",
    )
