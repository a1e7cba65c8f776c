import pytest
import torch

from vaar.respondents.local.forward_passes import Passes
from vaar.respondents.local.prefix_cache import WELL_FILLED, Memory, room_on

ROOM = 10**6


def passes(network, *rows):
    """Passes that know these tokens, a row each."""
    known = Passes(network, [None] * len(rows))
    known.feed([list(row) for row in rows])
    return known


def test_the_beginning_that_is_shared(say, network):
    memory, request = Memory(ROOM), say("Hello.")
    memory.keep([request], passes(network, [1, 2, 3, 4]))
    later = say("Next.", earlier=[*request.messages[1:], {"role": "assistant", "content": "4"}])
    known = memory.past(later, [1, 2, 9, 4, 5])
    assert known.ids == [1, 2]
    assert [part.shape[1] for part in known.layers[0]] == [2, 2]
    assert memory.past(later, [1, 2, 3, 4]).ids == [1, 2, 3]  # the last is always computed
    assert memory.past(later, [7, 2]) is None


@pytest.mark.parametrize("other", [{"seed": 2}, {"words": "Hello!"}])
def test_another_conversation_is_not_known(say, network, other):
    memory = Memory(ROOM)
    memory.keep([say("Hello.")], passes(network, [1, 2, 3]))
    assert memory.past(say(**({"words": "Hello."} | other)), [1, 2, 3]) is None


def test_a_batch_that_comes_again_goes_on_in_its_own_order(say, network):
    memory, one, two = Memory(ROOM), say("One."), say("Two.")
    kept = passes(network, [1, 2], [5, 6, 7])
    memory.keep([one, two], kept)
    assert memory.batch([two, one], [[5, 6, 7, 8], [1, 2, 3]]) == (kept, [1, 0])
    assert memory.batch([two, one], [[5, 6, 7], [1, 2, 3]]) is None  # nothing is new
    assert memory.batch([two, one], [[5, 9, 7, 8], [1, 2, 3]]) is None  # another beginning
    assert memory.batch([one], [[1, 2, 3]]) is None
    assert memory.batch([one, two, say("Three.")], [[1, 2, 3], [5, 6, 7, 8], [1]]) is None


def test_of_another_batch_each_conversation_is_taken_out(say, network):
    memory, one, two = Memory(ROOM), say("One."), say("Two.")
    memory.keep([one, two], passes(network, [1, 2], [5, 6, 7]))
    assert memory.past(two, [5, 6, 7, 8]).ids == [5, 6, 7]
    memory.keep([two], passes(network, [5, 6, 7, 8]))
    assert memory.past(one, [1, 2, 3]) is None  # its batch is no more
    assert memory.past(two, [5, 6, 7, 8, 9]).ids == [5, 6, 7, 8]


def test_a_batch_stays_together(say, network):
    memory = Memory(ROOM)
    one, two, three, four, five = (say(word) for word in ("1.", "2.", "3.", "4.", "5."))
    memory.keep([one, two], passes(network, [1], [2]))
    memory.tick()
    memory.keep([three, four], passes(network, [3], [4]))
    everyone = [five, four, three, two, one]
    assert memory.together(everyone, 2) == [4, 3]  # it has waited longest
    assert memory.together(everyone, 3) == [4, 3, 0]  # a new one where there is room
    assert memory.together(everyone, 4) == [4, 3, 2, 1]  # two batches become one
    assert memory.together([five, four, three, two], 3) == [2, 1, 0]  # the first is not whole
    assert memory.together([one, three], 3) == [0]  # neither is
    assert memory.together([five, five], 2) == [1]
    assert Memory(ROOM).together(everyone, 3) == [0, 1, 2]


def test_the_same_conversation_twice_is_not_kept(say, network):
    memory = Memory(ROOM)
    memory.keep([say("One."), say("One.")], passes(network, [1, 2], [1, 2]))
    assert memory.empty


def test_what_is_mostly_padding_is_put_together_anew(say, network):
    memory, one, two = Memory(ROOM), say("One."), say("Two.")
    known = passes(network, [1], [2])
    for token in (3, 4, 5):
        known.feed([[token], []])
        known.feed([[], [token]])
    assert known.filled < WELL_FILLED
    memory.keep([one, two], known)
    found = memory.batch([one, two], [[1, 3, 4, 5, 6], [2, 3, 4, 5, 6]])
    assert found
    kept, _ = found
    assert kept.filled == 1
    assert kept.ids == [[1, 3, 4, 5], [2, 3, 4, 5]]


def test_what_does_not_fit_is_not_kept(say, network):
    one = passes(network, [1, 2, 3])
    memory = Memory(one.size)
    memory.keep([say("One.")], one)
    memory.keep([say("Two.")], passes(network, [1, 2]))
    assert memory.past(say("Two."), [1, 2, 3]) is None
    assert memory.past(say("One."), [1, 2, 3]).ids == [1, 2]
    memory.keep([say("One.")], passes(network, [1, 2]))
    assert memory.past(say("One."), [1, 2, 3]).ids == [1, 2]


def test_a_batch_that_is_over_makes_room(say, network):
    one = passes(network, [1, 2, 3])
    memory = Memory(one.size)
    memory.keep([say("One.")], one)
    for _ in range(17):
        memory.tick()
    assert memory.empty
    memory.keep([say("Two.")], passes(network, [1, 2, 3]))
    assert memory.past(say("Two."), [1, 2, 3]).ids == [1, 2]


def test_nothing_is_kept_after_it_was_given_back(say, network):
    memory = Memory(ROOM)
    memory.keep([say("One.")], passes(network, [1, 2]))
    memory.forget()
    memory.keep([say("One.")], passes(network, [1, 2]))
    assert memory.empty


def test_a_processor_has_room():
    assert room_on(torch.device("cpu")) > 0
