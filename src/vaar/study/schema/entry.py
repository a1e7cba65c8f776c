"""What every entry of a file shares: its texts, codes and strictness."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

MOST_POINTS = 1000
"""A scale has one point more at most."""

MOST_REPLY_TOKENS = 100_000

IDENTIFIER = r"[A-Za-z][A-Za-z0-9_]*"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[str, StringConstraints(pattern=f"^{IDENTIFIER}$")]
Path = Annotated[str, StringConstraints(pattern=rf"^\s*{IDENTIFIER}\s*~\s*{IDENTIFIER}\s*$")]
Sign = Literal["+", "-"]


class Entry(BaseModel):
    """A mapping of a file: unknown keys and silent conversions are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


def json_schema(model: type[Entry]) -> dict[str, Any]:
    """Return the JSON schema of a file model, with which editors complete and check the YAML.

    Parameters
    ----------
    model : type
        `StudyFile` or `InstrumentFile`.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(),
    }
