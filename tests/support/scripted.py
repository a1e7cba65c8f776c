"""A tiny study and a respondent that follows a script."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from vaar.respondents.base import Message, Reply, Request
from vaar.respondents.price import Price
from vaar.sessions.records import Session
from vaar.study.model import (
    Condition,
    Hypothesis,
    Instrument,
    Item,
    Limits,
    ResponseScale,
    Study,
)

FIVE = ResponseScale(("Never", "Rarely", "Sometimes", "Often", "Always"))


def instrument(code: str, n: int) -> Instrument:
    items = tuple(Item(f"{code}_{k}", f"Statement {code} {k}.") for k in range(1, n + 1))
    return Instrument(code, code, code, f"About {code}.", "parallel", "none", FIVE, items)


def tiny_study() -> Study:
    condition = Condition("carried", "carried", "item", ("alpha", "beta"), "You answer a survey.")
    return Study(
        name="tiny",
        title="Tiny",
        description="",
        instruments=(instrument("alpha", 2), instrument("beta", 3)),
        conditions=(condition,),
        structural_model="beta_1 ~ alpha_1",
        hypotheses=(Hypothesis("beta_1", "alpha_1", 1),),
        limits=Limits(reasks=2, reply_tokens=16),
    )


def with_condition(study: Study, **changes: Any) -> Study:
    return replace(study, conditions=(replace(study.conditions[0], **changes),))


def first_session(study: Study, seed: int = 1) -> Session:
    """The first session of a run with one respondent."""
    condition = study.conditions[0]
    return Session(1, "r", "r", condition.name, 1, seed, instrument_order=condition.order)


class Scripted:
    """Answers by a function of the conversation; remembers every session's seed and messages."""

    simulated = True
    capacity = 64
    price: Price | None

    def __init__(self, name: str, answer: Callable[[Sequence[Message]], str | Exception]) -> None:
        self.name = name
        self.answer = answer
        self.asked: list[tuple[int, list[Message]]] = []
        self.in_flight = self.most_in_flight = 0
        self.faults: Counter[str] = Counter()

    async def reply(self, request: Request) -> Reply:
        self.asked.append((request.respondent_seed, list(request.messages)))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        await asyncio.sleep(0)
        self.in_flight -= 1
        said = self.answer(request.messages)
        if isinstance(said, Exception):
            raise said
        return Reply(said, input_tokens=10, output_tokens=1, model="script")

    def prepare(self) -> None:
        return None

    async def close(self) -> None:
        return None
