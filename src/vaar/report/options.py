"""Options that were in force, as a table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from vaar.tables.table import Table, tabulate, text


def option_table(caption: str, options: Mapping[str, Any]) -> Table:
    """Every option with the value it was resolved to; nested options under dotted names."""
    records = [{"name": name, "value": value} for name, value in _flat(options)]
    columns = [text("Option", "name"), text("value", "value")]
    return tabulate(caption, columns, records, nothing="No options were recorded.")


def _flat(options: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in options.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            plain = isinstance(value, str) and value != ""
            yield f"{prefix}{name}", value if plain else json.dumps(value, ensure_ascii=False)
