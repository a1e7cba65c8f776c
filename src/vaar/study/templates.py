"""Texts with names in braces, and what is put in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from vaar.study.source.issues import suggestion

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders(text: str) -> list[str]:
    """What stands in braces in a text."""
    return _PLACEHOLDER.findall(text)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what each name stands for in place of the name and its braces."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def wrong_template(text: str, names: Sequence[str], of_what: str) -> Iterator[str]:
    """What is wrong with a template, given the names that it may have in braces.

    Parameters
    ----------
    of_what : str
        What the names are: ``'column of the personas'``.
    """
    for name in placeholders(text):
        if name not in names:
            yield (
                f"names {{{name}}}{suggestion(name, names)}, which is no {of_what}; there are "
                f"{', '.join(names) or 'none'}"
            )
    if "{" in _PLACEHOLDER.sub("", text) or "}" in _PLACEHOLDER.sub("", text):
        yield "has a brace that belongs to no {name}; take it out"
