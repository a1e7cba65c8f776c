import pytest
import torch

from vaar.respondents.local.forward_passes import Past
from vaar.respondents.local.prefix_cache import Memory, room_on


def past(*ids):
    part = torch.arange(len(ids), dtype=torch.float32).reshape(1, -1, 1)
    return Past(list(ids), [(part, part)])  # 8 bytes a token


def test_the_beginning_that_is_shared(say):
    memory, request = Memory(1000), say("Hello.")
    memory.keep(request, past(1, 2, 3, 4))
    later = say("Next.", earlier=[*request.messages[1:], {"role": "assistant", "content": "4"}])
    known = memory.past(later, [1, 2, 9, 4, 5])
    assert known.ids == [1, 2]
    assert [part.shape[1] for part in known.layers[0]] == [2, 2]
    assert memory.past(later, [1, 2, 3, 4]).ids == [1, 2, 3]  # the last is always computed
    assert memory.past(later, [7, 2]) is None


@pytest.mark.parametrize("other", [{"seed": 2}, {"words": "Hello!"}])
def test_another_conversation_is_not_known(say, other):
    memory = Memory(1000)
    memory.keep(say("Hello."), past(1, 2, 3))
    assert memory.past(say(**({"words": "Hello."} | other)), [1, 2, 3]) is None


def test_what_does_not_fit_is_not_kept(say):
    memory = Memory(32)
    memory.keep(say("One."), past(1, 2, 3))
    memory.keep(say("Two."), past(1, 2))
    assert memory.past(say("Two."), [1, 2, 3]) is None
    assert memory.past(say("One."), [1, 2, 3]).ids == [1, 2]
    memory.keep(say("One."), past(1, 2, 3, 4))
    assert memory.past(say("One."), [1, 2, 3, 4, 5]).ids == [1, 2, 3, 4]


def test_a_conversation_that_is_over_makes_room(say):
    memory = Memory(32)
    memory.keep(say("One."), past(1, 2, 3))
    for _ in range(17):
        memory.tick()
    assert memory.empty
    memory.keep(say("Two."), past(1, 2, 3))
    assert memory.past(say("Two."), [1, 2, 3]).ids == [1, 2]


def test_nothing_is_kept_after_it_was_given_back(say):
    memory = Memory(1000)
    memory.keep(say("One."), past(1, 2))
    memory.forget()
    memory.keep(say("One."), past(1, 2))
    assert memory.empty


def test_a_processor_has_room():
    assert room_on(torch.device("cpu")) > 0
