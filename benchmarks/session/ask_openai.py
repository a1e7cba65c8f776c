"""Ask a server with the openai SDK in a bare loop, nothing stored; print its cost as JSON."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from askers import arguments
from measured import measuring
from openai import AsyncOpenAI
from questionnaire import FRAMING, conversation


async def ask(given: argparse.Namespace) -> dict[str, Any]:
    """Hold the conversations; what they cost."""
    client = AsyncOpenAI(base_url=given.url, api_key="none", timeout=given.timeout)
    questions = conversation(given.items)
    waiting = iter(range(given.sessions))
    await _converse(client, questions[:2], seed=0)
    with measuring() as cost:
        async with asyncio.TaskGroup() as workers:
            for _ in range(given.concurrency):
                workers.create_task(_work(client, questions, waiting))
    await client.close()
    return cost | {"turns": given.sessions * given.items}


async def _work(client: AsyncOpenAI, questions: list[str], waiting: Any) -> None:
    for seed in waiting:
        await _converse(client, questions, seed)


async def _converse(client: AsyncOpenAI, questions: list[str], seed: int) -> None:
    messages: list[Any] = [{"role": "system", "content": FRAMING}]
    for question in questions:
        messages.append({"role": "user", "content": question})
        reply = await client.chat.completions.create(
            model="mock-1", messages=messages, temperature=1.0, max_tokens=64, seed=seed
        )
        messages.append({"role": "assistant", "content": reply.choices[0].message.content})


if __name__ == "__main__":
    print(json.dumps(asyncio.run(ask(arguments(__doc__)))))
