"""A journal is made under another name and then put in its place, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from vaar.errors import RunDirectoryError
from vaar.files.write import part_of, remove_leftovers
from vaar.journal.access import SIDES
from vaar.journal.journal import Journal


@contextmanager
def journal_in_the_making(target: Path) -> Iterator[tuple[Journal, Path]]:
    """A new, empty journal beside `target`, and its path; gone after the block unless moved.

    Call this with the directory locked.

    Raises
    ------
    RunDirectoryError
        It cannot be written.
    """
    remove_leftovers(target, older=0)  # whoever locks the directory is the only one to write it
    part = part_of(target)
    try:
        with closing(Journal(part)) as journal:
            yield journal, part
    finally:
        for side in ("", *SIDES):
            part.with_name(part.name + side).unlink(missing_ok=True)


@contextmanager
def replacing_journal(target: Path) -> Iterator[Journal]:
    """A new, empty journal that takes the place of `target` when the block ends well.

    Call this with the directory locked, and with all that `target` holds read.

    Raises
    ------
    RunDirectoryError
        It cannot be written.
    """
    with journal_in_the_making(target) as (journal, part):
        yield journal
        journal.close()
        put_in_place(part, target)
    with closing(Journal(target)) as journal:
        journal.count_anew()


def put_in_place(part: Path, target: Path) -> None:
    """Put a closed journal in the place of another, whose log would spoil it.

    Raises
    ------
    RunDirectoryError
        It cannot be written.
    """
    try:
        for side in SIDES:
            target.with_name(target.name + side).unlink(missing_ok=True)
        os.replace(part, target)
    except OSError as error:
        raise RunDirectoryError(
            f"{target}: cannot be written ({error.strerror}). Nothing was lost; mend this and give "
            "the same command again."
        ) from error
