"""Every error that vaar raises on purpose, in one tree.

::

    VaarError
    ├── StudyError            a study or instrument file is wrong
    ├── RespondentError       a respondent cannot answer
    │   ├── UnknownModelError     no respondent has this name
    │   ├── MissingKeyError       the environment holds no key for it
    │   ├── ProviderError         one call failed after its retries; the session ends, others go on
    │   └── RespondentHaltedError no call to this respondent can succeed; its sessions stop
    ├── CapReachedError       a run has spent what it may
    ├── RunDirectoryError     a run directory cannot be used, or a file in it is damaged
    ├── PlatformError         this system lacks what a run directory needs
    ├── LogError              a log of another program cannot be imported
    ├── ModelSyntaxError      a structural model cannot be read
    ├── TableError            a table is not what its description says
    ├── OptionError           an analysis has no such option, or not this value for it
    └── DataError             data cannot carry the analysis asked of it
        ├── ArgumentError         a function was called with other arguments than it takes
        └── NoGroupError          not in any group

Each message says what was got, what is allowed, and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class VaarError(Exception):
    """Root of the tree: catch it to catch everything vaar raises on purpose."""


class StudyError(VaarError):
    """A study or instrument file is wrong.

    Parameters
    ----------
    message : str
        What was found, what is allowed, what to do.
    file : str, optional
        Path of the file.
    line : int, optional
        Line in that file, counted from 1.
    """

    def __init__(self, message: str, file: str | None = None, line: int | None = None) -> None:
        self.file = file
        self.line = line
        place = ":".join(str(part) for part in (file, line) if part is not None)
        super().__init__(f"{place}: {message}" if place else message)


class RespondentError(VaarError):
    """A respondent cannot answer."""


class UnknownModelError(RespondentError):
    """No respondent has the name that was asked for."""


class MissingKeyError(RespondentError):
    """The environment holds no key for the provider."""


class ProviderError(RespondentError):
    """One call failed after its bounded retries."""


class RespondentHaltedError(RespondentError):
    """No call to this respondent can succeed: refused connection, rejected key, unknown model."""


class CapReachedError(VaarError):
    """A run has spent what it may, and sessions are still pending; what was answered is kept."""


class RunDirectoryError(VaarError):
    """A run directory cannot be used, or a file in it is damaged."""


class PlatformError(VaarError):
    """The operating system lacks what a run directory needs: Windows has no POSIX file locks."""


class JournalNotWholeError(RunDirectoryError):
    """A journal can be read, and is not all that was written, or not as it was written.

    Attributes
    ----------
    what : str
        What is missing, or where it is another.
    """

    what: str = ""


class LogError(VaarError):
    """A log of another program cannot be imported."""


class ModelSyntaxError(VaarError):
    """A structural model cannot be read."""


class TableError(VaarError):
    """A table is not what its description says, or its file is damaged."""


class StaleResultsWarning(UserWarning):
    """Results were read that no longer belong to what their run directory holds."""


class OptionError(VaarError):
    """An analysis has no such option, or the option cannot have this value."""


class DataError(VaarError):
    """The data cannot carry the analysis asked of it."""


class NoGroupError(DataError):
    """No group of the data can carry a model.

    Attributes
    ----------
    dropped : mapping of str to str
        Why, by group.
    screening : DataFrame
        What was found wrong with the data, as in :attr:`vaar.sem.Fit.screening`.
    """

    def __init__(self, message: str, dropped: Mapping[str, str], screening: Any) -> None:
        super().__init__(message)
        self.dropped = dropped
        self.screening = screening


class ArgumentError(DataError, TypeError):
    """A function was called with too few arguments, too many, or one of another kind."""


class UnknownNameError(DataError, KeyError, TypeError):
    """Nothing has the name that was asked for, of a result or as an argument."""

    def __str__(self) -> str:
        return str(self.args[0])
