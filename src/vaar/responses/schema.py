"""The columns of the table of responses."""

from __future__ import annotations

import pyarrow as pa

from vaar.coding.answer import Reason
from vaar.coding.rules import RULES_VERSION

VARIED = ("persona", "order", "items", "options", "wording")
"""What may differ between the sessions of one group."""

RULES = b"vaar_coding_rules"
"""Key of the version of the coding rules in the metadata of the file."""

FACTS = "facts"
"""Column: what was drawn of the study's facts, as a JSON object; empty where it has none."""

NOT_ASKED = Reason.NOT_ASKED.value
"""Reason of an item that its session never reached."""

LATER = (FACTS, "direction")
"""Columns that tables of earlier versions do not have; they are empty."""

SCHEMA = pa.schema(
    [
        ("group", pa.string()),
        ("session", pa.int64()),
        ("condition", pa.string()),
        ("replicate", pa.int32()),
        *((name, pa.string()) for name in VARIED),
        (FACTS, pa.string()),
        ("direction", pa.string()),
        ("instrument", pa.string()),
        ("item", pa.string()),
        ("position", pa.int32()),
        ("raw", pa.string()),
        ("value", pa.int32()),
        ("reason", pa.string()),
        ("attempts", pa.int32()),
        ("first_reason", pa.string()),
        ("tokens", pa.int64()),
        ("latency", pa.float64()),
        ("distribution", pa.list_(pa.float64())),
        ("mass", pa.float64()),
        ("expected", pa.float64()),
    ],
    metadata={RULES: str(RULES_VERSION).encode()},
)
"""``value`` is null exactly where ``reason`` names why."""

IN_FEW_WORDS = (
    *("group", "condition", *VARIED, FACTS, "direction", "instrument", "item", "reason"),
    "first_reason",
)
"""Columns of text in which the same words come again and again."""
