"""Ask a server with `vaar`, journal on, and print what it cost as JSON. Run by the benchmarks."""

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
from questionnaire import write_study

from vaar.journal.journal import Journal
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.respondent import HttpRespondent
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.run import run_sessions
from vaar.study.load import load_study

NAME = "openai/mock-1"


async def ask(given: argparse.Namespace) -> dict[str, Any]:
    """Run the sessions; what it cost, and how the sessions and calls ended."""
    study = load_study(write_study(given.directory, given.items))
    respondent = HttpRespondent(Endpoint(NAME, "mock-1", given.url, timeout=given.timeout))
    sessions = plan_sessions(study, [NAME], given.sessions, seed=1)
    journal = Journal(given.directory / "journal.sqlite")
    try:
        with measuring() as cost:
            journal.plan(sessions)
            progress = await run_sessions(
                study, sessions, {NAME: respondent}, journal, given.concurrency
            )
        ended = {number.number: (status, reason) for number, status, reason in journal.sessions()}
    finally:
        journal.close()
        await respondent.close()
    return cost | {
        "turns": progress.turns,
        "faults": dict(respondent.faults),
        "pending": sum(status == "pending" for status, _ in ended.values()),
        "complete": sum(status == "complete" for status, _ in ended.values()),
        "failed": [reason for status, reason in ended.values() if status == "failed"],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(ask(arguments(__doc__)))))
