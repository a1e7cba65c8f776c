import asyncio

import pytest

from vaar.respondents.base import Reply
from vaar.respondents.http.pilot import FIRST_REPLIES, Pilot, kind_of


def test_the_first_call_is_alone_until_it_is_answered():
    async def go():
        pilot = Pilot()
        assert await pilot.enter()
        second = asyncio.create_task(pilot.enter())
        await asyncio.sleep(0)
        waited = not second.done()
        pilot.answered()
        return waited, await second

    assert asyncio.run(go()) == (True, True)


def test_no_more_than_ten_replies_without_an_answer():
    async def go():
        pilot, under_way = Pilot(), 0

        async def call():
            nonlocal under_way
            if not await pilot.enter():
                return False
            under_way += 1
            await asyncio.sleep(0)
            pilot.leave(Reply("", "length", reasoning_tokens=64))
            return True

        made = await asyncio.gather(*(call() for _ in range(50)))
        return sum(made), under_way, pilot

    made, under_way, pilot = asyncio.run(go())
    assert (made, under_way, pilot.stopped, pilot.open) == (
        FIRST_REPLIES,
        FIRST_REPLIES,
        True,
        False,
    )
    assert pilot.thinks and pilot.told() == "10 spent on thoughts"


def test_one_answer_lets_everyone_through():
    async def go():
        pilot = Pilot()
        for text in ("", "", "4"):
            await pilot.enter()
            pilot.leave(Reply(text))
        return pilot.open, [await pilot.enter() for _ in range(20)]

    assert asyncio.run(go()) == (True, [False] * 20)


def test_failed_and_withheld_calls_are_no_evidence():
    async def go():
        pilot = Pilot()
        for reply in [None, Reply("", "content_filter")] * 30:
            assert await pilot.enter()
            pilot.leave(reply)
        return pilot.stopped, pilot.open

    assert asyncio.run(go()) == (False, False)


def test_a_call_that_is_given_up_while_it_waits_holds_up_no_other():
    async def go():
        pilot = Pilot()
        await pilot.enter()
        waiting = asyncio.create_task(pilot.enter())
        await asyncio.sleep(0)
        waiting.cancel()
        pilot.leave(Reply("4"))
        return await pilot.enter()

    assert asyncio.run(go()) is False


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply("4"), "answer"),
        (Reply("I will not say.", "end_turn"), "answer"),
        (Reply("4", "length"), "answer"),
        (Reply(" 4.", "MAX_TOKENS"), "answer"),
        (Reply("The user wants 4 or", "length"), "cut"),
        (Reply("Okay, so the", "max_output_tokens"), "cut"),
        (Reply("", "length"), "cut"),
        (Reply("", "model_context_window_exceeded"), "cut"),
        (Reply("The user", "length", thoughts="Hm"), "thoughts"),
        (Reply("", "stop", thoughts="Hm"), "thoughts"),
        (Reply("", "stop", reasoning_tokens=3), "thoughts"),
        (Reply(" \n", "stop"), "empty"),
        (Reply("", "tool_calls"), "empty"),
        (Reply("", "content_filter"), "withheld"),
        (Reply("", "SAFETY"), "withheld"),
        (Reply("", "refusal"), "withheld"),
        (Reply("", "PROHIBITED_CONTENT"), "withheld"),
    ],
)
def test_which_replies_may_hold_an_answer(reply, kind):
    assert kind_of(reply) == kind
