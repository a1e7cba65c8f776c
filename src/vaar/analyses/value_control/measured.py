"""What was measured of shifts while the replies were written, as tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

Requests = Mapping[str, Any]


def probes_table(requests: Requests) -> pd.DataFrame:
    """How well each layer tells each value; one row per respondent × value × layer."""
    rows = [
        {
            "respondent": respondent,
            "value": value,
            "layer": layer["layer"],
            "of_layers": probes["of_layers"],
            "pairs": probes["pairs"],
            **{name: layer[name] for name in _TOLD},
            "gate_accuracy": _gate(probes, layer["layer"]),
        }
        for respondent, measured in _measured(requests)
        for value, probes in (measured.get("probes") or {}).items()
        for layer in probes["layers"]
    ]
    columns = ["respondent", "value", "layer", "of_layers", "pairs", *_TOLD, "gate_accuracy"]
    return pd.DataFrame(rows, columns=columns)


_TOLD = ("accuracy", "auc", "shuffled_accuracy", "shuffled_auc", "used")


def _gate(probes: Mapping[str, Any], layer: int) -> float:
    gate = probes.get("gate")
    return float(gate["accuracy"]) if gate and gate["layer"] == layer else float("nan")


def layers_table(requests: Requests) -> pd.DataFrame:
    """Mean shift of each layer and what P becomes; one row per respondent × shift × layer."""
    rows = [
        {
            "respondent": respondent,
            "shift": label,
            "layer": int(layer),
            "replies": sums["shifted"],
            "distance": told["distance"] / sums["shifted"],
            "share_of_stream": abs(told["distance"]) / told["stream"] if told["stream"] else None,
            **{name: told[name] / sums["shifted"] for name in ("before", "after", "asked")},
            "writing": told["writing"] / told["written"] if told["written"] else None,
        }
        for respondent, measured in _measured(requests)
        for label, sums in (measured.get("sums") or {}).items()
        for layer, told in sums["layers"].items()
    ]
    columns = ["respondent", "shift", "layer", "replies", "distance", "share_of_stream"]
    return pd.DataFrame(rows, columns=[*columns, "before", "after", "asked", "writing"])


def fluency_table(requests: Requests) -> pd.DataFrame:
    """Replies, how often the gate was open, and perplexity; one row per respondent × shift."""
    rows = [
        {
            "respondent": respondent,
            "shift": label,
            "replies": sums["replies"],
            "shifted": sums["shifted"] / sums["replies"],
            "tokens": sums["tokens"],
            "perplexity": math.exp(-sums["log_probability"] / sums["tokens"])
            if sums["tokens"]
            else None,
        }
        for respondent, measured in _measured(requests)
        for label, sums in (measured.get("sums") or {}).items()
        if sums["replies"]
    ]
    columns = ["respondent", "shift", "replies", "shifted", "tokens", "perplexity"]
    return pd.DataFrame(rows, columns=columns)


def _measured(requests: Requests) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for respondent, record in requests.items():
        found = record.get("measured") if isinstance(record, Mapping) else None
        if isinstance(found, Mapping) and found:
            yield respondent, found
