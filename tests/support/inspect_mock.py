"""Inspect's own mock model, answering as a simulated respondent does, with no network."""

from __future__ import annotations

import gc
import json
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from zlib import crc32

import inspect_ai
from inspect_ai.log import EvalLog
from inspect_ai.model import (
    GenerateConfig,
    Model,
    ModelOutput,
    ModelUsage,
    StopReason,
    get_model,
)

from support.scripted import tiny_study
from vaar.respondents.base import Message, Request
from vaar.respondents.resolve import resolve
from vaar.respondents.wire.session_header import session_in
from vaar.study.dump import dump_study
from vaar.study.model import Study


@contextmanager
def quiet() -> Iterator[None]:
    """Leave out what Inspect itself warns of: a parameter that tenacity has renamed, and streams
    of its own that it leaves to the garbage collector, which therefore runs in here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The 'initial' parameter", DeprecationWarning)
        warnings.filterwarnings("ignore", "Unclosed <MemoryObject", ResourceWarning)
        yield
        gc.collect()


def run_eval(task: inspect_ai.Task, model: Model, directory: Path, **options: Any) -> EvalLog:
    """Run one eval, and return its log."""
    with quiet():
        (log,) = inspect_ai.eval(
            task, model=model, log_dir=str(directory), display="none", log_level="error", **options
        )
    return log


def output(text: str, stop: StopReason = "stop", sent: int = 10, received: int = 1) -> ModelOutput:
    """A reply with its count of tokens: the mock would fetch a table from the network for one."""
    said = ModelOutput.from_content("mock", text, stop_reason=stop)
    said.usage = ModelUsage(input_tokens=sent, output_tokens=received)
    return said


def mock(answer: Any) -> Model:
    """A mock model that calls ``answer(messages, config)`` for every reply."""

    async def reply(
        messages: list[Any], tools: Any, choice: Any, config: GenerateConfig
    ) -> ModelOutput:
        said = answer(messages, config)
        said = await said if hasattr(said, "__await__") else said
        if isinstance(said, BaseException):
            raise said
        return said if isinstance(said, ModelOutput) else output(said)

    return get_model("mockllm/model", custom_outputs=reply)


def simulated(study: Study, population: str = "human-like") -> Model:
    """A mock model that says what a simulated respondent says."""
    (respondent,) = resolve([f"simulated/{population}"], study)

    async def answer(messages: list[Any], config: GenerateConfig) -> ModelOutput:
        conversation: list[Message] = [{"role": m.role, "content": m.text} for m in messages]
        assert config.seed is not None and config.max_tokens is not None
        session = session_in(config.extra_headers or {})
        temperature = config.temperature or 0.0
        asked = Request(
            conversation, config.seed, temperature, config.max_tokens, session_seed=session
        )
        reply = await respondent.reply(asked)
        stop: StopReason = "max_tokens" if reply.finish_reason == "length" else "stop"
        return output(reply.text, stop, reply.input_tokens, reply.output_tokens)

    return mock(answer)


def bridged_study() -> Study:
    """The tiny study in two conditions: item by item in one conversation, and in blocks apart."""
    study = tiny_study()
    carried = study.conditions[0]
    apart = replace(carried, name="apart", history="isolated", presentation="block")
    return replace(study, description="A tiny study.", conditions=(carried, apart))


def write_study(study: Study, directory: Path) -> str:
    """Write a study file for the task, and return its path."""
    path = directory / "study.yaml"
    path.write_text(dump_study(study), encoding="utf-8")
    return str(path)


def say(messages: list[Any], config: GenerateConfig) -> ModelOutput:
    """A reply to any question of the tiny study: a number, now and then none at first."""
    asked = messages[-1].text
    read = sum(len(message.text) for message in messages)  # the whole conversation, as servers do
    digest = crc32(f"{config.seed} {len(messages)} {asked}".encode())
    if digest % 5 == 0:
        return output("I would rather not say.", sent=read, received=6)
    if "JSON" not in asked:
        return output(f"{1 + digest % 5}.", sent=read, received=2)
    codes = re.findall(r"\b(?:alpha|beta)_\d\b", asked)
    chosen = {code: 1 + (digest + n) % 5 for n, code in enumerate(codes)}
    return output(json.dumps(chosen), sent=read, received=9)
