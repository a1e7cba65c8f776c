"""Ask a server with Inspect AI's `openai-api` provider, its log on; print its cost as JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from askers import arguments
from inspect_ai import Task
from inspect_ai import eval as evaluate
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageUser
from inspect_ai.solver import Generate, Solver, TaskState, solver, system_message
from measured import measuring
from questionnaire import FRAMING, conversation


@solver
def survey(further: list[str]) -> Solver:
    """Answer the sample's question, then each further one, in one conversation."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        state = await generate(state)
        for question in further:
            state.messages.append(ChatMessageUser(content=question))
            state = await generate(state)
        return state

    return solve


def ask(given: argparse.Namespace) -> dict[str, Any]:
    """Run the evaluation, a small one before it; what it cost."""
    os.environ |= {"MOCK_BASE_URL": given.url, "MOCK_API_KEY": "none"}
    questions = conversation(given.items)
    _evaluate(given, questions[:2], sessions=1)
    with measuring() as cost:
        _evaluate(given, questions, given.sessions)
    return cost | {"turns": given.sessions * given.items}


def _evaluate(given: argparse.Namespace, questions: list[str], sessions: int) -> None:
    samples = [Sample(id=n, input=questions[0]) for n in range(1, sessions + 1)]
    (log,) = evaluate(
        Task(MemoryDataset(samples), solver=[system_message(FRAMING), survey(questions[1:])]),
        model="openai-api/mock/mock-1",
        temperature=1.0,
        max_tokens=64,
        max_connections=given.concurrency,
        max_samples=given.concurrency,
        log_dir=str(given.directory),
        display="none",
    )
    if log.status != "success" or len(log.samples or []) != sessions:
        raise SystemExit(f"Inspect ended with {log.status}: {log.error}")


if __name__ == "__main__":
    print(json.dumps(ask(arguments(__doc__))))
