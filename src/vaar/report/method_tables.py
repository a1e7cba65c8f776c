"""The tables of how it was done: options, versions, instruments, expected signs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vaar.report.vaar_tables import sign
from vaar.study.model import Condition, Evidence, Instrument, Study
from vaar.tables.numbers import count, decimal
from vaar.tables.table import Table, number, tabulate, text
from vaar.tables.text import words

_RUN_FACTS = ("vaar_version", "python", "seed", "sessions", "started", "finished")


def option_table(caption: str, options: Mapping[str, Any]) -> Table:
    """Every option with the value it was resolved to; nested options under dotted names."""
    records = [{"name": name, "value": value} for name, value in _flat(options)]
    return tabulate(caption, [text("Option", "name"), text("value", "value")], records)


def covariate_table(covariates: Sequence[Mapping[str, Any]]) -> Table:
    """What the paths are adjusted for, and how it was turned into numbers."""
    columns = [
        text("Covariate", "name"),
        text("coding", "coding"),
        number("sessions and people without it, left out of the fit", "n_missing", count),
    ]
    records = [dict(one) | {"coding": _coding(one)} for one in covariates]
    return tabulate("Covariates", columns, records)


def _coding(covariate: Mapping[str, Any]) -> str:
    if not covariate["reference"]:
        return "an amount, centred and scaled over all sessions"
    return f"{', '.join(covariate['levels'])}: each against {covariate['reference']}"


def version_table(run: Mapping[str, Any]) -> Table:
    """What ran: versions, seed, times; and where the replies come from, if others asked."""
    facts = {name: run.get(name) for name in _RUN_FACTS} | dict(run.get("packages", {}))
    records = [{"name": name.replace("_", " "), "value": value} for name, value in facts.items()]
    records += [{"name": "imported from", "value": _log(log)} for log in run.get("imported", [])]
    return tabulate("Versions and seed", [text("Name", "name"), text("value", "value")], records)


def _log(log: Mapping[str, Any]) -> str:
    sampling = [f"{name} {value}" for name, value in log.get("sampling", {}).items()]
    parts = (f"{log['file']}: {log['model']}", f"Inspect AI {log['inspect_ai']}", *sampling)
    return f"{', '.join(parts)}; SHA-256 {log['sha256']}"


def instrument_table(study: Study) -> Table:
    """The instruments, and whose wording was used."""
    fields = ("code", "title", "construct", "items", "scale", "wording")
    records = [_instrument(instrument) for instrument in study.instruments]
    return tabulate("Instruments", [text(field.capitalize(), field) for field in fields], records)


def source_table(study: Study) -> Table:
    """Where the structure of each instrument comes from."""
    records = [{"code": i.code, "source": i.source} for i in study.instruments]
    columns = [text("Code", "code"), text("source", "source")]
    return tabulate("Sources of the instruments", columns, records)


def hypothesis_table(study: Study) -> Table:
    """The expected signs, a row for each finding behind one."""
    records = [
        {
            "path": hypothesis.path,
            "sign": sign(hypothesis.sign),
            "weight": hypothesis.weight,
            "finding": evidence.finding,
            "source": evidence.source,
        }
        for hypothesis in study.hypotheses
        for evidence in hypothesis.evidence or (Evidence(source="", finding="none given"),)
    ]
    columns = [
        text("Path", "path"),
        text("expected sign", "sign"),
        number("weight", "weight", decimal),
        text("evidence and cautions", "finding"),
        text("source", "source"),
    ]
    return tabulate("Paths, their expected signs, and the evidence", columns, records)


def condition_table(study: Study) -> Table:
    """How sessions were run."""
    fields = ("name", "history", "presentation", "order", "framing")
    records = [_condition(condition) for condition in study.conditions]
    return tabulate("Conditions", [text(field.capitalize(), field) for field in fields], records)


def _instrument(instrument: Instrument) -> dict[str, str]:
    labels = instrument.scale.labels
    reversed_items = sum(item.keying < 0 for item in instrument.items)
    parallel = instrument.wording == "parallel"
    return {
        "code": instrument.code,
        "title": instrument.title,
        "construct": instrument.construct,
        "items": f"{len(instrument.items)}, of them reversed: {reversed_items}",
        "scale": f"{len(labels)} points, {labels[0]} to {labels[-1]}",
        "wording": "parallel form" if parallel else "published text",
    }


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
