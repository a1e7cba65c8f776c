import pytest

from vaar.respondents.base import Reply, Request
from vaar.sessions.runner.token_bounds import AROUND, TokenBounds, most_received, most_tokens


def asked(*texts):
    return Request([{"role": "user", "content": text} for text in texts], 1, 1.0, 10)


def test_a_token_holds_a_byte_at_least():
    assert most_tokens(asked("abc")) == 3 + AROUND
    assert most_tokens(asked("é", "语言")) == 2 + 6 + 2 * AROUND
    assert most_tokens(asked()) == 0


@pytest.mark.parametrize(
    ("reply", "most"),
    [
        (Reply("4"), 10),
        (Reply(""), 0),
        (Reply("", thoughts="Hm"), 10),
        (Reply("x" * 99), 99),  # it did not keep to the ceiling
    ],
)
def test_a_reply_has_its_ceiling_at_most(reply, most):
    assert most_received(reply, 10) == most


def test_what_a_server_counts_is_learnt():
    bounds, conversation = TokenBounds(), asked("x" * 184)
    assert bounds.sent("m", conversation) == 201
    bounds.learn("m", conversation, 50)
    bounds.learn("m", conversation, 40)
    assert bounds.sent("m", conversation) == 51
    assert bounds.sent("m", asked("x" * 384)) == 101
    assert bounds.sent("other", conversation) == 201
