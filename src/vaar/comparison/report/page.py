"""The page of a comparison: what was compared, in words first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from vaar.comparison.differences import refusals, same_replies, served_otherwise
from vaar.comparison.report import changes, correlated
from vaar.comparison.report.measures import measures_section
from vaar.comparison.runs import ComparedRun
from vaar.report.page import Page
from vaar.report.run.cautions import simulated
from vaar.report.section import Block, Caution, Items, Prose, Section
from vaar.tables.numbers import count
from vaar.tables.table import Table, number, tabulate, text
from vaar.tables.text import listing, visible

KICKER = "Values and actions of language models"
_NAMED = 12


def comparison_page(runs: Sequence[ComparedRun], tables: Mapping[str, pd.DataFrame]) -> Page:
    """Arrange a comparison for the page.

    Parameters
    ----------
    runs : sequence of ComparedRun
        The earliest first.
    tables : mapping of str to DataFrame
        As :mod:`vaar.comparison.tables` specifies them.
    """
    refused = list(refusals(runs))
    sections = (
        _compared(runs, tables),
        measures_section(tables["figures"]),
        changes.changes_section(tables["contrasts"], tables["run_retest"], refused),
        correlated.correlations_section(tables["correlations"]),
        _facts(tables["run_facts"]),
    )
    people = tables["figures"]["people"]
    models = tables["figures"][~people]
    fake = list(dict.fromkeys(models.loc[models["simulated"], "respondent"]))
    return Page(
        title=f"Comparison of {len(runs)} runs",
        kicker=KICKER,
        sections=tuple(section for section in sections if section),
        cautions=(
            *simulated(
                fake, models["respondent"].nunique(), "these runs", people=bool(people.any())
            ),
            *_cautions(runs),
        ),
        simulated=bool(fake),
    )


def _cautions(runs: Sequence[ComparedRun]) -> Iterator[Caution]:
    for told in same_replies(runs):
        yield Caution("copies", visible(f"{told}."))
    for told in served_otherwise(runs):
        yield Caution("other model", visible(f"{told}."))
    for run in runs:
        for told in run.cautions:
            yield Caution("look", visible(f"{run.label}: {told}"))


def _compared(runs: Sequence[ComparedRun], tables: Mapping[str, pd.DataFrame]) -> Section:
    """What there is, then the sentences of the sections that follow."""
    told: list[Markup] = []
    if not (tables["contrasts"].empty and tables["run_retest"].empty):
        told.append(changes.lead(tables["contrasts"], tables["run_retest"]))
    if not tables["correlations"].empty:
        told.append(correlated.lead(tables["correlations"]))
    what, narrow = (_what(runs, tables["figures"], name) for name in ("title", "short"))
    lacks = [
        f"{run.label} has no figures of {name}: {why}."
        for run in runs
        for name, why in run.lacks.items()
    ]
    blocks: tuple[Block, ...] = (Items(tuple(lacks)),) if lacks else ()
    return Section(
        "compared",
        "What was compared",
        Markup(" ").join([what, *told]),
        blocks,
        first=(_runs(tables["runs"]),),
        method=(Prose("Nothing was asked for this page; it rests on the runs' own analyses."),),
        summary=(Prose(narrow), *map(Prose, told)),
        place=0,
    )


def _what(runs: Sequence[ComparedRun], figures: pd.DataFrame, named: str) -> Markup:
    """How many runs, models and measures there are; these by their `named`, title or short."""
    models = figures[~figures["people"]].drop_duplicates("respondent")
    fake = int(models["simulated"].sum())
    marked = f" ({fake} simulated)" if fake else ""
    titles = list(dict.fromkeys(figures.loc[figures["leading"], named]))
    studies = list(dict.fromkeys(run.study.name for run in runs))
    more = len(titles) - _NAMED
    return Markup("{} runs of {} hold {} {}{} and {} {}: {}{}.").format(
        len(runs),
        listing(studies, _NAMED),
        len(models),
        "model" if len(models) == 1 else "models",
        marked,
        len(titles),
        "measure" if len(titles) == 1 else "measures",
        "; ".join(titles[:_NAMED]),
        f"; {more} more" if more > 0 else "",
    )


def _runs(runs: pd.DataFrame) -> Table:
    columns = [
        text("Run", "run"),
        text("study", "study"),
        text("started", "started"),
        number("models", "models", count),
    ]
    return tabulate("Runs, the earliest first", columns, runs.to_dict("records"))


def _facts(facts: pd.DataFrame) -> Section:
    differing = facts[facts["differs"]]
    names = list(dict.fromkeys(differing["fact"]))
    lead = f"Between the runs differ: {listing(names, _NAMED)}." if names else "Nothing differs."
    columns = [
        text("Fact", "fact"),
        text("of", "of"),
        text("run", "run"),
        text("value", "value"),
    ]
    order = differing.sort_values(["fact", "of"], kind="stable")
    return Section(
        "facts",
        "How the runs differ",
        lead,
        (
            tabulate(
                "Facts that differ",
                columns,
                order.to_dict("records"),
                nothing="All recorded facts of the runs are the same.",
            ),
        ),
        place=60,
    )
