"""Facts of how a run was made, which may differ from run to run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from vaar.comparison.differences import SERVED
from vaar.journal.journal import Journal
from vaar.pipeline.requests import REQUESTS
from vaar.pipeline.results.manifest import Manifest
from vaar.study.dump import study_hash
from vaar.study.model import Study
from vaar.tables.text import shorten

LONGEST = 200
"""Characters of a fact that are kept."""

Facts = dict[tuple[str, str], str]

_OF_RUN = ("started", "finished", "seed", "seed_rule", "vaar_version")


def facts_of(
    run: Mapping[str, Any], manifest: Manifest | None, journal: Journal, study: Study
) -> Facts:
    """Facts by what they are of (a respondent; empty: the whole run) and name.

    Parameters
    ----------
    run : mapping
        ``run.json``.
    manifest : Manifest or None
        Of the analysis; None where an earlier version wrote it.
    """
    told = {("", name): str(run[name]) for name in _OF_RUN if name in run}
    told["", "study"] = study.name
    told["", "study text (SHA-256)"] = study_hash(study)
    told["", "temperature"] = f"{study.temperature:g}"
    if manifest is not None:
        told["", "coding rules"] = str(manifest.made.get("coding_rules", ""))
        told["", "analysed with vaar"] = manifest.basis.vaar
        told["", "people (SHA-256)"] = manifest.basis.people or "none"
    told |= _sessions(journal)
    told |= dict(_served(journal))
    told |= dict(_requested(run))
    return {key: shorten(value, LONGEST) for key, value in told.items()}


def _sessions(journal: Journal) -> Facts:
    counts: dict[str, dict[str, int]] = {}
    for session, status, _ in journal.sessions():
        own = counts.setdefault(session.respondent, {})
        own[status] = own.get(status, 0) + 1
    return {
        (respondent, "sessions"): ", ".join(f"{n} {status}" for status, n in sorted(own.items()))
        for respondent, own in counts.items()
    }


def _served(journal: Journal) -> Iterator[tuple[tuple[str, str], str]]:
    named = {SERVED[0]: journal.reported_models(), **journal.served()}
    for what, respondents in named.items():
        for respondent, replies in respondents.items():
            yield (respondent, what), ", ".join(sorted(replies))


def _requested(run: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    """What requests held beside the conversation: dialect, address, options."""
    for respondent, request in (run.get(REQUESTS) or {}).items():
        if isinstance(request, dict):
            for name, value in request.items():
                yield (respondent, f"request: {name}"), _plain(value)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
