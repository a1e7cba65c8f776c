"""Temperature: models of a run that are asked in the same way but for it.

A study has one temperature; a models file gives a model its own, under as many names as there are
temperatures to be compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

TEMPERATURE = "temperature"

_OF_ONE_RUN = ("adaptations", "measured")


def differing(requests: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Respondents that differ in their temperature alone, each with it as text.

    Parameters
    ----------
    requests : mapping
        By respondent, what it was sent, as ``run.json`` has it.

    Yields
    ------
    dict
        Of two respondents or more, in ascending order of their temperatures; none is sent twice.
    """
    alike: dict[str, dict[float, str]] = {}
    for name, record in requests.items():
        if not isinstance(record, Mapping):
            continue
        found: list[float] = []
        rest = _without({k: v for k, v in record.items() if k not in _OF_ONE_RUN}, found)
        if len(set(found)) == 1:
            own = alike.setdefault(json.dumps(rest, sort_keys=True, default=str), {})
            own.setdefault(found[0], name)
    for names in alike.values():
        if len(names) > 1:
            yield {name: f"{degree:g}" for degree, name in sorted(names.items())}


def _without(record: Any, found: list[float]) -> Any:
    """The record without its temperatures, which are collected."""
    if isinstance(record, list | tuple):
        return [_without(one, found) for one in record]
    if not isinstance(record, Mapping):
        return record
    rest = {}
    for key, value in record.items():
        if key in (TEMPERATURE, "drawn_at") and isinstance(value, int | float):
            found.append(float(value))
        else:
            rest[key] = _without(value, found)
    return rest
