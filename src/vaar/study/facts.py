"""Facts that are drawn for every session, in the texts that name them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from vaar.study.conditions import Fact
from vaar.study.templates import filled, placeholders

Drawn = Sequence[tuple[str, str]]
"""A level for each fact."""


def fact_values(facts: Sequence[Fact], drawn: Drawn) -> dict[str, str]:
    """What every name that texts may have in braces stands for in a session."""
    levels = dict(drawn)
    return {name: text for fact in facts for name, text in fact.values(levels[fact.name]).items()}


def with_facts(text: str, facts: Sequence[Fact], drawn: Drawn) -> str:
    """A text as a session shows it; in a study without facts, braces are braces."""
    return filled(text, fact_values(facts, drawn)) if facts else text


def every_text(text: str, facts: Sequence[Fact]) -> Iterator[str]:
    """A text in all the forms in which sessions may show it."""
    named = set(placeholders(text))
    own = [fact for fact in facts if named & set(fact.names)]
    for levels in product(*(fact.levels for fact in own)):
        drawn = [(fact.name, level) for fact, level in zip(own, levels, strict=True)]
        yield with_facts(text, own, drawn)
