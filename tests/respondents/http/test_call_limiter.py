import asyncio
from time import monotonic

import pytest

from vaar.respondents.http.call_limiter import CallLimiter


def test_without_a_number_nothing_is_held_back():
    async def go():
        limiter = CallLimiter()
        return [await limiter.enter() for _ in range(500)]

    assert [call.beside for call in asyncio.run(go())] == list(range(1, 501))


def test_a_fixed_number_is_kept_and_everyone_gets_through():
    async def go():
        limiter, open_now, most = CallLimiter(3), 0, 0

        async def call(way):
            nonlocal open_now, most
            entered = await limiter.enter()
            open_now += 1
            most = max(most, open_now)
            await asyncio.sleep(0)
            open_now -= 1
            if way == 0:
                limiter.came(entered)
            elif way == 1:
                limiter.lost(entered)
            else:
                limiter.refused(entered, None)

        await asyncio.gather(*(call(n % 3) for n in range(50)))
        return most, limiter.concurrency.in_flight

    assert asyncio.run(go()) == (3, 0)


@pytest.mark.parametrize("given_way", [False, True])
def test_who_gives_up_waiting_costs_nobody_a_place(given_way):
    async def go():
        limiter = CallLimiter(1)
        first = await limiter.enter()
        second = asyncio.create_task(limiter.enter())
        third = asyncio.create_task(limiter.enter())
        await asyncio.sleep(0)
        if given_way:
            limiter.came(first)
            second.cancel()
        else:
            second.cancel()
            await asyncio.sleep(0)
            limiter.came(first)
        return (await asyncio.wait_for(third, 5)).beside

    assert asyncio.run(go()) == 1


def test_a_pause_holds_everyone_back():
    async def go():
        limiter = CallLimiter()
        limiter.refused(await limiter.enter(), 0.05)
        until = limiter.concurrency.resumes
        await asyncio.gather(*(limiter.enter() for _ in range(5)))
        return monotonic() - until

    assert asyncio.run(go()) >= 0
