"""The contrasts in the report: people, then models beside people, then models and conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from vaar.analyses.contrasts.comparisons import Kind
from vaar.analyses.contrasts.contrast_table import counted
from vaar.analyses.contrasts.people import FEWEST_TO_SPLIT
from vaar.analyses.contrasts.pooling import ALPHA, FEWEST_POOLED, SURE
from vaar.analyses.contrasts.report.tables import (
    between_table,
    contrasts_shown,
    models_shown,
    people_shown,
    published_shown,
    zero_order_shown,
)
from vaar.report.figures.figure import Figure
from vaar.report.figures.intervals import Dot, forest
from vaar.report.groups import Groups
from vaar.report.section import Block, Caution, Fold, Heading, Prose, Section
from vaar.tables.numbers import coefficient, count, estimate_of, share
from vaar.tables.text import listing

_FOLDED = 12
_MOST_SHOWN = 500
PLACE = 15

Tables = Mapping[str, pd.DataFrame]


def contrasts_section(
    tables: Tables, record: Mapping[str, Any], options: Any, groups: Groups
) -> Section:
    """Arrange the tables of the contrasts."""
    people = record.get("people", {})
    return Section(
        "contrasts",
        "People, models and conditions",
        _lead(tables, record),
        (
            *_people(tables, people),
            *_kind(tables, record, Kind.PEOPLE, "Models less people", groups),
            *_models(tables, record, groups),
            *_kind(tables, record, Kind.CONDITIONS, "Conditions of one model", groups),
            *_zero_order(tables, record, groups),
        ),
        method=tuple(_method(options)),
        cautions=tuple(_cautions(tables, record)),
        summary=tuple(_summary(tables, people)),
        place=PLACE,
    )


def _lead(tables: Tables, record: Mapping[str, Any]) -> Markup:
    contrasts = tables["contrasts"]
    if contrasts.empty:
        return Markup("There are no two groups that may be compared.")
    told = []
    for kind, words in (
        (Kind.PEOPLE, "models with people"),
        (Kind.MODELS, "models with each other"),
        (Kind.CONDITIONS, "conditions of one model"),
    ):
        if found := _counted(tables, record).get(kind):
            told.append(f"{count(found['sure'])} of {count(found['all'])} contrasts of {words}")
    return Markup("Paths differ beyond chance in {}.").format("; ".join(told))


def _counted(tables: Tables, record: Mapping[str, Any]) -> Mapping[str, Mapping[str, int]]:
    """How many contrasts there are of each kind, those that the table leaves out among them."""
    found: Mapping[str, Mapping[str, int]] = record.get("contrasts") or counted(tables["contrasts"])
    return found


def _cautions(tables: Tables, record: Mapping[str, Any]) -> Iterator[Caution]:
    if not record.get("comparable", True) and len(tables["contrasts"]):
        yield Caution(
            "not comparable",
            "Equal loadings are not tenable, so that the questionnaires do not measure alike in "
            "all groups: differences between sizes of paths are shown, and are no differences "
            "between models, nor between models and people. Nobody is pooled or ranked.",
        )
    for warning in _look(record.get("people", {}))[1:]:
        yield Caution("people's answers", _sentence(warning))


def _summary(tables: Tables, people: Mapping[str, Any]) -> Iterator[Block]:
    if people.get("n"):
        yield Prose(f"People: {_people_words(people)}")
        yield people_shown(tables["people_paths"])
        yield from (Prose(words) for words in _ceiling_words(tables))


def _people_words(people: Mapping[str, Any]) -> str:
    source = _look(people)[0].strip().rstrip(".")
    return f"{count(people['n'])} people, from {source}."


def _sentence(text: str) -> str:
    plain = text.strip()
    return plain if plain.endswith((".", "?")) else f"{plain}."


def _look(people: Mapping[str, Any]) -> list[str]:
    """Where people's answers are from, and what must be looked at in them."""
    return str(people.get("source") or "human.csv").split("LOOK: ")


def _people(tables: Tables, people: Mapping[str, Any]) -> Iterator[Block]:
    if not people.get("n"):
        yield Prose(
            "This run has no human reference: every expected sign is the study's, taken as given. "
            "`vaar analyze DIR --human FILE` takes people's answers.",
            "note",
        )
        return
    yield Heading("The human reference", "people")
    yield Prose(_people_words(people))
    yield people_shown(tables["people_paths"])
    yield from (Prose(words) for words in _ceiling_words(tables))


def _ceiling_words(tables: Tables) -> Iterator[str]:
    ceiling = tables["people_ceiling"]
    if len(ceiling):
        low, middle, high = np.percentile(ceiling["vaar"], (0, 50, 100))
        yield (
            f"People against people: one half of them, rated by the other half, has a VAAR of "
            f"{share(middle)} ({share(low)} to {share(high)} over {len(ceiling)} random halves of "
            f"{count(ceiling['n'].iloc[0])}): what people themselves reach, beside the models'."
        )


def _kind(
    tables: Tables, record: Mapping[str, Any], kind: Kind, title: str, groups: Groups
) -> Iterator[Block]:
    own = tables["contrasts"][tables["contrasts"]["kind"] == kind]
    if own.empty:
        return
    yield Heading(title, f"contrasts-{kind}")
    for path, rows in own.groupby("path", sort=False):
        if figure := _figure(str(path), kind, rows, groups):
            yield figure
    every = _counted(tables, record)[kind]["all"]
    told, kept = f"{count(every)} contrasts", len(own)
    if kept > _MOST_SHOWN:
        own = own.nsmallest(_MOST_SHOWN, "p", keep="first")
        here = "all" if kept == every else f"the {count(kept)} surest"
        told += f"; the {count(_MOST_SHOWN)} surest are shown, {here} are in contrasts.csv"
    table = contrasts_shown(title, own, groups)
    yield Fold(f"{title} ({told})", (table,), len(table) <= _FOLDED)


def _figure(path: str, kind: Kind, rows: pd.DataFrame, groups: Groups) -> Figure | None:
    if len(rows) > 3 * _FOLDED:
        rows = rows.nsmallest(3 * _FOLDED, "p_holm", keep="first")
    dots = [
        Dot(
            groups[row["one"]].label
            if kind == Kind.PEOPLE
            else f"{groups[row['one']].label} less {groups[row['other']].label}",
            row["difference"],
            row["lower"],
            row["upper"],
            estimate_of(row, coefficient, "difference"),
            "solid" if row["p_holm"] < ALPHA else "hollow",
        )
        for row in rows.to_dict("records")
    ]
    return forest(
        f"contrasts-{kind}-{path.replace(' ~ ', '-')}",
        f"{path}: {'models less people' if kind == Kind.PEOPLE else 'differences'}",
        dots,
        0.0,
        "difference of standardised paths",
        caption="Filled: beyond chance after Holm's correction. Intervals are not corrected.",
    )


def _models(tables: Tables, record: Mapping[str, Any], groups: Groups) -> Iterator[Block]:
    yield from _kind(tables, record, Kind.MODELS, "Models with each other", groups)
    if len(tables["models_together"]):
        yield Heading("All models together", "models")
        yield models_shown(tables["models_together"], groups)
        yield between_table(tables["between_models"])
        fewest = int(tables["models_together"]["models"].min())
        if fewest < FEWEST_POOLED:
            yield Prose(
                f"Below {FEWEST_POOLED} models under one condition each path stands alone, and a "
                "sign is claimed where Holm's test over all models and paths rejects that there "
                "is none.",
                "note",
            )


def _zero_order(tables: Tables, record: Mapping[str, Any], groups: Groups) -> Iterator[Block]:
    yield Heading("Correlations beside paths", "zero-order")
    if why := record.get("no_correlations"):
        yield Prose(f"The model of correlations could not be fitted: {why}", "note")
    table = zero_order_shown(tables["zero_order"], groups)
    differ = tables["zero_order"][tables["zero_order"]["signs"] == "different"]
    if len(differ):
        told = listing(
            [f"{groups[r['group']].label} ({r['path']})" for r in differ.to_dict("records")], 12
        )
        yield Prose(
            f"Path and correlation have different signs in {told}: what is known of people as a "
            "correlation must not be held against that path."
        )
    yield Fold(f"Correlations beside paths ({len(table)} rows)", (table,), len(table) <= _FOLDED)
    if len(tables["published"]):
        published = published_shown(tables["published"], groups)
        yield Fold(f"Published coefficients ({len(published)} rows)", (published,))


def _method(options: Any) -> Iterator[Block]:
    yield Prose(
        "Contrasts are differences of standardised paths with Wald tests and 95 % intervals "
        "(Student's t where personas are few); groups are taken as independent, as different "
        "sessions answered. p-values are adjusted by Holm's method over all contrasts of one kind. "
        "Models are compared under the same condition only, and simulated respondents never with "
        "real ones."
    )
    yield Prose(
        f"From {FEWEST_POOLED} real models under one condition on, each path is seen in the light "
        "of all (normal–normal, the standard deviation between models averaged over a flat grid), "
        f"and a sign is claimed from a posterior probability of {share(SURE)} on. Simulated "
        "respondents and people are never pooled. A rank interval holds the ranks that Holm's "
        "tests of all pairs leave open. The standard deviation between models is REML's, with its "
        "profile interval."
    )
    yield Prose(
        "Zero-order correlations are those of the latent variables in the same measurement model, "
        "all of them free to covary; intervals by Fisher's z. A published correlation is held "
        "against the correlation, a published path against the path."
    )
    yield Prose(
        f"With {FEWEST_TO_SPLIT} people or more, they are split in halves at random "
        f"{options.splits} times, and each half is rated by the other."
    )
