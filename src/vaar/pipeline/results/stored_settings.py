"""The options that an analysis starts from: those of the last one, or of the run."""

from __future__ import annotations

from vaar.analyses.settings import Settings, from_flat
from vaar.errors import RunDirectoryError
from vaar.pipeline.results.layout import DEFAULT, folder
from vaar.pipeline.results.manifest import read_manifest
from vaar.pipeline.results.one_at_a_time import settled
from vaar.pipeline.rundir import RunDirectory


def stored_settings(files: RunDirectory, name: str) -> Settings:
    """Options of the last analysis of this name, else of the default one, else of the run.

    Raises
    ------
    RunDirectoryError
        They cannot be read.
    """
    for own in (name, DEFAULT):
        source = settled(files.path, folder(files, own))
        if source.is_dir():
            try:
                return read_manifest(source).options
            except RunDirectoryError as error:
                raise RunDirectoryError(
                    f"{error} Its options cannot be read, so say that the package's are to be "
                    "taken: --defaults"
                ) from error
    return from_flat(files.read_run().get("options", {}))
