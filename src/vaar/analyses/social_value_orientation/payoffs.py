"""What the options of the allocation items pay, as the study says it in the facts of its items."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vaar.study.model import Item, Study

Payoffs = NDArray[np.float64]

PRIMARY, SECONDARY, UNDERSTANDING = "primary", "secondary", "understanding"
TASK = "task"
N_PRIMARY = 6


@dataclass(frozen=True)
class Allocation:
    """One item: a line of divisions between oneself and another.

    Attributes
    ----------
    own, other : ndarray, shape (n_options,)
        Coins for oneself and for the other, options in their own order.
    left, right : str
        The social value that its first and its last option serve best; empty for a secondary item.
    """

    code: str
    own: Payoffs
    other: Payoffs
    left: str = ""
    right: str = ""

    @cached_property
    def n_options(self) -> int:
        return len(self.own)


def allocations(study: Study, task: str) -> tuple[Allocation, ...]:
    """The items of a study with one task: ``primary``, ``secondary`` or ``understanding``."""
    items = (item for part in study.instruments for item in part.coded_items)
    return tuple(_allocation(item) for item in items if dict(item.facts).get(TASK) == task)


def wrong_allocations(study: Study) -> str:
    """Why a study's items are no measure of social value orientation; empty where they are."""
    try:
        primary = allocations(study, PRIMARY)
        everything = [*primary, *allocations(study, SECONDARY), *allocations(study, UNDERSTANDING)]
    except (KeyError, ValueError):
        return 'an item has a task, and not the facts "self" and "other" with a number an option'
    if len(primary) != N_PRIMARY:
        return f'{N_PRIMARY} items have to have the fact "task: primary", and {len(primary)} do'
    for one in everything:
        item, instrument = study.item[one.code]
        options = len(instrument.scale_of(item).values)
        if not len(one.own) == len(one.other) == options:
            return f"item {one.code} has {options} options, and not as many numbers of coins"
    return ""


def _allocation(item: Item) -> Allocation:
    facts = dict(item.facts)
    own, other = (np.array(facts[name].split(), dtype=float) for name in ("self", "other"))
    return Allocation(item.code, own, other, facts.get("left", ""), facts.get("right", ""))
