"""Options of analyses: dataclasses that check their values and tell their own help.

The options of an analysis are a frozen dataclass with a default for every field. Annotations say
what is allowed: ``Literal["a", "b"]``, ``Annotated[int, Field(ge=0)]``, ``tuple[str, ...]``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, asdict, dataclass, field, fields
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from vaar.errors import OptionError

NONE = "none"
"""What stands for an empty list where options are given as text."""

T = TypeVar("T")


def option(default: Any, help: str, *, flag: str = "") -> Any:
    """A field of a dataclass of options.

    Parameters
    ----------
    help : str
        One or two sentences for the command line's help.
    flag : str
        Its own option on the command line, such as ``--estimator``; empty: only ``--set``.
    """
    return field(default=default, metadata={"help": help, "flag": flag})


class Options:
    """Base of this package's dataclasses of options: values are checked when one is made."""

    def __post_init__(self) -> None:
        own: Any = type(self)
        for info in described(own):
            value = _checked(info, getattr(self, info.name), info.name)
            object.__setattr__(self, info.name, value)


@dataclass(frozen=True)
class OptionInfo:
    """One option, as help shows it.

    Attributes
    ----------
    type : type
        As annotated.
    choices : tuple of str
        The only values there are; empty where others are allowed.
    many : bool
        Whether it holds several values.
    adapter : TypeAdapter
        Checks a value.
    """

    name: str
    type: Any
    default: Any
    help: str
    flag: str
    choices: tuple[str, ...]
    many: bool
    adapter: TypeAdapter[Any] = field(repr=False)


def described(cls: Any) -> tuple[OptionInfo, ...]:
    """Describe every option of a class of options, in its order."""
    return _all_described(cls)


@cache
def _all_described(cls: Any) -> tuple[OptionInfo, ...]:
    hints = get_type_hints(cls, include_extras=True)
    return tuple(_described(entry, hints[entry.name]) for entry in fields(cls))


def _described(entry: Field[Any], hint: Any) -> OptionInfo:
    plain = get_args(hint)[0] if hasattr(hint, "__metadata__") else hint
    return OptionInfo(
        name=entry.name,
        type=plain,
        default=factory() if callable(factory := entry.default_factory) else entry.default,
        help=entry.metadata.get("help", ""),
        flag=entry.metadata.get("flag", ""),
        choices=tuple(map(str, get_args(plain))) if get_origin(plain) is Literal else (),
        many=get_origin(plain) is tuple,
        adapter=TypeAdapter(hint),
    )


def made(cls: Callable[..., T], values: Mapping[str, Any], source: str) -> T:
    """Options with these values, and defaults for the others.

    Parameters
    ----------
    values : mapping of str to object
        By name; texts are read as what the option holds, names of a list with commas between.
    source : str
        Where they are from, such as ``alignment``; begins the error message.

    Raises
    ------
    OptionError
        There is no such option, or a value is not allowed.
    """
    known = {info.name: info for info in described(cls)}
    for name in values:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            guess = f" (did you mean {near[0]!r}?)" if near else ""
            raise OptionError(
                f"{source} has no option {name!r}{guess}; it has {', '.join(known) or 'none'}"
            )
    return cls(**{n: _checked(known[n], value, f"{source}.{n}") for n, value in values.items()})


def plain(options: Any) -> dict[str, Any]:
    """Options as values that JSON holds."""
    return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(options).items()}


def _checked(info: OptionInfo, value: Any, told: str) -> Any:
    if info.many and isinstance(value, str):
        value = [] if value == NONE else [part.strip() for part in value.split(",")]
    try:
        checked = info.adapter.validate_python(value)
    except ValidationError as error:
        finding = error.errors()[0]
        wanted = finding["msg"].replace("Input should be", "allowed is")
        raise OptionError(f"{told} is {finding['input']!r}; {wanted}") from None
    return tuple(dict.fromkeys(checked)) if info.many else checked
