import os

import pytest


@pytest.fixture
def is_there():
    """Whether a process is there, and is not only waiting to be counted out."""

    def told(process):
        try:
            os.kill(process, 0)
            with open(f"/proc/{process}/stat") as file:
                return file.read().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    return told
