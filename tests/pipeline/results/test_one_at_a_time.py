import os
import subprocess
import sys

import pytest

import vaar
from vaar.errors import RunDirectoryError
from vaar.journal.lock import ANALYSIS, holder
from vaar.pipeline.results.one_at_a_time import one_at_a_time

HOLD = """
import pathlib, sys
from vaar.pipeline.results.one_at_a_time import one_at_a_time
with one_at_a_time(pathlib.Path(sys.argv[1])):
    print(flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_process(run):
    """Another process that analyses the run meanwhile."""
    command = [sys.executable, "-c", HOLD, str(run)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield process.pid
        process.stdin.close()


def test_a_second_analysis_is_refused_in_one_sentence_and_reading_goes_on(
    run, analyze, other_process
):
    for refused in (analyze, lambda: vaar.write_report(run)):
        with pytest.raises(RunDirectoryError, match=rf"process \({other_process}\) is analysing"):
            refused()
    assert holder(run, ANALYSIS) == str(other_process)
    assert len(vaar.open_run(run).groups) == 2


def test_within_one_analysis_its_page_is_written(run, analyze):
    with one_at_a_time(run):
        analyze()
        assert vaar.write_report(run).is_file()
        assert holder(run, ANALYSIS) == str(os.getpid())
    assert holder(run, ANALYSIS) is None


def test_a_place_that_is_no_directory(tmp_path):
    with pytest.raises(RunDirectoryError, match="no such directory"), one_at_a_time(tmp_path / "x"):
        pass
