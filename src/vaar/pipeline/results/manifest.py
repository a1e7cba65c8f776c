"""The file that says what a stored analysis rests on, how it was done, and which files it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vaar.analyses.base import Status
from vaar.errors import RunDirectoryError
from vaar.files.seal import SEAL, is_as_written
from vaar.files.strict_json import read_object
from vaar.pipeline.results.basis import Basis, sha256
from vaar.pipeline.results.layout import FORMAT, MANIFEST

ADVICE = "Run `vaar analyze` on the run directory to make it anew; it asks no model."


@dataclass(frozen=True)
class Entry:
    """How one kind of analysis ended, and of which others it used the outcomes."""

    status: Status
    reason: str
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """What ``analysis.json`` says.

    Attributes
    ----------
    name : str
        ``default``, or the name that the analysis was given.
    options : mapping
        The options in force, by analysis, with those of the grouping under ``groups``.
    outcomes : mapping of str to Entry
        By analysis, each after those it needs.
    made : mapping
        When, by which command, with which versions.
    files : mapping of str to str
        SHA-256 of every file of the folder.
    """

    name: str
    basis: Basis
    options: Mapping[str, Mapping[str, Any]]
    outcomes: Mapping[str, Entry]
    made: Mapping[str, Any]
    files: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As the file holds it."""
        return {
            "format": FORMAT,
            "name": self.name,
            **self.made,
            "rests_on": self.basis.to_json(),
            "options": self.options,
            "outcomes": {
                name: {"status": str(one.status), "reason": one.reason, "needs": list(one.needs)}
                for name, one in self.outcomes.items()
            },
            "files": self.files,
        }


def read_manifest(folder: Path) -> Manifest:
    """Read ``analysis.json``.

    Raises
    ------
    RunDirectoryError
        It is missing or damaged, or of a newer format.
    """
    path = folder / MANIFEST
    try:
        content = read_object(path)
        found = content["format"]
        if found != FORMAT:
            raise RunDirectoryError(
                f"{path}: has format {found!r}, and this version of vaar reads {FORMAT}. Use the "
                "version that wrote it, or run `vaar analyze` on a copy of the run directory."
            )
        if not is_as_written(content):
            raise ValueError("it was changed since it was written")
        return _manifest(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunDirectoryError(
            f"{path}: cannot be read ({type(error).__name__}: {error}). {ADVICE}"
        ) from error


def _manifest(content: Mapping[str, Any]) -> Manifest:
    own = ("format", "name", "rests_on", "options", "outcomes", "files", SEAL)
    return Manifest(
        name=str(content["name"]),
        basis=Basis.from_json(content["rests_on"]),
        options={str(name): dict(values) for name, values in content["options"].items()},
        outcomes={
            str(name): Entry(Status(one["status"]), str(one["reason"]), tuple(one["needs"]))
            for name, one in content["outcomes"].items()
        },
        made={name: value for name, value in content.items() if name not in own},
        files={str(name): str(value) for name, value in content["files"].items()},
    )


def check_files(folder: Path, manifest: Manifest) -> None:
    """Refuse a folder some of whose files are not those that were written.

    Raises
    ------
    RunDirectoryError
        It names them.
    """
    changed = [name for name, known in manifest.files.items() if sha256(folder / name) != known]
    if changed:
        raise RunDirectoryError(
            f"{folder}: {', '.join(changed)} changed since written, or missing. {ADVICE}"
        )
