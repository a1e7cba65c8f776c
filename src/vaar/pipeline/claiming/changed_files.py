"""Files of a run directory that are not those that were asked with: changed by hand, or lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vaar.pipeline.people.reference import REFERENCE
from vaar.pipeline.results.basis import sha256
from vaar.pipeline.rundir import EDITED, RUN, RunDirectory
from vaar.study.dump import study_hash
from vaar.study.model import Study


def changed_files(files: RunDirectory, run: Mapping[str, Any], study: Study) -> Iterator[str]:
    """Sentences on what was changed since it was asked, as text that is not yet safe to show.

    Parameters
    ----------
    run : mapping
        ``run.json``.
    study : Study
        As ``study.yaml`` holds it now.
    """
    if run.get(EDITED):
        yield (
            f"{RUN} was changed by hand, or damaged: what is told of how this run was asked may be "
            "wrong. Restore it from a copy."
        )
    identity, reference = run.get("identity"), run.get(REFERENCE)
    asked = identity.get("study_hash") if isinstance(identity, dict) else None
    if asked is not None and asked != study_hash(study):
        yield (
            f"{files.study.name} is not the study that was asked: it was changed afterwards. These "
            "results take keying, scales, items and expectations from the file as it is now. "
            "Restore it from a copy, or take them for those of another study."
        )
    kept = reference.get("human_csv_sha256") if isinstance(reference, dict) else None
    if kept is not None and kept != (now := sha256(files.human)):
        yield (
            f"{files.human.name} {'was changed' if now else 'is gone'} since people's answers were "
            "taken into this run. Give them again with --human, or restore the file from a copy."
        )
