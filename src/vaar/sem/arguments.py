"""What a function was called with: names it has, as many as it takes, fits where they belong."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

import numpy as np

from vaar.errors import ArgumentError, UnknownNameError
from vaar.sem.names import hint

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
_OWN = {"Fit": "what sem.fit returns", "Invariance": "what sem.invariance returns"}
"""Kinds of arguments that are looked at, as annotations name them."""
_TEXT = ("str", "str | None")
_OF_ROWS = ("cluster", "sampling_weights")
"""Text that names columns with an entry a row: arrays are refused where these are read."""
_SWITCHES = ("bool", "bool | None")


def checks_arguments(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Have a function say in words what is wrong with the arguments it gets.

    One that it does not know is answered with those that it does.
    """
    signature = inspect.signature(function)
    known = [
        name
        for name, parameter in signature.parameters.items()
        if parameter.kind is not parameter.VAR_POSITIONAL
    ]
    own = {
        name: parameter.annotation
        for name, parameter in signature.parameters.items()
        if parameter.annotation in _OWN
    }

    @wraps(function)
    def checked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        for name in kwargs:
            if name not in known:
                raise UnknownNameError(
                    f"{function.__name__}() has no argument {name!r}: {hint(name, known)}"
                )
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError:
            raise ArgumentError(_miscounted(function.__name__, signature, args, kwargs)) from None
        for name, kind in own.items():
            if name in given and not _is_a(given[name], kind):
                raise ArgumentError(
                    f"{name} got {type(given[name]).__name__}; it is {_OWN[kind]}: give that"
                )
        for name, value in given.items():
            _check_plain(name, value, signature.parameters[name].annotation)
        return function(*args, **kwargs)

    return checked


def _check_plain(name: str, value: object, annotation: str) -> None:
    """Refuse words where True or False is meant, "no" would count as True, and arrays where text
    is."""
    if annotation in _SWITCHES:
        by_default = value is None and annotation != "bool"
        if not (by_default or isinstance(value, (bool, np.bool_))):
            raise ArgumentError(f"{name} got {value!r}; it is True or False: give one of them")
    many = hasattr(value, "__array__") and not isinstance(value, np.generic)
    if many and annotation in _TEXT and name not in _OF_ROWS:
        raise ArgumentError(
            f"{name} got {type(value).__name__}; it is one piece of text: give that"
        )


def _is_a(value: object, kind: str) -> bool:
    return kind in [base.__name__ for base in type(value).__mro__]


def _miscounted(
    name: str, signature: inspect.Signature, args: Sequence[object], kwargs: dict[str, object]
) -> str:
    """What is wrong with arguments that a function cannot be called with."""
    parameters = signature.parameters.values()
    places = [one.name for one in parameters if one.kind is not one.KEYWORD_ONLY]
    taken = set(places[: len(args)])
    if len(args) > len(places):
        return f"{name}() got {len(args)} arguments; it takes {', '.join(places)} in this order"
    if taken & set(kwargs):
        return f"{name}() got {' and '.join(sorted(taken & set(kwargs)))} twice: give it once"
    missing = [
        one.name
        for one in parameters
        if one.default is one.empty and one.name not in taken | set(kwargs)
    ]
    return f"{name}() got no {' and no '.join(missing)}: give it"
