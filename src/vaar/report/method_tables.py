"""The tables of how it was done: options, versions, instruments, expected signs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from vaar.report.tables import Table, number, tabulate, text
from vaar.report.text import decimal, words
from vaar.report.vaar_tables import sign
from vaar.study.model import Condition, Study

_RUN_FACTS = ("vaar_version", "python", "seed", "sessions", "started", "finished")


def option_table(caption: str, options: Mapping[str, Any]) -> Table:
    """Every option with the value it was resolved to; nested options under dotted names."""
    records = [{"name": name, "value": value} for name, value in _flat(options)]
    return tabulate(caption, [text("Option", "name"), text("value", "value")], records)


def version_table(run: Mapping[str, Any]) -> Table:
    """What ran: versions, seed, times."""
    facts = {name: run.get(name) for name in _RUN_FACTS} | dict(run.get("packages", {}))
    records = [{"name": name.replace("_", " "), "value": value} for name, value in facts.items()]
    return tabulate("Versions and seed", [text("Name", "name"), text("value", "value")], records)


def instrument_table(study: Study) -> Table:
    """The instruments, whose wording was used, and where their structure comes from."""
    records = [
        {
            "code": instrument.code,
            "title": instrument.title,
            "construct": instrument.construct,
            "items": f"{len(instrument.items)}, of them reversed: "
            f"{sum(item.keying < 0 for item in instrument.items)}",
            "scale": f"{len(instrument.scale.labels)} points, {instrument.scale.labels[0]} to "
            f"{instrument.scale.labels[-1]}",
            "wording": f"{instrument.wording} form"
            if instrument.wording == "parallel"
            else "published text",
            "source": instrument.source,
        }
        for instrument in study.instruments
    ]
    fields = ("code", "title", "construct", "items", "scale", "wording", "source")
    return tabulate("Instruments", [text(field.capitalize(), field) for field in fields], records)


def hypothesis_table(study: Study) -> Table:
    """The expected signs, each with its weight and the findings behind it."""
    records = [
        {
            "path": hypothesis.path,
            "sign": sign(hypothesis.sign),
            "weight": hypothesis.weight,
            "evidence": " · ".join(f"{e.source}: {e.finding}" for e in hypothesis.evidence)
            or "none given",
        }
        for hypothesis in study.hypotheses
    ]
    columns = [
        text("Path", "path"),
        text("expected sign", "sign"),
        number("weight", "weight", decimal),
        text("evidence and cautions", "evidence"),
    ]
    return tabulate("Expected signs", columns, records)


def condition_table(study: Study) -> Table:
    """How sessions were run."""
    fields = ("name", "history", "presentation", "order", "framing")
    records = [_condition(condition) for condition in study.conditions]
    return tabulate("Conditions", [text(field.capitalize(), field) for field in fields], records)


def _condition(condition: Condition) -> dict[str, str]:
    return {
        "name": condition.name,
        "history": condition.history,
        "presentation": f"one {condition.presentation} a turn",
        "order": " → ".join(condition.order),
        "framing": words(condition.framing),
    }


def _flat(options: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in options.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            plain = isinstance(value, str) and value != ""
            yield f"{prefix}{name}", value if plain else json.dumps(value, ensure_ascii=False)
