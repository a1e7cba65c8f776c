import asyncio
from time import monotonic

import pytest

from vaar.respondents.http.call_limiter import Gate


def test_without_a_number_nothing_is_held_back():
    async def go():
        gate = Gate()
        return [await gate.enter() for _ in range(500)]

    assert [call.beside for call in asyncio.run(go())] == list(range(1, 501))


def test_a_fixed_number_is_kept_and_everyone_gets_through():
    async def go():
        gate, open_now, most = Gate(3), 0, 0

        async def call(way):
            nonlocal open_now, most
            entered = await gate.enter()
            open_now += 1
            most = max(most, open_now)
            await asyncio.sleep(0)
            open_now -= 1
            if way == 0:
                gate.came(entered)
            elif way == 1:
                gate.lost(entered)
            else:
                gate.refused(entered, None)

        await asyncio.gather(*(call(n % 3) for n in range(50)))
        return most, gate.pace.in_flight

    assert asyncio.run(go()) == (3, 0)


@pytest.mark.parametrize("given_way", [False, True])
def test_who_gives_up_waiting_costs_nobody_a_place(given_way):
    async def go():
        gate = Gate(1)
        first = await gate.enter()
        second = asyncio.create_task(gate.enter())
        third = asyncio.create_task(gate.enter())
        await asyncio.sleep(0)
        if given_way:
            gate.came(first)
            second.cancel()
        else:
            second.cancel()
            await asyncio.sleep(0)
            gate.came(first)
        return (await asyncio.wait_for(third, 5)).beside

    assert asyncio.run(go()) == 1


def test_a_pause_holds_everyone_back():
    async def go():
        gate = Gate()
        gate.refused(await gate.enter(), 0.05)
        until = gate.pace.resumes
        await asyncio.gather(*(gate.enter() for _ in range(5)))
        return monotonic() - until

    assert asyncio.run(go()) >= 0
