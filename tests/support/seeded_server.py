"""A chat server that honours seeds as real ones do: the seed alone decides what is drawn.

It has no traits: two calls with different seeds have nothing in common.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


@asynccontextmanager
async def seeded_server(points: int = 5) -> AsyncIterator[str]:
    """The server's base URL; its answers are 1 … points, evenly."""

    async def complete(request: web.Request) -> web.Response:
        body = await request.json()
        drawn = random.Random(body["seed"]).randint(1, points)
        message = {"role": "assistant", "content": str(drawn)}
        return web.json_response(
            {
                "model": "seeded-1",
                "system_fingerprint": "fp",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 10, "completion_tokens": 1},
            }
        )

    app = web.Application()
    app.router.add_post("/v1/chat/completions", complete)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()
