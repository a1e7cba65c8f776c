"""The control of values in the report: the answer in words, a picture, then the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from vaar.analyses.deviation import deviations_table
from vaar.analyses.value_control.arms import DILEMMAS, NONE, RANDOM
from vaar.analyses.value_control.deviations import DEVIATIONS, PAPER
from vaar.analyses.value_control.options import ValueControlOptions
from vaar.analyses.value_control.wording import answer, changed, method
from vaar.report.figures.intervals import Dot, intervals, reach
from vaar.report.section import Block, Fold, Prose, Section
from vaar.tables.numbers import coefficient, count, decimal, estimate_named, share
from vaar.tables.table import Column, Record, Table, figures, number, tabulate, text
from vaar.tables.text import without_marks

Tables = Mapping[str, pd.DataFrame]


def control_section(tables: Tables, options: ValueControlOptions) -> Section:
    """Arrange the tables of the analysis."""
    arms = tables["control_arms"]
    said = answer(arms)
    return Section(
        "value-control",
        "Values pushed in the activations",
        said,
        tuple(_blocks(tables)),
        method=(Prose(method(options)), deviations_table(PAPER, DEVIATIONS)),
        summary=(Prose(without_marks(said)), _summary(arms)),
        place=16,
    )


def _blocks(tables: Tables) -> Iterator[Block]:
    arms = tables["control_arms"]
    of_dilemmas = arms[(arms["kind"] == DILEMMAS) & (arms["arm"] != NONE)]
    dots = [
        Dot(
            f"{r['value']}: {r['arm']} ({r['respondent']})",
            r["change"],
            r["change_lower"],
            r["change_upper"],
            changed(r, "change"),
            "hollow" if r["arm"] == RANDOM else "solid",
        )
        for r in of_dilemmas.to_dict("records")
    ]
    edge = reach(dots, 0.1, 1.0)
    chart = intervals(
        "control-changes",
        "What each arm changes in dilemmas",
        dots,
        (-edge, edge),
        "Share decided for the value, less that of the model as it is",
        reference=0.0,
        reference_words="no change",
        caption="Hollow: random directions of equal length. 95 % intervals over dilemmas.",
    )
    if chart:
        yield chart
    yield _arms(arms)
    yield _fluency(tables["control_fluency"])
    yield _layers(tables["control_layers"])
    yield _probes(tables["control_probes"])
    items = _items(tables["control_items"])
    yield Fold(f"Every question ({len(items.rows)} rows)", (items,))


def _range(heading: str, field: str) -> Column:
    return figures(heading, lambda record: estimate_named(record, coefficient, field))


def _change(heading: str, field: str) -> Column:
    return figures(heading, lambda record: changed(record, field))


def _arms(arms: pd.DataFrame) -> Table:
    columns = [
        text("Respondent", "respondent"),
        text("value", "value"),
        text("questions", "kind"),
        text("arm", "arm"),
        number("n", "questions", count),
        _range("score [95 % interval]", "score"),
        _change("change", "change"),
        _change("beyond random", "beyond_random"),
        _range("order effect", "order_effect"),
    ]
    return tabulate("Arms", columns, arms.to_dict("records"), nothing="Nothing was answered.")


def _summary(arms: pd.DataFrame) -> Table:
    """What a terminal has room for."""
    shown = arms[(arms["kind"] == DILEMMAS) & (arms["arm"] != NONE)]
    columns = [
        text("value", "value"),
        text("arm", "arm"),
        _change("change [95 % interval]", "change"),
        _change("beyond random", "beyond_random"),
    ]
    return tabulate("Dilemmas decided for the value", columns, shown.to_dict("records"))


def _fluency(table: pd.DataFrame) -> Table:
    columns = [
        text("Respondent", "respondent"),
        text("shift", "shift"),
        number("replies", "replies", count),
        number("of them shifted", "shifted", share),
        number("words' tokens", "tokens", count),
        number("perplexity without a shift", "perplexity", decimal),
    ]
    return tabulate("Replies, gate and fluency", columns, table.to_dict("records"))


def _layers(table: pd.DataFrame) -> Table:
    columns = [
        text("Respondent", "respondent"),
        text("shift", "shift"),
        number("layer", "layer", count),
        number("mean ε", "distance", decimal),
        number("share of the stream", "share_of_stream", share),
        number("P before", "before", share),
        number("P after", "after", share),
        number("P as asked", "asked", share),
        number("P while writing", "writing", share),
    ]
    return tabulate(
        "Shift of each layer",
        columns,
        table.to_dict("records"),
        nothing="Nothing was measured: the replies were written in another process.",
    )


def _probes(table: pd.DataFrame) -> Block:
    columns = [
        text("Respondent", "respondent"),
        text("value", "value"),
        number("layer", "layer", count),
        number("accuracy", "accuracy", share),
        number("AUC", "auc", share),
        number("accuracy, shuffled", "shuffled_accuracy", share),
        number("AUC, shuffled", "shuffled_auc", share),
        figures("shifted", _used),
        number("gate's accuracy", "gate_accuracy", share),
    ]
    probes = tabulate("Probes of the layers", columns, table.to_dict("records"))
    return Fold(f"Probes ({len(probes.rows)} rows)", (probes,))


def _used(record: Record) -> str:
    return "yes" if record["used"] else "no"


def _items(table: pd.DataFrame) -> Table:
    columns = [
        text("Respondent", "respondent"),
        text("condition", "condition"),
        text("question", "item"),
        number("answered", "answered", count),
        number("score", "score", share),
        number("order effect", "order_effect", coefficient),
    ]
    return tabulate("Questions", columns, table.to_dict("records"))
