"""A study as a page for the terminal; texts of its files are shown as they are, never as markup."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from vaar.study.instruments import WORDING_NAMES
from vaar.study.model import Condition, Hypothesis, Instrument, Item, ResponseScale, Study
from vaar.tables.numbers import count
from vaar.tables.table import number, tabulate, text
from vaar.tables.terminal import render

SHOWN_PERSONAS = 6


def study_view(study: Study) -> RenderableType:
    """Return instruments, conditions, model and hypotheses, readable at 80 columns."""
    return Group(
        Panel(Text(study.description), title=Text(study.title), subtitle=Text(study.name)),
        _overview(study),
        *(_instrument(instrument) for instrument in study.instruments),
        _rule("conditions"),
        *(_condition(condition) for condition in study.conditions),
        _variation(study),
        _limits(study),
        _rule("structural model"),
        Padding(Text(study.structural_model), (0, 2)),
        _rule("hypotheses"),
        *(_hypothesis(hypothesis) for hypothesis in study.hypotheses),
    )


def _rule(title: str) -> RenderableType:
    return Padding(Rule(Text(title, style="bold")), (1, 0, 0, 0))


def _overview(study: Study) -> RenderableType:
    columns = (
        text("code", "code"),
        number("items", "items", count),
        text("scale", "scale"),
        number("subscales", "subscales", count),
        text("measures", "measures"),
    )
    records = [
        {
            "code": instrument.code,
            "items": len(instrument.items),
            "scale": _range(instrument),
            "subscales": len(instrument.subscales),
            "measures": instrument.construct,
        }
        for instrument in study.instruments
    ]
    return render(tabulate("Instruments", columns, records))


def _instrument(instrument: Instrument) -> Group:
    return Group(
        _rule(instrument.code),
        Text(instrument.title, style="bold"),
        _facts(
            ("wording", WORDING_NAMES[instrument.wording]),
            ("source", instrument.source),
            ("told", instrument.instructions),
            ("scale", _labels(instrument.scale)),
        ),
        _items(instrument),
        *((_subscales(instrument),) if instrument.subscales else ()),
    )


def _facts(*facts: tuple[str, str]) -> RenderableType:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for name, value in facts:
        table.add_row(name, Text(value))
    return table


def _range(instrument: Instrument) -> str:
    scale = instrument.scale
    return "" if scale is None else f"{scale.first}–{scale.last}"


def _labels(scale: ResponseScale | None) -> str:
    if scale is None:
        return "each item's own, or none"
    labelled = "\n".join(f"{value} {label}" for value, label in scale.labelled)
    return labelled or f"a number from {scale.first} to {scale.last}"


def _items(instrument: Instrument) -> RenderableType:
    columns = (text("item", "item"), text("key", "key"), text("text", "text"))
    records = [
        {"item": code, "key": key, "text": words}
        for item in instrument.items
        for code, key, words in (
            (item.code, "+" if item.keying > 0 else "−", item.text),
            *(("", "", told) for told in _further(item)),
        )
    ]
    return render(tabulate("Items", columns, records))


def _further(item: Item) -> Iterator[str]:
    """What is to be said of an item under its text."""
    for name, words in item.paraphrases:
        yield f"{name}: {words}"
    if item.scale is not None:
        yield from _labels(item.scale).split("\n")
    if item.kind == "text":
        yield "answered in words"


def _subscales(instrument: Instrument) -> RenderableType:
    columns = (text("subscale", "subscale"), text("title", "title"), text("items", "items"))
    records = [
        {
            "subscale": part.code,
            "title": part.title,
            "items": ", ".join(c.removeprefix(f"{instrument.code}_") for c in part.items),
        }
        for part in instrument.subscales
    ]
    return render(tabulate("Subscales", columns, records))


def _condition(condition: Condition) -> Group:
    return Group(
        Text(condition.name, style="bold"),
        _facts(
            ("history", condition.history),
            ("presentation", condition.presentation),
            ("response", condition.response),
            ("order", " → ".join(condition.order)),
            ("framing", condition.system or condition.framing or "none"),
        ),
    )


def _variation(study: Study) -> Group:
    variation = study.variation
    shown = [persona.id for persona in study.personas[:SHOWN_PERSONAS]]
    further = len(study.personas) - len(shown)
    told = [("personas", ", ".join(shown) + (f" and {further} more" if further else ""))]
    told.append(("told", variation.persona_text))
    return Group(
        Text("variation between the sessions of a group", style="bold"),
        _facts(
            ("order", variation.order),
            ("items", variation.items),
            ("options", variation.options),
            ("wordings", ", ".join(variation.wordings)),
            *(told if study.personas else ()),
            *((fact.name, ", ".join(fact.levels)) for fact in variation.facts),
        ),
    )


def _limits(study: Study) -> Group:
    limits = study.limits
    return Group(
        Text("limits of a session", style="bold"),
        _facts(
            ("re-asks", f"{limits.reasks} for one item"),
            ("reply", f"{limits.reply_tokens:,} tokens"),
            ("session", f"{limits.turns:,} turns, {limits.session_tokens:,} tokens"),
            ("temperature", f"{study.temperature:g}"),
        ),
    )


def _hypothesis(hypothesis: Hypothesis) -> Group:
    sign = "+" if hypothesis.sign > 0 else "−"
    evidence = [
        Padding(Text.assemble(found.finding, "\n", (found.source, "dim")), (0, 0, 1, 2))
        for found in hypothesis.evidence
    ]
    heading = f"{hypothesis.path}   expected {sign}   weight {hypothesis.weight:g}"
    return Group(Text(heading, style="bold"), *evidence)
