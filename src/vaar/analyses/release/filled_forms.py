"""Every form that was filled in: what each field holds, and how many fields were given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from vaar.coding.form import Entry, code_form
from vaar.responses.schema import FACTS
from vaar.study.model import Study
from vaar.study.release_form import ReleaseForm, release_forms

FIELDS = ("group", "session", "form", "field", "kind", "entry")
FORMS = ("group", "session", "form", "reason", "fields", "given", "changed", "share")


def filled_forms(responses: pd.DataFrame, study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Code the forms of all sessions.

    Parameters
    ----------
    responses : DataFrame
        See :data:`vaar.responses.table.SCHEMA`.

    Returns
    -------
    fields : DataFrame
        A row for each field of each form that can be read, with the columns :data:`FIELDS`.
    forms : DataFrame
        A row for each form that was asked for, with the columns :data:`FORMS`: why it cannot be
        read (empty where it can), fields, fields given, fields changed, share of fields given (NaN
        where it cannot be read).
    """
    fields: list[dict[str, Any]] = []
    forms: list[dict[str, Any]] = []
    for form in release_forms(study):
        for row in responses[responses["item"] == form.item].to_dict("records"):
            entries, reason = _read({str(key): value for key, value in row.items()}, form, study)
            where = {"group": row["group"], "session": row["session"], "form": form.item}
            fields += [where | one for one in _field_rows(entries, form)]
            forms.append(where | {"reason": reason} | _counted(entries))
    return pd.DataFrame(fields, columns=list(FIELDS)), pd.DataFrame(forms, columns=list(FORMS))


def _read(row: dict[str, Any], form: ReleaseForm, study: Study) -> tuple[dict[str, Entry], str]:
    raw = row["raw"]
    if not isinstance(raw, str):
        return {}, str(row["reason"])
    drawn = json.loads(row[FACTS]) if row.get(FACTS) else {}
    coded = code_form(raw, form.record(study, tuple(drawn.items())))
    return (coded, "") if isinstance(coded, dict) else ({}, str(coded))


def _field_rows(entries: dict[str, Entry], form: ReleaseForm) -> Iterator[dict[str, Any]]:
    for field, entry in entries.items():
        yield {"field": field, "kind": form.kinds[field], "entry": str(entry)}


def _counted(entries: dict[str, Entry]) -> dict[str, Any]:
    held = list(entries.values())
    given = held.count(Entry.GIVEN)
    return {
        "fields": len(held) or None,
        "given": given if held else None,
        "changed": held.count(Entry.CHANGED) if held else None,
        "share": given / len(held) if held else None,
    }
