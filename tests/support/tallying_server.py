"""Simulated respondents over HTTP that say how often they were asked, and how often the same.

python tallying_server.py <seconds that each reply takes>

Prints its base URL; ``GET /asked`` gives the counts, and the callers' ports of what is open now.
``PUT /hold`` has calls wait for an answer until ``PUT /go``.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter

from aiohttp import web

from vaar.respondents.simulated.server import make_app
from vaar.study.load import load_study

SECONDS = float(sys.argv[1])
asked: Counter[bytes] = Counter()
keys: set[str] = set()
open_now: list[int] = []
most_open = 0
going = asyncio.Event()


@web.middleware
async def count(request: web.Request, handler):
    global most_open
    if request.method != "POST":
        return await handler(request)
    asked[await request.read()] += 1
    keys.add(request.headers.get("Authorization", ""))
    assert request.transport is not None
    port = request.transport.get_extra_info("peername")[1]
    open_now.append(port)
    most_open = max(most_open, len(open_now))
    try:
        await asyncio.sleep(SECONDS)
        await going.wait()
        return await handler(request)
    finally:
        open_now.remove(port)


async def tell(request: web.Request) -> web.Response:
    return web.json_response(
        {
            "calls": asked.total(),
            "different": len(asked),
            "most_open": most_open,
            "open_now": open_now,
            "keys": sorted(keys),
        }
    )


async def hold(request: web.Request) -> web.Response:
    going.clear()
    return web.Response()


async def go(request: web.Request) -> web.Response:
    going.set()
    return web.Response()


async def main() -> None:
    going.set()
    app = make_app(load_study("privacy_prosocial"))
    app.middlewares.append(count)
    app.router.add_get("/asked", tell)
    app.router.add_put("/hold", hold)
    app.router.add_put("/go", go)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
