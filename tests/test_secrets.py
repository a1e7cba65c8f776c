"""The key is in no file, message, log or traceback, however talkative the server is."""

import json
import logging
import subprocess
import sys
import traceback
from base64 import b64encode
from dataclasses import replace

import pytest

import vaar
from support.command import vaar as vaar_command
from support.raw_server import answering
from support.telltale_server import serve_in_thread
from vaar.errors import VaarError
from vaar.pipeline.ask import CollectionOptions
from vaar.pipeline.plan import plan
from vaar.pipeline.run import carry_out
from vaar.respondents.wire import retries

KEY = "sk-Zq81-hT5vYp0aQx9LmN3bWc7"
PIECES = [KEY[start : start + 12] for start in range(0, len(KEY) - 11)]


@pytest.fixture
def serve(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.0)
    ends = []

    def start(*statuses):
        base_url, end = serve_in_thread(list(statuses))
        ends.append(end)
        return base_url

    yield start
    for end in ends:
        end()


def unseen(text):
    return not any(piece in text for piece in PIECES)


def files_are_clean(directory):
    files = [path for path in directory.rglob("*") if path.is_file()]
    return files and all(
        piece.encode() not in path.read_bytes() for path in files for piece in PIECES
    )


def whole_chain(error):
    told = "".join(traceback.format_exception(error))
    linked = error
    while linked is not None:
        told += repr(linked) + str(linked) + repr(vars(linked))
        linked = linked.__cause__ or linked.__context__
    return told


def test_a_whole_run_with_a_server_that_repeats_the_key(serve, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    base_url = serve(500, 429, 0, 200)
    out = tmp_path / "r"
    try:
        vaar.run(models=["openai/m"], sessions=3, out=out, base_url=base_url, distributions=True)
    except VaarError as error:  # answers that never vary cannot be analysed
        assert unseen(whole_chain(error))
    assert (out / "journal.sqlite").stat().st_size > 0
    assert files_are_clean(out)
    assert unseen(caplog.text) and unseen("".join(capfd.readouterr()))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503, 307, 0])
def test_every_error_that_repeats_the_key(serve, tmp_path, caplog, monkeypatch, status):
    caplog.set_level(logging.DEBUG)
    settled = plan(models=["openai/m"], sessions=1, base_url=serve(status))
    (respondent,) = settled.respondents
    endpoint = vars(respondent)["_endpoint"]
    monkeypatch.setattr(respondent, "_endpoint", replace(endpoint, attempts=2))
    said = ""
    try:
        _, asked = carry_out(settled, tmp_path / "r", CollectionOptions())
        said = repr(asked)
    except VaarError as error:
        said = whole_chain(error)
    assert said and unseen(said) and unseen(caplog.text) and unseen(repr(respondent))
    assert files_are_clean(tmp_path / "r")


def test_the_command_line_shows_nothing_of_the_key(serve, tmp_path):
    base_url = serve(429, 401)
    out = tmp_path / "r"
    ask = ["run", "--model", "openai/m", "--base-url", base_url, "--sessions", "2", "--out", out]
    command = [sys.executable, "-c", "from vaar.cli.main import main; main()", *map(str, ask)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 1
    assert "OPENAI_API_KEY" in done.stderr
    assert unseen(done.stdout + done.stderr)
    assert files_are_clean(out)


def test_what_a_server_lists_shows_nothing_of_the_key(monkeypatch, tmp_path):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    names = [KEY, f"m-{KEY[:12]}...", b64encode(KEY.encode()).decode(), "m-1"]
    body = json.dumps({"data": [{"id": name} for name in names]}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with answering(head + body) as base_url:
        done = vaar_command("models", "list", "openai/m", "--base-url", base_url, cwd=tmp_path)
    assert "m-1" in done.stdout and done.stdout.count("[key]") == 3
    assert unseen(done.stdout + done.stderr) and names[2] not in done.stdout


@pytest.mark.parametrize(
    "command",
    [
        ("status", KEY),
        ("compare", KEY, "other"),
        ("run", KEY, "--out", "r"),
        ("study", "check", KEY),
        ("run", "--set", f"alignment.delta={KEY}", "--out", "r"),
        ("import", "people", KEY),
        ("merge", KEY, "--out", "r"),
    ],
)
def test_an_error_repeats_no_key_that_was_given_in_a_wrong_place(monkeypatch, tmp_path, command):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    done = vaar_command(*command, cwd=tmp_path)
    assert done.returncode in (1, 2) and done.stderr.count("[key]") >= 1
    assert unseen(done.stdout + done.stderr)


def test_the_command_that_a_run_keeps_holds_no_key(monkeypatch, tmp_path):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    asked = ("run", "--model", "simulated/noisy", "--sessions", "2", "--ask-only", "--out", "r")
    done = vaar_command(*asked, "--allow-host", KEY, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert files_are_clean(tmp_path / "r")
    assert (
        "--allow-host '[key]'" in json.loads((tmp_path / "r" / "run.json").read_text())["command"]
    )
