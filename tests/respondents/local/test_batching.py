import asyncio
import threading

import pytest

from vaar.errors import ProviderError, RespondentHaltedError
from vaar.respondents.base import Reply
from vaar.respondents.local.batching import Batching


class Model:
    """Answers a request with its seed, in a thread, when it is let."""

    def __init__(self):
        self.batches, self.free, self.threads = [], threading.Event(), set()
        self.free.set()

    def answer(self, requests):
        assert self.free.wait(30)
        self.threads.add(threading.current_thread())
        self.batches.append([request.seed for request in requests])
        return [self.one(request) for request in requests]

    def one(self, request):
        if request.seed == 13:
            return ProviderError("thirteen")
        if request.seed == 99:
            raise RespondentHaltedError("all is over")
        return Reply(str(request.seed))


@pytest.fixture
def model():
    return Model()


async def ask_all(batching, say, seeds):
    asked = (batching.ask(say("?", seed)) for seed in seeds)
    return await asyncio.gather(*asked, return_exceptions=True)


def test_requests_are_answered_together_and_in_order(model, say):
    async def run():
        batching = Batching(model.answer, lambda: 4)
        replies = await ask_all(batching, say, range(10))
        assert [reply.text for reply in replies] == [str(seed) for seed in range(10)]
        batching.close()

    asyncio.run(run())
    assert [len(batch) for batch in model.batches] == [4, 4, 2]
    assert len(model.threads) == 1
    assert threading.current_thread() not in model.threads


def test_the_loop_stays_free_while_a_batch_is_answered(model, say):
    async def run():
        model.free.clear()
        batching = Batching(model.answer, lambda: 2)
        first = asyncio.create_task(batching.ask(say("?", 1)))
        for _ in range(20):
            await asyncio.sleep(0.001)
        second = asyncio.create_task(batching.ask(say("?", 2)))
        await asyncio.sleep(0)
        assert not first.done()
        model.free.set()
        assert [(await one).text for one in (first, second)] == ["1", "2"]
        batching.close()

    asyncio.run(run())


def test_one_that_fails_leaves_the_others(model, say):
    async def run():
        batching = Batching(model.answer, lambda: 8)
        first, failed, last = await ask_all(batching, say, (1, 13, 2))
        assert (first.text, last.text) == ("1", "2")
        assert isinstance(failed, ProviderError)
        batching.close()

    asyncio.run(run())


def test_a_batch_that_fails_fails_whole_and_the_next_is_tried(model, say):
    async def run():
        batching = Batching(model.answer, lambda: 2)
        replies = await ask_all(batching, say, (1, 99, 3))
        assert [type(reply) for reply in replies[:2]] == [RespondentHaltedError] * 2
        assert replies[2].text == "3"
        batching.close()

    asyncio.run(run())


def test_a_request_that_nobody_waits_for_is_not_answered(model, say):
    async def run():
        model.free.clear()
        batching = Batching(model.answer, lambda: 1)
        tasks = [asyncio.create_task(batching.ask(say("?", seed))) for seed in (1, 2, 3)]
        await asyncio.sleep(0.02)
        tasks[1].cancel()
        await asyncio.sleep(0)
        model.free.set()
        assert [(await tasks[n]).text for n in (0, 2)] == ["1", "3"]
        batching.close()

    asyncio.run(run())
    assert model.batches == [[1], [3]]


def test_it_works_from_one_event_loop_after_another(model, say):
    batching = Batching(model.answer, lambda: 4)
    for seed in (1, 2):
        assert asyncio.run(batching.ask(say("?", seed))).text == str(seed)
    batching.close()


def test_it_is_told_what_is_best_answered_together(model, say):
    def evens_first(requests, size):
        evens = [at for at, request in enumerate(requests) if request.seed % 2 == 0]
        return (evens or range(len(requests)))[:size]

    async def run():
        batching = Batching(model.answer, lambda: 3, evens_first)
        replies = await ask_all(batching, say, range(8))
        assert [reply.text for reply in replies] == [str(seed) for seed in range(8)]
        batching.close()

    asyncio.run(run())
    assert model.batches == [[0, 2, 4], [6], [1, 3, 5], [7]]


@pytest.mark.parametrize("fault", ["together", "answers", "cancelled"])
def test_nobody_waits_for_an_answer_that_will_not_come(model, say, fault):
    def torn(requests, size):
        raise KeyError("no such place")

    async def run():
        together = {"together": torn} if fault == "together" else {}
        answer = (
            (lambda requests: model.answer(requests)[1:]) if fault == "answers" else model.answer
        )
        batching = Batching(answer, lambda: 2, **together)
        asked = asyncio.create_task(ask_all(batching, say, range(3)))
        if fault == "cancelled":
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            batching._work.cancel()
        replies = await asyncio.wait_for(asked, 20)
        batching.close()
        return [type(reply) for reply in replies]

    expected = {"together": KeyError, "answers": ValueError, "cancelled": asyncio.CancelledError}
    assert asyncio.run(run()) == [expected[fault]] * 3
