"""What stands in ``run.json`` is of its kind, or the file is damaged; it need not hold all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, StrictBool, StrictInt, StrictStr, ValidationError


class _Asked(BaseModel):
    name: StrictStr
    simulated: StrictBool
    groups: list[StrictStr] = []


class _Log(BaseModel):
    file: StrictStr
    model: StrictStr
    inspect_ai: StrictStr
    sha256: StrictStr
    sampling: dict[str, Any] = {}


class _Call(BaseModel):
    command: StrictStr | None = None
    at: StrictStr | None = None
    respondents: list[StrictStr] = []
    sessions: StrictInt | None = None
    by: StrictStr = ""


class _People(BaseModel):
    account: list[StrictStr] = []
    warnings: list[StrictStr] = []


class _Record(BaseModel):
    identity: dict[str, Any] = {}
    command: StrictStr | None = None
    started: StrictStr | None = None
    finished: StrictStr | None = None
    packages: dict[str, StrictStr | None] = {}
    respondents: list[_Asked] = []
    prices: dict[str, dict[str, Any] | None] = {}
    faults: dict[str, dict[str, StrictInt]] = {}
    requests: dict[str, dict[str, Any]] | None = None
    options: dict[str, Any] = {}
    human: _People | None = None
    calls: list[_Call] = []
    grown: list[_Call] = []
    grown_from: dict[str, Any] | None = None
    merged: list[StrictStr] = []
    imported: list[_Log] = []


def problem_in(record: Mapping[str, Any]) -> str:
    """What of a record is not of its kind, in words; empty where all is.

    Who was asked, and how often, is told by the identity, which is checked where it is read.
    """
    try:
        _Record.model_validate(record)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part)[:60] for part in first["loc"])
        return f"{place}: {first['msg'].lower()}"
    return ""
