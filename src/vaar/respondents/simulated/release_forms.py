"""How a simulated respondent fills in a release form: the more it accepts, the more it gives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from math import sqrt
from statistics import NormalDist

RELIANCE = 0.6
"""Correlation of the disposition to give one field with the acceptance that answers reveal."""

_STANDARD = NormalDist()


def contents(shown: str, fields: Iterable[str]) -> dict[str, str]:
    """What a message says that the record holds: lines of the form ``- field: content``."""
    lines = dict(
        line.strip()[2:].split(": ", 1)
        for line in shown.split("\n")
        if line.strip().startswith("- ") and ": " in line
    )
    return {field: lines[field].strip() for field in fields if field in lines}


def fill_in(record: Mapping[str, str], acceptance: float, uniforms: Mapping[str, float]) -> str:
    """A form as one JSON object: a field is given where the disposition to give it is above 0.

    Parameters
    ----------
    acceptance : float
        Of the session, in human standard deviations.
    uniforms : mapping of str to float
        A number in (0, 1) for each field.
    """
    return json.dumps(
        {
            field: content if _gives(acceptance, uniforms[field]) else None
            for field, content in record.items()
        }
    )


def _gives(acceptance: float, uniform: float) -> bool:
    noise = _STANDARD.inv_cdf(min(max(uniform, 1e-12), 1 - 1e-12))
    return RELIANCE * acceptance + sqrt(1 - RELIANCE**2) * noise > 0
