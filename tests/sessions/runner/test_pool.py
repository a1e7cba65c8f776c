"""As many sessions as a real server is found to take."""

import asyncio

from aiohttp import web

from vaar.journal.journal import Journal
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.respondent import HttpRespondent
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.run import run_sessions

TAKES = 6


class Small:
    """A server that refuses every call beyond six in flight."""

    def __init__(self) -> None:
        self.in_flight = self.most = self.refused = 0

    async def answer(self, request: web.Request) -> web.Response:
        await request.read()
        if self.in_flight >= TAKES:
            self.refused += 1
            return web.json_response({"error": {"message": "too many"}}, status=429)
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        await asyncio.sleep(0.02)
        self.in_flight -= 1
        message = {"role": "assistant", "content": "4"}
        return web.json_response({"choices": [{"message": message, "finish_reason": "stop"}]})


def test_sessions_come_to_be_as_many_as_the_server_takes(study, tmp_path):
    small = Small()

    async def go():
        app = web.Application()
        app.router.add_post("/v1/chat/completions", small.answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        respondent = HttpRespondent(Endpoint("openai/m", "m", base_url))
        sessions = plan_sessions(study, [respondent.name], 100, seed=1)
        journal = Journal(tmp_path / "j")
        try:
            journal.plan(sessions)
            done = await run_sessions(study, sessions, {respondent.name: respondent}, journal)
        finally:
            journal.close()
            await respondent.close()
            await runner.cleanup()
        return done, respondent

    done, respondent = asyncio.run(go())
    assert (done.complete, done.failed, done.turns) == (100, 0, 500)
    assert small.most == TAKES
    assert 0 < small.refused < 60
    assert respondent.faults == {"rate_limited": small.refused}
    assert respondent.capacity <= TAKES
