"""From the metadata of a sample back to the session that it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter

from vaar.respondents.inspect_models.conversion import THROUGH_INSPECT
from vaar.sessions.plan import group_name
from vaar.sessions.records import TABLE_NAMES, Session
from vaar.study.model import Study

_SESSION = TypeAdapter(Session)
_NAMES = {TABLE_NAMES.get(field.name, field.name): field.name for field in fields(Session)}


def session_in(metadata: Mapping[str, Any], study: Study, model: str) -> Session:
    """The session in a sample's metadata.

    Parameters
    ----------
    model : str
        As Inspect names it: ``PROVIDER/MODEL``.

    Raises
    ------
    ValueError
        It holds none.
    """
    planned = {_NAMES[key]: value for key, value in metadata.items() if key in _NAMES}
    respondent = THROUGH_INSPECT + model
    group = group_name(study, respondent, str(planned.get("condition")))
    return _SESSION.validate_python(planned | {"respondent": respondent, "group": group})
