"""As many sessions as a server is found to take, in simulated time."""

import asyncio
import json
import random

from support import simulated_time
from vaar.journal.journal import Journal
from vaar.respondents.http import call_limiter
from vaar.respondents.http import respondent as http_respondent
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.respondent import HttpRespondent
from vaar.respondents.http.transport import Response
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.run import run_sessions

TAKES = 6


class Small:
    """A server, and the way to it, that refuses every call beyond six in flight."""

    def __init__(self) -> None:
        self.in_flight = self.most = self.refused = 0

    async def exchange(self, *request):
        if self.in_flight >= TAKES:
            self.refused += 1
            return response(429, {"error": {"message": "too many"}})
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        await asyncio.sleep(0.02)
        self.in_flight -= 1
        message = {"role": "assistant", "content": "4"}
        return response(200, {"choices": [{"message": message, "finish_reason": "stop"}]})

    async def close(self):
        return None


def response(status, body):
    return Response(status, {"Content-Type": "application/json"}, json.dumps(body).encode())


def test_sessions_come_to_be_as_many_as_the_server_takes(study, tmp_path, monkeypatch):
    small, draw = Small(), random.Random(1)
    monkeypatch.setattr(http_respondent, "Transport", lambda *_: small)
    monkeypatch.setattr(random, "uniform", draw.uniform)
    monkeypatch.setattr(call_limiter, "uniform", draw.uniform)
    monkeypatch.setattr(call_limiter, "monotonic", lambda: asyncio.get_running_loop().time())

    async def go():
        respondent = HttpRespondent(Endpoint("openai/m", "m", "http://127.0.0.1:1/v1"))
        sessions = plan_sessions(study, [respondent.name], 100, seed=1)
        journal = Journal(tmp_path / "j")
        try:
            journal.plan(sessions)
            done = await run_sessions(study, sessions, {respondent.name: respondent}, journal)
        finally:
            journal.close()
            await respondent.close()
        return done, respondent

    done, respondent = simulated_time.run(go())
    assert (done.complete, done.failed, done.turns) == (100, 0, 500)
    assert small.most == TAKES
    assert 0 < small.refused < 10
    assert respondent.faults == {"rate_limited": small.refused}
    assert respondent.capacity <= TAKES
