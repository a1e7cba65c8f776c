import os

from vaar.files.hold import try_to_hold


def test_one_holds_until_it_lets_go(tmp_path):
    first, second = (os.open(tmp_path, os.O_RDONLY) for _ in range(2))
    assert try_to_hold(first) and not try_to_hold(second)
    os.close(first)
    assert try_to_hold(second)
    os.close(second)
