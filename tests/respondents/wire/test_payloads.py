import pytest

from vaar.respondents.wire.payloads import count, encodable, line, mapping

ANYTHING = [None, 4, 1.5, True, "text", ["x"], {"a": {}}]


@pytest.mark.parametrize("value", ANYTHING)
def test_nothing_is_raised_on_any_type(value):
    assert isinstance(line(value), str)
    assert mapping(value, "a") == {}
    assert count({"n": value}, "n") == (4 if value == 4 else 0)


def test_what_is_read():
    assert mapping({"usage": {"n": 3}}, "usage") == {"n": 3}
    assert count({"n": 3}, "n") == 3
    assert [count({"n": n}, "n") for n in (-1, 2**63)] == [0, 0]
    assert line("gpt\x1b[2J\n" + "x" * 999) == "gpt[2J" + "x" * 192
    assert encodable("a\ud800é") == "a?é"
