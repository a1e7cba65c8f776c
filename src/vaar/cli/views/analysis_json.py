"""A finished analysis as JSON: what a program needs that reads on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vaar.analyses.options import plain

if TYPE_CHECKING:
    import pandas as pd

    from vaar.analyses.base import Outcome
    from vaar.pipeline.results.analyzed import Analyzed


def analysis_json(analyzed: Analyzed, page: Path) -> dict[str, Any]:
    """Directory, options in force, groups, and how every analysis ended, with its tables."""
    return {
        "directory": str(analyzed.directory),
        "name": analyzed.name,
        "report": str(page),
        "options": {section: plain(own) for section, own in analyzed.options.items()},
        "groups": _records(analyzed.groups),
        "outcomes": {name: _outcome(one) for name, one in analyzed.outcomes.items()},
        "left_out": dict(analyzed.left_out),
        "recoded": analyzed.recoded,
        "redefined": analyzed.redefined,
    }


def _outcome(outcome: Outcome) -> Mapping[str, Any]:
    return {
        "status": str(outcome.status),
        "reason": outcome.reason,
        "tables": {name: _records(table) for name, table in outcome.tables.items()},
    }


def _records(table: pd.DataFrame) -> Any:
    return json.loads(table.to_json(orient="records", double_precision=15))
