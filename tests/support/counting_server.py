"""Simulated respondents over HTTP, in a process of their own, that count the calls they get.

python counting_server.py <seconds that each reply takes>

Prints its address; ``GET /calls`` gives the number of calls so far. After ``GET /calls/N`` the
N-th call and later ones are answered only when another number is given.
"""

from __future__ import annotations

import asyncio
import math
import sys

from aiohttp import web

from vaar.respondents.simulated.server import make_app
from vaar.study.load import load_study


def counted(seconds: float) -> web.Application:
    """The server as an application; each reply takes so many seconds."""
    calls = 0
    most, changed = math.inf, asyncio.Condition()

    @web.middleware
    async def count(request: web.Request, handler):
        nonlocal calls
        if request.method == "POST":
            calls += 1
            own = calls
            await asyncio.sleep(seconds)
            async with changed:
                await changed.wait_for(lambda: own < most)
        return await handler(request)

    async def tell(request: web.Request) -> web.Response:
        nonlocal most
        if "most" in request.match_info:
            async with changed:
                most = int(request.match_info["most"])
                changed.notify_all()
        return web.json_response(calls)

    app = make_app(load_study("privacy_prosocial"))
    app.middlewares.append(count)
    app.router.add_get("/calls", tell)
    app.router.add_get("/calls/{most}", tell)
    return app


async def main(seconds: float) -> None:
    runner = web.AppRunner(counted(seconds), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
