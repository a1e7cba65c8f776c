"""Names that a user mistyped: what was meant, most likely."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import wraps
from typing import ParamSpec, TypeVar

from vaar.errors import UnknownNameError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
_LIKENESS = 0.6  # share of characters that two names have in common


def hint(name: str, known: Iterable[str]) -> str:
    """The names like a mistyped one, as a question; all of them where none is like it."""
    names = list(known)
    folded = {other.lower().replace(".", "_"): other for other in names}
    like = get_close_matches(name.lower().replace(".", "_"), folded, n=3, cutoff=_LIKENESS)
    if like:
        return f"did you mean {' or '.join(repr(folded[other]) for other in like)}?"
    return f"there are {', '.join(names)}"


def checks_names(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Have a function answer an argument it does not know with the ones it does."""
    known = [
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is not parameter.VAR_POSITIONAL
    ]

    @wraps(function)
    def checked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        for name in kwargs:
            if name not in known:
                raise UnknownNameError(
                    f"{function.__name__}() has no argument {name!r}: {hint(name, known)}"
                )
        return function(*args, **kwargs)

    return checked
