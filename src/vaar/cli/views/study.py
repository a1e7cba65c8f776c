"""A study as a page for the terminal; texts of its files are shown as they are, never as markup."""

from __future__ import annotations

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from vaar.study.instruments import WORDING_NAMES
from vaar.study.model import Condition, Hypothesis, Instrument, ResponseScale, Study

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


def _overview(study: Study) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="Instruments", title_justify="left")
    for heading in ("code", "items", "scale", "subscales", "measures"):
        table.add_column(heading, justify="right" if heading == "items" else "left")
    for instrument in study.instruments:
        table.add_row(
            Text(instrument.code, style="bold"),
            str(len(instrument.items)),
            _range(instrument),
            str(len(instrument.subscales)),
            Text(instrument.construct),
        )
    return table


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
        _subscales(instrument),
    )


def _facts(*facts: tuple[str, str]) -> Table:
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


def _items(instrument: Instrument) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("item", no_wrap=True)
    table.add_column("key")
    table.add_column("text")
    for item in instrument.items:
        table.add_row(Text(item.code), "+" if item.keying > 0 else "−", Text(item.text))
        for name, text in item.paraphrases:
            table.add_row("", "", Text.assemble((f"{name}: ", "dim"), text))
        if item.scale is not None:
            table.add_row("", "", Text(_labels(item.scale), style="dim"))
        if item.kind == "text":
            table.add_row("", "", Text("answered in words", style="dim"))
    return table


def _subscales(instrument: Instrument) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("subscale", no_wrap=True)
    table.add_column("title")
    table.add_column("items")
    for subscale in instrument.subscales:
        items = ", ".join(code.removeprefix(f"{instrument.code}_") for code in subscale.items)
        table.add_row(Text(subscale.code), Text(subscale.title), Text(items))
    return table


def _condition(condition: Condition) -> Group:
    return Group(
        Text(condition.name, style="bold"),
        _facts(
            ("history", condition.history),
            ("presentation", condition.presentation),
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
