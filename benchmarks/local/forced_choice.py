"""What does a forced choice cost, beside bare passes of the model over the same tokens?

    python benchmarks/local/forced_choice.py --sessions 16 --turns 36 --free 1

The bundled study is put to SmolLM2 in the order of its items, one carried conversation a session;
the conversations that come of it are then computed bare: one batch, one pass, nothing known before.
Free text is asked of as many sessions as ``--free`` says, without re-asks.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import torch

from vaar.errors import ProviderError
from vaar.respondents.base import Message, Reply, Request
from vaar.respondents.local.engine import LoadedModel
from vaar.respondents.local.forward_passes import Passes
from vaar.respondents.local.loading import load
from vaar.respondents.local.model_config import LocalModel
from vaar.sessions.plan import plan_sessions
from vaar.sessions.protocol import wording
from vaar.sessions.questions import questions as session_questions
from vaar.study.load import load_study

Done = TypeVar("Done")


def questions(most: int) -> list[tuple[str, tuple[str, ...]]]:
    """What is asked, item by item, and the answers there are."""
    study = load_study("privacy_prosocial_published")
    (session,) = plan_sessions(study, ["smollm2"], 1, 1)
    return [
        (wording(asked, [asked.item.code]), tuple(str(point) for point in asked.scale.values))
        for asked in session_questions(study, session)
        if asked.scale is not None
    ][:most]


def conversations(
    loaded: LoadedModel, sessions: int, turns: int, forced: bool
) -> tuple[list[list[Message]], list[Reply]]:
    """Ask every session every question; the conversations, and the replies."""
    study = load_study("privacy_prosocial_published")
    framing = study.conditions[0].framing or ""
    said: list[list[Message]] = [[{"role": "system", "content": framing}] for _ in range(sessions)]
    replies = []
    for number, (question, points) in enumerate(questions(turns)):
        for messages in said:
            messages.append({"role": "user", "content": question})
        plain = Request((), 0, study.temperature, study.limits.reply_tokens)
        form = {"choices": points, "response": "choice"} if forced else {}
        answered = loaded.answer(
            [
                replace(plain, messages=m, seed=s * 1000 + number, session_seed=s, **form)
                for s, m in enumerate(said)
            ]
        )
        for messages, reply in zip(said, answered, strict=True):
            if isinstance(reply, ProviderError):
                raise reply
            replies.append(reply)
            messages.append({"role": "assistant", "content": reply.text})
    return said, replies


def timed(work: Callable[[], Done]) -> tuple[Done, float, float]:
    """What it gives, and its seconds of the processor and of the clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    done = work()
    return done, time.process_time() - cpu, time.perf_counter() - wall


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sessions", type=int, default=16)
    arguments.add_argument("--turns", type=int, default=36)
    arguments.add_argument("--free", type=int, default=0)
    arguments.add_argument("--dtype", default="auto")
    given = arguments.parse_args()
    wanted = LocalModel("smollm2", "smollm2", dtype=given.dtype, batch=given.sessions)
    loaded, cpu, wall = timed(lambda: load(wanted))
    print(f"loading: {cpu:.0f} s CPU, {wall:.0f} s; {torch.get_num_threads()} threads", flush=True)
    print(f"numbers: {loaded.network.model.dtype}")

    (said, replies), cpu, wall = timed(
        lambda: conversations(loaded, given.sessions, given.turns, forced=True)
    )
    fresh = sum(reply.input_tokens - reply.cached_tokens for reply in replies)
    mass = sum(reply.mass or 0.0 for reply in replies) / len(replies)
    print(
        f"forced choice: {given.sessions} sessions of {given.turns} turns: {cpu:.1f} s CPU, "
        f"{wall:.1f} s; {fresh:,} tokens computed; {given.sessions / cpu * 3600:.0f} sessions an "
        f"hour of CPU; mean mass {mass:.2f}",
        flush=True,
    )
    ids = [loaded.chat.ids(messages[:-1]) for messages in said]
    passes = Passes(loaded.network, [None] * len(ids))
    _, bare, wall_bare = timed(lambda: passes.feed(ids))
    print(
        f"bare: one batched pass over {sum(map(len, ids)):,} tokens: {bare:.1f} s CPU, "
        f"{wall_bare:.1f} s; ratio {cpu / bare:.2f} (CPU), {wall / wall_bare:.2f} (clock)",
        flush=True,
    )
    if given.free:
        (_, replies), cpu, wall = timed(
            lambda: conversations(loaded, given.free, given.turns, forced=False)
        )
        print(
            f"free text: {given.free} sessions: {cpu:.1f} s CPU, {wall:.1f} s; "
            f"{sum(r.output_tokens for r in replies):,} tokens written; "
            f"{given.free / cpu * 3600:.0f} sessions an hour of CPU"
        )


if __name__ == "__main__":
    main()
