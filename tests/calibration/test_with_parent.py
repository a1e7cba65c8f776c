import os
import signal
import subprocess
import sys
import time

import pytest

BOSS = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
import os, time
from vaar.calibration.with_parent import end_with_parent
if __name__ == "__main__":
    pool = ProcessPoolExecutor(1, get_context("spawn"), end_with_parent)
    print(pool.submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""


def is_there(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_does_not_outlive_the_process_that_began_it(tmp_path, how):
    script = tmp_path / "boss.py"
    script.write_text(BOSS)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as boss:
        worker = int(boss.stdout.readline())
        assert is_there(worker)
        boss.send_signal(how)
        boss.wait()
    end = time.monotonic() + 120
    while is_there(worker) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_there(worker)
