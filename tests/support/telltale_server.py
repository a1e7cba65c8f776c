"""A chat-completions server that tells whatever it is given, the key too, in replies and errors."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


@asynccontextmanager
async def telltale(statuses: list[int]) -> AsyncIterator[str]:
    """Serve; the calls end with these HTTP statuses in turn, the last one for ever."""
    calls = 0

    async def answer(request: web.Request) -> web.Response:
        nonlocal calls
        status = statuses[min(calls, len(statuses) - 1)]
        calls += 1
        secret = request.headers.get("Authorization", "")
        if status == 0:
            return web.Response(text=f'{{"choices": "{secret}', content_type="application/json")
        told = _completion(secret) if status == 200 else {"error": _error(secret)}
        headers = {"X-Echo": secret, "Location": f"http://127.0.0.1:9/{secret}"}
        return web.Response(status=status, text=json.dumps(told), headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()


def _error(secret: str) -> dict[str, str]:
    return {"message": f"wrong: {secret}", "type": secret, "code": secret, "detail": secret[:20]}


def _completion(secret: str) -> dict[str, object]:
    key = secret.removeprefix("Bearer ")
    message = {"role": "assistant", "content": f"4 ({secret}; in pieces: {key[:12]} {key[12:]})"}
    return {
        "model": f"m-{secret}",
        "system_fingerprint": secret,
        "choices": [{"message": message, "finish_reason": secret}],
        "usage": {"prompt_tokens": secret, "completion_tokens": 1},
    }


def serve_in_thread(statuses: list[int]):
    """Have the server in a thread of its own: its base URL, and what stops it."""
    from threading import Event, Thread

    ready, loop, found = Event(), asyncio.new_event_loop(), []
    stop = asyncio.Event()

    async def main() -> None:
        async with telltale(statuses) as base_url:
            found.append(base_url)
            ready.set()
            await stop.wait()

    thread = Thread(target=lambda: loop.run_until_complete(main()))
    thread.start()
    ready.wait()

    def end() -> None:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()

    return found[0], end
