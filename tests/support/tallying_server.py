"""Simulated respondents over HTTP that say how often they were asked, and how often the same.

python tallying_server.py <seconds that each reply takes>

Prints its base URL; ``GET /asked`` gives the counts.
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
open_now = most_open = 0


@web.middleware
async def count(request: web.Request, handler):
    global open_now, most_open
    if request.method != "POST":
        return await handler(request)
    asked[await request.read()] += 1
    keys.add(request.headers.get("Authorization", ""))
    open_now += 1
    most_open = max(most_open, open_now)
    try:
        await asyncio.sleep(SECONDS)
        return await handler(request)
    finally:
        open_now -= 1


async def tell(request: web.Request) -> web.Response:
    return web.json_response(
        {
            "calls": asked.total(),
            "different": len(asked),
            "most_open": most_open,
            "keys": sorted(keys),
        }
    )


async def main() -> None:
    app = make_app(load_study("privacy_prosocial"))
    app.middlewares.append(count)
    app.router.add_get("/asked", tell)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
